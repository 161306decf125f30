"""Scenario files: applications, a start, and moments with what happens and what must be decided then."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.model.application import Attributes
from followup_rules.model.times import UTC, parse_time
from followup_rules.model.words import Status
from followup_rules.rules.base import Text
from followup_rules.rules.examples import Expectation, GivenApplication, GivenApplications
from followup_rules.rules.lengths import Length, parse_length

SCHEMA: Final = "followup-rules-test/1"
_OFFSET: Final = re.compile(r"([+-])(\d\d):(\d\d)$", re.ASCII)
_ELAPSED: Final = ("minutes", "hours", "days", "weeks")
_TIME: Final = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}[Tt ]"}
_AFTER: Final = {"type": "string", "pattern": r"^\+\d+ (minutes?|hours?|days?|weeks?)$"}


def parse_start(raw: object) -> datetime:
    """An exact time that keeps the offset it is written with, so that days are counted on that clock."""
    moment = parse_time(raw)
    match = _OFFSET.search(raw) if isinstance(raw, str) else None
    if match is None:
        return moment
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return moment.astimezone(timezone(-offset if sign == "-" else offset)) if offset else moment


def parse_when(raw: object) -> Length | datetime:
    """A moment: a length after the start, as in `+26 hours`, or an exact time.

    Raises:
        PydanticCustomError: FR408 for lengths that this clock cannot count, FR107 or FR205 for what is neither.
    """
    if not isinstance(raw, str) or not raw.startswith("+"):
        mend = _forgotten_plus(raw)
        if mend:
            text = "'{raw}' is no moment; write '{mend}' for a length after the start"
            raise PydanticCustomError("FR205", text, {"raw": str(raw)[:60], "mend": mend})
        return parse_start(raw)
    length = parse_length(raw[1:].strip())
    if length.unit not in _ELAPSED:
        text = "'{raw}' counts business time, which differs from place to place; write days, hours or the time itself"
        raise PydanticCustomError("FR408", text, {"raw": raw[:60]})
    return length


def _forgotten_plus(raw: object) -> str:
    try:
        return f"+{parse_length(raw)}"
    except PydanticCustomError:
        return ""


def moment_of(when: Length | datetime, start: datetime) -> datetime:
    """The instant that is meant, on the clock of the start.

    Raises:
        PydanticCustomError: FR205, where it is beyond all calendars.
    """
    if isinstance(when, datetime):
        return when.astimezone(start.tzinfo)
    try:
        found = start + timedelta(**{when.unit: when.amount})
    except OverflowError:
        raise PydanticCustomError("FR205", "is beyond all calendars", {}) from None
    parse_time(found.astimezone(UTC))
    return found


def _several(raw: Any) -> Any:
    if raw is None or raw == {}:
        return ()
    return [raw] if isinstance(raw, dict) else raw


When = Annotated[Length | datetime, PlainValidator(parse_when), WithJsonSchema({"anyOf": [_AFTER, _TIME]})]
Start = Annotated[datetime, PlainValidator(parse_start), WithJsonSchema(_TIME)]
_EVENT: Final = {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}}
RawEvents = Annotated[
    tuple[dict[str, Any], ...], Field(strict=False), WithJsonSchema({"type": "array", "items": _EVENT})
]


class Moment(BaseModel):
    """What happens at one moment, and what must be decided then."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    at: When = Field(description="A length after `start`, as in `+26 hours`, or a time; moments never go back.")
    application: str | None = Field(default=None, description="Whose moment it is, where there are several.")
    events: RawEvents = Field(default=(), description="What becomes known now; `id` and `at` may be left out.")
    status: Status = Field(default="active", description="The application's status from now on.")
    stage: str | None = Field(default=None, description="The application's stage from now on.")
    attributes: Attributes = Field(default_factory=dict, description="Attributes that change now.")
    expect: Annotated[tuple[Expectation, ...], BeforeValidator(_several), Field(strict=False)] = Field(
        default=(), description="What must be decided now; one or several."
    )
    carry_out: bool = Field(default=False, description="Every `send` decided now becomes a message.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set - {"at", "application"}:
            text = "a moment at which nothing happens and nothing is expected; give it 'events' or 'expect'"
            raise PydanticCustomError("FR405", text, {})
        return self


class Scenario(BaseModel):
    """A story: who it is about, when it starts, and what happens."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: Text = Field(description="What it shows, in one line.")
    start: Start = Field(description="When it starts; its offset is the clock on which days are counted.")
    application: GivenApplication | None = Field(default=None, description="As it is at the start.")
    applications: GivenApplications | None = Field(default=None, description="Several, in place of one.")
    moments: Annotated[tuple[Moment, ...], Field(strict=False, min_length=1)] = Field(
        description="What happens, in order of time."
    )

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.application is None) == (self.applications is None):
            raise PydanticCustomError("FR103", "a scenario has either 'application' or 'applications'", {})
        return self


class ScenarioFile(BaseModel):
    """A file of scenarios. `rules` are paths from this file, or packs by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_: Literal["followup-rules-test/1"] = Field(alias="schema")
    rules: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None, description="Rule files by path from this file, or packs; default: the file it is named after."
    )
    scenarios: Annotated[tuple[Scenario, ...], Field(strict=False)] = Field(description="The stories.")
