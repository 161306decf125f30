"""Phrases whose words have many alternatives, matched word by word and never written out.

The files in `words/` have the form of `phrases.py` (`#` comment, `[tag]`, `a|b`, `(a|b)`, `_`, `..`, `=> note`) and
one thing more: `<name> = a b c` defines a set of words, which `<name>` stands for in the lines below it, also as
`(<name>)` or `a|<name>`. A line of ten positions with twenty alternatives each costs ten small sets, not 20^10 entries.

A phrase is looked for only where its rarest word stands, so that thousands of phrases cost little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import Match

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


class _Step(NamedTuple):
    """One position: its words (None for any word), whether it may be missing, whether it is a gap.

    `often` is how often it is met; one that may be missing cannot be looked for.
    """

    words: frozenset[str] | None
    optional: bool
    wide: bool
    often: int


class _Chain(NamedTuple):
    """A phrase: its positions, its tag and note, and what must be so before the trouble of matching it is taken.

    `least` and `most` are how many words may stand before its rarest one, `head` are the words that it begins with
    (None where its first may be missing). The words of its second rarest position are kept beside it.
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
        self._by_rarest: dict[str, list[tuple[frozenset[str], _Chain]]] = {}
        for tag, steps, note in _read(text):
            often = [step.often for step in steps]
            at, *others = sorted(range(len(steps)), key=often.__getitem__)
            other = others[0] if others and often[others[0]] < _NEVER else at
            before = steps[:at]
            least = sum(not step.optional and not step.wide for step in before)
            most = sum(_GAP if step.wide else 1 for step in before)
            head = None if steps[0].optional else steps[0].words
            found = (steps[other].words or frozenset(), _Chain(steps, tag, note, least, most, head))
            for word in steps[at].words or ():
                self._by_rarest.setdefault(word, []).append(found)

    def find(self, words: Sequence[str], first: int, last: int) -> list[Match]:
        """Every phrase among some words in small letters, the longest for each beginning and tag."""
        best: dict[tuple[int, str], Match] = {}
        here = words[first:last]
        present = frozenset(here)
        for at, known_here in enumerate(map(self._by_rarest.get, here), first):
            if known_here is None:
                continue
            for other, (steps, tag, note, least, most, head) in known_here:
                if other.isdisjoint(present):
                    continue
                for start in range(max(first, at - most), at - least + 1):
                    if head is not None and words[start] not in head:
                        continue
                    end = _end(steps, 0, words, start, last)
                    if end > at:
                        known = best.get((start, tag))
                        if known is None or end > known.last:
                            best[start, tag] = Match(tag, start, end, note)
        return sorted(best.values(), key=lambda match: match.first) if best else []


def _end(steps: tuple[_Step, ...], number: int, words: Sequence[str], at: int, last: int) -> int:
    """Where a match of the remaining steps ends, -1 where there is none; words that may be missing are taken first."""
    while number < len(steps):
        choices, optional, wide, _ = steps[number]
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


def _read(text: str) -> Iterator[tuple[str, tuple[_Step, ...], str]]:
    tag = ""
    steps = _Steps()
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("[") and line.endswith("]"):
            tag = line[1:-1].strip()
        elif line.startswith("<") and line.partition(">")[2].lstrip().startswith("="):
            name, _, members = line.partition("=")
            steps.define(name.strip(), members.split())
        else:
            phrase, _, note = line.partition("=>")
            yield tag, tuple([steps[part] for part in phrase.lower().split()]), note.strip()


class _Steps(dict[str, _Step]):
    """Positions as they are written; those that are written alike are one, for there are thousands."""

    def __init__(self) -> None:
        super().__init__()
        self._sets: dict[str, frozenset[str]] = {}

    def define(self, name: str, members: Iterable[str]) -> None:
        """Give a set of words a name, which may be another set than before."""
        self._sets[name] = self._words(members)
        self.clear()

    def __missing__(self, part: str) -> _Step:
        optional = part.startswith("(") and part.endswith(")")
        inner = part[1:-1] if optional else part
        words = None if inner == "_" or part == ".." else self._sets.get(inner) or self._words(inner.split("|"))
        often = _NEVER if words is None or optional else sum([_WEIGHTS.get(word, 1) for word in words])
        found = self[part] = _Step(words, optional, part == "..", often)
        return found

    def _words(self, parts: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for part in parts:
            found |= self._sets[part] if part.startswith("<") else {part}
        return frozenset(found)


@lru_cache(maxsize=16)
@all_kept
def chains(*names: str) -> Chains:
    """The phrases of some files of `words/`, together; a set that one file defines is known in the next ones."""
    folder = files("followup_rules.quality").joinpath("words")
    return Chains("\n".join(folder.joinpath(f"{name}.txt").read_text("utf-8") for name in names))
