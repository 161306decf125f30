"""A mapping file: what the columns of a table mean. Every fault with its place, its code and its mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.adapter import is_name
from followup_rules.errors import InvalidInput
from followup_rules.load.yaml import Document, parse, read_text
from followup_rules.model.faults import Loc, problems_of
from followup_rules.model.words import EventType, Side
from followup_rules.timing.zones import find_zone

_CODES: Final = {"missing": "FR951", "unknown": "FR952", "value": "FR953", "type": "FR953"}


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("FR953", "{said}", {"said": message})


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Cell(_Form):
    """Where a value comes from: a column, by its heading, or always the same."""

    column: str | None = Field(default=None, description="The heading of the column.")
    value: str | None = Field(default=None, description="Always this value, whatever the row says.")
    values: dict[str, str] | None = Field(default=None, description="What each word of the column means.")
    otherwise: str | None = Field(default=None, description="What every other word means, and an empty cell.")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.column is None) is (self.value is None):
            raise _fault("give 'column' or 'value', and not both")
        if self.value is not None and (self.values is not None or self.otherwise is not None):
            raise _fault("'values' and 'otherwise' go with 'column'")
        return self


def _cell(given: Any) -> Any:
    return {"column": given} if isinstance(given, str) else given


_Cell = Annotated[Cell, BeforeValidator(_cell)]


class PersonMap(_Form):
    """A candidate."""

    id: _Cell | None = None
    name: _Cell | None = None
    email: _Cell | None = None
    timezone: _Cell | None = None
    country: _Cell | None = None
    region: _Cell | None = None


class ContactMap(PersonMap):
    """Somebody at the employer's side."""

    id: _Cell
    role: _Cell | None = None


class JobMap(_Form):
    """What is applied for."""

    id: _Cell | None = None
    title: _Cell | None = None
    company: _Cell | None = None
    sector: _Cell | None = None
    timezone: _Cell | None = None
    country: _Cell | None = None
    region: _Cell | None = None


class ApplicationMap(_Form):
    """What every row says of its application. Rows with one id are one application."""

    id: _Cell
    status: _Cell | None = None
    stage: _Cell | None = None
    candidate: PersonMap = PersonMap()
    job: JobMap = JobMap()
    contacts: tuple[ContactMap, ...] = ()
    attributes: dict[str, _Cell] = Field(default_factory=dict)


class EventMap(_Form):
    """An event that a row tells of, where `at` is not empty and `when` holds."""

    type: EventType
    at: _Cell
    id: _Cell | None = None
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="The words that columns must have.")
    from_: Side | None = Field(default=None, alias="from")
    follow_up: str | None = None
    channel: str | None = None
    auto_reply: bool = False
    contact: _Cell | None = None
    subject: _Cell | None = None
    body: _Cell | None = None
    by: _Cell | None = None
    to: _Cell | None = None
    interview: _Cell | None = None

    @field_validator("when", mode="before")
    @classmethod
    def _lists(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {key: (one,) if isinstance(one, str) else one for key, one in given.items()}


class Mapping(_Form):
    """The whole file. `whole` says that a table is everything: what is not in it any more is gone."""

    schema_: Literal["followup-mapping/1"] = Field(alias="schema")
    name: str
    encoding: Literal["utf-8", "utf-16", "cp1252"] = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    timezone: str | None = None
    times: tuple[str, ...] = ()
    time_of_day: str | None = None
    whole: bool = False
    application: ApplicationMap
    events: tuple[EventMap, ...] = ()

    @field_validator("name")
    @classmethod
    def _a_word(cls, name: str) -> str:
        if not is_name(name):
            raise _fault("a name has small letters, digits and hyphens")
        return name

    @field_validator("delimiter")
    @classmethod
    def _a_mark(cls, mark: str) -> str:
        if mark in '"\r\n ':
            raise _fault("this cannot stand between cells")
        return mark

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, name: str | None) -> str | None:
        if name is not None and find_zone(name) is None:
            raise _fault(f"there is no time zone '{name[:60]}'; write it as Europe/Berlin")
        return name

    @field_validator("time_of_day")
    @classmethod
    def _a_time(cls, given: str | None) -> str | None:
        if given is not None:
            try:
                time.fromisoformat(given)
            except ValueError:
                raise _fault('write it in quotes as "12:00"') from None
        return given

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of times without an offset."""
        return None if self.timezone is None else find_zone(self.timezone)

    @property
    def at_time(self) -> time | None:
        """When on its day something happens of which only the day is known."""
        return None if self.time_of_day is None else time.fromisoformat(self.time_of_day).replace(tzinfo=None)


class Columns(NamedTuple):
    """A mapping with the file that it was read from."""

    mapping: Mapping
    document: Document
    text: str


def read_mapping(path: Path, shown: str) -> Columns:
    """The mapping of a file.

    Raises:
        InvalidInput: every fault that was found.
    """
    text = read_text(path, shown)
    document = parse(text, shown)
    try:
        mapping = Mapping.model_validate(document.data)
    except ValidationError as error:
        raise InvalidInput(problems_of(error, document.place, _CODES, _known_keys, "a mapping file")) from None
    return Columns(mapping, document, text)


_PARTS: Final[dict[str, type[_Form]]] = {
    "application": ApplicationMap, "candidate": PersonMap, "job": JobMap, "contacts": ContactMap, "events": EventMap,
}  # fmt: skip


def _known_keys(loc: Loc) -> list[str]:
    names = [str(part) for part in loc if isinstance(part, str)]
    form = _PARTS.get(names[-1], Cell) if names else Mapping
    return [field.alias or name for name, field in form.model_fields.items()]


def columns_of(part: BaseModel, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every column that a mapping names, with its place."""
    for name, field in type(part).model_fields.items():
        yield from _columns(getattr(part, name), (*loc, field.alias or name))


def _columns(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(value, Cell):
        if value.column is not None:
            yield loc, value.column
    elif loc[-1] == "when":
        yield from (((*loc, key), key) for key in value)
    elif isinstance(value, BaseModel):
        yield from columns_of(value, loc)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _columns(one, (*loc, key))
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _columns(one, (*loc, index))
