"""What webhooks have told, beside the ledger: each notice once, kept until it has become part of a timeline.

new     has events of its own, which are to be added to a timeline
hint    the source is to be read anew
done    both has happened; what it said is gone, only its id stays
odd     nobody can use it; a person may look at it
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import INBOX
from followup_rules.outbox.upsert import inserting

Stage = Literal["new", "hint", "done", "odd"]


class Told(NamedTuple):
    """One notice as it came in. `data` is its events as JSON, `body` the raw delivery in base64."""

    source: str
    notice: str
    application: str | None
    kind: str
    data: str
    body: str
    state: Stage


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


def keep_notices(ledger: Ledger, told: Sequence[Told], now: datetime) -> set[tuple[str, str]]:
    """Keep notices, on the disk when this returns. Gives back source and id of those that were not known before."""
    fresh = {(one.source, one.notice): one for one in told}
    values = [
        {**one._asdict(), "tries": 0, "next_try": now, "error": "", "received_at": now, "changed_at": now}
        for one in fresh.values()
    ]
    with ledger.writing() as connection:
        # What is known already, or is just being kept by another service, makes no row and comes not back.
        made = inserting(connection, INBOX).on_conflict_do_nothing().returning(INBOX.c.source, INBOX.c.notice)
        return {(source, notice) for source, notice in connection.execute(made, values)}


def waiting(connection: Connection, state: Stage, now: datetime, limit: int) -> list[Waiting]:
    """The oldest notices of a state whose time has come. Nobody else gets them before the transaction ends."""
    columns = [INBOX.c[name] for name in Waiting._fields]
    query = select(*columns).where(INBOX.c.state == state, INBOX.c.next_try <= now)
    query = query.order_by(INBOX.c.seq).limit(limit).with_for_update(skip_locked=True)
    return [Waiting(*one) for one in connection.execute(query)]


def hinted(ledger: Ledger, now: datetime) -> dict[str, int]:
    """The sources that are to be read anew, and the newest hint of each."""
    query = select(INBOX.c.source, func.max(INBOX.c.seq)).where(INBOX.c.state == "hint", INBOX.c.next_try <= now)
    with ledger.reading() as connection:
        return {source: int(seq) for source, seq in connection.execute(query.group_by(INBOX.c.source))}


def settle(connection: Connection, seqs: Collection[int], state: Stage, now: datetime, error: str = "") -> None:
    """Bring notices to another state. What is done says nothing any more."""
    changes: dict[str, Any] = {"state": state, "changed_at": now, "error": error, "next_try": now}
    if state == "done":
        changes |= {"data": "[]", "body": ""}
    connection.execute(update(INBOX).where(INBOX.c.seq.in_(seqs)).values(changes))


def hints_read(ledger: Ledger, source: str, newest: int, now: datetime) -> None:
    """The source was read to its end after these hints had come."""
    mine = (INBOX.c.source == source) & (INBOX.c.state == "hint") & (INBOX.c.seq <= newest)
    changes = {"state": "done", "changed_at": now, "data": "[]", "body": "", "error": ""}
    with ledger.writing(hasty=True) as connection:
        connection.execute(update(INBOX).where(mine).values(changes))


def put_off(ledger: Ledger, source: str, until: datetime, error: str, now: datetime) -> None:
    """The source cannot be read now; its hints wait."""
    mine = (INBOX.c.source == source) & (INBOX.c.state == "hint")
    changes = {"next_try": until, "error": error, "changed_at": now, "tries": INBOX.c.tries + 1}
    with ledger.writing(hasty=True) as connection:
        connection.execute(update(INBOX).where(mine).values(changes))


def next_notice(ledger: Ledger) -> datetime | None:
    """When there is something to read again."""
    query = select(func.min(INBOX.c.next_try)).where(INBOX.c.state.in_(("new", "hint")))
    with ledger.reading() as connection:
        found: datetime | None = connection.scalar(query)
    return found


def waiting_notices(ledger: Ledger) -> int:
    """How many notices wait to be read."""
    query = select(func.count()).where(INBOX.c.state.in_(("new", "hint")))
    with ledger.reading() as connection:
        return int(connection.scalar(query) or 0)


def forget_notices(connection: Connection, before: datetime) -> int:
    """Take away what was done before a moment; a delivery that is repeated later than that is read once more."""
    old = (INBOX.c.state == "done") & (INBOX.c.changed_at < before)
    return connection.execute(delete(INBOX).where(old)).rowcount
