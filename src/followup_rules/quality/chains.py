"""Phrases whose words have many alternatives, matched word by word and never written out.

A list is a text file in `words/`. `#` begins a comment, `[tag]` a section, every other line is a phrase:

- `pleas|please be advised`  one of several words
- `get (back) to`            a word that may be missing
- `in _ opinion`             any one word
- `will .. you`              up to four words of any kind, in the same sentence
- `<name> = a b c`           defines a set of words, for which `<name>` stands below, also as `(<name>)` or `a|<name>`

What stands behind ` => ` is handed back with a match. A line of ten positions with twenty alternatives each costs ten
small sets, not 20^10 entries.

Every phrase has a number, and every word a row of bits: the phrases that have it as their rarest word, and those that
have it as their second. One `and` of two rows says which of thousands of phrases are worth a look where a word stands;
only those are read in full, each when it is first met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple, TypeAlias

from followup_rules.quality.loading import all_kept

_GAP: Final = 4
_NEVER: Final = 10**6
_FREQUENT: Final = (
    (300, "the i you to and for a in of on that your me with it is"),
    (
        60,
        "would have dear we be my about at thank was if from so our by one two has can are will this as regards not "
        "could please know am mr ms like an us all or had do when what who how been there very any yours kind",
    ),
    (
        15,
        "interview years before best last time week day up let same first which three need still since every thanks "
        "sincerely work tell again good them send asked more may hi no i'd next second answer call team over where "
        "than whether after take monday see were back now friday position people but office want new dr hope out hear "
        "four much until month i'm told line well email through way also decision date ask did meeting said tuesday "
        "should made because its without six year reply i've question job help post free most conversation you'd "
        "manager only minutes short thursday own part another went both hours morning rather he she they his her him "
        "their then just don't we'd we've i'll we'll you're it's must does being some other use think come make get go "
        "so even back find keep long look many place role company forward wednesday here time",
    ),
)
"""How many of a thousand sentences have such a word, about: where a phrase has another, it is looked for there."""

_WEIGHTS: Final = {word: weight for weight, words in reversed(_FREQUENT) for word in words.split()}


class Match(NamedTuple):
    """A phrase that was found: `words[first:last]`."""

    tag: str
    first: int
    last: int
    note: str


_Sets: TypeAlias = Mapping[str, tuple[str, ...]]


class _Step(NamedTuple):
    """One position: its words (None for any word), whether it may be missing, whether it is a gap."""

    words: frozenset[str] | None
    optional: bool
    wide: bool


class _Chain(NamedTuple):
    """A phrase: its positions, its tag and note, and what must be so before the trouble of matching it is taken.

    `least` and `most` are how many words may stand before its rarest one, `head` are the words that it begins with
    (None where its first may be missing).
    """

    steps: tuple[_Step, ...]
    tag: str
    note: str
    least: int
    most: int
    head: frozenset[str] | None


class Chains:
    """Phrases under tags, found by their rarest words."""

    def __init__(self, text: str) -> None:
        self._written: list[tuple[str, str, str, int, int]] = []
        self._sets: list[_Sets] = []
        self._ready: dict[int, _Chain] = {}
        self._steps: dict[tuple[str, int], _Step] = {}
        self._rarest: dict[str, int] = {}
        self._second: dict[str, int] = {}
        self._alone = 0
        frequency = _Often({})
        for number, (tag, phrase, note, sets) in enumerate(_read(text)):
            if not self._sets or self._sets[-1] is not sets:
                self._sets.append(sets)
                frequency = _Often(sets)
            parts = phrase.split()
            often = [frequency[part] for part in parts]
            at, *others = sorted(range(len(parts)), key=often.__getitem__)
            self._written.append((tag, phrase, note, len(self._sets) - 1, at))
            for word in _words(parts[at], sets):
                self._rarest[word] = self._rarest.get(word, 0) | 1 << number
            if not others or often[others[0]] >= _NEVER:
                self._alone |= 1 << number
                continue
            for word in _words(parts[others[0]], sets):
                self._second[word] = self._second.get(word, 0) | 1 << number

    def find(self, words: Sequence[str], first: int, last: int) -> list[Match]:
        """Every phrase among some words in small letters, the longest for each beginning and tag."""
        rarest = self._rarest
        here = words[first:last]
        if rarest.keys().isdisjoint(here):
            return []
        best: dict[tuple[int, str], tuple[int, int, _Chain]] = {}
        second = self._alone
        for row in map(self._second.get, here):
            if row is not None:
                second |= row
        for at, row in enumerate(map(rarest.get, here), first):
            met = row & second if row is not None else 0
            while met:
                number = met.bit_length() - 1
                met ^= 1 << number
                chain = self._ready.get(number) or self._read_in_full(number)
                for start, end in _places(chain, words, at, first, last):
                    known = best.get((start, chain.tag))
                    if known is None or (end, -number) > known[:2]:  # of those as long the one that is written first
                        best[start, chain.tag] = end, -number, chain
        found = sorted(best.items(), key=lambda one: (one[0][0], -one[1][1])) if best else ()
        return [Match(tag, start, end, chain.note) for (start, tag), (end, _, chain) in found]

    def _read_in_full(self, number: int) -> _Chain:
        tag, phrase, note, sets, at = self._written[number]
        steps = tuple([self._step(part, sets) for part in phrase.split()])
        before = steps[:at]
        least = sum(not step.optional and not step.wide for step in before)
        most = sum(_GAP if step.wide else 1 for step in before)
        head = None if steps[0].optional else steps[0].words
        made = self._ready[number] = _Chain(steps, tag, note, least, most, head)
        return made

    def _step(self, part: str, sets: int) -> _Step:
        """One position; those that are written alike are one, for there are many."""
        known = self._steps.get((part, sets))
        if known is None:
            optional = part.startswith("(") and part.endswith(")")
            inner = part[1:-1] if optional else part
            words = None if inner == "_" or part == ".." else frozenset(_words(inner, self._sets[sets]))
            known = self._steps[part, sets] = _Step(words, optional, part == "..")
        return known


def _places(chain: _Chain, words: Sequence[str], at: int, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where a phrase begins and ends whose rarest word stands at a place, among `words[first:last]`."""
    steps, _, _, least, most, head = chain
    for start in range(max(first, at - most), at - least + 1):
        if head is None or words[start] in head:
            end = _end(steps, 0, words, start, last)
            if end > at:
                yield start, end


def _end(steps: tuple[_Step, ...], number: int, words: Sequence[str], at: int, last: int) -> int:
    """Where a match of the remaining steps ends, -1 where there is none; words that may be missing are taken first."""
    while number < len(steps):
        choices, optional, wide = steps[number]
        number += 1
        if wide:
            for skip in range(min(_GAP, last - at) + 1):
                end = _end(steps, number, words, at + skip, last)
                if end >= 0:
                    return end
            return -1
        if at < last and (choices is None or words[at] in choices):
            if optional:
                end = _end(steps, number, words, at + 1, last)
                if end >= 0:
                    return end
            else:
                at += 1
        elif not optional:
            return -1
    return at


def _read(text: str) -> Iterator[tuple[str, str, str, _Sets]]:
    """The tag, the phrase and the note of every line, and the sets that are known there."""
    tag = ""
    sets: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("[") and line.endswith("]"):
            tag = line[1:-1].strip()
        elif line.startswith("<") and line.partition(">")[2].lstrip().startswith("="):
            name, _, members = line.partition("=")
            sets = {**sets, name.strip(): tuple(_members(members.split(), sets))}
        else:
            phrase, _, note = line.partition("=>")
            yield tag, phrase.strip().lower(), note.strip(), sets


class _Often(dict[str, int]):
    """How often a position is met; one that takes any word or may be missing cannot be looked for."""

    def __init__(self, sets: _Sets) -> None:
        super().__init__({"_": _NEVER, "..": _NEVER})
        self._sets = sets

    def __missing__(self, part: str) -> int:
        words = () if part[0] == "(" else _words(part, self._sets)
        found = self[part] = sum([_WEIGHTS.get(word, 1) for word in words]) or _NEVER
        return found


def _words(part: str, sets: _Sets) -> Iterable[str]:
    """The words of one position."""
    if "<" not in part and "|" not in part:
        return (part,)
    return set(_members(part.split("|"), sets))


def _members(parts: Sequence[str], sets: _Sets) -> Iterator[str]:
    for one in parts:
        if one.startswith("<"):
            yield from sets[one]
        else:
            yield one


@lru_cache(maxsize=16)
@all_kept
def chains(*names: str) -> Chains:
    """The phrases of some files of `words/`, together; a set that one file defines is known in the next ones."""
    folder = files("followup_rules.quality").joinpath("words")
    return Chains("\n".join(folder.joinpath(f"{name}.txt").read_text("utf-8") for name in names))
