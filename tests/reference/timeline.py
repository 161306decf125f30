"""What is seen of the applications: events, touches, replies, and whose touches a rule's scope holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .clock import Place, Window, moment_of, zone_of

Json = dict[str, Any]
WRITER = {"candidate_to_employer": "candidate", "employer_to_candidate": "employer"}
READER = {"candidate_to_employer": "employer", "employer_to_candidate": "candidate"}


def part(record: Json, name: str) -> Json:
    """A nested record such as `candidate`; {} where it is missing."""
    return record.get(name) or {}


def when_of(event: Json) -> datetime:
    return moment_of(event["at"])


def names_in(event: Json) -> list[str]:
    """The contacts that an event names, in its own order; `contact: u` is `contacts: [u]`."""
    if event.get("contact") is not None:
        return [event["contact"]]
    return list(dict.fromkeys(event.get("contacts") or []))


def visible_events(application: Json, now: datetime) -> list[Json]:
    """Events up to now in the order (at, id), without doubles and without what a cancellation voids.

    'Events later than now are not seen', so a later cancellation voids nothing yet. What `interview_canceled`
    names is void, and an `interview_completed` that names the voided interview falls with it.
    """
    by_id = {event["id"]: event for event in application.get("events") or []}
    seen = [event for event in by_id.values() if when_of(event) <= now]
    seen.sort(key=lambda event: (when_of(event), event["id"]))
    void = {event["interview"] for event in seen if event["type"] == "interview_canceled"}
    return [event for event in seen if not _is_void(event, void)]


def _is_void(event: Json, void: set[str]) -> bool:
    if event["type"] == "interview_canceled":
        return False
    return event["id"] in void or (event["type"] == "interview_completed" and event.get("interview") in void)


def is_message_from(event: Json, side: str) -> bool:
    """A message of that side that is no auto-reply."""
    return event["type"] == "message" and event["from"] == side and not event.get("auto_reply", False)


@dataclass(frozen=True)
class Touch:
    """A message as far as counting goes; planned sends of the same plan are touches at now."""

    application: int
    direction: str
    at: datetime
    contacts: tuple[str, ...]
    label: str | None


@dataclass
class World:
    """All applications not refused, what is visible of them at `now`, and the sends planned so far."""

    applications: list[Json]
    rules: list[Json]
    now: datetime
    events: list[list[Json]] = field(default_factory=list)
    planned: list[Touch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.events = [visible_events(application, self.now) for application in self.applications]

    def messages(self, index: int, side: str) -> list[Json]:
        return [event for event in self.events[index] if is_message_from(event, side)]

    def touches(self, index: int, direction: str) -> list[Touch]:
        """The touches of an application in one direction, then those planned at now."""
        written = [
            Touch(index, direction, when_of(event), tuple(names_in(event)), event.get("follow_up"))
            for event in self.messages(index, WRITER[direction])
        ]
        planned = [t for t in self.planned if t.application == index and t.direction == direction]
        return written + planned


@dataclass
class Case:
    """One occasion under one follow-up rule, with everything that a verdict may look at."""

    world: World
    index: int
    rule: Json
    anchor: Json
    contact: str | None
    place: Place
    windows: list[Window] = field(default_factory=list)

    @property
    def application(self) -> Json:
        return self.world.applications[self.index]

    @property
    def events(self) -> list[Json]:
        return self.world.events[self.index]

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def direction(self) -> str:
        return str(self.rule["direction"])

    def in_scope(self, per: str, other: int, names: list[str] | tuple[str, ...]) -> bool:
        """Whether a message of application `other` that names these is in the scope of this occasion."""
        there = self.world.applications[other]
        if per == "application":
            return other == self.index
        if per == "candidate" or self.direction == "employer_to_candidate":
            return bool(part(there, "candidate").get("id") == part(self.application, "candidate").get("id"))
        if self.contact is not None:  # names this contact, or nobody where this contact is listed
            listed = [contact["id"] for contact in there.get("contacts") or []]
            return self.contact in names if names else self.contact in listed
        job = part(self.application, "job").get("id")  # "a recipient without a contact is the job ..."
        if job is None:
            return other == self.index  # "... without a job.id the application"
        return bool(part(there, "job").get("id") == job)

    def scoped_touches(self, rule: Json) -> list[Touch]:
        """What a limit or cooldown counts: with `follow_up`, those labelled so and those unlabelled."""
        labels = narrowed_names(rule)
        found = [
            touch
            for other in range(len(self.world.applications))
            for touch in self.world.touches(other, self.direction)
            if self.in_scope(rule["per"], other, touch.contacts)
            and (labels is None or touch.label is None or touch.label in labels)
        ]
        return sorted(found, key=lambda touch: touch.at)

    def last_scoped_reply(self, rule: Json) -> datetime | None:
        """The latest reply in the rule's scope, 'one that names another contact not'."""
        moments = [
            when_of(event)
            for other in range(len(self.world.applications))
            for event in self.world.messages(other, READER[self.direction])
            if self.in_scope(rule["per"], other, names_in(event))
            and (self.contact is None or not names_in(event) or self.contact in names_in(event))
        ]
        return max(moments, default=None)


def narrowed_names(rule: Json) -> list[str] | None:
    """The follow-ups that a restricting rule is narrowed to; None: all of them."""
    names = rule.get("follow_up")
    if names is None:
        return None
    return [names] if isinstance(names, str) else list(names)


def recipient_place(application: Json, direction: str, contact: str | None) -> Place:
    """Zone and calendar of the recipient: the contact of the occasion, else the job; or the candidate.

    'Zone: the contact's, else the job's'; one that is given but does not exist is unknown, not replaced.
    'Country and region come as a pair from whichever of contact or job has a country first.'
    """
    if direction == "employer_to_candidate":
        sources = [part(application, "candidate")]
    else:
        listed = [c for c in application.get("contacts") or [] if contact is not None and c["id"] == contact]
        sources = [*listed, part(application, "job")]
    zones = [source["timezone"] for source in sources if source.get("timezone") is not None]
    pairs = [(s["country"], s.get("region")) for s in sources if s.get("country") is not None]
    country, region = pairs[0] if pairs else (None, None)
    return Place(zone_of(zones[0]) if zones else None, country, region)
