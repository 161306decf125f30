"""How much a sentence reads like a claim of fit: the sum of the weights of its signs.

Signs are words of grammar, kinds of words, stems, endings, and two of the first two side by side; each counts once a
sentence. Their weights are learned from labelled messages by `benchmarks/train_fit.py`, one set for each direction, and
stand in `words/fit_weights.txt`. A candidate's long message has more sentences that may read like a claim by chance, so
its best one must be the surer (`DEMANDS`). What kinds of words the next sentence has counts too, as signs of their own:
what was done is told in one sentence, and what it is good for in the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain, compress, count
from math import log
from operator import add, ne
from typing import Final, TypeAlias

from followup_rules.check import Context
from followup_rules.model.words import Direction
from followup_rules.quality.chains import chains
from followup_rules.quality.fit.fit_words import fit_word, is_grammar
from followup_rules.quality.phrases import read_entries, read_source
from followup_rules.quality.terms import terms_of
from followup_rules.quality.text import Sentence, Text, lowers_of

BIAS: Final = "bias"
"""The sign that every sentence has."""
CHANCE: Final = 0.5
"""How much surer the best sentence must be where there are more: this times the logarithm of their number."""
DEMANDS: Final[Mapping[Direction, float]] = {"candidate_to_employer": CHANCE, "employer_to_candidate": 0.3}
"""The same where a message is judged; what `benchmarks/cross_fit.py` finds best. Every second of the employers' texts
that were learned from claims nothing, of those that are sent fewer: there a claim is likelier than was learned."""
NEXT: Final = ">"
"""Stands before a kind of words that the next sentence has."""
_NEIGHBOURS: Final = 2
_MOST: Final = 1 << 20
_REMEMBERED: Final = 32768
_ALWAYS: Final = frozenset((BIAS,))
_ALWAYS_CAPITAL: Final = frozenset(("i", "i'm", "i've", "i'd", "i'll"))

Flags = Mapping[str, tuple[str, ...]]
_flat: Final = chain.from_iterable


_Seen: TypeAlias = tuple[str, int, int, tuple[str, ...]]
"""A word as one set of weights sees it: its stem, what counts beside the word behind it, the same beside the word
before it, and its signs. What counts beside a word is a number; the first leaves room for the other."""


class _Pairs(dict[int, tuple[str, ...]]):
    """The signs of two neighbours, by the sum of their numbers; made when they are first asked for."""

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, key: int) -> tuple[str, ...]:
        found = self[key] = self._signs.pair(key)
        return found


class _Plain(dict[str, _Seen]):
    """Words in small letters of which the context and their capitals say nothing; made when they are first met."""

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, word: str) -> _Seen:
        if len(self) >= _REMEMBERED:
            self.clear()
        seen = self[word] = self._signs.see(word, ())
        return seen


class Signs:
    """Finds the signs of sentences: those that have a weight, or all where no weights are given."""

    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        self._weights = weights
        self._numbers: dict[tuple[str, ...], int] = {}
        self._names: list[tuple[str, ...]] = []
        self._pairs = _Pairs(self)
        self._plain = _Plain(self)
        self._begin, self._end = self._number(("^",)) * _MOST, self._number(("$",))
        self._flagged = lru_cache(maxsize=4096)(self.see)

    def of(self, text: Text, sentence: Sentence, flags: Flags) -> frozenset[str]:
        """The signs of one sentence; `flags` says which stems belong to the skills, the role and the company."""
        _, lefts, rights, signs = zip(*self._row(text, sentence, flags), strict=True)
        keys = set(map(add, (self._begin, *lefts), (*rights, self._end)))
        mark = text.body[max(sentence.start, sentence.end - 3) : sentence.end].rstrip("\"'”’)* ")[-1:]
        ending = self._kept((mark,)) if mark in ("?", "!") else ()
        return _ALWAYS.union(ending, _flat(map(self._pairs.__getitem__, keys)), _flat(signs))

    def _row(self, text: Text, sentence: Sentence, flags: Flags) -> list[_Seen]:
        """The words of a sentence, with what the context and their capitals add."""
        _, _, first, last = sentence
        lowers, owns = text.lowers[first:last], text.owns[first:last]
        row = list(map(self._plain.__getitem__, lowers))
        capital = set(compress(count(), map(ne, owns, lowers)))
        for at in sorted(capital.union([at for at, seen in enumerate(row) if seen[0] in flags])):
            told = flags.get(row[at][0], ())
            if at in capital and at and lowers[at] not in _ALWAYS_CAPITAL and ":company" not in told:
                told = (*told, ":name")
            if told:
                row[at] = self._flagged(lowers[at], told)
        return row

    def see(self, word: str, flags: tuple[str, ...]) -> _Seen:
        """One word with what is told of it besides."""
        told = fit_word(word)
        paired = told.paired if ":name" in flags and ":date" in told.paired else (*told.paired, *flags)
        number = self._number(paired[:_NEIGHBOURS])
        return told.stem, number * _MOST, number, self._kept((*paired, *told.single))

    def _number(self, names: tuple[str, ...]) -> int:
        number = self._numbers.setdefault(names, len(self._names))
        if number == len(self._names):
            self._names.append(names)
        return number

    def pair(self, key: int) -> tuple[str, ...]:
        """The signs of two neighbours."""
        left, right = self._names[key // _MOST], self._names[key % _MOST]
        return self._kept(tuple([f"{one} {two}" for one in left for two in right])) if left and right else ()

    def _kept(self, signs: tuple[str, ...]) -> tuple[str, ...]:
        weights = self._weights
        return signs if weights is None else tuple([sign for sign in signs if sign in weights])


def kinds(signs: Iterable[str]) -> list[str]:
    """The kinds of words among some signs, without pairs."""
    return [sign for sign in signs if sign[0] == ":" and " " not in sign]


class FitModel:
    """Signs and their weights for one direction."""

    def __init__(self, weights: Mapping[str, float], chance: float = CHANCE) -> None:
        self._chance = chance
        self._next = {sign[1:]: weight for sign, weight in weights.items() if sign.startswith(NEXT)}
        self._kinds = frozenset(self._next)
        self._weights = {**dict.fromkeys(self._next, 0.0), **weights}
        self._signs = Signs(self._weights)

    def score(self, text: Text, context: Context, enough: float) -> float:
        """How much the message claims fit; the reading stops where it is enough. Below 0: rather not."""
        flags, told = flags_of(context), self._next.__getitem__
        demand = self._chance * log(max(1, len(text.core)))
        weigh, best, before = self._weights.__getitem__, -99.0, -99.0
        for sentence in text.core:
            signs = self._signs.of(text, sentence, flags)
            best = max(best, before + sum(map(told, self._kinds & signs)))
            if best >= enough:
                return best
            before = sum(map(weigh, signs)) - demand
            if before > 0 and _is_dream(text, sentence):
                before = -99.0
        return max(best, before)


def _is_dream(text: Text, sentence: Sentence) -> bool:
    """'Flying has been my dream since I was four': years and a skill, and nothing that was done."""
    found = chains("fit_verdicts").find(text.lowers, sentence.first, sentence.last)
    return any(match.tag == "idle" for match in found)


@lru_cache(maxsize=2)
def fit_model(direction: Direction) -> FitModel:
    """The model of one direction."""
    weights = {sign: float(note) for tag, sign, note in read_entries(read_source("fit_weights")) if tag == direction}
    return FitModel(weights, DEMANDS[direction])


def flags_of(context: Context) -> Flags:
    """The stems of the candidate's skills, of the role and of the company, with what they are."""
    return _flags(context.skills, context.role or "", context.company or "")


@lru_cache(maxsize=1024)
def _flags(skills: tuple[str, ...], role: str, company: str) -> Flags:
    found: dict[str, tuple[str, ...]] = {}
    for names, flag in ((skills, ":skill"), ((role,), ":role"), ((company,), ":company")):
        words = {word for name in names for word in lowers_of(name)}
        for stem in {stem for word in words if not is_grammar(word) for stem in terms_of(word)}:
            found[stem] = (*found.get(stem, ()), flag)
    return found
