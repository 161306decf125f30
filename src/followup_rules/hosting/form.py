"""The form of a host: which of its fields say what about an application. Every fault with its path and its mend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.errors import InvalidInput, Place
from followup_rules.model.faults import Loc, problems_of
from followup_rules.model.words import EventType
from followup_rules.timing.zones import find_zone

_CODES: Final = {"missing": "FR990", "unknown": "FR991", "value": "FR992", "type": "FR992"}


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("FR992", "{said}", {"said": message})


def word(value: object) -> str:
    """A value of a host as the word that a form can name: `true` and `false`, else its text."""
    value = getattr(value, "value", value) if not isinstance(value, str) else value
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Cell(_Part):
    """Where a value comes from: a path of fields, as in `stage.name`, or always the same."""

    path: str | None = None
    value: str | None = None
    values: dict[str, str] | None = None
    otherwise: str | None = None

    @field_validator("values", mode="before")
    @classmethod
    def _by_word(cls, given: Any) -> Any:
        return {word(key): one for key, one in given.items()} if isinstance(given, Mapping) else given

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.path is None) is (self.value is None):
            raise _fault("give 'path' or 'value', and not both")
        if self.value is not None and (self.values is not None or self.otherwise is not None):
            raise _fault("'values' and 'otherwise' go with 'path'")
        return self


def _cell(given: Any) -> Any:
    return {"path": given} if isinstance(given, str) else given


AnyCell = Annotated[Cell, BeforeValidator(_cell)]


class PersonForm(_Part):
    """A candidate."""

    id: AnyCell | None = None
    name: AnyCell | None = None
    email: AnyCell | None = None
    timezone: AnyCell | None = None
    country: AnyCell | None = None
    region: AnyCell | None = None


class ContactForm(PersonForm):
    """Somebody at the employer's side; with `each`, everybody that the path leads to."""

    each: str | None = None
    id: AnyCell
    role: AnyCell | None = None


class JobForm(_Part):
    """What is applied for."""

    id: AnyCell | None = None
    title: AnyCell | None = None
    company: AnyCell | None = None
    sector: AnyCell | None = None
    timezone: AnyCell | None = None
    country: AnyCell | None = None
    region: AnyCell | None = None


class EventForm(_Part):
    """What happened where `at` is not empty and `when` holds; with `each`, once for everything the path leads to.

    The event's id is its type and the `id` of what it was made of, so that a host's own numbers never run together.
    `interview` is the id of what an `interview_scheduled` was made of.
    """

    type: EventType
    at: AnyCell
    each: str | None = None
    id: AnyCell | None = None
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    from_: AnyCell | None = Field(default=None, alias="from")
    follow_up: AnyCell | None = None
    channel: AnyCell | None = None
    auto_reply: AnyCell | None = None
    contact: AnyCell | None = None
    subject: AnyCell | None = None
    body: AnyCell | None = None
    by: AnyCell | None = None
    to: AnyCell | None = None
    interview: AnyCell | None = None

    @field_validator("when", mode="before")
    @classmethod
    def _words(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {key: [word(w) for w in (one if isinstance(one, list | tuple) else [one])] for key, one in given.items()}


class Form(_Part):
    """The whole form. `timezone` is the zone of times without one, `time_of_day` when a day's events happened."""

    id: AnyCell
    status: AnyCell
    stage: AnyCell | None = None
    candidate: PersonForm = PersonForm()
    job: JobForm = JobForm()
    contacts: tuple[ContactForm, ...] = ()
    attributes: dict[str, AnyCell] = Field(default_factory=dict)
    notes: str | None = None
    skills: str | None = None
    events: tuple[EventForm, ...] = ()
    timezone: str | None = None
    time_of_day: str | None = None

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, name: str | None) -> str | None:
        if name is not None and find_zone(name) is None:
            raise _fault(f"there is no time zone '{name[:60]}'; write it as Europe/Berlin")
        return name

    @field_validator("time_of_day")
    @classmethod
    def _a_time(cls, given: str | None) -> str | None:
        try:
            _ = given is None or time.fromisoformat(given)
        except ValueError:
            raise _fault('write it in quotes as "12:00"') from None
        return given

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of times without one."""
        return None if self.timezone is None else find_zone(self.timezone)

    @property
    def at_time(self) -> time | None:
        """When on its day something happens of which only the day is known."""
        return None if self.time_of_day is None else time.fromisoformat(self.time_of_day).replace(tzinfo=None)


_PARTS: Final[dict[str, type[_Part]]] = {
    "candidate": PersonForm, "job": JobForm, "contacts": ContactForm, "events": EventForm,
}  # fmt: skip


def _known_keys(loc: Loc) -> list[str]:
    names = [str(part) for part in loc if isinstance(part, str)]
    form = _PARTS.get(names[-1], Cell) if names else Form
    return [field.alias or name for name, field in form.model_fields.items()]


def read_form(data: object, shown: str = "the host's form") -> Form:
    """The form in a host's settings.

    Args:
        data: plain data, as a settings module or a YAML file holds it.
        shown: what the settings are called, for the places of faults.

    Raises:
        InvalidInput: FR990 to FR992, every fault that was found.
    """
    try:
        return Form.model_validate(data)
    except ValidationError as error:
        found = problems_of(
            error, lambda loc, _key: Place(".".join([shown, *map(str, loc)])), _CODES, _known_keys, "a host's form"
        )
        raise InvalidInput(found) from None
