"""Amounts that take several words, in one form: 'three hundred' and '300', 'two decades' and '20 years', 'one in five'.

A plain number is left to `numbers`; here stands what only the words around it tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from followup_rules.quality.numbers import number

_TIMES: Final = {
    "hundred": 100, "thousand": 1_000, "lakh": 100_000, "lakhs": 100_000, "million": 1_000_000, "m": 1_000_000,
    "crore": 10_000_000, "crores": 10_000_000, "billion": 1_000_000_000, "bn": 1_000_000_000, "k": 1_000,
}  # fmt: skip
_PARTS: Final = {
    "third": 33, "thirds": 33, "quarter": 25, "quarters": 25, "fifth": 20, "fifths": 20, "tenth": 10, "tenths": 10,
}  # fmt: skip
_WHOLE: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_OF: Final = frozenset(["of", "more", "less", "fewer", "to", "in", "within", "and", "last", "when", "while", ""])
"""What stands behind a part of something; a word such as 'shift' makes it the third of a row."""

_MONTHS: Final = frozenset(
    "january february march april may june july august september october november december".split()
)
_ORDINALS: Final = {"first": "1", "second": "2", "third": "3"}
_HALF: Final = ("and", "a", "half")
_UNITS: Final[dict[str, tuple[tuple[int, int, str], ...]]] = {
    # A divisor, a factor and the unit: the first whose divisor fits says how it is told.
    "decade": ((1, 10, "year"),), "decades": ((1, 10, "year"),),
    "months": ((12, 1, "year"),), "month": ((12, 1, "year"),),
    "days": ((7, 1, "week"),), "day": ((7, 1, "week"),),
    "hours": ((24, 1, "day"),), "hour": ((24, 1, "day"),),
    "minutes": ((60, 1, "hour"),), "minute": ((60, 1, "hour"),),
}  # fmt: skip
_BEGIN: Final = frozenset(["a", "an", "one", *_ORDINALS, "half", "fortnight", "fortnights"])
_FOLLOWING: Final = frozenset([*_TIMES, *_UNITS, "in", "out", "year"])
_REMEMBERED: Final = 50_000


class Figure(NamedTuple):
    """Words `first:last` that tell one amount, as a number in figures and, where it has one, the unit."""

    first: int
    last: int
    value: str
    unit: str = ""


def figures_in(lowers: Sequence[str]) -> list[Figure]:
    """The amounts of several words among some words, in order."""
    found: list[Figure] = []
    for place in [place for place, word in enumerate(lowers) if _BEGINS[word]]:
        if not found or place >= found[-1].last:
            one = _at(lowers, place)
            if one:
                found.append(one)
    return found


class _Begins(dict[str, bool]):
    """Whether an amount may begin with a word."""

    def __missing__(self, word: str) -> bool:
        if len(self) > _REMEMBERED:
            self.clear()
        found = self[word] = word in _BEGIN or number(word) is not None
        return found


_BEGINS: Final = _Begins()


def _at(lowers: Sequence[str], place: int) -> Figure | None:
    """The amount that begins with a word."""
    word, after, behind = (*lowers[place : place + 3], "", "")[:3]
    if word in _ORDINALS:
        dated = after in _MONTHS or (after == "of" and behind in _MONTHS)
        return Figure(place, place + 1, _ORDINALS[word]) if dated else None
    if word in ("fortnight", "fortnights"):
        return Figure(place, place + 1, "2", "week")
    if word == "half":
        hour = number(behind) if after == "past" and behind else None
        return Figure(place, place + 3, f"{hour}:30") if hour else None
    if word in _WHOLE and after in _PARTS:
        percent = str(_WHOLE[word] * _PARTS[after] + (after == "thirds"))
        return Figure(place, place + 2, percent) if behind in _OF else None
    value = _plain(word) if after in _FOLLOWING else None
    return _counted(lowers, place, value) if value is not None else None


def _plain(word: str) -> float | None:
    """A number without a clock's colon, or 'a'; None for other words."""
    if word in _WHOLE:
        return _WHOLE[word]
    found = number(word)
    try:
        return float(found) if found else None
    except ValueError:
        return None


def _counted(lowers: Sequence[str], place: int, value: float) -> Figure | None:
    """What a number is together with the words behind it."""
    last = place + 1
    while last < len(lowers) and lowers[last] in _TIMES:
        value *= _TIMES[lowers[last]]
        last += 1
    if last > place + 1 and last + 1 < len(lowers) and lowers[last] == "and":
        more = _plain(lowers[last + 1]) if lowers[last + 1] not in _WHOLE else None
        if more is not None and more < 100 <= value:
            value, last = value + more, last + 2
    over = 2 if tuple(lowers[last : last + 2]) == ("out", "of") else 1
    if last < len(lowers) - over and lowers[last] in ("in", "out"):
        of = _plain(lowers[last + over]) if lowers[last + over] not in _WHOLE else None
        if of is not None and value < of <= 100 and lowers[place] not in ("a", "an"):
            return Figure(place, last + over + 1, _written(100 * value / of))
    return _lasting(lowers, place, last, value)


def _lasting(lowers: Sequence[str], place: int, last: int, value: float) -> Figure | None:
    """How long something takes, in the largest unit that fits."""
    unit = lowers[last] if last < len(lowers) else ""
    if unit in ("hour", "year") and tuple(lowers[last + 1 : last + 4]) == _HALF:
        return Figure(place, last + 4, _written(value + 0.5), unit)
    if (unit, value) == ("minutes", 90):
        return Figure(place, last + 1, "1.5", "hour")
    for divisor, factor, told in _UNITS.get(unit, ()):
        if value % divisor == 0 and (divisor == 1 or value >= divisor) and lowers[place] not in ("a", "an"):
            return Figure(place, last + 1, _written(value / divisor * factor), told)
    return Figure(place, last, _written(value)) if last > place + 1 else None


def _written(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
