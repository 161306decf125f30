"""When which application is to be decided again, beside the ledger: one row for each, found by the earliest moment.

A timer that is taken in hand gets the end of the lease as its moment. Should whoever has it die, it comes again then;
there is nothing to clean up. `turn` changes whenever a timer is set: what was decided on an older turn does not
silence it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, literal, select, update
from sqlalchemy.sql.elements import ColumnElement

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import TIMELINES, TIMERS
from followup_rules.outbox.upsert import inserting

NEVER: Final = datetime(2999, 12, 31, tzinfo=timezone.utc)
_AT_ONCE: Final = 500


class Timer(NamedTuple):
    """One timer in hand."""

    application: str
    turn: int


class Looked(NamedTuple):
    """What becomes of a timer: when to look again."""

    timer: Timer
    due: datetime
    error: str = ""


def set_now(connection: Connection, applications: Iterable[str], now: datetime) -> None:
    """These applications are to be decided now."""
    values = [
        {"application": one, "due": now, "turn": 1, "rules": "", "error": ""} for one in dict.fromkeys(applications)
    ]
    if not values:
        return
    made = inserting(connection, TIMERS)
    again = {"due": now, "turn": TIMERS.c.turn + 1, "owner": None}
    connection.execute(made.on_conflict_do_update(index_elements=["application"], set_=again), values)


def set_changed(ledger: Ledger, since: datetime, now: datetime) -> int:
    """Set timers of what was read into the store since a moment, by whomever, and not decided after that."""
    column = TIMELINES.c.changed_at
    known = TIMELINES.outerjoin(TIMERS, TIMERS.c.application == TIMELINES.c.application)
    stale = TIMERS.c.decided_at.is_(None) | (TIMERS.c.decided_at <= column)
    query = select(TIMELINES.c.application, TIMELINES.c.candidate).select_from(known)
    query = query.where(column >= since, TIMELINES.c.application.is_not(None), stale)
    # A timer that is due already needs no second word.
    query = query.where(TIMERS.c.due.is_(None) | (TIMERS.c.due > now) | TIMERS.c.owner.is_not(None))
    with ledger.reading() as connection:
        found = connection.execute(query).all()
    chosen = sorted({row[0] for row in found})
    candidates = sorted({row[1] for row in found if row[1] is not None})
    for start in range(0, len(chosen), _AT_ONCE):
        with ledger.writing(hasty=True) as connection:
            set_now(connection, chosen[start : start + _AT_ONCE], now)
    for start in range(0, len(candidates), _AT_ONCE):
        with ledger.writing(hasty=True) as connection:
            set_now(connection, siblings(connection, candidates[start : start + _AT_ONCE]) - set(chosen), now)
    return len(chosen)


def siblings(connection: Connection, candidates: Sequence[str]) -> set[str]:
    """All applications of some candidates: what one says may stop or free the others."""
    query = select(TIMELINES.c.application).where(TIMELINES.c.candidate.in_(candidates))
    return {one for (one,) in connection.execute(query) if one is not None}


def lease_due(ledger: Ledger, owner: str, now: datetime, until: datetime, limit: int) -> list[Timer]:
    """Take some timers whose moment has come; they come again at `until` unless they are looked after."""
    query = select(TIMERS.c.application, TIMERS.c.turn).where(TIMERS.c.due <= now)
    query = query.order_by(TIMERS.c.due).limit(limit).with_for_update(skip_locked=True)
    with ledger.writing(hasty=True) as connection:
        taken = [Timer(*one) for one in connection.execute(query)]
        if taken:
            mine = TIMERS.c.application.in_([one.application for one in taken])
            connection.execute(update(TIMERS).where(mine).values(due=until, owner=owner))
    return taken


def looked_after(ledger: Ledger, owner: str, looked: Sequence[Looked], rules: str, now: datetime) -> None:
    """Say of timers in hand when to look again. One that was set meanwhile, or taken over, stays as it is."""
    with ledger.writing(hasty=True) as connection:
        values = [
            {"this": one.timer.application, "seen": one.timer.turn, "me": owner, "due": one.due, "owner": None,
             "rules": rules, "error": one.error, "decided_at": now}
            for one in looked
        ]  # fmt: skip
        if values:
            connection.execute(_LOOKED, values)


_LOOKED: Final = (
    update(TIMERS)
    .where(TIMERS.c.application == bindparam("this"), TIMERS.c.owner == bindparam("me"))
    .where(TIMERS.c.turn == bindparam("seen"))
    .values({name: bindparam(name) for name in ("due", "owner", "rules", "error", "decided_at")})
)


def earliest(ledger: Ledger) -> datetime | None:
    """The next moment of all; None where nothing waits."""
    with ledger.reading() as connection:
        found: datetime | None = connection.scalar(select(func.min(TIMERS.c.due)))
    return None if found is None or found >= NEVER else found


def set_for_rules(ledger: Ledger, rules: str, now: datetime) -> int:
    """Whatever was decided by other rules is to be decided anew."""
    other: ColumnElement[bool] = (TIMERS.c.rules != literal(rules)) & (TIMERS.c.due > now)
    with ledger.writing(hasty=True) as connection:
        changes = {"due": now, "turn": TIMERS.c.turn + 1, "owner": None}
        return connection.execute(update(TIMERS).where(other).values(changes)).rowcount


def count_timers(ledger: Ledger) -> int:
    """How many applications wait for a moment."""
    with ledger.reading() as connection:
        return int(connection.scalar(select(func.count()).where(TIMERS.c.due < NEVER)) or 0)
