"""A passage as it is compared with others: what its words stand for, its phrases, numbers and names, how it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from followup_rules.quality.once import once
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.repeats.meaning import Sense, known_of, phrases_in

_BEGINNING: Final = 4
_OPENING: Final = 6
_AGAIN: Final = frozenset([("once", "again"), ("once", "more"), ("in", "other", "words"), ("to", "put", "it")])


class Shape(NamedTuple):
    """How a passage speaks."""

    asks: bool
    supposes: bool
    reports: bool
    negates: bool
    addresses: bool
    counts_off: bool
    recalls: bool


class Passage:
    """One sentence, a few, or a clause: its words, and what they stand for."""

    def __init__(self, owns: Sequence[str], lowers: tuple[str, ...], asks: bool) -> None:
        self.owns, self.lowers, self.asks = owns, lowers, asks
        self.known = known_of(lowers)
        self.senses: dict[str, Sense] = {sense.key: sense for known in self.known for sense in known.senses}
        repeating = word_sets("speaking")["repeating"]
        if not repeating.isdisjoint(lowers):  # 'to repeat' is no news
            for key in [sense.key for word in repeating.intersection(lowers) for sense in known_of((word,))[0].senses]:
                self.senses.pop(key, None)

    def lowers_met(self, some: frozenset[str]) -> bool:
        """True where it has one of some words."""
        return not some.isdisjoint(self.lowers)

    @once
    def synonymous(self) -> list[Sense]:
        """The words that may have a synonym."""
        return [one for one in self.senses.values() if one.groups]

    @once
    def phrases(self) -> list[Sense]:
        """The phrases that may have one."""
        return phrases_in([stem for known in self.known for stem in known.stems])

    @once
    def numbers(self) -> frozenset[str]:
        """Keys of numbers."""
        return frozenset([key for key in self.senses if key[0].isdigit()])

    @once
    def names(self) -> frozenset[str]:
        """Keys of words that are written with a capital letter within a sentence."""
        named = zip(self.owns[1:], self.known[1:], strict=True)
        return frozenset([sense.key for own, known in named if own[0].isupper() for sense in known.senses])

    @once
    def negates(self) -> bool:
        """True where it denies something."""
        return not word_sets("speaking")["denying"].isdisjoint(self.lowers)

    @once
    def shape(self) -> Shape:
        """How it speaks."""
        said = word_sets("speaking")
        own, beginning = frozenset(self.lowers), frozenset(self.lowers[:_BEGINNING])
        return Shape(
            asks=self.asks or not own.isdisjoint(said["asking"]),
            supposes=not own.isdisjoint(said["supposing"]),
            reports=not (beginning.isdisjoint(said["you"]) or own.isdisjoint(said["saying"])),
            negates=self.negates,
            addresses=not own.isdisjoint(said["you"]),
            counts_off=not beginning.isdisjoint(said["counting"]),
            recalls=not own.isdisjoint(said["repeating"]) or self._recalls(said),
        )

    def _recalls(self, said: dict[str, frozenset[str]]) -> bool:
        """True where it begins as a repetition: 'As I said', 'Once again', 'In other words'."""
        first, second, *others = (*self.lowers[:_OPENING], "", "")
        if first == "as":
            return second in ("i", "we", "already", "previously") and not said["recalling"].isdisjoint(others)
        return (first, second, others[0]) in _AGAIN or (first, second) in _AGAIN
