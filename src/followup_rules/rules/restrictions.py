"""The kinds that hold back: `send_window`, `limit`, `cooldown`, `stop`; and `message`, which judges texts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from followup_rules.errors import did_you_mean
from followup_rules.model.words import ENDED, EVENT_TYPES, Per
from followup_rules.rules.base import Restriction, Text, ZoneName
from followup_rules.rules.follow_up import _once_each
from followup_rules.rules.lengths import LengthField
from followup_rules.rules.windows import WeekField

STOPPERS = (*EVENT_TYPES, "reply")
"""What can stop a follow-up: event types (`rejected`, `withdrawn` and `hired` also as statuses) and `reply`."""

MUST_STOP = ("reply", *ENDED, "opted_out")
"""What must stop every follow-up, without a condition."""


def _at_least_one(value: Any) -> Any:
    if value == 0 and isinstance(value, int) and not isinstance(value, bool):
        raise PydanticCustomError("FR103", "a limit of 0 never sends; use kind: stop to say so", {})
    return value


def _decimal(value: Any) -> Any:
    """Exact: 1.1 in the file is 1.1, not the nearest binary fraction."""
    if isinstance(value, Decimal | bool) or not isinstance(value, int | float):
        return value
    return Decimal(str(value))


def _stopper(text: Any) -> Any:
    if isinstance(text, str) and text not in STOPPERS:
        mend = did_you_mean(text, STOPPERS) or f"known are {', '.join(STOPPERS)}"
        raise PydanticCustomError(
            "FR103", "nothing called '{text}' can stop a follow-up; {mend}", {"text": text, "mend": mend}
        )
    return text


def _zone_or_recipient(text: Any) -> Any:
    return None if text == "recipient" else text


_PER = Field(description="Counted over this application, all of the candidate, or all to the recipient.")


class SendWindow(Restriction):
    """When a message may go out; several that apply intersect, none means always."""

    kind: Literal["send_window"]
    open: WeekField = Field(description="Such as `Mon-Fri 09:00-17:30`; a list is a union.")
    in_: Annotated[
        ZoneName | None,
        BeforeValidator(_zone_or_recipient),
        WithJsonSchema({"type": "string", "default": "recipient"}),
    ] = Field(default=None, alias="in", description="`recipient`, or an IANA zone.")
    skip_holidays: bool = Field(default=False, description="Shut on public holidays of the recipient's calendar.")
    fallback_timezone: ZoneName | None = Field(default=None, description="Used where the recipient's zone is unknown.")


class Limit(Restriction):
    """How many touches at most."""

    kind: Literal["limit"]
    at_most: Annotated[int, BeforeValidator(_at_least_one), Field(ge=1)]
    per: Per = _PER
    within: LengthField | None = Field(default=None, description="Counted over this rolling length.")
    since: Literal["reply", "anchor"] | None = Field(default=None, description="Counted only after this.")


class Cooldown(Restriction):
    """How far apart touches are."""

    kind: Literal["cooldown"]
    at_least: LengthField = Field(description="Since the last touch.")
    per: Per = _PER
    backoff: Annotated[
        Decimal,
        BeforeValidator(_decimal),
        Field(ge=1, le=1000),
        WithJsonSchema({"type": "number", "minimum": 1}),
    ] = Field(
        default=Decimal(1),
        description="The wait after the n-th touch since the last reply grows by this to the n-1.",
    )


class Stop(Restriction):
    """What ends a follow-up."""

    kind: Literal["stop"]
    on: Annotated[
        tuple[Annotated[str, BeforeValidator(_stopper)], ...],
        Field(strict=False, min_length=1),
        AfterValidator(_once_each),
        WithJsonSchema({"type": "array", "items": {"enum": list(STOPPERS)}, "minItems": 1, "uniqueItems": True}),
    ]
    since: Literal["anchor", "ever"] = Field(default="anchor", description="Only after the anchor, or ever.")


class Message(Restriction):
    """What a text must have or must not have."""

    kind: Literal["message"]
    check: Text = Field(description="The check that is made.")
    with_: dict[str, Any] = Field(default_factory=dict, alias="with", description="Options of the check.")
