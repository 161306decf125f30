"""From a timeline to facts: what is seen at now, and what conditions may ask about it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any, Final, NamedTuple

from followup_rules.model.application import Application, Event
from followup_rules.model.words import READER, WRITER, Direction, Side
from followup_rules.timing.place import Place

_INTERVIEWS: Final = ("interview_scheduled", "interview_completed")
_AT: Final = attrgetter("at")
_HOUR: Final = 3_600_000_000


class Lack(Enum):
    """Why a fact has no value: it is not there, or the recipient's zone is missing to work it out."""

    MISSING = "missing"
    NO_ZONE = "no zone"


class Timeline:
    """What of an application is seen at `now`: no later events, and nothing of a canceled interview."""

    __slots__ = ("application", "events", "known", "latest", "now", "sent")

    def __init__(self, application: Application, now: datetime) -> None:
        self.application = application
        self.now = now
        events = application.events
        if events and events[-1].at > now:
            events = events[: bisect_right(events, now, key=_AT)]
        latest: dict[str, Event] = {event.type: event for event in events}
        if "interview_canceled" in latest:
            events = _without_voided(events)
            latest = {event.type: event for event in events}
        self.events = events
        self.latest = latest
        self.known: dict[Any, Any] = {}
        """Answers that hold for the whole timeline, kept by whoever works them out."""
        self.sent: dict[Side, list[Event]] = {"candidate": [], "employer": []}
        if "message" in latest:
            sent = self.sent
            for event in events:
                writer = event.from_
                if writer is not None and not event.auto_reply:
                    sent[writer].append(event)

    def touches(self, direction: Direction) -> list[Event]:
        """Messages of the writing side, auto-replies excepted, oldest first."""
        return self.sent[WRITER[direction]]

    def replies(self, direction: Direction) -> list[Event]:
        """Messages of the other side, auto-replies excepted, oldest first."""
        return self.sent[READER[direction]]

    def latest_of(self, event: str, direction: Direction) -> Event | None:
        """The latest event of a type, or the latest `reply`."""
        if event == "reply":
            replies = self.replies(direction)
            return replies[-1] if replies else None
        return self.latest.get(event)


def _without_voided(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Leaves out canceled interviews; a completed one falls with the scheduled one that it names."""
    voided = {event.interview for event in events if event.type == "interview_canceled"}
    return tuple(
        event
        for event in events
        if event.type not in _INTERVIEWS or (event.id not in voided and (event.interview or event.id) not in voided)
    )


class Case(NamedTuple):
    """What a condition is asked about: a timeline, seen in one direction, from the recipient's place."""

    timeline: Timeline
    direction: Direction
    place: Place | None


Getter = Callable[[Case], Any]


def getter(fact: str) -> Getter:
    """A function from a case to the value of a fact, or to the `Lack` that says why it has none."""
    family, _, rest = fact.partition(".")
    if family == "attributes":
        path = tuple(rest.split("."))
        return lambda case: _inside(case.timeline.application.attributes, rest, path)
    if family == "candidate":
        return lambda case: _known(getattr(case.timeline.application.candidate, rest))
    if family == "job":
        return lambda case: _known(getattr(case.timeline.application.job, rest))
    if family == "hours_since":
        return lambda case: _hours_since(rest, case)
    if family == "business_days_since":
        return lambda case: _business_days_since(rest, case)
    return _GETTERS[fact]


def value_of(fact: str, case: Case) -> Any:
    """The value of a fact, or the `Lack` that says why it has none."""
    return getter(fact)(case)


def _interviews(case: Case) -> int:
    if "interview_completed" not in case.timeline.latest:
        return 0
    return [event.type for event in case.timeline.events].count("interview_completed")


def _unanswered(case: Case) -> int:
    replies, touches = case.timeline.replies(case.direction), case.timeline.touches(case.direction)
    return sum(touch.at > replies[-1].at for touch in touches) if replies else len(touches)


def _promised_by_passed(case: Case) -> Any:
    promise = case.timeline.latest.get("decision_promised")
    if promise is None:
        return Lack.MISSING
    if isinstance(promise.by, datetime):
        return case.timeline.now > promise.by
    return Lack.NO_ZONE if case.place is None else case.timeline.now > case.place.promised(promise)


def _hours_since(event_type: str, case: Case) -> Any:
    latest = case.timeline.latest.get(event_type)
    if latest is None:
        return Lack.MISSING
    elapsed = case.timeline.now - latest.at
    return (elapsed.days * 86_400_000_000 + elapsed.seconds * 1_000_000 + elapsed.microseconds) / _HOUR


def _business_days_since(event_type: str, case: Case) -> Any:
    latest = case.timeline.latest.get(event_type)
    if latest is None:
        return Lack.MISSING
    return Lack.NO_ZONE if case.place is None else case.place.business_days_since(latest.at, case.timeline.now)


_GETTERS: Final[dict[str, Getter]] = {
    "stage": lambda case: _known(case.timeline.application.stage),
    "status": lambda case: case.timeline.application.status,
    "interviews": _interviews,
    "touches": lambda case: len(case.timeline.touches(case.direction)),
    "replies": lambda case: len(case.timeline.replies(case.direction)),
    "unanswered_touches": _unanswered,
    "promised_by_passed": _promised_by_passed,
}


def _known(value: Any) -> Any:
    return Lack.MISSING if value is None else value


def _inside(value: Any, name: str, path: tuple[str, ...]) -> Any:
    """The attribute of that name, or else the one that the name leads to, part by part."""
    if name in value:
        return _known(value[name])
    for key in path:
        if not isinstance(value, dict) or value.get(key) is None:
            return Lack.MISSING
        value = value[key]
    return value
