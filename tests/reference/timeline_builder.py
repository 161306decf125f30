"""Random timelines around dates at which clocks and calendars are interesting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from .choose import Choose, chance, pick, some
from .when_builder import CHANNELS, CONTACTS, EVENT_TYPES, FOLLOW_UPS, STAGES, Json

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata")
CENTRES = (
    "2026-11-11T12:00:00+00:00",  # Veterans Day
    "2026-11-01T06:30:00+00:00",  # New York back
    "2026-03-08T07:30:00+00:00",  # New York forward
    "2026-03-29T01:30:00+00:00",  # Berlin forward
    "2026-10-25T01:30:00+00:00",  # Berlin back
    "2026-04-04T15:15:00+00:00",  # Lord Howe back, by half an hour
    "2026-10-03T15:45:00+00:00",  # Lord Howe forward, by half an hour
    "2026-01-06T12:00:00+00:00",  # Epiphany, in Bavaria only
    "2026-12-24T20:00:00+00:00",
    "2026-07-03T16:00:00+00:00",  # Independence Day, observed
    "2026-01-26T05:00:00+00:00",  # Republic Day, India
)
PLACES: tuple[tuple[str | None, str | None, str | None], ...] = (
    ("America/New_York", "US", "NY"),
    ("America/New_York", "US", None),
    ("Europe/Berlin", "DE", "BY"),
    ("Europe/Berlin", "DE", "ZZ"),
    ("Asia/Kolkata", "IN", None),
    ("Australia/Lord_Howe", "AU", "NSW"),
    ("Asia/Jerusalem", "IL", None),
    ("Europe/Berlin", "XX", "BY"),
    ("Europe/Berlin", None, None),
    (None, "US", "NY"),
    (None, None, None),
    ("Mars/Olympus", "DE", "BY"),
)
TYPE_WEIGHTS = ("message",) * 12 + ("interview_completed",) * 6 + ("interview_scheduled",) * 2 + EVENT_TYPES
ATTRIBUTES: tuple[Any, ...] = (True, False, 1, 0, 2.5, 7, "gold", "1", None, ["gold", 1, True], {"go": 1}, [])


def build_now(choose: Choose) -> datetime:
    """A moment near one of the interesting dates, to the minute or to the second."""
    now = datetime.fromisoformat(pick(choose, CENTRES)) + timedelta(minutes=choose.integer(-1440, 5 * 1440))
    now = now.astimezone(timezone.utc).replace(second=0)
    return now + timedelta(seconds=choose.integer(1, 59)) if chance(choose, 25) else now


@dataclass(frozen=True)
class Hints:
    """What the policy waits for, so that timelines often have it: anchors (type, side) and the writer."""

    now: datetime
    anchors: list[tuple[str, str]]
    writer: str


def hints_of(rules: list[Json], now: datetime) -> Hints:
    sides = ("candidate", "employer")
    anchors, writers = [], []
    for rule in rules:
        if rule["kind"] == "follow_up":
            is_ours = rule["direction"] == "candidate_to_employer"
            writers.append(sides[0] if is_ours else sides[1])
            anchors.append(
                ("message" if rule["after"] == "reply" else rule["after"], sides[1] if is_ours else sides[0])
            )
    return Hints(now, anchors, writers[0])


def build_applications(choose: Choose, rules: list[Json], now: datetime) -> list[Json]:
    """One to four applications that sometimes share candidates, jobs and contacts, and rarely an id."""
    hints = hints_of(rules, now)
    count = pick(choose, (1, 1, 2, 2, 3, 4))
    people = {contact: _person(choose, contact) for contact in CONTACTS}
    used: list[datetime] = []
    applications = []
    for number in range(count):
        application = _application(choose, f"a-{number}", list(people.values()))
        application["events"] = _events(choose, application, hints, used)
        applications.append(application)
    if count > 1 and chance(choose, 3):
        applications[1]["id"] = applications[0]["id"]
    return applications


def _placed(choose: Choose, record: Json, with_region: bool = True) -> Json:
    zone, country, region = pick(choose, PLACES)
    values = {"timezone": zone, "country": country, "region": region if with_region else None}
    return {**record, **{key: value for key, value in values.items() if value is not None}}


def _person(choose: Choose, contact: str) -> Json:
    person = {"id": contact, "name": f"Person {contact}"}
    return person if chance(choose, 25) else _placed(choose, person)


def _application(choose: Choose, name: str, people: list[Json]) -> Json:
    candidate: Json = {"id": pick(choose, ("c-1", "c-1", "c-2", "c-3")), "name": "Ada Park"}
    if chance(choose, 5):
        del candidate["id"]
    job: Json = {"id": pick(choose, ("j-1", "j-1", "j-2")), "title": "Engineer", "company": "Northwind"}
    if chance(choose, 10):
        del job["id"]
    if chance(choose, 40):
        job["sector"] = pick(choose, ("technology", "health"))
    application: Json = {
        "id": name,
        "candidate": _placed(choose, candidate, with_region=False),
        "job": _placed(choose, job),
        "contacts": some(choose, people, 0, 3),
        "status": pick(choose, ("active",) * 24 + ("on_hold", "rejected", "withdrawn", "hired")),
    }
    if chance(choose, 70):
        application["stage"] = pick(choose, STAGES)
    if chance(choose, 60):
        names = some(choose, ("referral", "score", "tier", "tags", "meta"), 0, 4)
        application["attributes"] = {key: pick(choose, ATTRIBUTES) for key in names}
    return application


def _events(choose: Choose, application: Json, hints: Hints, used: list[datetime]) -> list[Json]:
    events: list[Json] = []
    contacts = [contact["id"] for contact in application["contacts"]]
    for number in range(choose.integer(0, 12)):
        event = _event(choose, f"e{number + 1}", events, hints)
        event["at"] = _at(choose, hints.now, used)
        if contacts and chance(choose, 45):
            _name_contacts(choose, event, contacts)
        events.append(event)
    if events and chance(choose, 4):
        events.append(dict(pick(choose, events)))  # the same event twice is dropped once
    return events


def _at(choose: Choose, now: datetime, used: list[datetime]) -> str:
    """A moment of the last two weeks, a whole distance from now, that of another event, or ahead."""
    form = choose.integer(0, 19)
    whole = now.replace(second=0)
    if form < 11:
        moment = whole - timedelta(minutes=choose.integer(0, 14 * 1440))
    elif form < 14:
        moment = whole - timedelta(minutes=pick(choose, (30, 60, 1440)) * choose.integer(0, 12))
    elif form < 17 and used:
        moment = pick(choose, used)
    elif form < 19:
        moment = whole - timedelta(minutes=choose.integer(0, 2 * 1440))
    else:
        moment = whole + timedelta(minutes=choose.integer(1, 3 * 1440))
    used.append(moment)
    shown = moment.astimezone(ZoneInfo(pick(choose, ZONES)))
    return moment.isoformat().replace("+00:00", "Z") if chance(choose, 30) else shown.isoformat()


def _name_contacts(choose: Choose, event: Json, contacts: list[str]) -> None:
    if len(contacts) > 1 and chance(choose, 40):
        event["contacts"] = some(choose, contacts, 1, 3)
    else:
        event["contact"] = pick(choose, contacts)


def _event(choose: Choose, name: str, earlier: list[Json], hints: Hints) -> Json:
    """An event with the keys of its type; the first is mostly an anchor, later ones sometimes."""
    kind, side = pick(choose, hints.anchors)
    if not chance(choose, 20 if earlier else 75):
        kind, side = pick(choose, TYPE_WEIGHTS), ""
    if kind in ("rejected", "withdrawn", "hired", "opted_out") and chance(choose, 80):
        kind = "interview_completed"  # those stop everything: seldom
    interviews = [e["id"] for e in earlier if e["type"] in ("interview_scheduled", "interview_completed")]
    scheduled = [e["id"] for e in earlier if e["type"] == "interview_scheduled"]
    if kind == "interview_canceled" and not interviews:
        kind = "interview_completed"
    event: Json = {"id": name, "type": kind}
    if kind == "message":
        event.update(_message(choose, side or hints.writer))
    elif kind == "interview_canceled":
        event["interview"] = pick(choose, interviews)
    elif kind == "interview_completed" and scheduled and chance(choose, 60):
        event["interview"] = pick(choose, scheduled)
    elif kind == "decision_promised":
        event["by"] = _promise(choose, hints.now)
    elif kind == "stage_changed":
        event["to"] = pick(choose, STAGES)
    return event


def _message(choose: Choose, side: str) -> Json:
    message: Json = {"from": side if chance(choose, 75) else pick(choose, ("candidate", "employer"))}
    if chance(choose, 55):
        message["follow_up"] = pick(choose, (*FOLLOW_UPS, "none"))
    if chance(choose, 40):
        message["channel"] = pick(choose, CHANNELS)
    if chance(choose, 20):
        message["auto_reply"] = chance(choose, 80)
    if chance(choose, 10):
        message["subject"] = "Hello"
    return message


def _promise(choose: Choose, now: datetime) -> str:
    """A date or a time, mostly some days before now."""
    moment = now - timedelta(minutes=choose.integer(-3 * 1440, 9 * 1440))
    return moment.date().isoformat() if chance(choose, 60) else moment.isoformat()
