"""What the adapter must be told: where Odoo is, who asks, what its stages mean."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from followup_rules.adapter import AdapterSettings, Secret
from followup_rules.mailing.server import is_loopback
from followup_rules.model.words import STATUSES, Status

Model = Literal["hr.applicant", "crm.lead"]
MODELS: Final[tuple[Model, ...]] = get_args(Model)
StageEvent = Literal[
    "interview_completed", "meeting_booked", "offer_made", "rejected", "withdrawn", "hired", "opted_out"
]  # fmt: skip
STAGE_EVENTS: Final[tuple[StageEvent, ...]] = get_args(StageEvent)


class Stage(BaseModel):
    """What it means to stand in a stage, and what has happened when it is reached."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    status: Status | None = None
    event: StageEvent | None = None


def _in_a_word(given: Any) -> Any:
    """`rejected` is both, `on_hold` a status, `offer_made` an event."""
    if not isinstance(given, str):
        return given
    found = {"status": given} if given in STATUSES else {}
    return {**found, "event": given} if given in STAGE_EVENTS or not found else found


Meaning = Annotated[Stage, BeforeValidator(_in_a_word)]


class OdooSettings(AdapterSettings):
    """Which Odoo, who asks, and what its words mean."""

    url: str = Field(description="Odoo's address, without a path.")
    database: str = Field(min_length=1, max_length=200, description="The name of its database.")
    key: Secret = Field(description="An API key of the account that asks.")
    user: str | None = Field(default=None, description="Its login, which XML-RPC asks for.")
    api: Literal["auto", "json-2", "xml-rpc"] = Field(
        default="auto", description="JSON-2 for Odoo 19 and newer, XML-RPC for 18 and older."
    )
    insecure: bool = Field(default=False, description="Plain http; only on this machine itself.")
    timeout: float = Field(default=30.0, gt=0, le=600, description="Seconds to wait for each answer.")
    language: str = Field(default="en_US", pattern=r"^[A-Za-z_@]{2,20}$", description="Of the names in 'stages'.")
    activity_type: str = Field(
        default="mail.mail_activity_data_todo", pattern=r"^\w+\.\w+$", description="External id of the activity type."
    )
    ended: Literal["refuse", "write"] = Field(
        default="refuse", description="What becomes of an action whose record has ended in Odoo by then."
    )
    read: tuple[Model, ...] = Field(default=("hr.applicant",), min_length=1, description="What is read.")
    page: int = Field(default=100, ge=1, le=1000, description="Records in one page of reading.")
    stages: dict[str, Meaning] = Field(
        default_factory=lambda: {"Contract Proposal": Stage(event="offer_made")},
        description="What stages mean, by their names.",
    )
    withdrawn_reasons: tuple[str, ...] = Field(
        default=("Refused by applicant: job fit", "Refused by applicant: salary"),
        description="Refuse reasons by which a candidate has withdrawn.",
    )
    timezone: str | None = Field(default=None, description="Of jobs, where Odoo knows none for the company.")
    country: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}$", description="Of jobs, where Odoo knows none for the company."
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in ("https", "http") or not parts.hostname or not given.isascii() or " " in given:
            raise ValueError("is no address that begins with https://")
        if parts.username is not None or parts.password is not None:
            raise ValueError("holds a user or password: they are settings of their own")
        if parts.query or parts.fragment or parts.path.strip("/") or not given.isprintable():
            raise ValueError("has more in it than a host")
        _ = parts.port  # which raises where it is none
        return given.rstrip("/")

    @field_validator("database", "user")
    @classmethod
    def _fits_a_header(cls, given: str | None) -> str | None:
        if given is not None and not (given.isascii() and given.isprintable()):
            raise ValueError("has marks in it that no header can hold")
        return given

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, given: str | None) -> str | None:
        from followup_rules.timing.zones import find_zone

        if given is not None and find_zone(given) is None:
            raise ValueError("is no time zone")
        return given

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not (self.insecure and is_loopback(parts.hostname or "")):
            raise ValueError("plain http is only for a server on this machine, and with 'insecure: true'")
        if self.api == "xml-rpc" and self.user is None:
            raise ValueError("'api: xml-rpc' needs the login as 'user'")
        return self
