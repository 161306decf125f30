"""One candidate for one job, with its timeline of events: the input, validated and frozen."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError
from typing_extensions import Self

from followup_rules.model.times import DateOrInstant, Instant
from followup_rules.model.words import ORDINARY_TALK, EventType, Side, Status

_DEEPEST: Final = 30
_EVERY_EVENT: Final = frozenset({"id", "type", "at", "contact", "contacts"})
_KEYS_OF: Final[dict[str, frozenset[str]]] = {
    "message": frozenset({"from", "follow_up", "channel", "auto_reply", "subject", "body"}),
    "note": frozenset({"subject", "body"}),
    "decision_promised": frozenset({"by"}),
    "stage_changed": frozenset({"to"}),
    "interview_canceled": frozenset({"interview"}),
    "interview_completed": frozenset({"interview"}),
}
_NEEDED: Final = {
    "message": "from",
    "decision_promised": "by",
    "stage_changed": "to",
    "interview_canceled": "interview",
}


def _printable(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > 200:
        raise PydanticCustomError(
            "FR211",
            "the id {id} is empty, longer than 200 characters or has control characters in it",
            {"id": ascii(text[:60])},
        )
    return text


def _json(value: Any, depth: int = 0) -> Any:
    """Anything JSON: finite numbers, text keys, no deeper than 30."""
    if depth > _DEEPEST:
        raise PydanticCustomError("FR203", "is nested more than 30 deep", {})
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("FR203", "is no number that can be compared", {})
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise PydanticCustomError("FR203", "has a key that is no text", {})
            _json(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            _json(inner, depth + 1)
    elif value is not None and not isinstance(value, str | bool | int | float):
        raise PydanticCustomError("FR203", "is not JSON", {})
    return value


Id = Annotated[str, AfterValidator(_printable)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
Ids = Annotated[tuple[Id, ...], Field(strict=False)]
Attributes = Annotated[dict[str, Any], BeforeValidator(_json)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Person(_Frozen):
    """What candidates and contacts have in common; a text that is not known is left out."""

    id: Id | None = None
    name: str | None = None
    email: str | None = None
    timezone: str | None = None
    country: str | None = None
    region: str | None = None


class Candidate(Person):
    """Who applies."""


class Contact(Person):
    """Somebody at the employer's side; events name contacts by id."""

    id: Id
    role: str | None = None


class Job(_Frozen):
    """What is applied for; its place stands in where a contact's is not given."""

    id: Id | None = None
    title: str | None = None
    company: str | None = None
    sector: str | None = None
    timezone: str | None = None
    country: str | None = None
    region: str | None = None


class Event(_Frozen):
    """One dated thing that happened, `at` a moment in UTC."""

    id: Id
    type: EventType
    at: Instant
    contact: Id | None = None
    contacts: Ids | None = None
    from_: Side | None = Field(default=None, alias="from")
    follow_up: str | None = None
    channel: str | None = None
    auto_reply: bool = False
    subject: str | None = None
    body: str | None = None
    by: DateOrInstant | None = None
    to: str | None = None
    interview: Id | None = None

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The contacts that it names, in its own order."""
        return self.contacts or ((self.contact,) if self.contact else ())

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValidationError.from_exception_data("event", faults)
        _ = self.named  # worked out once, while reading
        return self

    def _faults(self) -> Iterator[InitErrorDetails]:
        own = _KEYS_OF.get(self.type, frozenset())
        for field in self.model_fields_set:
            key = "from" if field == "from_" else field
            if key not in _EVERY_EVENT and key not in own:
                yield _fault("FR204", "a {type} event has no '{key}'", (key,), type=self.type, key=key)
        needed = _NEEDED.get(self.type)
        if needed and getattr(self, "from_" if needed == "from" else needed) is None:
            yield _fault("FR202", "a {type} event needs '{key}'", (), type=self.type, key=needed)
        if self.contact is not None and self.contacts is not None:
            yield _fault("FR203", "'contact' beside 'contacts': give one of the two", ("contacts",))
        if self.contacts is not None and len(set(self.contacts)) != len(self.contacts):
            yield _fault("FR203", "a contact is named twice", ("contacts",))

    @property
    def labelled_ordinary(self) -> bool:
        """True for talk that uses up no step of any follow-up."""
        return self.follow_up == ORDINARY_TALK


def _in_order(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Sort by (at, id); identical events with one id are one event, different ones are refused."""
    known: dict[str, Event] = {}
    doubled = dict.fromkeys(event.id for event in events if known.setdefault(event.id, event) != event)
    if doubled:
        text = "two different events have the id '{id}'"
        raise ValidationError.from_exception_data("events", [_fault("FR209", text, (one,), id=one) for one in doubled])
    return tuple(sorted(known.values(), key=lambda event: (event.at, event.id)))


class Application(_Frozen):
    """One candidate for one job. `events` are in order of (`at`, `id`), without repetitions."""

    id: Id
    status: Status
    candidate: Candidate = Candidate()
    job: Job = Job()
    contacts: Annotated[tuple[Contact, ...], Field(strict=False)] = ()
    stage: str | None = None
    attributes: Attributes = Field(default_factory=dict)
    notes: Texts = ()
    skills: Texts = ()
    events: Annotated[tuple[Event, ...], Field(strict=False), AfterValidator(_in_order)] = ()

    @cached_property
    def _contacts_by_id(self) -> dict[str, Contact]:
        return {contact.id: contact for contact in self.contacts}

    def contact(self, contact: str | None) -> Contact | None:
        """The listed contact of that id."""
        return None if contact is None else self._contacts_by_id.get(contact)

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValidationError.from_exception_data("application", faults)
        return self

    def _faults(self) -> Iterator[InitErrorDetails]:
        listed = {contact.id for contact in self.contacts}
        if len(listed) != len(self.contacts):
            yield _fault("FR203", "two contacts have one id", ("contacts",))
        interviews = {e.id: e.type for e in self.events if e.type in ("interview_scheduled", "interview_completed")}
        for event in self.events:
            for name in event.named:
                if name not in listed:
                    yield _fault(
                        "FR207",
                        "event '{event}' names the contact '{id}', who is not listed in contacts",
                        ("events", event.id),
                        event=event.id,
                        id=name,
                    )
            if event.interview is None:
                continue
            found = interviews.get(event.interview)
            if found is None or (event.type == "interview_completed" and found != "interview_scheduled"):
                yield _fault(
                    "FR208",
                    "event '{event}' names the interview '{id}', which is not there",
                    ("events", event.id),
                    event=event.id,
                    id=event.interview,
                )


def _fault(code: str, message: str, loc: tuple[str | int, ...], **context: object) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError(code, message, context),
        loc=loc,
        input=None,
    )


def promised_moment(event: Event) -> tuple[date | None, datetime | None]:
    """The date or the exact time by which a decision was promised; one of the two is set."""
    if isinstance(event.by, datetime):
        return None, event.by
    return event.by, None
