"""Histories: made-up things that happen to one or two made-up applications, and the applications that they make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

from followup_rules.model.application import Application, Candidate, Contact, Event, Job
from followup_rules.model.words import ENDED, Status


class Symbol(NamedTuple):
    """A kind of event that the rules can tell from others. `type` is an event type, or `status` for a new status."""

    type: str
    from_: str | None = None
    follow_up: str | None = None
    auto_reply: bool = False
    contacts: tuple[str, ...] = ()
    days: int | None = None
    """Of a promise: how many days ahead its date is."""
    text: str | None = None
    """Of `stage_changed` the new stage, of `status` the new status, of a message its channel."""

    def __str__(self) -> str:
        label = f" '{self.follow_up}'" if self.follow_up else ""
        writer = f" from {self.from_}" if self.from_ else ""
        ahead = f" for {self.days} days ahead" if self.days is not None else ""
        kind = "auto-reply" if self.auto_reply else self.type
        named = f" ({', '.join(self.contacts)})" if self.contacts else ""
        return f"{kind}{label}{writer}{ahead}{f' {self.text}' if self.text else ''}{named}"


class Happening(NamedTuple):
    """Something that happens at a moment to one of the applications."""

    at: datetime
    symbol: Symbol
    application: int = 0


History = tuple[Happening, ...]
"""In order of time."""
_SOON: Final = timedelta(hours=1)
_USUALLY: Final = {
    "applied": 0, "interview_scheduled": 1, "interview_completed": 2, "message": 3, "decision_promised": 4,
    "offer_made": 5, "rejected": 6, "withdrawn": 6, "hired": 6,
}  # fmt: skip


class Profile(NamedTuple):
    """Who and where: what does not change during a history. `name` tells people which it is."""

    name: str
    candidate: dict[str, Any]
    job: dict[str, Any]
    contacts: tuple[dict[str, Any], ...] = ()
    stage: str | None = None
    attributes: dict[str, Any] = {}  # noqa: RUF012
    applications: int = 1


class Built:
    """The parts of a profile's applications, made once; each history only adds its events."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._candidate = Candidate.model_validate(profile.candidate)
        self._job = Job.model_validate(profile.job)
        self._contacts = tuple(Contact.model_validate(one) for one in profile.contacts)
        self._last: tuple[History, list[Application]] = ((), [])
        self._known: dict[tuple[str, datetime, Symbol, str | None], Event] = {}

    def applications(self, history: History) -> list[Application]:
        """What the engine is given: the same as `as_data`, made without being checked again."""
        if self._last[0] is not history:
            made = [self._application(history, number) for number in range(self.profile.applications)]
            self._last = (history, made)
        return self._last[1]

    def _application(self, history: History, number: int) -> Application:
        profile = self.profile
        events = tuple(
            self._event(one, name, interview) for one, name, interview in _named(history, number)
        )  # fmt: skip
        return Application.model_construct(
            id=application_id(number), status=status_of(history, number), candidate=self._candidate, job=self._job,
            contacts=self._contacts, stage=profile.stage, attributes=profile.attributes, events=events,
        )  # fmt: skip

    def _event(self, one: Happening, name: str, interview: str | None) -> Event:
        key = (name, one.at, one.symbol, interview)
        event = self._known.get(key)
        if event is None:
            if len(self._known) > 200_000:
                self._known.clear()
            event = self._known[key] = Event.model_validate(event_data(one, name, interview))
        return event


def application_id(number: int) -> str:
    """`a-1`, `a-2`."""
    return f"a-{number + 1}"


def oddness(history: History) -> int:
    """How hard a history is to believe: things in another order than usual, or all at once."""
    found = 0
    for before, after in pairwise(history):
        gap = after.at - before.at
        found += (gap < _SOON) + (not gap)
        order = [_USUALLY.get(one.symbol.type) for one in (before, after) if one.application == before.application]
        found += 3 * (len(order) == 2 and None not in order and order[0] > order[1])  # type: ignore[operator]
    return found


def status_of(history: Sequence[Happening], number: int) -> Status:
    """The status at the end of a history. A closed application stays closed."""
    status: Any = "active"
    for one in history:
        if one.application != number or status in ENDED:
            continue
        if one.symbol.type in ENDED:
            status = one.symbol.type
        elif one.symbol.type == "status":
            status = one.symbol.text
    return status  # type: ignore[no-any-return]


def _named(history: History, number: int) -> list[tuple[Happening, str, str | None]]:
    """The events of one application with their ids, and the interview that each cancels."""
    found: list[tuple[Happening, str, str | None]] = []
    last: str | None = None
    for index, one in enumerate(history, 1):
        if one.application != number or one.symbol.type == "status":
            continue
        name = f"e{index:02d}" if len(history) > 9 else f"e{index}"
        if one.symbol.type == "interview_canceled":
            if last is not None:
                found.append((one, name, last))
            continue
        if one.symbol.type in ("interview_completed", "interview_scheduled"):
            last = name
        found.append((one, name, None))
    return found


def event_data(one: Happening, name: str, interview: str | None = None) -> dict[str, Any]:
    """An event as plain data."""
    symbol = one.symbol
    data: dict[str, Any] = {"id": name, "type": symbol.type, "at": one.at}
    if len(symbol.contacts) == 1:
        data["contact"] = symbol.contacts[0]
    elif symbol.contacts:
        data["contacts"] = list(symbol.contacts)
    if symbol.from_:
        data["from"] = symbol.from_
    if symbol.follow_up:
        data["follow_up"] = symbol.follow_up
    if symbol.auto_reply:
        data["auto_reply"] = True
    if symbol.days is not None:
        data["by"] = promised_date(one)
    if interview:
        data["interview"] = interview
    if symbol.text is not None:
        data["channel" if symbol.type == "message" else "to"] = symbol.text
    return data


def promised_date(one: Happening) -> date:
    """The date that a promise names."""
    return (one.at + timedelta(days=one.symbol.days or 0)).date()


def application_data(profile: Profile, history: History, number: int) -> dict[str, Any]:
    """An application as plain data, as a person would write it down."""
    data: dict[str, Any] = {
        "id": application_id(number), "status": status_of(history, number),
        "candidate": profile.candidate, "job": profile.job,
    }  # fmt: skip
    if profile.contacts:
        data["contacts"] = list(profile.contacts)
    if profile.stage is not None:
        data["stage"] = profile.stage
    if profile.attributes:
        data["attributes"] = profile.attributes
    data["notes"] = ["Sam described how the team moved to event streams last spring"]
    data["skills"] = ["Python", "Kafka"]
    data["events"] = [event_data(*one) for one in _named(history, number)]
    return data


def events_of(history: History, number: int) -> list[tuple[Happening, str, str | None]]:
    """The events of one application with their ids, and the interview that each cancels."""
    return _named(history, number)
