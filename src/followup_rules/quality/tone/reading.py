"""How each sentence of a message sounds: the sum of the weights of its signs.

The weights are learned from labelled sentences and messages by `benchmarks/train_tone.py` and stand in
`words/tone_weights.txt`. Above 0 a sentence jars; several that nearly do add up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from math import exp, log
from operator import add
from typing import Final

from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import read_entries, read_source
from followup_rules.quality.text import Sentence
from followup_rules.quality.tone.signs import Sign
from followup_rules.quality.tone.wording import (
    BEGIN,
    END,
    NOTHING,
    SentenceForm,
    ToneWord,
    form_signs,
    is_grammar,
    phrase_signs,
    sentence_form,
    tone_word,
)

ADDING: Final = 1.5
"""How far several sentences add up: by this times the logarithm of the sum of their exponentials."""
TONE: Final = "tone"
TRIPLES: Final = "triples"
_MOST: Final = 1 << 20
_REMEMBERED: Final = 32768


class _Beside(dict[int, float]):
    """The weight of two words together, by the sum of their numbers; worked out when it is first asked for."""

    def __init__(self, words: Sequence[ToneWord], weights: Mapping[str, float], between: str) -> None:
        super().__init__()
        self._words = words
        self._by_left: dict[str, dict[str, float]] = {}
        self._behind: dict[int, tuple[dict[str, float], ...]] = {}
        for sign, weight in weights.items():
            left, _, right = sign.partition(between)
            if right and " " not in left and " " not in right:
                self._by_left.setdefault(left, {})[right] = weight

    def __missing__(self, key: int) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        left, right = divmod(key, _MOST)
        behind = self._behind.get(left)
        if behind is None:
            known = map(self._by_left.get, self._words[left].beside)
            behind = self._behind[left] = tuple([found for found in known if found])
        found = 0.0
        if behind:
            for name in self._words[right].beside:
                for weights in behind:
                    if name in weights:
                        found += weights[name]
        self[key] = found
        return found


class _Seen(dict[str, tuple[int, int, float]]):
    """A word as the weights see it: its number before and behind another word, and what it weighs by itself."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__()
        self._weights = weights
        self._numbers: dict[tuple[str, ...], int] = {}
        self.words: list[ToneWord] = []
        # What no weight knows is of one sort, so new words seldom make new pairs.
        self._known = frozenset(name for sign in weights for name in sign.split(" ") if " " in sign)

    def __missing__(self, word: str) -> tuple[int, int, float]:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = self.see(tone_word(word) if word else NOTHING)
        return found

    def see(self, word: ToneWord) -> tuple[int, int, float]:
        """Number one word."""
        beside = tuple([name for name in word.beside if name in self._known]) or NOTHING.beside
        number = self._numbers.setdefault(beside, len(self.words))
        if number == len(self.words):
            self.words.append(ToneWord(beside, ()))
        return number * _MOST, number, sum([self._weights.get(sign, 0.0) for sign in word.alone])


class ToneModel:
    """Signs and their weights."""

    def __init__(self, weights: Mapping[str, float], triples: Mapping[str, float]) -> None:
        self._weights = weights
        self._triples = {tuple(sign.split(" ")): weight for sign, weight in triples.items()}
        self._seen = _Seen(weights)
        self._pairs = _Beside(self._seen.words, weights, " ")
        self._spreads = _Beside(self._seen.words, weights, " _ ")
        self._begin, self._end = self._seen.see(BEGIN)[0], self._seen.see(END)[1]
        self._whole = lru_cache(maxsize=512)(self._weigh_form)

    def score(self, body: str, lowers: Sequence[str], sentence: Sentence, found: Sequence[Sign]) -> float:
        """How much a sentence jars."""
        words = lowers[sentence.first : sentence.last]
        lefts, rights, alone = zip(*map(self._seen.__getitem__, words), strict=True)
        pairs = map(self._pairs.__getitem__, map(add, (self._begin, *lefts), (*rights, self._end)))
        spreads = map(self._spreads.__getitem__, map(add, lefts, rights[2:]))
        triples = map(self._triples.get, zip(("^", *words), words, (*words[1:], "$"), strict=False), repeat(0.0))
        whole = self._whole(sentence_form(body, sentence))
        if found:
            whole += sum([self._weights.get(sign, 0.0) for sign in phrase_signs(found)])
        # Weights are hundredths: what adding them up in one order or another leaves behind is cut off.
        return round(float(sum(alone) + sum(pairs) + sum(spreads) + sum(triples) + whole), 6)

    def _weigh_form(self, form: SentenceForm) -> float:
        return sum([self._weights.get(sign, 0.0) for sign in form_signs(form)])

    def shares(self, lowers: Sequence[str], sentence: Sentence) -> list[float]:
        """What each word of a sentence adds, by itself and beside its neighbours."""
        words = lowers[sentence.first : sentence.last]
        row = [self._seen[word] for word in words]
        shares = [weight for _, _, weight in row]
        for at, triple in enumerate(zip(words, words[1:], words[2:], strict=False)):
            third = self._triples.get(triple, 0.0) / 3
            for place in range(at, at + 3):
                shares[place] += third
        for sums, far in ((self._pairs, 1), (self._spreads, 2)):
            for at in range(far, len(row)):
                half = sums[row[at - far][0] + row[at][1]] / 2
                shares[at - far] += half
                shares[at] += half
        return shares


def together(scores: Collection[float]) -> float:
    """How much a message jars whose sentences jar so much."""
    most = max(scores)
    return most + ADDING * log(sum([exp((score - most) / ADDING) for score in scores]))


@lru_cache(maxsize=1)
@all_kept
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for tag, sign, note in read_entries(read_source("tone_weights")):
        found.setdefault(tag, {})[sign] = float(note)
    return found


@lru_cache(maxsize=1)
@all_kept
def tone_model() -> ToneModel:
    """The model of all kinds together."""
    return ToneModel(_weights()[TONE], _weights()[TRIPLES])


def kind_of(lowers: Sequence[str]) -> str:
    """What kind of slip some words are, given that they are one."""
    told = [sign for word in lowers for sign in tone_word(word).alone]
    scores = {
        kind: sum([weights.get(sign, 0.0) for sign in told]) + weights["bias"]
        for kind, weights in _weights().items()
        if kind not in (TONE, TRIPLES)
    }
    return max(scores, key=lambda kind: scores[kind])


def without(lowers: Sequence[str], allowed: Collection[str]) -> list[str]:
    """Words of which some are not to be looked at; words of grammar always are."""
    return ["" if word in allowed and not is_grammar(word) else word for word in lowers]
