"""What webhooks have told, beside the ledger: each notice once, kept until it has become part of a timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import INBOX

_AT_ONCE: Final = 200


class Told(NamedTuple):
    """One notice as it came in. `data` is its events as JSON, `body` the raw delivery in base64.

    Both are emptied once it has become part of a timeline.
    """

    source: str
    notice: str
    application: str | None
    kind: str
    data: str
    body: str


class Waiting(NamedTuple):
    """One notice that is to be read."""

    seq: int
    source: str
    notice: str
    application: str | None
    kind: str
    data: str
    tries: int
    received_at: datetime


def waiting_notices(ledger: Ledger) -> int:
    """How many notices wait to be read."""
    with ledger.reading() as connection:
        return int(connection.scalar(select(func.count()).where(INBOX.c.state == "new")) or 0)
