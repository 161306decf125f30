"""The ledger: one row for each action id, moved from state to state by compare-and-set, one commit a move.

Every method is one transaction. It either happens as a whole or raises an `OutboxFault`. No method looks at a clock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, func, select, update

from followup_rules.adapter import Order
from followup_rules.outbox.address import Address
from followup_rules.outbox.faults import OutboxFault, told_plainly
from followup_rules.outbox.moving import lease_of, moving_of, never_by_itself, note
from followup_rules.outbox.orders import as_text
from followup_rules.outbox.rows import Row, Turn
from followup_rules.outbox.states import MOVES, State
from followup_rules.outbox.tables import ACTIONS, HISTORY

SKEW: Final = timedelta(minutes=5)
"""So far may this clock be behind the one that wrote the last line of the history."""

_GAP: Final = 0.001
"""Longer than who waits for SQLite sleeps between two looks, in seconds."""


class Ledger:
    """An open outbox. `by` in its methods is who did it: a worker's name, `plan`, or a person."""

    polite = False
    """True where others write too who should not wait: SQLite knows no queue, so each write is followed by a gap."""

    def __init__(self, engine: Engine, where: Address) -> None:
        self._engine, self._where = engine, where
        self._reader = engine.execution_options(reading=True)
        self._hasty = engine.execution_options(hasty=True)
        # Who waits for SQLite sleeps longer and longer; who waits for a lock is woken. Other processes still sleep.
        self._turn: AbstractContextManager[Any] = threading.Lock() if where.file is not None else nullcontext()

    @property
    def shown(self) -> str:
        """Where it is, without a password."""
        return self._where.shown

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def writing(self, *, hasty: bool = False) -> Iterator[Connection]:
        """One transaction that writes. A `hasty` one may be undone by a power cut, not by a crash of this program."""
        engine = self._hasty if hasty else self._engine
        with self._turn, told_plainly(self._where.shown, self._where.secret), engine.begin() as connection:
            yield connection
        if self.polite and self._where.file is not None:
            time.sleep(_GAP)

    def checkpoint_apart(self) -> None:
        """From now on no commit here stops to tidy up the file of SQLite; `checkpoint` has to be called at times."""
        if self._where.file is not None:
            self._engine.dispose()
            event.listen(self._engine, "connect", never_by_itself)

    def checkpoint(self) -> None:
        """Tidy up the file of SQLite; who reads or writes meanwhile goes on."""
        if self._where.file is not None:
            with self.raw() as connection:
                connection.exec_driver_sql("pragma wal_checkpoint(passive)").fetchall()

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        """A connection without a transaction, for what no transaction can do: vacuum, checkpoints."""
        with told_plainly(self._where.shown, self._where.secret), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT", reading=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads."""
        with told_plainly(self._where.shown, self._where.secret), self._reader.begin() as connection:
            yield connection

    def check_clock(self, now: datetime) -> None:
        """Leases and expiry mean nothing to a clock that is wrong.

        Raises:
            OutboxFault: FR905, the history has a line from the future.
        """
        with self.reading() as connection:
            last = connection.scalar(select(HISTORY.c.at).order_by(HISTORY.c.seq.desc()).limit(1))
        if last is not None and last - now > SKEW:
            text = (
                f"this clock says {now:%Y-%m-%d %H:%M:%S}Z, but the outbox was written to at {last:%Y-%m-%d %H:%M:%S}Z"
            )
            raise OutboxFault("FR905", text, self.shown, "set the clock right; nothing was touched")

    # what is in it

    def rows(self, states: Collection[State] = (), application: str | None = None) -> list[Row]:
        """The actions in the order in which they were saved."""
        query = select(ACTIONS).order_by(ACTIONS.c.seq)
        if states:
            query = query.where(ACTIONS.c.state.in_(states))
        if application is not None:
            query = query.where(ACTIONS.c.application == application)
        with self.reading() as connection:
            return [Row(*one) for one in connection.execute(query)]

    def row(self, action: str) -> Row | None:
        """One action by its id."""
        with self.reading() as connection:
            return self._row(connection, action)

    def beginning(self, start: str) -> list[Row]:
        """The actions, two at most, whose id begins so."""
        query = select(ACTIONS).where(ACTIONS.c.id.startswith(start, autoescape=True)).limit(2)
        with self.reading() as connection:
            return [Row(*one) for one in connection.execute(query)]

    def history(self, action: str) -> list[Turn]:
        """Everything that happened to an action, in order."""
        columns = [HISTORY.c[name] for name in Turn._fields]
        query = select(*columns).where(HISTORY.c.action == action).order_by(HISTORY.c.seq)
        with self.reading() as connection:
            return [Turn(*one) for one in connection.execute(query)]

    def counts(self) -> dict[State, int]:
        """How many actions are in each state."""
        query = select(ACTIONS.c.state, func.count()).group_by(ACTIONS.c.state)
        with self.reading() as connection:
            return {one.state: one[1] for one in connection.execute(query)}

    def next_moment(self, adapters: Collection[str]) -> datetime | None:
        """When there is something to do again for some adapters: a try, or a lease that ends."""
        waiting = ACTIONS.c.adapter.in_(adapters)
        tries = select(func.min(ACTIONS.c.next_try)).where(waiting, ACTIONS.c.state == "planned")
        looks = select(func.min(func.coalesce(ACTIONS.c.lease_until, ACTIONS.c.next_try)))
        looks = looks.where(waiting, ACTIONS.c.state.in_(("leased", "emitted")))
        with self.reading() as connection:
            moments = [connection.scalar(query) for query in (tries, looks)]
        return min((one for one in moments if one is not None), default=None)

    # a worker's way

    def reclaim(self, now: datetime) -> int:
        """Give back what was leased by a worker that is gone: nothing of it was emitted."""
        expired = (ACTIONS.c.state == "leased", ACTIONS.c.lease_until <= now)
        with self.writing(hasty=True) as connection:
            return len(self._move_all(connection, expired, "planned", now, "lease", "the lease has ended", 10_000))

    def lease(self, owner: str, now: datetime, until: datetime, adapter: str, limit: int) -> list[Row]:
        """Take some planned actions of an adapter that are due; nobody else gets them before the lease ends."""
        due = (ACTIONS.c.state == "planned", ACTIONS.c.adapter == adapter, ACTIONS.c.next_try <= now)
        taken = {"lease_owner": owner, "lease_until": until}
        with self.writing(hasty=True) as connection:
            return self._move_all(connection, due, "leased", now, owner, "", limit, taken)

    def lease_lookups(self, owner: str, now: datetime, until: datetime, adapter: str, limit: int) -> list[Row]:
        """Take some actions that may have been done and whose worker is gone or wants them looked for now."""
        stale = (
            ACTIONS.c.state == "emitted",
            ACTIONS.c.adapter == adapter,
            ACTIONS.c.next_try <= now,
            (ACTIONS.c.lease_until.is_(None)) | (ACTIONS.c.lease_until <= now),
        )
        with self.writing(hasty=True) as connection:
            rows = self._some(connection, stale, limit)
            if rows:
                chosen = ACTIONS.c.seq.in_([row.seq for row in rows])
                connection.execute(update(ACTIONS).where(chosen).values(lease_owner=owner, lease_until=until))
        return [row._replace(lease_owner=owner, lease_until=until) for row in rows]

    def put_off(self, row: Row, now: datetime, until: datetime, error: str) -> bool:
        """What may have been done stays `emitted`; it is looked for at that moment."""
        changes = {"next_try": until, "error": error, "lease_owner": None, "lease_until": None, "changed_at": now}
        mine = (ACTIONS.c.seq == row.seq, ACTIONS.c.state == "emitted", ACTIONS.c.lease_owner == row.lease_owner)
        with self.writing(hasty=True) as connection:
            return connection.execute(update(ACTIONS).where(*mine).values(changes)).rowcount == 1

    def move(
        self, row: Row, to: State, now: datetime, by: str, why: str = "", *, lasting: bool = False, **changes: Any
    ) -> bool:
        """Move a row as it was last seen: its state and its lease must still be the same; False where they are not.

        A `lasting` move is on the disk before this returns.
        """
        if to not in MOVES[row.state]:
            raise ValueError(f"no way leads from {row.state} to {to}")
        values = {"state": to, "changed_at": now, **lease_of(to), **changes}
        seen: dict[str, Any] = {"seen_seq": row.seq, "seen_state": row.state}
        if row.lease_owner is not None:
            seen["seen_owner"] = row.lease_owner
        moving = moving_of(tuple(values), row.lease_owner is not None)
        with self.writing(hasty=not lasting) as connection:
            if connection.execute(moving, {**values, **seen}).rowcount != 1:
                return False
            note(connection, [(row.id, row.state)], to, now, by, why)
        return True

    def emit(self, row: Row, now: datetime, until: datetime, order: Order | None = None) -> Row | None:
        """Write down that the next thing is to emit; None where the row is not this worker's any more.

        Only after this has returned may the other system be asked. `order` is the newest one, where it has changed.
        """
        owner = row.lease_owner
        changes: dict[str, Any] = {"lease_owner": owner, "lease_until": until, "attempts": row.attempts + 1}
        if order is not None:
            changes |= {"data": as_text(order), "expires_at": order.expires_at}
        if not self.move(row, "emitted", now, owner or "", lasting=True, **changes):
            return None
        return row._replace(state="emitted", changed_at=now, **changes)

    # shared

    def _row(self, connection: Connection, action: str) -> Row | None:
        found = connection.execute(select(ACTIONS).where(ACTIONS.c.id == action)).one_or_none()
        return None if found is None else Row(*found)

    def _some(self, connection: Connection, which: Iterable[Any], limit: int) -> list[Row]:
        query = select(ACTIONS).where(*which).order_by(ACTIONS.c.next_try, ACTIONS.c.seq).limit(limit)
        # SQLite has no such words, and needs none: whoever writes holds the whole database.
        return [Row(*one) for one in connection.execute(query.with_for_update(skip_locked=True))]

    def _move_all(
        self, connection: Connection, which: Iterable[Any], to: State, now: datetime, by: str, why: str, limit: int,
        changes: dict[str, Any] | None = None,
    ) -> list[Row]:  # fmt: skip
        rows = self._some(connection, which, limit)
        if rows:
            values = {"state": to, "changed_at": now, **lease_of(to), **(changes or {})}
            connection.execute(update(ACTIONS).where(ACTIONS.c.seq.in_([row.seq for row in rows])).values(values))
            note(connection, [(row.id, row.state) for row in rows], to, now, by, why)
            rows = [row._replace(**values) for row in rows]
        return rows
