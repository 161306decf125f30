"""How a row moves: the statement, the line of history, and what becomes of its lease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Update, bindparam, insert, update

from followup_rules.outbox.states import State
from followup_rules.outbox.tables import ACTIONS, HISTORY

_LONGEST_WHY: Final = 500


def lease_of(to: State) -> dict[str, Any]:
    """What becomes of a lease in a state."""
    return {} if to in ("leased", "emitted") else {"lease_owner": None, "lease_until": None}


def note(
    connection: Connection, moved: Sequence[tuple[str, State | None]], became: State, now: datetime, by: str, why: str
) -> None:
    """Add to the history."""
    lines = [
        {"action": action, "at": now, "was": was, "became": became, "by": by, "why": why[:_LONGEST_WHY]}
        for action, was in moved
    ]
    if lines:
        connection.execute(_NOTING, lines)


_NOTING: Final = insert(HISTORY)


@lru_cache(maxsize=64)
def moving_of(columns: tuple[str, ...], owned: bool) -> Update:
    """The statement that changes some columns of a row that is still as it was seen. Making it takes long."""
    owner = ACTIONS.c.lease_owner
    held = owner == bindparam("seen_owner") if owned else owner.is_(None)
    same = (ACTIONS.c.seq == bindparam("seen_seq"), ACTIONS.c.state == bindparam("seen_state"), held)
    return update(ACTIONS).where(*same).values({name: bindparam(name) for name in columns})


def never_by_itself(made: Any, _record: object) -> None:
    """A connection of SQLite that tidies up only when it is told to."""
    made.execute("pragma wal_autocheckpoint=0")
