"""One action as the ledger has it, one line of its history, and both as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from followup_rules.adapter import Order
from followup_rules.outbox.orders import from_text
from followup_rules.outbox.states import State


class Row(NamedTuple):
    """One action with its state. `data` is its order as text; `reference` is the other system's name for the record.

    `by_hand` is true where a person has had the last word: no plan takes it back.
    """

    seq: int
    id: str
    application: str
    follow_up: str
    rule: str
    do: str
    adapter: str
    state: State
    data: str
    decided_at: datetime
    attempts: int
    next_try: datetime
    expires_at: datetime | None
    lease_owner: str | None
    lease_until: datetime | None
    reference: str
    error: str
    by_hand: bool
    created_at: datetime
    changed_at: datetime

    @property
    def order(self) -> Order:
        """What is to be done.

        Raises:
            ValueError, TypeError, KeyError: somebody has changed the ledger by other means.
        """
        return from_text(self.data)


class Turn(NamedTuple):
    """One line of the history: an action went from one state to another, when, by whom and why."""

    action: str
    at: datetime
    was: State | None
    became: State
    by: str
    why: str


def row_data(row: Row) -> dict[str, Any]:
    """A row as JSON knows it, without its order."""
    data = {key: value for key, value in row._asdict().items() if key not in ("seq", "data")}
    return _plain(data)


def turn_data(turn: Turn) -> dict[str, Any]:
    """A line of the history as JSON knows it."""
    return _plain(turn._asdict())


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in data.items()}
