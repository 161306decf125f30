"""Answers that were given to keys, beside the ledger, so that a request that is repeated is answered alike."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import ANSWERS
from followup_rules.outbox.upsert import inserting


class Known(NamedTuple):
    """What is known of a key. Status 0: it is being answered."""

    request: str
    status: int
    body: str


def begin(ledger: Ledger, key: str, request: str, now: datetime) -> Known | None:
    """Take a key for a request; what is known of it, where it was taken before."""
    values = {"key": key, "request": request, "status": 0, "body": "", "made_at": now}
    query = select(ANSWERS.c.request, ANSWERS.c.status, ANSWERS.c.body).where(ANSWERS.c.key == key)
    with ledger.writing(hasty=True) as connection:
        made = inserting(connection, ANSWERS).on_conflict_do_nothing().returning(ANSWERS.c.key)
        if connection.execute(made, [values]).first() is not None:
            return None
        found = connection.execute(query).one_or_none()
    return None if found is None else Known(*found)


def keep(ledger: Ledger, key: str, status: int, body: str) -> None:
    """Keep an answer."""
    with ledger.writing(hasty=True) as connection:
        connection.execute(update(ANSWERS).where(ANSWERS.c.key == key).values(status=status, body=body))


def give_up(ledger: Ledger, key: str) -> None:
    """There was no answer: the key is free."""
    with ledger.writing(hasty=True) as connection:
        connection.execute(delete(ANSWERS).where(ANSWERS.c.key == key, ANSWERS.c.status == 0))


def forget_answers(ledger: Ledger, before: datetime) -> None:
    """Take away what is old."""
    with ledger.writing(hasty=True) as connection:
        connection.execute(delete(ANSWERS).where(ANSWERS.c.made_at < before))
