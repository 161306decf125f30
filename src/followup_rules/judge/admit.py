"""Which applications can be decided: each is judged alone, and what is refused says why."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from followup_rules.errors import Place, Problem
from followup_rules.facts import Timeline
from followup_rules.judge.names import Foreign, Names
from followup_rules.judge.portfolio import Portfolio
from followup_rules.model.application import Application, Candidate, Contact, Event, Job
from followup_rules.model.decision import Refusal
from followup_rules.model.faults import Loc, Locate, problems_of

CODES = {"missing": "FR202", "unknown": "FR204", "value": "FR203", "type": "FR203"}
_MODELS: dict[str, type[BaseModel]] = {
    "candidate": Candidate,
    "job": Job,
    "contacts": Contact,
    "events": Event,
}


def read_application(data: object, locate: Locate) -> Application | Refusal:
    """An application from plain data, or why it is refused. `locate` finds the place of a path in the data."""
    try:
        return Application.model_validate(data)
    except ValidationError as error:
        problems = problems_of(error, _by_event_id(data, locate), CODES, _known_keys, "an application")
        return Refusal(_text(data, "id"), tuple(problems), candidate_of(data))


def _by_event_id(data: Any, locate: Locate) -> Locate:
    """Events are checked in order of time, so what is wrong between them is told by their id, not their number."""

    def found(loc: Loc, key: bool) -> Place:
        if len(loc) == 2 and loc[0] == "events" and isinstance(loc[1], str) and isinstance(data, dict):
            ids = [_text(event, "id") for event in data["events"]]
            return locate(("events", len(ids) - 1 - ids[::-1].index(loc[1])), key)
        return locate(loc, key)

    return found


def doubled(application: Application, place: Place) -> Refusal:
    """The refusal of an application whose id comes twice: all that have it are refused."""
    text = f"the application id '{application.id}' comes more than once, so none of them is decided"
    return Refusal(application.id, (Problem("FR206", text, place),), application.candidate.id)


class Register:
    """What the first look at all applications finds out: doubles, refused candidates, opt-outs.

    Nothing of this can be known from one application alone, so every application is entered before one is decided.
    """

    def __init__(self, now: datetime, across: bool, names: bool = False) -> None:
        self._now, self._across = now, across
        self._names = Names(sqlite3.connect(":memory:")) if names else None
        self._first: dict[str, str | None] = {}
        self._doubles: set[str] = set()
        self._refused: set[str] = set()
        self._timelines: list[Timeline] = []
        self.count = 0

    def enter(self, item: Application | Refusal) -> None:
        """Take note of an application, or of one that is refused."""
        self.count += 1
        refused = isinstance(item, Refusal)
        identity = item.application if isinstance(item, Refusal) else item.id
        candidate = item.candidate if isinstance(item, Refusal) else item.candidate.id
        if identity is not None:
            if identity in self._first:
                refused = True
                self._doubles.add(identity)
                self._refuse(self._first[identity])
            self._first.setdefault(identity, candidate)
        if refused:
            self._refuse(candidate)
        if isinstance(item, Application) and not refused:
            timeline = Timeline(item, self._now)
            if self._names is not None:
                self._names.enter(item)
            if self._across or "opted_out" in timeline.latest or "opted_in" in timeline.latest:
                self._timelines.append(timeline)

    def refusal(self, application: Application, place: Callable[[], Place]) -> Refusal | None:
        """Why an application that is well formed is refused all the same, if it is."""
        if application.id in self._doubles:
            return doubled(application, place())
        if self._across and application.candidate.id is None:
            text = (
                f"the application '{application.id}' has no candidate.id, and the rules count over all of a candidate"
            )
            return Refusal(application.id, (Problem("FR210", text, place()),))
        return None

    def siblings(self, names: Foreign | None = None) -> Portfolio:
        """What applications know of each other, once all are entered; `names` in place of those entered here."""
        admitted = (one for one in self._timelines if self.refusal(one.application, _nowhere) is None)
        return Portfolio(admitted, self._refused, names or self._names, across=self._across)

    def _refuse(self, candidate: str | None) -> None:
        if candidate is not None:
            self._refused.add(candidate)


def _nowhere() -> Place:
    return Place("")


def candidate_of(data: Any) -> str | None:
    """The candidate's id in data that may be broken elsewhere."""
    return _text(data.get("candidate"), "id") if isinstance(data, dict) else None


def _text(data: Any, key: str) -> str | None:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else None


def _known_keys(loc: Loc) -> list[str]:
    model: type[BaseModel] = _MODELS.get(str(loc[0]), Application) if loc else Application
    return [field.alias or name for name, field in model.model_fields.items()]
