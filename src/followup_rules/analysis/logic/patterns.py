"""Patterns as formulas about the latest event of each type: hours before now, and which came later.

A pattern that asks no more than "was there such an event, and later than that" is said exactly. One that asks for a
contact, a channel, a label or days of business is a statement of its own, with what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.lengths import least_hours, most_hours
from followup_rules.model.words import READER, WRITER, Direction
from followup_rules.rules.conditions import Pattern

TOUCH, REPLY = "touch", "reply"


def has(event: str) -> f.Formula:
    """There was such an event; also `touch` (a message of the writing side) and `reply`."""
    return f.Fact(f"has {event}")


def since(event: str) -> str:
    """How many hours ago the latest one was."""
    return f"since {event}"


def later(event: str, other: str, strict: bool = True) -> f.Formula:
    """The latest of the one is later than the latest of the other, or at least not earlier."""
    return f.gap(since(event), since(other), 0, strict)


class Patterns:
    """The patterns that are asked about together, in one direction."""

    def __init__(self, patterns: Sequence[Pattern], direction: Direction) -> None:
        self.all = tuple(dict.fromkeys(patterns))
        self._direction = direction

    def truths(self, pattern: Pattern) -> tuple[f.Formula, f.Formula]:
        """When it holds, and when it fails. Where what it counts from never happened it is unknown."""
        known = f.YES if pattern.after is None else has(pattern.after)
        found = self.found(pattern)
        return f.both(known, found), f.both(known, f.negated(found))

    def found(self, pattern: Pattern) -> f.Formula:
        """Such an event is there, given that what it counts from is."""
        within = pattern.within
        if within is not None and within.amount == 0:
            return f.NO
        most = None if within is None else most_hours(within)
        bound = f.either(*self._latest(pattern, most))
        if self._is_exact(pattern):
            return bound
        named = f.both(f.Fact(f"seen {pattern!r}"), bound)
        if not _is_plain(pattern) or within is None:
            return named
        return f.either(named, *self._latest(pattern, least_hours(within)))

    def linked(self) -> Iterator[f.Formula]:
        """What follows from one pattern for another that asks less."""
        for one in self.all:
            for other in self.all:
                if one is not other and _asks_more(one, other) and not self._is_exact(other):
                    yield f.follows(self.found(one), self.found(other))

    def kinds(self, pattern: Pattern) -> tuple[str, ...]:
        """The sorts of event that can match."""
        writer, reader = WRITER[self._direction], READER[self._direction]
        if pattern.event == "reply":
            return () if pattern.from_ == writer else (REPLY,)
        if pattern.event != "message" or pattern.auto_reply:
            return (pattern.event,)
        if pattern.from_ is None:
            return (TOUCH, REPLY)
        return (TOUCH,) if pattern.from_ == writer else (REPLY,) if pattern.from_ == reader else ()

    def _latest(self, pattern: Pattern, hours: f.Number | None) -> Iterator[f.Formula]:
        for kind in self.kinds(pattern):
            parts = [has(kind)]
            if pattern.after is not None:
                parts.append(later(kind, pattern.after))
            if hours is not None:
                parts.append(f.at_most(since(kind), hours, strict=True))
            yield f.both(*parts)

    @staticmethod
    def _is_exact(pattern: Pattern) -> bool:
        return _is_plain(pattern) and (pattern.within is None or pattern.within.elapsed)


def _is_plain(pattern: Pattern) -> bool:
    return not (pattern.auto_reply or pattern.contact or pattern.channel or pattern.follow_up or pattern.to)


def _asks_more(one: Pattern, other: Pattern) -> bool:
    """True where every event that matches the one matches the other."""
    same = one.event == other.event and one.auto_reply == other.auto_reply
    filters = ("from_", "to", "contact", "channel", "follow_up")
    fewer = all(getattr(other, name) in (None, getattr(one, name)) for name in filters)
    if not (same and fewer and other.after in (None, one.after)):
        return False
    if other.within is None:
        return True
    return one.within is not None and one.within.unit == other.within.unit and one.within.amount <= other.within.amount
