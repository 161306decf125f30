"""When which application is to be decided again, beside the ledger: one row for each, found by the earliest moment."""

from __future__ import annotations

from sqlalchemy import func, select

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import TIMERS


def count_timers(ledger: Ledger) -> int:
    """How many applications wait for a moment."""
    with ledger.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(TIMERS)) or 0)
