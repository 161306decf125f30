"""The form of a vendor file: settings, signing in, actions, limits."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.adapter import CAPABILITY_OF, Capability
from followup_rules.model.words import Do
from followup_rules.vendors.model_base import Evidence, Form, Request, Template
from followup_rules.vendors.model_reads import Paging, Reads
from followup_rules.vendors.model_webhook import Webhook

SCHEMA: Final = "followup-vendor/1"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
SettingName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Setting(Form):
    """One thing that the adapter must be told."""

    about: str = Field(description="What it is, in one sentence.")
    kind: Literal["text", "id", "url", "secret", "flag", "choice", "texts"] = "text"
    default: str | bool | None = None
    optional: bool = False
    choices: tuple[str, ...] = ()


class Equals(Form):
    """A value in the answer that must be there."""

    path: str
    equals: str | int | bool


class Success(Form):
    """How an answer says that it is done."""

    status: tuple[int, ...] = (200, 201)
    answer: Equals | None = Field(default=None, alias="json")
    fault: str | None = Field(default=None, description="Where in the answer the reason of a refusal stands.")


class Search(Form):
    """Where what was written can be found again: records, and the text that holds the marker."""

    request: Request
    items: str = ""
    text: tuple[str, ...] = Field(min_length=1, description="Where in a record the marker may stand.")
    id: str = "id"
    settles: float = Field(default=0, ge=0, description="Seconds until the search shows what was written.")
    mark: Template = Field(default="{{ marker }}", description="What the text must hold.")
    paging: Paging = Paging()
    evidence: Evidence


class Action(Form):
    """What is asked of the vendor for one kind of action."""

    evidence: Evidence
    request: Request
    success: Success = Success()
    id: str = Field(default="id", description="Where the answer names the record that was made; empty: nowhere.")
    recognised: Literal["search", "natural", "none"]
    search: Search | None = None
    repeated: tuple[int, ...] = Field(default=(), description="Statuses that say that the record was there already.")

    @model_validator(mode="after")
    def _can_be_recognised(self) -> Self:
        if (self.recognised == "none") is (self.search is not None):
            text = "'search' belongs to 'recognised: search' or 'natural', which need it"
            raise PydanticCustomError("FR922", text, {})
        return self


class Basic(Form):
    """A user and a password in the header `Authorization`."""

    type: Literal["basic"]
    user: Template
    password: Template = ""


class Bearer(Form):
    """A token that never changes in the header `Authorization`."""

    type: Literal["bearer"]
    token: Template


class Header(Form):
    """A key in a header."""

    type: Literal["header"]
    name: str
    value: Template


class Token(Form):
    """A token fetched with OAuth: client credentials, or whatever `form` says."""

    type: Literal["oauth"]
    url: Template
    client: Template
    secret: Template
    sent: Literal["basic", "body"] = "basic"
    form: dict[str, Template] = Field(default_factory=lambda: {"grant_type": "client_credentials"})
    token: str = "access_token"  # noqa: S105  (a path)
    lasts: str | None = Field(default="expires_in", description="Where the answer says for how many seconds.")
    until: str | None = Field(default=None, description="Where the answer says until when.")
    value: Template = "Bearer {{ token }}"


class Session(Form):
    """A login whose answer gives a token, and the address of what is asked from then on."""

    type: Literal["session"]
    url: Template
    query: dict[str, Template] = Field(default_factory=dict)
    form: dict[str, Template] | None = Field(
        default=None, alias="json", description="What is posted, instead of asked."
    )
    token: str
    base: str | None = None
    trusted: str = Field(default="", description="The domain that the address must be in.")
    header: str
    value: Template = "{{ token }}"
    expired: tuple[int, ...] = (401,)


class Limits(Form):
    """How the vendor says that it is asked too much; header names."""

    remaining: str | None = None
    reset: str | None = None
    reset_in: Literal["seconds", "timestamp"] = "seconds"
    retry_after: str = "Retry-After"
    pause: float | None = Field(default=None, description="Seconds to wait where a 429 names no time.")


class Vendor(Form):
    """A vendor file."""

    form: Literal["followup-vendor/1"] = Field(alias="schema")
    vendor: Name
    title: str
    settings: dict[SettingName, Setting]
    base: Template
    auth: Annotated[Basic | Bearer | Header | Token | Session, Field(discriminator="type")]
    headers: dict[str, Template] = Field(default_factory=dict)
    secret_headers: dict[str, Template] = Field(default_factory=dict, description="Headers that hold secrets.")
    questions: Success = Field(
        default=Success(status=(200, 204)),
        description="How answers to questions, that write nothing, say that they are fine.",
    )
    limits: Limits = Limits()
    actions: dict[Do, Action] = Field(default_factory=dict)
    reads: Reads | None = None
    webhook: Webhook | None = None
    test: Request | None = None

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What an adapter made of this can do."""
        able: set[Capability] = {CAPABILITY_OF[do] for do in self.actions}
        if self.reads is not None:
            able.add("read_applications")
            if any(event.type.startswith("interview_") for event in self.reads.events):
                able.add("read_interviews")
        if self.webhook is not None:
            able.add("webhook")
        return frozenset(able)
