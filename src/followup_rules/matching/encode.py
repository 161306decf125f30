"""Facts as small integers: durable-rules misreads decimals, long texts and mixed types, but never these.

A fact's value becomes one code. Codes of one fact are in this order: no zone, missing, anything that no
constant of the policy equals, false, true, the texts of the policy, then the numbers: between and upon the
policy's constants, so that comparing codes is comparing values, exactly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any, Final

from followup_rules.facts import Lack
from followup_rules.matching.truth import Truth
from followup_rules.rules import conditions as c

# How truths themselves are written into facts.
TRUTHS: Final = (Truth.FALSE, Truth.UNKNOWN, Truth.NO_ZONE, Truth.TRUE)
FALSE, UNKNOWN, NO_ZONE, TRUE = range(4)
CODE_OF: Final = {truth: code for code, truth in enumerate(TRUTHS)}

_NO_ZONE, _MISSING, _OTHER, _FALSE, _TRUE, _FIRST_TEXT = range(6)
_COUNTS: Final = ("interviews", "touches", "replies", "unanswered_touches")

# A longer list of constants is looked up outside the engine: each constant costs a rule some branches.
MOST_CONSTANTS: Final = 24


class FactCode:
    """The codes of one fact under one policy."""

    def __init__(self, fact: str, constants: Iterable[c.Scalar]) -> None:
        texts: set[str] = set()
        numbers: set[int | float] = set()
        for constant in constants:
            if isinstance(constant, str):
                texts.add(constant)
            elif not isinstance(constant, bool):
                numbers.add(constant)
        self._texts = {text: _FIRST_TEXT + index for index, text in enumerate(sorted(texts))}
        self._numbers = sorted(numbers)
        self._first_number = _FIRST_TEXT + len(texts)
        self.universe = self._possible(fact)

    def _possible(self, fact: str) -> tuple[int, ...]:
        """The codes that values of this fact can have; the fewer, the simpler the rules."""
        numbers = range(self._first_number, self._first_number + 2 * len(self._numbers) + 1)
        family = fact.partition(".")[0]
        if family in _COUNTS:
            return tuple(numbers)
        if family == "hours_since":
            return (_MISSING, *numbers)
        if family == "business_days_since":
            return (_NO_ZONE, _MISSING, *numbers)
        if family == "promised_by_passed":
            return (_NO_ZONE, _MISSING, _FALSE, _TRUE)
        return (_MISSING, _OTHER, _FALSE, _TRUE, *range(_FIRST_TEXT, self._first_number), *numbers)

    def of(self, value: Any) -> int:
        """The code of a value, or of the lack of one."""
        if isinstance(value, str):
            return self._texts.get(value, _OTHER)
        if isinstance(value, bool):
            return _TRUE if value else _FALSE
        if isinstance(value, int | float):
            below = bisect_left(self._numbers, value)
            found = below < len(self._numbers) and self._numbers[below] == value
            return self._first_number + 2 * below + found
        if isinstance(value, Lack):
            return _NO_ZONE if value is Lack.NO_ZONE else _MISSING
        return _OTHER

    def sets(self, test: c.Test) -> tuple[frozenset[int], ...]:
        """For each of the four truths, the codes under which the test has it."""
        found: tuple[set[int], ...] = (set(), set(), set(), set())
        wanted = {self.of(value) for value in test.values}
        for code in self.universe:
            found[self._truth(test, wanted, code)].add(code)
        return tuple(frozenset(codes) for codes in found)

    def _truth(self, test: c.Test, wanted: set[int], code: int) -> int:
        if test.operator == "present":
            return TRUE if (code != _MISSING) == test.values[0] else FALSE
        if code == _NO_ZONE:
            return NO_ZONE
        if code == _MISSING:
            return UNKNOWN
        if test.operator == "one_of":
            return TRUE if code in wanted else FALSE
        if code < self._first_number:
            return UNKNOWN
        (bound,) = wanted
        holds = {
            "at_least": code >= bound,
            "at_most": code <= bound,
            "more_than": code > bound,
            "less_than": code < bound,
        }[test.operator]
        return TRUE if holds else FALSE


def is_coded(test: c.Test) -> bool:
    """True where codes are enough to decide; else the test is answered outside, and its truth is the fact."""
    if test.operator == "contains" or len(test.values) > MOST_CONSTANTS:
        return False
    if test.operator in c.ORDERINGS:
        return isinstance(test.values[0], int | float) and not isinstance(test.values[0], bool)
    return True
