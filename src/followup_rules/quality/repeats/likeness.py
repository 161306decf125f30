"""How much of what a passage says another one says too, in the same words or in others.

Two passages are compared by the stems they share, by synonyms, and by numbers and names. A rare word tells more than
a common one, and what every follow-up has tells almost nothing. Sharing a subject is not yet saying the same: a
question and a statement, something reported and something offered, other numbers and other names speak against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from operator import attrgetter
from typing import Final, Generic, NamedTuple, TypeVar

from followup_rules.quality.once import once
from followup_rules.quality.repeats.meaning import Sense
from followup_rules.quality.repeats.passages import Passage

P = TypeVar("P", bound=Passage)

_BY_SYNONYM: Final = 0.9
"""What a synonym counts against the same word."""

_ENOUGH: Final = 3.0
_TOO_LITTLE: Final = 0.15
"""The weight of shared words from which on a passage is judged by its share alone, and what is taken off for none."""

_ASKS, _REPORTS, _COUNTS, _ADDRESSES, _SUPPOSES, _NEGATES = 0.05, 0.12, 0.3, 0.08, 0.1, 0.08
_NUMBERS, _NAMES = 0.12, 0.05
_LITERAL, _RECALLS = 0.1, 0.12
"""What is taken off where one passage asks, reports, speaks to the reader, supposes or denies and the other does not,
where both are items of a row, where each has numbers or names that the other lacks, and where nothing is reworded: a
subject comes back in the same words, a thought in others. What says that it repeats ('As I said') gets something back.
A regression on the pairs of six sets gave the first figures; they were rounded, and some moved by hand, on the same
sets.
"""


class Likeness(NamedTuple):
    """How much two passages share: of all they say, of what the later one says (from 0 to 1), and by weight."""

    share: float
    of_later: float
    weight: float


class Comparison(Generic[P]):
    """Two passages, and what each has that the other has too."""

    def __init__(self, earlier: P, later: P) -> None:
        self.earlier, self.later = earlier, later
        self.covered = _covered(earlier, later)

    def coverage(self, topics: Mapping[str, float]) -> Likeness:
        """What they have in common; `topics` are words of less weight because the whole message is about them."""
        covered = self.covered
        whole_earlier, got_earlier = _weigh(self.earlier, covered.earlier, topics)
        whole_later, got_later = _weigh(self.later, covered.later, topics)
        bonus = covered.bonus
        if not whole_earlier + bonus or not whole_later + bonus:
            return _NONE
        of_earlier = (got_earlier + bonus) / (whole_earlier + bonus)
        of_later = (got_later + bonus) / (whole_later + bonus)
        return Likeness(sqrt(of_earlier * of_later), of_later, min(got_earlier, got_later) + bonus)

    @once
    def in_common(self) -> Likeness:
        """The same, whatever the message is about."""
        return self.coverage({})

    def likeness(self, topics: Mapping[str, float]) -> Likeness:
        """How alike they are: what they have in common without what speaks against it."""
        share, of_later, weight = self.coverage(topics)
        off = self._disagreement + _TOO_LITTLE * (1 - min(1.0, weight / _ENOUGH))
        return Likeness(max(0.0, share - off), max(0.0, of_later - off), weight)

    @once
    def _disagreement(self) -> float:
        """What speaks against saying the same."""
        one, other, covered = self.earlier.shape, self.later.shape, self.covered
        off = 0.0
        for differs, counts in (
            (one.asks is not other.asks, _ASKS),
            (one.reports is not other.reports, _REPORTS),
            (one.counts_off and other.counts_off, _COUNTS),
            (one.addresses is not other.addresses, _ADDRESSES),
            (one.supposes is not other.supposes, _SUPPOSES),
            (one.negates is not other.negates and not covered.opposite, _NEGATES),
            (self.each_alone(self.earlier.numbers, self.later.numbers), _NUMBERS),
            (self.each_alone(self.earlier.names, self.later.names), _NAMES),
            (other.recalls, -_RECALLS),
            (not covered.reworded, _LITERAL),
        ):
            if differs:
                off += counts
        return off

    def each_alone(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """True where each passage has some of its own."""
        covered = self.covered
        return bool(one and other and one - covered.earlier.keys() and other - covered.later.keys())


_NONE: Final = Likeness(0.0, 0.0, 0.0)


def likeness(earlier: Passage, later: Passage, topics: Mapping[str, float]) -> Likeness:
    """Compare two passages once."""
    return Comparison(earlier, later).likeness(topics)


def _weigh(one: Passage, covered: Mapping[str, float], topics: Mapping[str, float]) -> tuple[float, float]:
    whole = got = 0.0
    for key, sense in one.senses.items():
        weight = sense.weight * topics[key] if key in topics else sense.weight
        whole += weight
        if key in covered:
            got += weight * covered[key]
    return whole, got


class Covered(NamedTuple):
    """How well the other passage covers each key, what phrases of empty words add, if a synonym or opposite was met."""

    earlier: dict[str, float]
    later: dict[str, float]
    bonus: float
    reworded: bool
    opposite: bool


def _covered(earlier: Passage, later: Passage) -> Covered:
    """The same words, and then each synonym once, those that tell most first."""
    same = earlier.senses.keys() & later.senses.keys()
    of_earlier, of_later = dict.fromkeys(same, 1.0), dict.fromkeys(same, 1.0)
    opposed = earlier.negates is not later.negates
    by_group = _by_group(later, same)
    bonus, opposite = 0.0, False
    used: set[str] = set()
    for item in sorted(_left(earlier, same), key=attrgetter("weight"), reverse=True) if by_group else ():
        others = [one for group in item.groups if group in by_group for one in by_group[group] if one.key not in used]
        if not others and opposed:
            others = [one for group in item.groups for one in by_group.get(-group, ()) if one.key not in used]
            opposite = opposite or bool(others)
        if others:
            best = max(others, key=attrgetter("weight"))
            used.add(best.key)
            ours = _cover(of_earlier, item, earlier, same)
            theirs = _cover(of_later, best, later, same)
            if not (ours and theirs):
                bonus += _BY_SYNONYM * min(item.weight, best.weight)
    return Covered(of_earlier, of_later, bonus, bool(used), opposite)


def _by_group(passage: Passage, same: set[str]) -> dict[int, list[Sense]]:
    """What a passage has left in each group of synonyms."""
    found: dict[int, list[Sense]] = {}
    for item in _left(passage, same):
        for group in item.groups:
            if group in found:
                found[group].append(item)
            else:
                found[group] = [item]
    return found


def _left(passage: Passage, same: set[str]) -> list[Sense]:
    """Words and phrases that may still be met by a synonym: their words were not met as they stand."""
    words = [item for item in passage.synonymous if item.key not in same]
    phrases = passage.phrases
    return [*[item for item in phrases if _is_left(item, passage, same)], *words] if phrases else words


def _is_left(phrase: Sense, of: Passage, same: set[str]) -> bool:
    told = [key for key in phrase.stems if key in of.senses]
    return not told or not same.issuperset(told)


def _cover(covered: dict[str, float], item: Sense, of: Passage, same: set[str]) -> bool:
    """Put down words as met by a synonym; False where none of them was left to be met."""
    left = [key for key in item.stems if key in of.senses and key not in same]
    for key in left:
        covered.setdefault(key, _BY_SYNONYM)
    return bool(left)
