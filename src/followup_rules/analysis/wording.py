"""How findings speak: values as they are written in rule files, lists as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def flow(value: Any) -> str:
    """A value as it could be written on one line of a rule file; at the top without braces."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_inner(one)}" for key, one in value.items())
    return _inner(value)


def _inner(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inner(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_inner(one) for one in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {last} {found[-1]}"


def quoted(words: Iterable[str], last: str = "and") -> str:
    """The same, each in quotes."""
    return listed([f"'{word}'" for word in words], last)


def counted(number: int, word: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


NUMERALS = ("no", "first", "second", "third", "fourth", "fifth", "sixth")


def ordinal(number: int) -> str:
    """`second` for 2."""
    return NUMERALS[number] if 0 < number < len(NUMERALS) else f"{number}th"


ANCHORS = {
    "applied": "an application", "interview_completed": "an interview", "decision_promised": "a promise",
    "reply": "a reply", "offer_made": "an offer", "meeting_booked": "a booked meeting",
    "interview_scheduled": "an invitation",
}  # fmt: skip


def anchor(event: str) -> str:
    """What a follow-up counts from, in words."""
    return ANCHORS.get(event, f"the event {event}")


def names(items: Sequence[str]) -> str:
    """Follow-up names as a list, or all of them."""
    return quoted(items) if items else "all follow-ups"
