"""Whether two passages of one message say the same: signs that speak for it and against it, each with a weight.

The weights are learned by `benchmarks/train_repeats.py` from labelled messages, of which nobody said which of their
passages are the two. What the signs measure is written beside each.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from math import log, sqrt
from typing import Final, NamedTuple

from followup_rules.quality.repeats.likeness import Comparison
from followup_rules.quality.repeats.passages import Passage
from followup_rules.quality.repeats.units import Unit

_MUCH: Final = 5.0
"""The weight of shared words from which on more of it tells nothing more."""

_LINKS, _ALONE_EARLIER, _ALONE_LATER = 4, 8, 8
"""The same for the synonyms that were met, and for telling words that only one of both has."""

_TELLING: Final = 0.65
_MINE: Final = frozenset("i i'm i've i'd i'll my me".split())
_OURS: Final = frozenset("we our us we're we've we'd we'll".split())

BIAS: Final = "bias"
WEIGHTS: Final[Mapping[str, float]] = {
    "bias": -12.92,
    "alone in earlier": -0.53,
    "alone in later": -0.73,
    "both": -0.09,
    "both count off": -2.16,
    "clause": -0.48,
    "greater share": 1.00,
    "length": 2.01,
    "lengths differ": -0.91,
    "lesser share": 3.44,
    "new name": -0.13,
    "new number": -0.79,
    "next to it": -1.53,
    "one addresses": -0.39,
    "one asks": -0.79,
    "one denies": -0.13,
    "one paragraph": 1.08,
    "one reports": -1.20,
    "one says I": -0.74,
    "one says we": -0.47,
    "one supposes": -1.29,
    "opposite": -0.55,
    "other names": -0.61,
    "other numbers": 0.18,
    "recalls": 1.20,
    "same number": 0.09,
    "share": 3.03,
    "share by weight": 3.89,
    "share squared": 3.03,
    "synonyms": 0.15,
    "two": -0.26,
    "weight": 2.90,
    "whole": 0.78,
}
"""What each sign weighs. Made by benchmarks/train_repeats.py; do not edit."""

_PER_POINT: Final = 0.1
"""What a point of the score is worth as a share of what both have in common: `similarity` is told as such a share."""

_EVEN: Final = 0.46
"""The share that stands for a pair which repeats as likely as not, as far as the labels of messages tell."""

_SURE: Final = 0.99
"""No more than that: all of it is a copy."""


_LEAST: Final = 3
"""Words that two passages have in common at least, where one of them is said in another word: 'moved it four'."""


class Pair(NamedTuple):
    """Two passages that were compared: how many sentences lie between them, and what they are within the message."""

    compared: Comparison[Unit]
    distance: int
    one_paragraph: bool
    form: str
    """`whole` for two sentences; `clause`, `two` or `both` where a clause, two sentences on one or on both sides."""


def likely(pair: Pair, topics: Mapping[str, float], names: Set[str]) -> float:
    """How alike two passages are, as a share: from `similarity` per cent on they say the same."""
    covered = pair.compared.covered
    if covered.reworded and len(covered.earlier) < _LEAST:
        return 0.0
    return min(_SURE, max(0.0, _EVEN + _PER_POINT * score(signs_of(pair, topics, names))))


def score(signs: Mapping[str, float]) -> float:
    """The logarithm of the odds that one passage repeats the other."""
    total = WEIGHTS[BIAS]
    for sign, value in signs.items():
        if value and sign in WEIGHTS:
            total += WEIGHTS[sign] * value
    return total


def signs_of(pair: Pair, topics: Mapping[str, float], names: Set[str]) -> dict[str, float]:
    """What speaks for and against two passages saying the same; `topics` tell less, and `names` are no news."""
    compared = pair.compared
    covered, earlier, later = compared.covered, compared.earlier, compared.later
    whole_earlier, got_earlier, alone_earlier = _weigh(earlier, covered.earlier, topics)
    whole_later, got_later, alone_later = _weigh(later, covered.later, topics)
    bonus = covered.bonus
    if not whole_earlier + bonus or not whole_later + bonus:
        return {}
    of_earlier = (got_earlier + bonus) / (whole_earlier + bonus)
    of_later = (got_later + bonus) / (whole_later + bonus)
    share = sqrt(of_earlier * of_later)
    weight = min(_MUCH, min(got_earlier, got_later) + bonus) / _MUCH
    shorter, longer = sorted((len(earlier.lowers), len(later.lowers)))
    numbers = [key for key in earlier.numbers if key in later.senses]
    return {
        "share": share,
        "share squared": share * share,
        "lesser share": min(of_earlier, of_later),
        "greater share": max(of_earlier, of_later),
        "weight": weight,
        "share by weight": share * weight,
        "length": log(shorter),
        "lengths differ": log(longer / shorter),
        "synonyms": min(_LINKS, sum([cover < 1 for cover in covered.earlier.values()])) / _LINKS,
        "same number": bool(numbers),
        "alone in earlier": min(_ALONE_EARLIER, alone_earlier) / _ALONE_EARLIER,
        "alone in later": min(_ALONE_LATER, alone_later) / _ALONE_LATER,
        "other numbers": compared.each_alone(earlier.numbers, later.numbers),
        "other names": compared.each_alone(earlier.names - names, later.names - names),
        "new number": not later.numbers <= covered.later.keys(),
        "new name": not later.names - names <= covered.later.keys(),
        "next to it": pair.distance == 1,
        "one paragraph": pair.one_paragraph,
        pair.form: True,
        **_speaking(earlier, later, covered.opposite),
    }


def _speaking(earlier: Passage, later: Passage, opposite: bool) -> dict[str, float]:
    """In what they differ by the way they speak."""
    one, other = earlier.shape, later.shape
    mine, ours = earlier.lowers_met(_MINE), earlier.lowers_met(_OURS)
    return {
        "one asks": one.asks is not other.asks,
        "one reports": one.reports is not other.reports,
        "one addresses": one.addresses is not other.addresses,
        "one supposes": one.supposes is not other.supposes,
        "one denies": one.negates is not other.negates and not opposite,
        "opposite": opposite,
        "both count off": one.counts_off and other.counts_off,
        "recalls": other.recalls,
        "one says I": mine is not later.lowers_met(_MINE),
        "one says we": ours is not later.lowers_met(_OURS),
    }


def _weigh(one: Passage, covered: Mapping[str, float], topics: Mapping[str, float]) -> tuple[float, float, int]:
    """The weight of a passage, what of it the other has, and how many telling words the other has not."""
    whole = got = 0.0
    alone = 0
    for key, sense in one.senses.items():
        weight = sense.weight * topics[key] if key in topics else sense.weight
        whole += weight
        if key in covered:
            got += weight * covered[key]
        elif weight >= _TELLING:
            alone += 1
    return whole, got, alone
