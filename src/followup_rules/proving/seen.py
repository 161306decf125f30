"""What the monitor sees of a history at a moment: plain lists of events, worked out anew and slowly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from followup_rules.model.words import READER, WRITER, Direction, Side
from followup_rules.proving.clock import Where, end_of, where
from followup_rules.proving.histories import History, Profile, application_id, event_data, events_of, status_of


class Past(NamedTuple):
    """An event as the monitor knows it."""

    id: str
    type: str
    at: datetime
    from_: str | None
    named: tuple[str, ...]
    label: str | None
    auto: bool
    by: date | datetime | None
    text: str | None


class Sent(NamedTuple):
    """A message that was sent, or that this plan is going to send."""

    application: int
    at: datetime
    named: tuple[str, ...]
    label: str | None


class Seen:
    """A history as it looks at a moment. `planned` are the messages that this plan sends before."""

    def __init__(self, profile: Profile, history: History, now: datetime) -> None:
        self.profile, self.now = profile, now
        past = tuple(one for one in history if one.at <= now)
        self.history = past
        self.events = [_seen_events(past, number) for number in range(profile.applications)]
        self.status = [status_of(past, number) for number in range(profile.applications)]
        self.planned: list[tuple[Direction, Sent]] = []

    def number_of(self, identity: str) -> int:
        """Which application an id belongs to."""
        return next(one for one in range(self.profile.applications) if application_id(one) == identity)

    def messages(self, number: int, side: Side) -> list[Past]:
        """What a side wrote, auto-replies left out."""
        return [one for one in self.events[number] if one.type == "message" and one.from_ == side and not one.auto]

    def replies(self, number: int, direction: Direction) -> list[Past]:
        """What the other side wrote."""
        return self.messages(number, READER[direction])

    def touches(self, number: int, direction: Direction) -> list[Sent]:
        """What the writing side wrote, and is about to."""
        written = [Sent(number, one.at, one.named, one.label) for one in self.messages(number, WRITER[direction])]
        return written + [sent for way, sent in self.planned if way == direction and sent.application == number]

    def of_type(self, number: int, name: str, direction: Direction) -> list[Past]:
        """Events of a type, or the replies."""
        if name == "reply":
            return self.replies(number, direction)
        return [one for one in self.events[number] if one.type == name]

    def place(self, direction: Direction, contact: str | None) -> Where | None:
        """Where the recipient is."""
        person = self.profile.candidate
        if direction == "employer_to_candidate":
            return where(person.get("timezone"), person.get("country"), person.get("region"))
        job = self.profile.job
        own: dict[str, Any] = next((one for one in self.profile.contacts if one["id"] == contact), {})
        home = own if own.get("country") is not None else job
        zone = own["timezone"] if own.get("timezone") is not None else job.get("timezone")
        return where(zone, home.get("country"), home.get("region"))


def promised(event: Past, at: Where) -> datetime:
    """When a promise is over."""
    if isinstance(event.by, datetime):
        return event.by
    assert event.by is not None  # noqa: S101  (a promise has a date)
    return end_of(event.by, at)


def _seen_events(past: History, number: int) -> list[Past]:
    told = [(event_data(*one), one[2]) for one in events_of(past, number)]
    canceled = {interview for _, interview in told if interview is not None}
    return [
        Past(
            data["id"], data["type"], data["at"], data.get("from"), _names(data), data.get("follow_up"),
            data.get("auto_reply", False), data.get("by"), data.get("to", data.get("channel")),
        )
        for data, _ in told
        if not (data["id"] in canceled and data["type"].startswith("interview_"))
    ]  # fmt: skip


def _names(data: dict[str, Any]) -> tuple[str, ...]:
    return tuple(data.get("contacts") or ([data["contact"]] if data.get("contact") else ()))


def latest(events: Sequence[Past]) -> Past | None:
    """The last of some events."""
    return events[-1] if events else None
