"""The states of an action and the only ways between them. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

State = Literal["planned", "leased", "emitted", "confirmed", "refused", "canceled", "unknown"]
STATES: Final[tuple[State, ...]] = get_args(State)

MOVES: Final[Mapping[State, frozenset[State]]] = {
    "planned": frozenset({"leased", "canceled"}),
    "leased": frozenset({"planned", "emitted", "canceled"}),
    "emitted": frozenset({"planned", "confirmed", "refused", "unknown"}),
    "unknown": frozenset({"planned", "confirmed", "canceled"}),
    "refused": frozenset({"planned", "canceled"}),
    "canceled": frozenset({"planned"}),
    "confirmed": frozenset(),
}
"""From each state to which others. Only `emitted` may have reached the other system; `confirmed` is the end."""

OPEN: Final[tuple[State, ...]] = ("planned", "leased", "emitted")
"""What a worker still has to do something about."""

BY_HAND: Final[Mapping[str, tuple[State, tuple[State, ...]]]] = {
    "cancel": ("canceled", ("planned", "leased", "unknown", "refused")),
    "retry": ("planned", ("unknown", "refused", "canceled")),
    "confirm": ("confirmed", ("unknown",)),
}
"""What a person can do: where it leads, and from which states."""
