"""How much of a message its sender has written before, in earlier messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from followup_rules.quality.own.quoted import own_part
from followup_rules.quality.repeats.likeness import likeness
from followup_rules.quality.repeats.nearby import Nearby, told_by
from followup_rules.quality.repeats.repeats import COMPARED, NAME_WEIGHT, Repeat
from followup_rules.quality.repeats.units import MOSTLY, Unit, units_of
from followup_rules.quality.text import Text

_MESSAGES: Final = 20
"""The latest messages of a thread that are compared."""

_SENTENCES: Final = 100
"""The sentences of one message that are compared."""

_SHARE_IN_COMMON: Final = 0.1
"""The share of what two passages tell from which on they are compared."""

_LENIENT: Final = 0.85
"""A single sentence may be less like an earlier one than inside a message: only many of them make a repetition."""

_AS_A_WHOLE: Final = 0.8
"""What makes the message as a whole the earlier one in other words."""

_FAINT: Final = 0.4
"""The same for its sentences where it is."""

_LONG_ENOUGH: Final = 20
"""The words of a message that can be an earlier one in other words; fewer are too few to tell."""

_LONGEST: Final = 20_000
"""The characters of an earlier message that are read."""

_FAR: Final = 0.5
"""Of what is asked of a repeat: a message that shares less as a whole cannot repeat by half."""


class Earlier(NamedTuple):
    """An earlier message: its sentences, these and pairs of them, what finds them, its runs of words, and the whole."""

    single: tuple[Unit, ...]
    passages: tuple[Unit, ...]
    nearby: Nearby
    runs: frozenset[tuple[str, ...]]
    whole: Unit


class Repeated(NamedTuple):
    """The share of a message's words that earlier messages hold, from 0 to 1, and the passages that they hold."""

    share: float
    repeats: tuple[Repeat, ...]


class _Nearest(NamedTuple):
    """What an earlier message has that is most like a sentence."""

    words: int
    share: float
    repeat: Repeat | None


def repeated_of(text: Text, thread: Sequence[str], names: frozenset[str], similar: float) -> Repeated:
    """How much of a message repeats the messages before it."""
    units = units_of(text)[:_SENTENCES]
    earlier = [one for body in thread[-_MESSAGES:] if (one := _earlier(body[:_LONGEST])) is not None]
    total = sum([len(unit.lowers) for unit in units])
    if not earlier or not total:
        return Repeated(0.0, ())
    weights = dict.fromkeys(names, NAME_WEIGHT)
    whole = Unit(text, 0, len(units))
    alike = max(likeness(one.whole, whole, weights).of_later for one in earlier)
    if alike < similar * _FAR and not any(whole.copied_from(one.runs) for one in earlier):
        return Repeated(0.0, ())
    found = [_nearest(unit, earlier, weights) for unit in units]
    clear = [one for one in found if one.repeat and (one.repeat.copied or one.share >= similar * _LENIENT)]
    share = _share(clear, total)
    if total >= _LONG_ENOUGH and alike >= similar * _AS_A_WHOLE:
        # The whole is an earlier message in other words: each sentence may then be less like one of it.
        faint = [one for one in found if one.repeat and (one.repeat.copied or one.share >= similar * _FAINT)]
        if _share(faint, total) > share:
            clear, share = faint, _share(faint, total)
    return Repeated(share, tuple([one.repeat for one in clear if one.repeat]))


def _share(some: Sequence[_Nearest], total: int) -> float:
    return sum([one.words for one in some]) / total


@lru_cache(maxsize=128)
def _earlier(body: str) -> Earlier | None:
    """An earlier message; kept, because every message that follows in its thread is compared with it."""
    text = Text(own_part(body))
    single = tuple(units_of(text)[:_SENTENCES])
    if not single:
        return None
    pairs = [Unit(text, place, place + 2) for place in range(len(single) - 1)]
    nearby = Nearby(2 * _SENTENCES, _SHARE_IN_COMMON)
    for unit in (*single, *pairs):
        nearby.add(told_by(unit.lowers))
    runs = frozenset([run for unit in single for run in unit.runs])
    return Earlier(single, (*single, *pairs), nearby, runs, Unit(text, 0, len(single)))


def _nearest(unit: Unit, earlier: Sequence[Earlier], weights: Mapping[str, float]) -> _Nearest:
    size = len(unit.lowers)
    told = told_by(unit.lowers)
    near: list[Unit] = []
    for message in earlier:
        copied = unit.copied_from(message.runs)
        for one in message.single:
            if one.lowers == unit.lowers or (copied >= MOSTLY * size and unit.copied_from(one.runs) * 2 >= copied):
                return _Nearest(size, 1.0, Repeat(unit, one, True))
        near.extend([message.passages[place] for place in message.nearby.near(told, COMPARED)])
    best = _Nearest(0, 0.0, None)
    for one in near:
        share = likeness(one, unit, weights).share
        if share > best.share:
            best = _Nearest(size, share, Repeat(unit, one, False))
    return best
