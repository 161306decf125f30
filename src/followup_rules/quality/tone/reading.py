"""How each sentence of a message sounds: the sum of the weights of its signs.

The weights are learned from labelled sentences and messages by `benchmarks/train_tone.py` and stand in
`words/tone_weights.txt`. Above 0 a sentence jars; several that nearly do add up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from math import exp, log
from typing import Final, NamedTuple

from followup_rules.quality.phrases import read_entries, read_source
from followup_rules.quality.text import Sentence
from followup_rules.quality.tone.signs import Sign
from followup_rules.quality.tone.wording import (
    BEGIN,
    END,
    NOTHING,
    ToneWord,
    is_grammar,
    pair_signs,
    sentence_signs,
    spread_signs,
    tone_word,
)

ADDING: Final = 1.5
"""How far several sentences add up: by this times the logarithm of the sum of their exponentials."""
TONE: Final = "tone"
_MOST: Final = 1 << 20
_REMEMBERED: Final = 32768


class _Seen(NamedTuple):
    """A word as one set of weights sees it."""

    word: ToneWord
    number: int
    """Stands for what counts beside its neighbours."""
    weight: float


class _Sums(dict[int, float]):
    """The weight of two words together, by the sum of their numbers; worked out when it is first asked for."""

    def __init__(self, weigh: Callable[[int], float]) -> None:
        super().__init__()
        self._weigh = weigh

    def __missing__(self, key: int) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[key] = self._weigh(key)
        return found


class ToneModel:
    """Signs and their weights."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._numbers: dict[tuple[str, ...], int] = {}
        self._words: list[ToneWord] = []
        self._pairs = _Sums(lambda key: self._sum(pair_signs(*self._both(key))))
        self._spreads = _Sums(lambda key: self._sum(spread_signs(*self._both(key))))
        # What no weight knows is of one sort: new words need no new sums.
        self._beside = frozenset(name for sign in weights for name in sign.replace(" _ ", " ").split(" "))
        self._seen: dict[str, _Seen] = {}
        self._begin, self._end, self._nothing = self._see(BEGIN), self._see(END), self._see(NOTHING)

    def score(self, body: str, lowers: Sequence[str], sentence: Sentence, found: Sequence[Sign]) -> float:
        """How much a sentence jars."""
        seen = self._seen
        row = [seen.get(word) or self._new(word) for word in lowers[sentence.first : sentence.last]]
        numbers = [one[1] for one in row]
        lefts = [number * _MOST for number in numbers]
        begin, end = self._begin.number * _MOST, self._end.number
        pairs = map(int.__add__, [begin, *lefts], [*numbers, end])
        spreads = map(int.__add__, lefts, numbers[2:])
        weight = sum([one[2] for one in row])
        weight += sum(map(self._pairs.__getitem__, pairs)) + sum(map(self._spreads.__getitem__, spreads))
        return weight + self._sum(sentence_signs(body, sentence, found))

    def shares(self, lowers: Sequence[str], sentence: Sentence) -> list[float]:
        """What each word of a sentence adds, by itself and beside its neighbours."""
        row = [self._seen.get(word) or self._new(word) for word in lowers[sentence.first : sentence.last]]
        shares = [one.weight for one in row]
        for sums, far in ((self._pairs, 1), (self._spreads, 2)):
            for at in range(far, len(row)):
                half = sums[row[at - far].number * _MOST + row[at].number] / 2
                shares[at - far] += half
                shares[at] += half
        return shares

    def _new(self, word: str) -> _Seen:
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        seen = self._seen[word] = self._see(tone_word(word) if word else NOTHING)
        return seen

    def _see(self, word: ToneWord) -> _Seen:
        beside = tuple([name for name in word.beside if name in self._beside]) or NOTHING.beside
        number = self._numbers.setdefault(beside, len(self._words))
        if number == len(self._words):
            self._words.append(ToneWord(beside, ()))
        return _Seen(word, number, self._sum(word.alone))

    def _both(self, key: int) -> tuple[ToneWord, ToneWord]:
        return self._words[key // _MOST], self._words[key % _MOST]

    def _sum(self, signs: Iterable[str]) -> float:
        weights = self._weights
        return sum([weights[sign] for sign in signs if sign in weights])


def together(scores: Collection[float]) -> float:
    """How much a message jars whose sentences jar so much."""
    most = max(scores)
    return most + ADDING * log(sum([exp((score - most) / ADDING) for score in scores]))


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for tag, sign, note in read_entries(read_source("tone_weights")):
        found.setdefault(tag, {})[sign] = float(note)
    return found


@lru_cache(maxsize=1)
def tone_model() -> ToneModel:
    """The model of all kinds together."""
    return ToneModel(_weights()[TONE])


def kind_of(lowers: Sequence[str]) -> str:
    """What kind of slip some words are, given that they are one."""
    told = [sign for word in lowers for sign in tone_word(word).alone]
    scores = {
        kind: sum([weights.get(sign, 0.0) for sign in told]) + weights["bias"]
        for kind, weights in _weights().items()
        if kind != TONE
    }
    return max(scores, key=lambda kind: scores[kind])


def without(lowers: Sequence[str], allowed: Collection[str]) -> list[str]:
    """Words of which some are not to be looked at; words of grammar always are."""
    return ["" if word in allowed and not is_grammar(word) else word for word in lowers]
