"""Kleene's three truth values, and a fourth: unknown only for want of the recipient's time zone."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Protocol

from followup_rules.facts import Case


class Truth(Enum):
    """`NO_ZONE` is unknown too, but a known zone would settle it."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    NO_ZONE = "unknown without a time zone"


def opposite(truth: Truth) -> Truth:
    """Unknown stays unknown."""
    if truth is Truth.TRUE:
        return Truth.FALSE
    return Truth.TRUE if truth is Truth.FALSE else truth


class Truths(Protocol):
    """The truth of each condition by its number; may be worked out only as it is looked at."""

    def __getitem__(self, index: int, /) -> Truth: ...


class Answer(NamedTuple):
    """The truth of every condition of a policy, by its number. `disputed` says why it must not be acted upon."""

    truths: Truths
    disputed: str = ""


class Matcher(Protocol):
    """An engine that has compiled the conditions of one policy."""

    name: str

    def match(self, case: Case) -> Answer:
        """The truth of the conditions in one case; may be worked out only as it is looked at."""
        ...
