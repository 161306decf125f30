"""Timelines beside the ledger: what other systems have told, page by page, each page one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.messages import KeptMessage, keep_messages
from followup_rules.outbox.rows import Row
from followup_rules.outbox.tables import ACTIONS, READINGS, TIMELINES
from followup_rules.outbox.upsert import inserting

_AT_ONCE: Final = 500


class Kept(NamedTuple):
    """What is kept of one application of one source: its data as JSON, and why it is refused, where it is.

    `key` is the id of the application, or stands in for one that could not be read.
    """

    key: str
    application: str | None
    candidate: str | None
    data: str | None
    problems: str = ""


class Told(NamedTuple):
    """One stored row."""

    source: str
    kept: Kept
    read_at: datetime


class State(NamedTuple):
    """How far the reading of a source has come.

    A round is a reading from the beginning; while it is `whole`, what it does not bring is gone when it ends. `turn`
    counts the commits, so that two readers cannot go on from the same place.
    """

    source: str
    cursor: str = ""
    round: int = 0
    whole: bool = False
    turn: int = 0
    read_at: datetime | None = None


class Counts(NamedTuple):
    """What a reading has changed. `refused` are among the others."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return (
            f"{self.new} new, {self.changed} changed, {self.same} as before, {self.gone} gone, {self.refused} refused"
        )

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(one + two for one, two in zip(self, other, strict=True)))


def state_of(ledger: Ledger, source: str) -> State:
    """How far a source was read; the beginning where it never was."""
    columns = [READINGS.c[name] for name in State._fields]
    with ledger.reading() as connection:
        row = connection.execute(select(*columns).where(READINGS.c.source == source)).one_or_none()
    return State(source) if row is None else State(*row)._replace(cursor=json.loads(row.cursor))


def keep_page(
    ledger: Ledger, state: State, keys: Sequence[str], made: Callable[[dict[str, Kept]], Sequence[Kept]],
    now: datetime, messages: Sequence[KeptMessage] = (),
) -> Counts:  # fmt: skip
    """Keep a page and its cursor, in one transaction. `state` is the one after it; `made` gets what is there.

    Raises:
        OutboxFault: FR903, somebody else reads this source too; nothing of the page is kept.
    """
    with ledger.writing() as connection:
        _advance(connection, ledger, state)
        known = known_of(connection, state.source, sorted(set(keys)))
        counts = Counts()
        for one in {kept.key: kept for kept in made(known)}.values():
            counts = counts.plus(_keep(connection, state, known.get(one.key), one, now))
        return counts.plus(Counts(*keep_messages(connection, state.source, messages, now)))


def finish(ledger: Ledger, state: State, now: datetime) -> Counts:
    """The reading has come to its end. What a whole one did not bring is gone, but for opt-outs, which are kept.

    What had no id that could be read is gone after any round that did not bring it again.
    """
    with ledger.writing() as connection:
        _advance(connection, ledger, state._replace(whole=False, read_at=now))
        left = (TIMELINES.c.source == state.source) & (TIMELINES.c.round != state.round)
        kept = TIMELINES.c.data.is_not(None) & TIMELINES.c.data.contains('"opted_out"')
        gone = ~kept if state.whole else TIMELINES.c.application.is_(None)
        return Counts(gone=connection.execute(delete(TIMELINES).where(left, gone)).rowcount)


def _advance(connection: Connection, ledger: Ledger, state: State) -> None:
    values = {**state._asdict(), "cursor": json.dumps(state.cursor)}
    if state.turn == 1:
        known = connection.execute(select(READINGS.c.source).where(READINGS.c.source == state.source)).first()
        if known is None:
            connection.execute(insert(READINGS).values(values))
            return
    else:
        mine = (READINGS.c.source == state.source) & (READINGS.c.turn == state.turn - 1)
        if connection.execute(update(READINGS).where(mine).values(values)).rowcount == 1:
            return
    text = f"another program reads '{state.source}' into this store"
    raise OutboxFault("FR903", text, ledger.shown, "wait until it has ended; what it keeps stays")


def known_of(connection: Connection, source: str, keys: Sequence[str]) -> dict[str, Kept]:
    """What is kept of some applications of a source, by key."""
    known: dict[str, Kept] = {}
    for start in range(0, len(keys), _AT_ONCE):
        query = select(*_KEPT).where(TIMELINES.c.source == source, TIMELINES.c.key.in_(keys[start : start + _AT_ONCE]))
        known |= {one.key: Kept(*one) for one in connection.execute(query)}
    return known


def _keep(connection: Connection, state: State, old: Kept | None, new: Kept, now: datetime) -> Counts:
    values: dict[str, Any] = {**new._asdict(), "source": state.source, "round": state.round, "read_at": now}
    refused = int(bool(new.problems))
    if old is None:
        connection.execute(insert(TIMELINES).values(**values, changed_at=now))
        return Counts(new=1, refused=refused)
    changed = {} if old == new else {"changed_at": now}
    mine = (TIMELINES.c.source == state.source) & (TIMELINES.c.key == new.key)
    connection.execute(update(TIMELINES).where(mine).values(**values, **changed))
    return Counts(changed=int(old != new), same=int(old == new), refused=refused)


# reading what is stored


@contextmanager
def snapshot(ledger: Ledger) -> Iterator[Connection]:
    """One view of the store that does not change while it is read, however often."""
    with ledger.reading() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set transaction isolation level repeatable read")
        yield connection


def all_told(connection: Connection) -> Iterator[list[Told]]:
    """Everything that is stored, some rows at a time, in the order of source and key."""
    place = tuple_(TIMELINES.c.source, TIMELINES.c.key)
    query = select(*_TOLD).order_by(TIMELINES.c.source, TIMELINES.c.key).limit(_AT_ONCE)
    rows = _rows(connection, query)
    while rows:
        yield rows
        rows = _rows(connection, query.where(place > tuple_(rows[-1].source, rows[-1].kept.key)))


def told_of(connection: Connection, application: str) -> list[Told]:
    """An application with all others of its candidate, in the same order."""
    chosen = TIMELINES.c.application == application
    owners = select(TIMELINES.c.candidate).where(chosen, TIMELINES.c.candidate.is_not(None))
    # Two questions: PostgreSQL reads the whole table for one that holds them both.
    candidates = sorted({one for (one,) in connection.execute(owners)})
    query = select(*_TOLD).where(chosen | TIMELINES.c.candidate.in_(candidates) if candidates else chosen)
    return _rows(connection, query.order_by(TIMELINES.c.source, TIMELINES.c.key))


def actions_of(connection: Connection, applications: Sequence[str]) -> dict[str, list[Row]]:
    """The actions of some applications, in whatever state."""
    found: dict[str, list[Row]] = {}
    query = select(ACTIONS).where(ACTIONS.c.application.in_(applications)).order_by(ACTIONS.c.seq)
    for one in connection.execute(query):
        found.setdefault(one.application, []).append(Row(*one))
    return found


def add_told(
    connection: Connection, source: str, keys: Sequence[str],
    made: Callable[[dict[str, Kept]], Sequence[Kept]], now: datetime,
) -> Counts:  # fmt: skip
    """Keep what webhooks say of some applications, beside what was read; part of the caller's transaction.

    One writer at a time adds to a source: the first statement takes its row, which the others wait for. The row is
    not that of a reading, which goes on undisturbed.
    """
    mine = {"source": f"{source}{_WEBHOOKS}", "cursor": '""', "round": 0, "whole": False, "turn": 1}
    again = {"turn": READINGS.c.turn + 1}
    taken = inserting(connection, READINGS).values(mine)
    connection.execute(taken.on_conflict_do_update(index_elements=["source"], set_=again))
    known = known_of(connection, source, sorted(set(keys)))
    round_ = connection.scalar(select(READINGS.c.round).where(READINGS.c.source == source)) or 0
    counts = Counts()
    for one in {kept.key: kept for kept in made(known)}.values():
        counts = counts.plus(_keep(connection, State(source, round=round_), known.get(one.key), one, now))
    return counts


def version(ledger: Ledger) -> int:
    """What changes whenever something is read into the store; 0 where nothing ever was."""
    with ledger.reading() as connection:
        return int(connection.scalar(select(func.coalesce(func.sum(READINGS.c.turn), 0))) or 0)


def _rows(connection: Connection, query: Any) -> list[Told]:
    width = len(Kept._fields)
    return [Told(row[0], Kept(*row[1 : 1 + width]), row[1 + width]) for row in connection.execute(query)]


_WEBHOOKS: Final = " (webhooks)"
_DATA: Final = (TIMELINES.c.source, TIMELINES.c.key, TIMELINES.c.data)
_KEPT: Final = [TIMELINES.c[name] for name in Kept._fields]
_TOLD: Final = [TIMELINES.c.source, *_KEPT, TIMELINES.c.read_at]
