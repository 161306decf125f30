"""Conditions as a validated tree: what `when` means, for every matching engine alike.

`is_not` and `none_of` are written as the negation of `one_of`, and `not_happened` as the negation of `happened`:
the engines see seven tests, patterns, and `all`, `any`, `not`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from followup_rules.rules.lengths import Length

Scalar = str | bool | int | float
Operator = Literal["one_of", "present", "contains", "at_least", "at_most", "more_than", "less_than"]
ORDERINGS: Final = ("at_least", "at_most", "more_than", "less_than")


@dataclass(frozen=True)
class Test:
    """One fact against constants: several for `one_of`, else exactly one."""

    fact: str
    operator: Operator
    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Pattern:
    """Some event of the timeline that looks like this, seen from now."""

    event: str
    from_: str | None = None
    to: str | None = None
    contact: str | None = None
    channel: str | None = None
    follow_up: str | None = None
    auto_reply: bool = False
    after: str | None = None
    within: Length | None = None


@dataclass(frozen=True)
class All:
    """Every one of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True)
class Any:
    """At least one of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The opposite; unknown stays unknown."""

    item: Condition


Condition = Test | Pattern | All | Any | Not


def atoms(condition: Condition) -> Iterator[Test | Pattern]:
    """The tests and patterns of a condition, in the order of writing."""
    if isinstance(condition, All | Any):
        for item in condition.items:
            yield from atoms(item)
    elif isinstance(condition, Not):
        yield from atoms(condition.item)
    else:
        yield condition


def needs_place(atom: Test | Pattern) -> bool:
    """True where an answer depends on the recipient's zone or calendar."""
    if isinstance(atom, Pattern):
        return atom.within is not None and not atom.within.elapsed
    return atom.fact.startswith("business_days_since.") or atom.fact == "promised_by_passed"


def same_for_all(condition: Condition) -> bool:
    """True where the answer is the same for every direction and recipient of an application."""
    return not any(needs_place(atom) or _needs_direction(atom) for atom in atoms(condition))


def _needs_direction(atom: Test | Pattern) -> bool:
    if isinstance(atom, Pattern):
        return "reply" in (atom.event, atom.after)
    return atom.fact in ("touches", "replies", "unanswered_touches")
