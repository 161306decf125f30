"""Which passages share telling words with another, or synonyms: a quick look before any two are compared in full."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Final, NamedTuple

from followup_rules.quality.repeats.meaning import MARKED, Marked

REACH: Final = 60
"""How many passages back are looked at: enough for any letter, and bounded for any text."""

_IN_COMMON: Final = 0.6
SHARE_IN_COMMON: Final = 0.3
"""Passages with less weight in common, or a smaller share of both together, are not compared."""

_ENOUGH: Final = 2.0
_TOO_LITTLE: Final = 0.1
"""The weight in common from which on the share alone decides, and what is taken off it for none."""


class Told(NamedTuple):
    """The words of a passage that tell something, their weight, and their marks together."""

    words: list[Marked]
    weight: float
    marks: int


def told_by(lowers: Iterable[str]) -> Told:
    """What some words tell."""
    words = [one for one in map(MARKED.__getitem__, set(lowers)) if one]
    weight, marks = 0.0, 0
    for its_weight, its_marks in words:
        weight += its_weight
        marks |= its_marks
    return Told(words, weight, marks)


NOTHING: Final = Told([], 0.0, 0)


class Nearby:
    """Passages in the order in which they were added, by what they tell."""

    def __init__(self, reach: int = REACH, share: float = SHARE_IN_COMMON) -> None:
        self._reach, self._share = reach, share
        self._told: list[Told] = []
        self._any = 0

    def add(self, told: Told) -> None:
        """Remember one more passage."""
        self._any |= told.marks
        self._told.append(told)

    def near(self, told: Told, at_most: int) -> list[int]:
        """The passages that have most in common with another, in their order."""
        any_marks = self._any
        if not told.marks & any_marks:
            return []
        shared = [one for one in told.words if one[1] & any_marks]
        least = max(_IN_COMMON, self._share**2 * told.weight)
        if sum([weight for weight, _ in shared]) < least:
            return []
        first = max(0, len(self._told) - self._reach)
        shares: list[tuple[float, int]] = []
        for place, earlier in enumerate(self._told[first:], first):
            marks = earlier.marks
            if not marks & told.marks:
                continue
            common = sum([weight for weight, its in shared if its & marks])
            if common >= least:
                share = self._in_common(told, earlier, common)
                if share >= self._share:
                    shares.append((share, place))
        shares.sort(reverse=True)
        return sorted([place for _, place in shares[:at_most]])

    @staticmethod
    def _in_common(told: Told, earlier: Told, common: float) -> float:
        marks = told.marks
        back = sum([weight for weight, its in earlier.words if its & marks])
        share = sqrt(common * back / (told.weight * earlier.weight))
        return share - _TOO_LITTLE * (1 - min(1.0, min(common, back) / _ENOUGH))
