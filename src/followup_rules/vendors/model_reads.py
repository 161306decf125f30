"""The form of `reads` in a vendor file: how pages follow each other, and which field becomes which word of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from followup_rules.model.words import EventType, Status
from followup_rules.vendors.model_base import Evidence, Form, Request


class Paging(Form):
    """How the next page is asked for.

    `link` follows the header `Link`, `next_url` an address in the answer, `cursor` sends a value of the answer,
    `offset` counts records and `page` counts pages.
    """

    by: Literal["none", "link", "next_url", "cursor", "offset", "page"] = "none"
    next: str = Field(default="", description="Where in the answer the next address or cursor stands.")
    more: str = Field(default="", description="Where in the answer stands whether there is more.")
    done: str = Field(default="", description="Where in the answer stands whether this was all.")
    send: str = Field(default="", description="The parameter that carries the cursor, offset or page.")
    into: Literal["query", "json"] = "query"
    null: bool = Field(default=False, description="`null` in place of the records means that there are none.")
    size: int = Field(default=100, ge=1, description="Records on a full page.")
    start: int = 0


class Value(Form):
    """A value of ours, from a record of theirs. The first path with a value counts."""

    path: str | tuple[str, ...] = ()
    join: tuple[str, ...] = Field(default=(), description="Paths whose texts are joined by spaces.")
    map: dict[str, str] | None = Field(default=None, description="Their word to ours; others are left out.")
    plus_minutes: str = Field(default="", description="For times: a path to minutes that are added.")
    unit: Literal["iso", "milliseconds"] = Field(default="iso", description="For times: how theirs are written.")


Field_ = str | Value


class When(Form):
    """A test of a record."""

    path: str
    among: tuple[str, ...] = Field(default=(), description="One of these, compared as texts.")
    setting: str = Field(default="", description="A setting that lists them.")
    present: bool | None = None


class StatusRule(Form):
    """The first that holds says the status."""

    when: tuple[When, ...] = ()
    status: Status = Field(alias="is")


class EventRule(Form):
    """One event for each record, or for each entry of a list in it."""

    type: EventType
    each: str = Field(default="", description="A list inside the record.")
    id: str = Field(default="", description="What tells it from others of its type: a path.")
    at: Field_
    when: tuple[When, ...] = ()
    to: Field_ | None = None
    interview: bool = Field(default=False, description="It completes or cancels the interview of the same id.")


class Person(Form):
    """Candidate or job: fields of ours."""

    id: Field_ | None = None
    name: Field_ | None = None
    email: Field_ | None = None
    title: Field_ | None = None
    company: Field_ | None = None


class Beside(Form):
    """More records that belong to applications, asked for some of them at a time."""

    request: Request
    batch: int = Field(default=1, ge=1)
    items: str = ""
    by: str = Field(default="", description="Where a record names its application; empty where one was asked for.")
    paging: Paging = Paging()
    events: tuple[EventRule, ...]
    evidence: Evidence


class Reads(Form):
    """How applications are read."""

    evidence: Evidence
    request: Request
    since: dict[str, str] = Field(default_factory=dict, description="Parameters that ask for changes only.")
    sync: str = Field(default="", description="A token for changes: where it stands, and the parameter that sends it.")
    since_into: Literal["query", "json"] = "query"
    items: str = ""
    paging: Paging = Paging()
    skip: tuple[When, ...] = Field(default=(), description="Records that are no applications.")
    id: str = "id"
    status: tuple[StatusRule, ...] = Field(min_length=1)
    stage: Field_ | None = None
    candidate: Person = Person()
    job: Person = Person()
    own_events: tuple[EventRule, ...] = Field(default=(), alias="events")
    beside: tuple[Beside, ...] = ()

    @property
    def events(self) -> Iterator[EventRule]:
        """Every event rule, those of the records beside included."""
        yield from self.own_events
        for one in self.beside:
            yield from one.events
