"""Which passages say again what an earlier one said, in the same message or in another: copied or in other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Final, NamedTuple

from followup_rules.quality.repeats.likeness import Comparison
from followup_rules.quality.repeats.nearby import NOTHING, Nearby, told_by
from followup_rules.quality.repeats.units import Unit
from followup_rules.quality.text import Text

COMPARED: Final = 6
"""The passages that a sentence is compared with: those that have most stems and synonyms in common with it."""

_PATIENCE: Final = 300
"""The comparisons after which a message is so long that only copies are sought."""

_SHORTEST_COPY: Final = 6
"""Shorter sentences, such as 'Thank you for your time.', may come twice."""

_SHORTEST_PARAPHRASE: Final = 5

_CLAUSES: Final = 0.08
"""What clauses must share beyond sentences: they have more chances."""

_TOLD_BY_CLAUSE: Final = 1.8
"""The weight of shared words that a clause must have: two or three words that tell something."""

_PROMISING: Final = 0.35
"""Sentences that share less are not repeats, and neither do their clauses."""

_TOPIC: Final = 3
"""Words of this many sentences are what the whole message is about, and tell less."""

_TOPIC_WEIGHT: Final = 0.7
NAME_WEIGHT: Final = 0.25


class Repeat(NamedTuple):
    """A later passage, the earlier one it repeats, whether it was copied, and how much of it both have, from 0 to 1."""

    later: Unit
    earlier: Unit
    copied: bool
    share: float = 1.0


class _Message:
    """A message that is compared with itself."""

    def __init__(self, text: Text, names: Callable[[], frozenset[str]]) -> None:
        self.text, self._names = text, names
        self._units: dict[int, Unit] = {}

    def sentence(self, place: int) -> Unit:
        """One of its sentences; most are never asked for."""
        if place not in self._units:
            self._units[place] = Unit(self.text, place, place + 1)
        return self._units[place]

    @cached_property
    def topics(self) -> dict[str, float]:
        """Stems that come back because the message is about them, and names of those concerned: both tell less."""
        counts = Counter([key for place in range(len(self.text.core)) for key in self.sentence(place).senses])
        weights = {key: _TOPIC_WEIGHT for key, count in counts.items() if count >= _TOPIC}
        weights.update(dict.fromkeys(self._names(), NAME_WEIGHT))
        return weights


def repeats_inside(text: Text, names: Callable[[], frozenset[str]], similar: float) -> Iterator[Repeat]:
    """Every sentence that says again what an earlier one of the same message says."""
    message = _Message(text, names)
    seen: dict[tuple[str, ...], int] = {}
    nearby = Nearby()
    compared = 0
    for place, sentence in enumerate(text.core):
        lowers = text.lowers[sentence.first : sentence.last]
        before = seen.setdefault(lowers, place)
        told = told_by(lowers) if compared < _PATIENCE else NOTHING
        if before != place and len(lowers) >= _SHORTEST_COPY:
            yield Repeat(message.sentence(place), message.sentence(before), True)
        elif len(lowers) >= _SHORTEST_PARAPHRASE:
            near = nearby.near(told, COMPARED)
            compared += len(near)
            best = _best(message, place, near, similar) if near else None
            if best:
                yield best
        nearby.add(told)


def _best(message: _Message, place: int, near: Sequence[int], similar: float) -> Repeat | None:
    """The sentence or the clause that a later one repeats."""
    later = message.sentence(place)
    best: tuple[float, Repeat] | None = None
    for one in map(message.sentence, near):
        whole = Comparison(one, later)
        found = whole.coverage({})
        if found.share < min(_PROMISING, similar):
            continue
        if later.copies(one):
            return Repeat(later, one, True)
        share, repeat = _alike(message, whole, 0.0, similar), Repeat(later, one, False, found.share)
        if share < similar and found.weight >= _TOLD_BY_CLAUSE:
            share, repeat = _by_clause(message, whole, similar)
        if share >= similar and (best is None or share > best[0]):
            best = share, repeat
    return best[1] if best else None


def _alike(message: _Message, compared: Comparison[Unit], more: float, similar: float) -> float:
    """How alike two passages are; what the message is about is worked out only where the rest is enough."""
    share = compared.likeness({}).share - more
    return min(share, compared.likeness(message.topics).share - more) if share >= similar else share


def _by_clause(message: _Message, whole: Comparison[Unit], similar: float) -> tuple[float, Repeat]:
    """The clauses of two sentences that are most alike, or a clause and a sentence."""
    best = 0.0, Repeat(whole.later, whole.earlier, False)
    for early, late in product((whole.earlier, *whole.earlier.clauses), (whole.later, *whole.later.clauses)):
        if early is not whole.earlier or late is not whole.later:
            compared = Comparison(early, late)
            found = compared.coverage({})
            if found.weight >= _TOLD_BY_CLAUSE:
                share = _alike(message, compared, _CLAUSES, similar)
                if share > best[0]:
                    best = share, Repeat(late, early, False, found.share)
    return best
