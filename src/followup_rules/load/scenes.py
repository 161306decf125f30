"""From the moments of a scenario to scenes: what is known of each application at each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from followup_rules.errors import Problem, did_you_mean
from followup_rules.judge.admit import CODES
from followup_rules.model.application import Application, Event
from followup_rules.model.faults import Loc, Locate, problems_of
from followup_rules.model.times import UTC
from followup_rules.rules.cases import Expected, Scene
from followup_rules.rules.examples import Expectation
from followup_rules.rules.lengths import Length
from followup_rules.rules.scenarios import Moment, Scenario, moment_of, parse_when

_SOME_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)
_EVENT_KEYS: Final = ("application", *(field.alias or name for name, field in Event.model_fields.items()))


class Scenes:
    """Reads the moments of one scenario in order, and remembers what each application has become."""

    def __init__(self, scenario: Scenario, locate: Locate, raw: Any, loc: Loc) -> None:
        self._scenario, self._locate, self._raw, self._loc = scenario, locate, raw, loc
        given = scenario.applications or ((scenario.application,) if scenario.application else ())
        self._now = {one.id: one for one in given}
        self._given = given
        self._event_locs: dict[tuple[str, str], Loc] = {}
        self.problems: list[Problem] = []

    def read(self) -> tuple[Scene, ...]:
        """The scenes; what is wrong goes to `problems`."""
        if len(self._now) != len(self._given):
            self._fault(
                "FR206", "two applications have one id", ("applications",), "an id that is left out is 'example'"
            )
        scenes, before = [], self._scenario.start
        for number, moment in enumerate(self._scenario.moments, 1):
            loc: Loc = ("moments", number - 1)
            now = self._moment(moment.at, (*loc, "at"))
            if now is None:
                continue
            if now < before:
                text = f"the clock goes back: {self._written(moment.at)} is before {self._said_before(number)}"
                self._fault("FR404", text, (*loc, "at"), "put the moments into the order of time")
            before = max(now, before)
            self._happen(moment, now, number, loc)
            scenes.append(self._scene(moment, now, loc))
        return tuple(scenes)

    def _said_before(self, number: int) -> str:
        if number == 1:
            return "the start"
        return f"the moment before it, {self._written(self._scenario.moments[number - 2].at)}"

    @staticmethod
    def _written(at: Length | datetime) -> str:
        return at.isoformat() if isinstance(at, datetime) else f"+{at}"

    def _scene(self, moment: Moment, now: datetime, loc: Loc) -> Scene:
        here: Loc = (*loc, "expect")
        raw = self._raw["moments"][loc[1]].get("expect")
        paths: list[Loc] = [(*here, index) for index in range(len(moment.expect))] if isinstance(raw, list) else [here]
        expected = tuple(
            Expected(one, self._locate(path, False), (*self._loc, *path))
            for one, path in zip(moment.expect, paths, strict=False)
        )
        for one, path in zip(moment.expect, paths, strict=False):
            self._names_applications(one, path)
        empty = (*self._loc, *here) if "expect" in moment.model_fields_set and not moment.expect else None
        place = self._locate(here if "expect" in moment.model_fields_set else loc, False)
        written = self._written(moment.at)
        return Scene(now, written, tuple(self._now.values()), expected, place, moment.carry_out, empty)

    def _names_applications(self, expectation: Expectation, loc: Loc) -> None:
        if expectation.application is not None:
            self._known_application(expectation.application, (*loc, "application"))

    def _moment(self, at: Length | datetime, loc: Loc) -> datetime | None:
        try:
            return moment_of(at, self._scenario.start)
        except PydanticCustomError as error:
            self._fault(error.type, error.message(), loc)
            return None

    def _happen(self, moment: Moment, now: datetime, number: int, loc: Loc) -> None:
        """What changes at a moment: status, stage and attributes first, then events."""
        changes: dict[str, Any] = {
            key: getattr(moment, key) for key in ("status", "stage") if key in moment.model_fields_set
        }
        about = self._about(moment.application, loc, bool(changes) or bool(moment.attributes))
        if about is not None and moment.attributes:
            changes["attributes"] = {**self._now[about].attributes, **moment.attributes}
        if about is not None and changes:
            self._now[about] = self._now[about].model_copy(update=changes)
        added: dict[str, list[Event]] = {}
        for index, raw in enumerate(moment.events):
            here: Loc = (*loc, "events", index)
            named = raw.get("application", moment.application)
            owner = self._about(named, here, True)
            event = self._event(raw, now, f"m{number}-{index + 1}", here)
            if owner is not None and event is not None:
                added.setdefault(owner, []).append(event)
                self._event_locs[owner, event.id] = here
        for owner, events in added.items():
            self._add(owner, events, loc)

    def _about(self, named: object, loc: Loc, needed: bool) -> str | None:
        """Which application is meant; it need not be said where there is only one."""
        if named is not None:
            return self._known_application(named, (*loc, "application"))
        if len(self._now) == 1:
            return next(iter(self._now))
        if needed:
            text = "there are several applications, and it is not said which one is meant"
            self._fault("FR411", text, loc, f"add application: {next(iter(self._now))}")
        return None

    def _known_application(self, named: object, loc: Loc) -> str | None:
        if isinstance(named, str) and named in self._now:
            return named
        hint = did_you_mean(str(named), self._now) or f"known are {', '.join(self._now)}"
        self._fault("FR411", f"there is no application '{named}' in this scenario", loc, hint)
        return None

    def _event(self, raw: dict[str, Any], now: datetime, name: str, loc: Loc) -> Event | None:
        """The event; its id and its time are those of the moment where none are given."""
        try:
            return _made(raw, now, name, self._scenario.start)
        except PydanticCustomError as error:
            self._fault(error.type, error.message(), (*loc, "at"))
        except ValidationError as error:
            self.problems += problems_of(error, _inside(loc, self._locate), CODES, _keys_of_events, "an event")
        return None

    def _add(self, owner: str, events: list[Event], loc: Loc) -> None:
        """An application with more events, checked as a whole: contacts and interviews that events name are there."""
        old = self._now[owner]
        fields = {name: getattr(old, name) for name in old.model_fields_set}

        def locate(inner: Loc, key: bool) -> Any:
            found = self._event_locs.get((owner, str(inner[1]))) if len(inner) > 1 else None
            return self._locate(found or (*loc, "events"), key)

        try:
            self._now[owner] = Application.model_validate({**fields, "events": (*old.events, *events)})
        except ValidationError as error:
            self.problems += problems_of(error, locate, CODES, lambda _: (), "an application")

    def _fault(self, code: str, message: str, loc: Loc, hint: str = "") -> None:
        self.problems.append(Problem(code, message, self._locate(loc, False), hint))


def event_faults(raw: Any, locate: Locate) -> Iterator[Problem]:
    """What is wrong with the events of a scenario that cannot be used anyway, so that all is told at once."""
    moments = raw.get("moments") if isinstance(raw, dict) else None
    for number, moment in enumerate(moments if isinstance(moments, list) else ()):
        events = moment.get("events") if isinstance(moment, dict) else None
        for index, event in enumerate(events if isinstance(events, list) else ()):
            loc: Loc = ("moments", number, "events", index)
            try:
                if isinstance(event, dict):
                    _made(event, _SOME_TIME, "event", _SOME_TIME)
            except PydanticCustomError as error:
                yield Problem(error.type, error.message(), locate((*loc, "at"), False))
            except ValidationError as error:
                yield from problems_of(error, _inside(loc, locate), CODES, _keys_of_events, "an event")


def _made(raw: dict[str, Any], now: datetime, name: str, start: datetime) -> Event:
    data = {"id": name, "at": now, **{key: value for key, value in raw.items() if key != "application"}}
    if isinstance(data["at"], str) and data["at"].startswith("+"):
        data["at"] = moment_of(parse_when(data["at"]), start)
    return Event.model_validate(data)


def _inside(loc: Loc, locate: Locate) -> Locate:
    return lambda inner, key: locate((*loc, *inner), key)


def _keys_of_events(_loc: Loc) -> tuple[str, ...]:
    return _EVENT_KEYS
