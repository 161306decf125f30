"""Patterns of choices: each place takes one word out of many. For patterns that would be too many phrases written out.

The files have the form of `phrases`, without notes: `a|b` takes one of several words, `(a|b)` may be missing, `_` takes
any word. 'would|could (really) use that|this' stays one pattern of four places and is never written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import read_entries, read_source

_ANY: Final = frozenset("_")


class Hit(NamedTuple):
    """A pattern that was found: `words[first:last]`."""

    tag: str
    first: int
    last: int


class _Place(NamedTuple):
    words: frozenset[str]
    optional: bool


class Choices:
    """Patterns under tags, looked up by the word that they begin with."""

    def __init__(self, entries: Sequence[tuple[str, str, str]]) -> None:
        self._by_word: dict[str, list[tuple[str, tuple[_Place, ...]]]] = {}
        for tag, pattern, _ in entries:
            places = tuple(_place(part) for part in pattern.split())
            for word in _beginnings(places):
                self._by_word.setdefault(word, []).append((tag, places))

    def find(self, words: Sequence[str], first: int, last: int) -> Iterator[Hit]:
        """Every pattern among `words[first:last]`, by its beginning."""
        by_word = self._by_word
        for at in range(first, last):
            patterns = by_word.get(words[at])
            if patterns is not None:
                for tag, places in patterns:
                    end = _match(places, 0, words, at, last)
                    if end > at:
                        yield Hit(tag, at, end)


def _match(places: tuple[_Place, ...], number: int, words: Sequence[str], at: int, last: int) -> int:
    """Where the longest reading of the places from `number` on ends; -1 where there is none."""
    if number == len(places):
        return at
    allowed, optional = places[number]
    end = -1
    if at < last and (words[at] in allowed or allowed is _ANY):
        end = _match(places, number + 1, words, at + 1, last)
    if optional and end < 0:
        end = _match(places, number + 1, words, at, last)
    return end


def _place(part: str) -> _Place:
    optional = part.startswith("(") and part.endswith(")")
    words = frozenset((part[1:-1] if optional else part).split("|"))
    return _Place(_ANY if words == _ANY else words, optional)


def _beginnings(places: Sequence[_Place]) -> frozenset[str]:
    found: set[str] = set()
    for allowed, optional in places:
        found |= allowed
        if not optional:
            break
    return frozenset(found)


@lru_cache(maxsize=16)
@all_kept
def choices(name: str) -> Choices:
    """The patterns of `words/<name>.txt`."""
    return Choices(read_entries(read_source(name)))
