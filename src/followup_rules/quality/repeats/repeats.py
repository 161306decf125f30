"""Which passages say again what an earlier one said, in the same message or in another: copied or in other words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from followup_rules.quality.once import once
from followup_rules.quality.repeats.likeness import Comparison
from followup_rules.quality.repeats.nearby import NOTHING, Nearby, told_by
from followup_rules.quality.repeats.pairing import Pair, likely
from followup_rules.quality.repeats.units import Unit
from followup_rules.quality.text import Text

COMPARED: Final = 6
"""The passages that a sentence is compared with: those that have most stems and synonyms in common with it."""

SHARE_INSIDE: Final = 0.22
"""The share of what two sentences tell from which on they are compared."""

_PATIENCE: Final = 300
"""The comparisons after which a message is so long that only copies are sought."""

_SHORTEST_COPY: Final = 6
"""Shorter sentences, such as 'Thank you for your time.', may come twice."""

_SHORTEST_PARAPHRASE: Final = 5

_TOLD_BY_CLAUSE: Final = 1.2
"""The weight of shared words that a clause must have: two words that tell something."""

_PROMISING: Final = 0.38
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


class Message:
    """A message that is compared with itself."""

    def __init__(self, text: Text, names: Callable[[], frozenset[str]]) -> None:
        self.text, self._names = text, names
        self._units: dict[int, Unit] = {}
        self._doubles: dict[int, Unit] = {}

    def sentence(self, place: int) -> Unit:
        """One of its sentences; most are never asked for."""
        if place not in self._units:
            self._units[place] = Unit(self.text, place, place + 1)
        return self._units[place]

    @once
    def names(self) -> frozenset[str]:
        """Stems of the names of those concerned."""
        return self._names()

    @once
    def _paragraphs(self) -> list[int]:
        return [one.start for one in self.text.paragraphs]

    def paragraph(self, unit: Unit) -> int:
        """The paragraph in which a passage stands."""
        return bisect_right(self._paragraphs, unit.start)

    def doubled(self, unit: Unit) -> tuple[Unit, ...]:
        """A sentence with the one before it, and with the one behind it, of the same paragraph."""
        places = [place for place in (unit.first - 1, unit.first) if 0 <= place < len(self.text.core) - 1]
        if not places:
            return ()
        alone = self.paragraph(unit)
        made: list[Unit] = []
        for place in places:
            other = self.sentence(place if place != unit.first else place + 1)
            if self.paragraph(other) == alone:
                if place not in self._doubles:
                    self._doubles[place] = Unit(self.text, place, place + 2)
                made.append(self._doubles[place])
        return tuple(made)

    @once
    def topics(self) -> dict[str, float]:
        """Stems that come back because the message is about them, and names of those concerned: both tell less."""
        counts = Counter([key for place in range(len(self.text.core)) for key in self.sentence(place).senses])
        weights = {key: _TOPIC_WEIGHT for key, count in counts.items() if count >= _TOPIC}
        weights.update(dict.fromkeys(self.names, NAME_WEIGHT))
        return weights

    def pairs_of(self, whole: Comparison[Unit]) -> Iterator[Pair]:
        """Two sentences, their clauses, and each with its neighbour: a thought may be spread over two sentences."""
        one, later = whole.earlier, whole.later
        distance, together = later.first - one.first, self.paragraph(one) == self.paragraph(later)
        yield Pair(whole, distance, together, "whole")
        if whole.in_common.weight >= _TOLD_BY_CLAUSE:
            for early, late in product((one, *one.clauses), (later, *later.clauses)):
                if early is not one or late is not later:
                    compared = Comparison(early, late)
                    if compared.in_common.weight >= _TOLD_BY_CLAUSE:
                        yield Pair(compared, distance, together, "clause")
        before, after = self.doubled(one), self.doubled(later)
        for double in before:
            if double.last <= later.first:
                yield Pair(Comparison(double, later), distance, together, "two")
        for double in after:
            if double.first > one.first:
                yield Pair(Comparison(one, double), distance, together, "two")
        for early, late in product(before, after):
            if early.last <= late.first:
                yield Pair(Comparison(early, late), distance, together, "both")


def repeats_inside(text: Text, names: Callable[[], frozenset[str]], similar: float) -> Iterator[Repeat]:
    """Every sentence that says again what an earlier one of the same message says."""
    message = Message(text, names)
    seen: dict[tuple[str, ...], int] = {}
    nearby = Nearby(share=SHARE_INSIDE)
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


def _best(message: Message, place: int, near: Sequence[int], similar: float) -> Repeat | None:
    """The sentence or the clause that a later one repeats."""
    later = message.sentence(place)
    best: tuple[float, Repeat] | None = None
    for at in near:
        one = message.sentence(at)
        whole = Comparison(one, later)
        if whole.in_common.share < _PROMISING:
            continue
        if later.copies(one):
            return Repeat(later, one, True)
        for pair in message.pairs_of(whole):
            share = likely(pair, message.topics, message.names)
            if share >= similar and (best is None or share > best[0]):
                alike = pair.compared
                best = share, Repeat(alike.later, alike.earlier, False, alike.in_common.share)
    return best[1] if best else None


def candidates(message: Message) -> Iterator[Comparison[Unit]]:
    """All sentences that are compared in full because they may repeat each other; for learning what tells."""
    nearby = Nearby(share=SHARE_INSIDE)
    for place, sentence in enumerate(message.text.core):
        told = told_by(message.text.lowers[sentence.first : sentence.last])
        for at in nearby.near(told, COMPARED) if sentence.last - sentence.first >= _SHORTEST_PARAPHRASE else ():
            whole = Comparison(message.sentence(at), message.sentence(place))
            if whole.in_common.share >= _PROMISING:
                yield whole
        nearby.add(told)
