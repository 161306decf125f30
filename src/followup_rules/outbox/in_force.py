"""Which rules count for a store: those that were put in force last, by whichever service."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import IN_FORCE


def put_in_force(ledger: Ledger, fingerprint: str, now: datetime) -> bool:
    """These rules count from now on; False where they did already."""
    with ledger.writing() as connection:
        if connection.scalar(_LATEST) == fingerprint:
            return False
        connection.execute(insert(IN_FORCE).values(fingerprint=fingerprint, since=now))
    return True


def rules_in_force(ledger: Ledger) -> str | None:
    """The fingerprint of the rules that count."""
    with ledger.reading() as connection:
        found: str | None = connection.scalar(_LATEST)
    return found


_LATEST = select(IN_FORCE.c.fingerprint).order_by(IN_FORCE.c.seq.desc()).limit(1)
