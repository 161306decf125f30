"""Formulas: what conditions and the facts of life say, in the four sorts of statement that solvers understand.

- `Fact(name)`: a plain statement, such as "there was an interview".
- `OneOf(name, values)`: a named thing has one of some values; what values there are, the problem says.
- `Gap(left, right, most, strict)`: `left - right` is at most, or less than, a number. `""` stands for zero.
- `And`, `Or` and `negated`, which moves inward, so that only plain statements and values carry a "not".
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple

Number = int | Fraction


class Fact(NamedTuple):
    """A plain statement, or its opposite."""

    name: str
    holds: bool = True


class OneOf(NamedTuple):
    """A named thing has one of the values, or none of them."""

    name: str
    values: frozenset[object]
    holds: bool = True


class Gap(NamedTuple):
    """`left - right <= most`, or `<` where it is strict. Names that begin with `#` are whole numbers."""

    left: str
    right: str
    most: Number
    strict: bool = False


class And(NamedTuple):
    """All of them; of none, it holds. As a tuple it equals an `Or` of the same: ask for the type."""

    all: tuple[Formula, ...]


class Or(NamedTuple):
    """One of them; of none, it fails."""

    any: tuple[Formula, ...]


Formula = Fact | OneOf | Gap | And | Or
Literal = Fact | OneOf | Gap

YES: Final = And(())
NO: Final = Or(())


def number(value: float) -> Number:
    """The exact value of a number of a rule file."""
    exact = Fraction(value)
    return int(exact) if exact.denominator == 1 else exact


def is_whole(left: str, right: str) -> bool:
    """True where only whole numbers are compared."""
    return all(name.startswith("#") for name in (left, right) if name)


def gap(left: str, right: str, most: Number, strict: bool = False) -> Gap:
    """`left - right` at most, or less than, a number; whole numbers are never strict."""
    if is_whole(left, right):
        return Gap(left, right, math.ceil(most) - 1 if strict else math.floor(most))
    return Gap(left, right, most, strict)


def at_most(name: str, most: Number, strict: bool = False) -> Gap:
    """A thing is at most, or less than, a number."""
    return gap(name, "", most, strict)


def at_least(name: str, least: Number, strict: bool = False) -> Gap:
    """A thing is at least, or more than, a number."""
    return gap("", name, -least, strict)


def equal(name: str, value: Number) -> Formula:
    """A thing is exactly that number."""
    return both(at_most(name, value), at_least(name, value))


def both(*parts: Formula) -> Formula:
    """All of them, flat; settled where one part settles it."""
    flat: list[Formula] = []
    for part in parts:
        if isinstance(part, Or) and not part.any:
            return NO
        flat += part.all if isinstance(part, And) else (part,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def either(*parts: Formula) -> Formula:
    """One of them, flat; settled where one part settles it."""
    flat: list[Formula] = []
    for part in parts:
        if isinstance(part, And) and not part.all:
            return YES
        flat += part.any if isinstance(part, Or) else (part,)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negated(formula: Formula) -> Formula:
    """The opposite."""
    if isinstance(formula, And):
        return either(*(negated(part) for part in formula.all))
    if isinstance(formula, Or):
        return both(*(negated(part) for part in formula.any))
    if isinstance(formula, Gap):
        return gap(formula.right, formula.left, -formula.most, not formula.strict)
    return formula._replace(holds=not formula.holds)


def follows(given: Formula, then: Formula) -> Formula:
    """Where the one holds, the other does."""
    return either(negated(given), then)


def names_in(formulas: Iterable[Formula]) -> set[str]:
    """Everything that some formulas speak about."""
    found: set[str] = set()
    pending = list(formulas)
    while pending:
        one = pending.pop()
        if isinstance(one, And):
            pending += one.all
        elif isinstance(one, Or):
            pending += one.any
        elif isinstance(one, Gap):
            found |= {one.left, one.right} - {""}
        else:
            found.add(one.name)
    return found
