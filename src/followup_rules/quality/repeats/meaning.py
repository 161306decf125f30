"""What words mean, as far as comparing passages needs it: stems, groups of synonyms, numbers, and how much each tells.

The groups stand in `words/synonyms.txt`, whose head explains its form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias
from zlib import crc32

from followup_rules.quality.numbers import number
from followup_rules.quality.repeats.figures import figures_in
from followup_rules.quality.stems import stem

_WEIGHTS: Final = {"empty": 0.0, "weak": 0.3, "common": 0.7, "plain": 1.0}
_REMEMBERED: Final = 50_000
_STEM_MARKS: Final = 1024

_PASSED_OVER: Final = frozenset(
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


class Lexicon(NamedTuple):
    """The groups of synonyms, read for looking up."""

    empty: frozenset[str]
    words: dict[str, Sense]
    phrases: dict[tuple[str, str], tuple[tuple[tuple[str, ...], Sense], ...]]
    """By their first two stems: the stems that follow, and what the phrase stands for; the longest first."""
    within: dict[str, set[int]]
    """The groups of phrases in which a word is the only one that tells something."""


@cache
def lexicon() -> Lexicon:
    """The groups of `words/synonyms.txt`."""
    text = (files("followup_rules.quality") / "words" / "synonyms.txt").read_text("utf-8")
    return read_lexicon(text)


def read_lexicon(text: str) -> Lexicon:
    """The groups of a list in the form of `words/synonyms.txt`."""
    empty: set[str] = set()
    weights: dict[tuple[str, ...], float] = {}
    groups: dict[tuple[str, ...], list[int]] = {}
    stem_of = _Stems()
    for group, section, side, entry in _entries(text):
        if section == "empty":
            empty.add(entry)
            continue
        stems = _stems_of(entry, empty, stem_of)
        if not stems:
            continue
        weights[stems] = min(weights.get(stems, 1.0), _WEIGHTS[section])
        known = groups.setdefault(stems, [])
        if group * side not in known:
            known.append(group * side)
    words: dict[str, Sense] = {}
    phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], Sense]]] = {}
    for stems, known in groups.items():
        sense = Sense("_".join(stems), weights[stems], tuple(known), stems)
        if len(stems) == 1:
            words[stems[0]] = sense
        else:
            phrases.setdefault((stems[0], stems[1]), []).append((stems[2:], sense))
    by_length = {pair: tuple(sorted(some, key=_longest) if len(some) > 1 else some) for pair, some in phrases.items()}
    return Lexicon(frozenset(empty), words, by_length, _within(groups, words, empty))


def _longest(phrase: tuple[tuple[str, ...], Sense]) -> int:
    return -len(phrase[0])


def _within(
    groups: Mapping[tuple[str, ...], Sequence[int]], words: Mapping[str, Sense], empty: Set[str]
) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for stems, known in groups.items():
        if len(stems) > 1:
            told = [
                one for one in stems if one not in empty and (one not in words or words[one].weight > _WEIGHTS["weak"])
            ]
            if len(told) == 1:
                found.setdefault(told[0], set()).update(known)
    return found


class _Stems(dict[str, str]):
    """The stems of words, each worked out once."""

    def __missing__(self, word: str) -> str:
        found = self[word] = stem(word)
        return found


def _stems_of(entry: str, empty: Set[str], stem_of: Mapping[str, str]) -> tuple[str, ...]:
    """The stems of an entry without pronouns and articles: 'pay back' is 'pay you back', and 'my mind' 'her mind'.

    Nothing where a single word without meaning would be left, or where the word lives by its pronoun ('take it').
    """
    if entry.isalpha() and entry.islower():
        return () if entry in empty or entry in _PASSED_OVER else (stem_of[entry],)
    words = entry.replace("-", " ").lower().split()
    left = [word for word in words if word not in _PASSED_OVER]
    if len(left) == 1 and (left[0] in empty or words[-1] != left[0]):
        return ()
    return tuple([stem_of[word] for word in left])


def _entries(text: str) -> Iterator[tuple[int, str, int, str]]:
    """Group, section, side (1, or -1 for an opposite) and words of every entry."""
    section = "plain"
    for group, line in enumerate(text.splitlines(), 1):
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            section = line.strip("[]")
            continue
        for side, half in zip((1, -1), line.split(" / "), strict=False):
            for entry in half.split(","):
                entry = entry.strip()
                if entry:
                    yield group, section, side, entry


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
        found = self[word] = _look_up(word)
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
        for sense in KNOWN[word].senses:
            if sense.weight > _WEIGHTS["weak"]:
                weight += sense.weight
                if not sense.groups:
                    marks |= 1 << crc32(sense.key.encode()) % _STEM_MARKS
                for group in (*sense.groups, *lexicon().within.get(sense.key, ())):
                    marks |= 1 << _STEM_MARKS + abs(group)
        found = self[word] = (weight, marks) if marks else None
        return found


MARKED: Final[Mapping[str, Marked | None]] = _Marked()
"""Every word in small letters; nothing for those that every follow-up has."""


def _look_up(word: str) -> Known:
    words = lexicon().words
    value = number(word)
    if value is not None:
        return Known((value,), (words.get(value, Sense(value, 1.0, (), (value,)))._replace(weight=1.0),))
    empty = lexicon().empty
    parts = [part for part in word.split("-") if part] if "-" in word else [word]
    stems = tuple([stem(part) for part in parts])
    if word in _PASSED_OVER:
        return _NOTHING
    if word in empty:
        return Known(stems, ())
    told = [key for part, key in zip(parts, stems, strict=True) if part not in empty and len(key) > 1]
    return Known(stems, tuple([words.get(key) or Sense(key, 1.0, (), (key,)) for key in told]))


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
    phrases = lexicon().phrases
    found: list[Sense] = []
    for first, pair in enumerate(pairwise(stems)):
        if pair in phrases:
            for rest, sense in phrases[pair]:
                if not rest or tuple(stems[first + 2 : first + 2 + len(rest)]) == rest:
                    found.append(sense)
                    break
    return found
