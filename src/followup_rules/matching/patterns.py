"""Patterns as joins: event facts first, then one fact for now, which meets them or meets none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from followup_rules.facts import Case
from followup_rules.matching.encode import FALSE, NO_ZONE, TRUE, UNKNOWN
from followup_rules.matching.native import still_within
from followup_rules.matching.session import rule
from followup_rules.matching.terms import Term
from followup_rules.model.application import Event
from followup_rules.model.words import READER
from followup_rules.rules import conditions as c

EVENT, NOW = 1, 2

# A comparison of two facts that fails as the last of an `$and` makes the engine read behind the end of its
# list. So one that always holds comes after it: every event and every now has `o`, which is 1.
_ALWAYS: Final[Term] = {"$gte": {"o": {"s": "o"}}}

_SIDES: Final = {"candidate": 1, "employer": 2}
_ASKED, _UNKNOWN, _NO_ZONE = range(3)

_Read = Callable[[Event, Case], int]


class _Code(NamedTuple):
    """A field of event facts, and how an event fills it."""

    field: str
    read: _Read


class PatternBlock:
    """Patterns that share event facts."""

    def __init__(self, patterns: Sequence[tuple[c.Pattern, int]]) -> None:
        self._patterns = tuple(patterns)
        self.slots = tuple(slot for _, slot in patterns)
        self._types = _numbered(pattern.event for pattern, _ in patterns if pattern.event != "reply")
        self._has_replies = any(pattern.event == "reply" for pattern, _ in patterns)
        self._afters = _numbered(pattern.after for pattern, _ in patterns)
        self._indices = {
            name: _numbered(getattr(pattern, name) for pattern, _ in patterns)
            for name in ("channel", "follow_up", "to", "contact", "within")
        }
        self._codes = tuple(self._fields())
        names = [code.field for code in self._codes]
        self._event = '{"sid":1,"id":%d,"k":1,"o":1,"at":%d' + _slots(names)
        asked = [f"q{slot}" for slot in self.slots] + [f"a{number}" for number in self._afters.values()]
        self._now = '{"sid":1,"id":2,"k":2,"o":1' + _slots(asked)

    def _fields(self) -> Iterable[_Code]:
        indices = self._indices
        for name in ("channel", "follow_up", "to"):
            if indices[name]:
                yield _Code(name, _attribute(name, indices[name]))
        for contact, number in indices["contact"].items():
            yield _Code(f"c{number}", _names(contact))
        types = self._types
        yield _Code("t", lambda event, _case: types.get(event.type, 0))
        yield _Code("r", _is_reply)
        yield _Code("f", lambda event, _case: _SIDES.get(event.from_ or "", 0))
        yield _Code("auto", lambda event, _case: int(event.auto_reply))
        for number in indices["within"].values():
            using = [one for one, _ in self._patterns if indices["within"].get(one.within) == number]
            yield _Code(f"w{number}", _within(using[0]))

    def rules(self) -> dict[str, dict[str, Any]]:
        """Per pattern one rule for each truth that it can have, named by slot and truth."""
        found: dict[str, dict[str, Any]] = {}
        for pattern, slot in self._patterns:
            asked: Term = {"s": {"$and": [{"k": NOW}, {f"q{slot}": _ASKED}]}}
            alike: Term = {"$and": self._terms(pattern)}
            found[str(slot * 4 + TRUE)] = {"all": [asked, {"e": alike}]}
            # The negated one must be the last, or it is not looked at again.
            found[str(slot * 4 + FALSE)] = {"all": [asked, {"e$not": alike}]}
            for state, truth, possible in (
                (_UNKNOWN, UNKNOWN, pattern.after is not None),
                (_NO_ZONE, NO_ZONE, c.needs_place(pattern)),
            ):
                if possible:
                    found[str(slot * 4 + truth)] = rule(NOW, [{f"q{slot}": state}])
        return found

    def _terms(self, pattern: c.Pattern) -> list[Term]:
        terms: list[Term] = [{"k": EVENT}]
        terms.append({"r": 1} if pattern.event == "reply" else {"t": self._types[pattern.event]})
        terms.append({"auto": int(pattern.auto_reply)})
        if pattern.from_ is not None:
            terms.append({"f": _SIDES.get(pattern.from_, 3)})
        for name in ("channel", "follow_up", "to"):
            if getattr(pattern, name) is not None:
                terms.append({name: self._indices[name][getattr(pattern, name)]})
        if pattern.contact is not None:
            terms.append({f"c{self._indices['contact'][pattern.contact]}": 1})
        if pattern.within is not None:
            terms.append({f"w{self._indices['within'][pattern.within]}": 1})
        if pattern.after is not None:
            terms.append({"$gt": {"at": {"s": f"a{self._afters[pattern.after]}"}}})
        return [*terms, _ALWAYS]

    def facts(self, case: Case) -> tuple[list[str], str]:
        """Event facts and the fact of now.

        Events that no pattern of the block can tell apart are one fact, with the latest of their times.
        """
        latest: dict[tuple[int, ...], Any] = {}
        for event in case.timeline.events:
            if event.type in self._types or (self._has_replies and event.type == "message"):
                # In order of time, so that the last one stays.
                latest[tuple([code.read(event, case) for code in self._codes])] = event.at
        afters = [case.timeline.latest_of(name, case.direction) for name in self._afters]
        times = {event.at for event in afters if event is not None}
        rank: dict[Any, int] = {}
        if times:
            rank = {at: number for number, at in enumerate(sorted(times.union(latest.values())), 1)}
        events = [
            self._event % (number, rank.get(at, 0), *codes)
            for number, (codes, at) in enumerate(latest.items(), NOW + 1)
        ]
        ranks = (0 if event is None else rank[event.at] for event in afters)
        known = dict(zip(self._afters, ranks, strict=True))
        states = [self._state(pattern, case, known) for pattern, _ in self._patterns]
        return events, self._now % (*states, *known.values())

    @staticmethod
    def _state(pattern: c.Pattern, case: Case, known: dict[Any, int]) -> int:
        if pattern.after is not None and not known[pattern.after]:
            return _UNKNOWN
        return _NO_ZONE if case.place is None and c.needs_place(pattern) else _ASKED


def _numbered(values: Iterable[Any]) -> dict[Any, int]:
    """Each value that is not None with a number of its own, from 1."""
    different = dict.fromkeys(value for value in values if value is not None)
    return {value: number for number, value in enumerate(different, 1)}


def _slots(names: Iterable[str]) -> str:
    """The end of a fact's text, with a place for each of its numbers."""
    return "".join(f',"{name}":%d' for name in names) + "}"


def _is_reply(event: Event, case: Case) -> int:
    return int(event.from_ == READER[case.direction] and not event.auto_reply)


def _attribute(name: str, numbers: dict[Any, int]) -> _Read:
    return lambda event, _case: numbers.get(getattr(event, name), 0)


def _names(contact: str) -> _Read:
    return lambda event, _case: int(contact in event.named)


def _within(pattern: c.Pattern) -> _Read:
    """Whether an event is within the length: calendars are for `timing` to know, not for an engine."""
    needs_place = c.needs_place(pattern)

    def read(event: Event, case: Case) -> int:
        if needs_place and case.place is None:
            return 0
        ends = still_within(pattern, event, case)
        return int(ends is None or ends > case.timeline.now)

    return read
