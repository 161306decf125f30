"""An application made of a solver's answer, and the engine asked whether it is as the answer says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from pydantic import ValidationError

from followup_rules.analysis.logic.encode import LIST, MISSING, NUMBER, OBJECT, OTHER, Encoder
from followup_rules.analysis.logic.model import Model
from followup_rules.analysis.logic.oracle import Said
from followup_rules.analysis.logic.patterns import REPLY, TOUCH
from followup_rules.facts import Case, Timeline
from followup_rules.matching.native import compile_condition
from followup_rules.matching.truth import Truth
from followup_rules.model.application import Application
from followup_rules.model.times import UTC
from followup_rules.model.words import READER, WRITER, Direction
from followup_rules.rules.conditions import Pattern
from followup_rules.timing.calendars import Calendar
from followup_rules.timing.place import Place
from followup_rules.timing.zones import find_zone

NOW: Final = datetime(2026, 9, 16, 12, tzinfo=UTC)
_BREAK: Final = "\u241f"

Json = dict[str, Any]


def plain_place(zone: str = "UTC") -> Place:
    """A place without holidays, and without a calendar to load."""
    found = find_zone(zone)
    assert found is not None  # noqa: S101  (a name that was checked when the rule was read, or ours)
    return Place(found, Calendar(None))


@lru_cache(maxsize=64)
def nothing_known(direction: Direction, event: str) -> Case:
    """An application of which nothing is known but that something happened an hour ago."""
    model = Model({f"has {event}": True}, {}, {f"since {event}": 1})
    made = application(model, [], direction)
    assert made is not None  # noqa: S101  (one event of a known type)
    return Case(Timeline(made, NOW), direction, plain_place())


def application(model: Model, said: Sequence[Said], direction: Direction) -> Application | None:
    """An application that is meant to be as the model says; None where none can be made."""
    raw = _Maker(model, Encoder([one.condition for one in said], direction), direction).made()
    try:
        return Application.model_validate(raw)
    except ValidationError:
        return None


def agrees(found: Application, said: Sequence[Said], direction: Direction) -> bool:
    """True where the engine says the same of the application."""
    case = Case(Timeline(found, NOW), direction, plain_place())
    return all(_agrees(compile_condition(one.condition)(case), one.truth) for one in said)


def _agrees(truth: Truth, wanted: str) -> bool:
    expected = Truth.TRUE if wanted.endswith("holds") else Truth.FALSE
    return (truth is not expected) if wanted.startswith("not ") else truth is expected


class _Maker:
    """One application in the making."""

    def __init__(self, model: Model, encoder: Encoder, direction: Direction) -> None:
        self._model, self._encoder, self._direction = model, encoder, direction
        self._events: list[Json] = []
        self._contacts: set[str] = set()

    def made(self) -> Json:
        raw: Json = {"id": "found", "status": "active", "candidate": {}, "job": {}, "attributes": {}}
        for fact, values in self._encoder.values().items():
            chosen = self._model.values.get(fact, values)
            value = self._value(fact, min(chosen, key=_preference))
            family, _, rest = fact.partition(".")
            if value is not None:
                (raw[family] if rest else raw)[rest or fact] = value
        for name, holds in sorted(self._model.facts.items()):
            event = name.removeprefix("has ")
            if holds and event != name:
                self._happen(event)
        raw["events"] = self._events
        raw["contacts"] = [{"id": contact} for contact in sorted(self._contacts)]
        return raw

    def _value(self, fact: str, chosen: object) -> Any:
        inside = [needle[1] for needle in sorted(self._encoder.needles.get(fact, ()), key=repr)  # type: ignore[index]
                  if self._model.facts.get(f"in {'list' if chosen == LIST else 'text'} {fact} {needle!r}")]  # fmt: skip
        if chosen == MISSING:
            return None
        if chosen == OTHER:
            return _BREAK.join(["other", *(str(one) for one in inside)])
        if chosen == LIST:
            return [_plain(one) for one in inside]
        if chosen == OBJECT:
            return {}
        if chosen == NUMBER:
            return _plain(self._model.numbers.get(fact, 0))
        return chosen[1]  # type: ignore[index]

    def _happen(self, event: str) -> None:
        """The latest event of a sort, and earlier ones where several are counted."""
        at = NOW - timedelta(microseconds=round(self._model.numbers.get(f"since {event}", 10) * 3_600_000_000))
        wanted = list(self._wanted(event))
        first = self._add(event, at)
        for pattern in wanted:
            if not _put(first, pattern):
                _put(self._add(event, at), pattern)
            self._contacts |= {pattern.contact} if pattern.contact else set()
        self._fill(event, at)

    def _fill(self, event: str, at: datetime) -> None:
        counted = {TOUCH: "#touches", REPLY: "#replies", "interview_completed": "#interviews"}.get(event, "")
        count = int(self._model.numbers.get(counted, 1))
        fresh = int(self._model.numbers.get("#unanswered_touches", count)) if event == TOUCH else count
        replied = self._model.numbers.get("since reply")
        for number in range(1, min(count, 50)):
            earlier = at - timedelta(milliseconds=number)
            if number >= fresh and replied is not None:
                earlier = min(earlier, NOW - timedelta(hours=float(replied)) - timedelta(seconds=number))
            self._add(event, earlier)

    def _wanted(self, event: str) -> Iterator[Pattern]:
        for pattern in self._encoder.patterns.all:
            if self._model.facts.get(f"seen {pattern!r}") and event in self._encoder.patterns.kinds(pattern):
                yield pattern

    def _add(self, event: str, at: datetime) -> Json:
        made: Json = {"id": f"e{len(self._events)}", "type": event, "at": at.isoformat()}
        if event in (TOUCH, REPLY):
            side = (WRITER if event == TOUCH else READER)[self._direction]
            made |= {"type": "message", "from": side}
        elif event == "message":
            made |= {"from": "employer", "auto_reply": True}
        elif event == "decision_promised":
            hours = -1 if self._model.facts.get("promise passed") else 1
            made["by"] = (NOW + timedelta(hours=hours)).isoformat()
        elif event == "stage_changed":
            made["to"] = "elsewhere"
        elif event == "interview_canceled":
            voided = {"id": f"s{len(self._events)}", "type": "interview_scheduled", "at": at.isoformat()}
            self._events.append(voided)
            made["interview"] = voided["id"]
        self._events.append(made)
        return made


def _put(event: Json, pattern: Pattern) -> bool:
    """Make an event match a pattern too; False where it is already something else."""
    wanted = {
        "contact": pattern.contact, "channel": pattern.channel, "follow_up": pattern.follow_up,
        "to": pattern.to, "from": pattern.from_,
    }  # fmt: skip
    fixed = event["type"] == "message"
    for key, value in wanted.items():
        free = key not in event or (key == "to" and event[key] == "elsewhere")
        if value is not None and not free and event[key] != value and (key == "from") <= fixed:
            return False
    event |= {key: value for key, value in wanted.items() if value is not None}
    return True


def _preference(value: object) -> tuple[int, str]:
    """Plain values first, so that people recognize what is found."""
    order = (OTHER, NUMBER, LIST, OBJECT, MISSING)
    return (order.index(value) + 1 if value in order else 0, repr(value))


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool | int):
        return value
    return int(value) if value.denominator == 1 else float(value)
