"""What words mean, as far as comparing passages needs it: stems, groups of synonyms, numbers, and how much each tells.

The groups stand in `words/synonyms.txt`, whose head explains its form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias
from zlib import crc32

from followup_rules.quality.loading import all_kept
from followup_rules.quality.numbers import number
from followup_rules.quality.repeats.figures import figures_in
from followup_rules.quality.stems import stem

WEAK: Final = 0.3
"""What a word weighs that every follow-up has."""

_REMEMBERED: Final = 50_000
_STEM_MARKS: Final = 1024

PASSED_OVER: Final = frozenset(
    "a an the this that these those i me my you your he him his she her it its we us our they them their "
    "somebody someone somebody's someone's very really quite so just also".split()
)
"""Words that may stand anywhere within a phrase."""


class Sense(NamedTuple):
    """What a word or a phrase stands for: its stems or number, how much it tells, and its groups of synonyms.

    The opposite side of a group has the group's number below zero.
    """

    key: str
    weight: float
    groups: tuple[int, ...]
    stems: tuple[str, ...]


class Lexicon:
    """The groups of synonyms, read for looking up: from `words/synonyms_index.txt`, which `indexing.py` describes."""

    def __init__(self, index: str) -> None:
        empty, words, phrases = index.rstrip("\n").split("\n\n")
        self.empty: Final = frozenset(empty.split(","))
        self._words: Final = dict([line.split("\t", 1) for line in words.split("\n")])
        self.phrases: Final = dict([line.split("\t", 1) for line in phrases.split("\n")])
        """By their first two stems: what else is known of the phrases that begin so, the longest first."""

    def word(self, stem: str) -> Sense | None:
        """What the words with a stem stand for; None where they stand in no group."""
        told = self._words.get(stem)
        if told is None:
            return None
        weight, groups, _ = told.split("\t")
        return Sense(stem, float(weight), tuple(map(int, groups.split())), (stem,)) if weight else None

    def sense(self, stem: str) -> Sense:
        """The same, with the full weight for those that stand in no group."""
        return self.word(stem) or Sense(stem, 1.0, (), (stem,))

    def within(self, stem: str) -> tuple[int, ...]:
        """The groups of phrases in which a word is the only one that tells something."""
        told = self._words.get(stem)
        return () if told is None else tuple(map(int, told.rpartition("\t")[2].split()))


@cache
@all_kept
def lexicon() -> Lexicon:
    """The groups of `words/synonyms.txt`."""
    return Lexicon((files("followup_rules.quality") / "words" / "synonyms_index.txt").read_text("utf-8"))


@lru_cache(maxsize=2048)
def _phrases(beginning: str) -> tuple[tuple[tuple[str, ...], Sense], ...]:
    """The phrases that begin with two stems: the stems that follow, and what the phrase stands for."""
    found = []
    for told in lexicon().phrases[beginning].split("\t"):
        rest, weight, groups = told.split(";")
        stems = (*beginning.split(" "), *rest.split())
        found.append((stems[2:], Sense("_".join(stems), float(weight), tuple(map(int, groups.split())), stems)))
    return tuple(found)


class Known(NamedTuple):
    """A word that was looked up: its stems, and what they stand for."""

    stems: tuple[str, ...]
    senses: tuple[Sense, ...]


_NOTHING: Final = Known((), ())


class _Words(dict[str, Known]):
    """Words that were looked up before."""

    def __missing__(self, word: str) -> Known:
        if len(self) > _REMEMBERED:
            self.clear()
        found = self[word] = look_up(word)
        return found


KNOWN: Final[Mapping[str, Known]] = _Words()
"""Every word in small letters."""


Marked: TypeAlias = tuple[float, int]
"""The weight that a word tells, and its marks: bits of a number for its groups, or for its stem where it has none.

Two words that share no mark are no synonyms. Two stems may share one, which costs a comparison and nothing else.
"""


class _Marked(dict[str, "Marked | None"]):
    """Words that were looked up before: all that most sentences are asked for."""

    def __missing__(self, word: str) -> Marked | None:
        if len(self) > _REMEMBERED:
            self.clear()
        marks, weight = 0, 0.0
        for sense in look_up(word).senses:
            if sense.weight > WEAK:
                weight += sense.weight
                if not sense.groups:
                    marks |= 1 << crc32(sense.key.encode()) % _STEM_MARKS
                for group in (*sense.groups, *lexicon().within(sense.key)):
                    marks |= 1 << _STEM_MARKS + abs(group)
        found = self[word] = (weight, marks) if marks else None
        return found


MARKED: Final[Mapping[str, Marked | None]] = _Marked()
"""Every word in small letters; nothing for those that every follow-up has."""


def look_up(word: str) -> Known:
    """What a word stands for, worked out; `KNOWN` keeps it for words that are compared, which most are not."""
    known = lexicon()
    if word in PASSED_OVER:
        return _NOTHING
    value = number(word)
    if value is not None:
        return Known((value,), (known.sense(value)._replace(weight=1.0),))
    if "-" not in word:
        key = stem(word)
        return Known((key,), (known.sense(key),) if len(key) > 1 and word not in known.empty else ())
    parts = [part for part in word.split("-") if part]
    stems = tuple([stem(part) for part in parts])
    if word in known.empty:
        return Known(stems, ())
    told = [key for part, key in zip(parts, stems, strict=True) if part not in known.empty and len(key) > 1]
    return Known(stems, tuple([known.sense(key) for key in told]))


def known_of(lowers: Sequence[str]) -> list[Known]:
    """What some words stand for, an amount of several words told by the first of them."""
    known = [KNOWN[lower] for lower in lowers]
    for one in figures_in(lowers):
        told = [KNOWN[word] for word in (one.value, one.unit) if word]
        stems = tuple([stem for each in told for stem in each.stems])
        known[one.first] = Known(stems, tuple([sense for each in told for sense in each.senses]))
        known[one.first + 1 : one.last] = [_NOTHING] * (one.last - one.first - 1)
    return known


def phrases_in(stems: Sequence[str]) -> list[Sense]:
    """The phrases with synonyms among some stems; of those that begin together the longest."""
    beginnings = lexicon().phrases
    found: list[Sense] = []
    pairs = list(map(" ".join, pairwise(stems)))
    if not beginnings.keys().isdisjoint(pairs):
        for first in [first for first, pair in enumerate(pairs) if pair in beginnings]:
            for rest, sense in _phrases(pairs[first]):
                if not rest or tuple(stems[first + 2 : first + 2 + len(rest)]) == rest:
                    found.append(sense)
                    break
    return found
