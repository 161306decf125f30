"""What the API takes and gives, as models: the OpenAPI document is made from them, and nothing else is read."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from followup_rules.model.words import Direction

MOST_APPLICATIONS: Final = 1000

_TIME: Final = (
    r"^(19[1-9][0-9]|2[0-8][0-9][0-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""What every reader of the description can keep to. A few moments more are taken."""

Given = Annotated[dict[str, Any], Field(description="An application, as `followup-rules schema application` says.")]
At = Annotated[
    str,
    StringConstraints(max_length=40),
    Field(
        description="Decide as of this RFC 3339 time. Default: now.",
        examples=["2026-11-10T10:00:00-05:00"],
        json_schema_extra={"pattern": _TIME},
    ),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class PlanRequest(_Form):
    """Applications to decide. What cannot be used is refused alone."""

    applications: Annotated[list[Given], Field(min_length=1, max_length=MOST_APPLICATIONS)]
    at: At | None = None


class CheckRequest(_Form):
    """A message to judge, and what it belongs to, where that is known."""

    body: Annotated[str, StringConstraints(max_length=100_000)]
    subject: Annotated[str, StringConstraints(max_length=1000)] = ""
    application: Given | None = None
    at: At | None = None
    direction: Direction | None = None
    follow_up: Name | None = None
    contact: Name | None = None


class WhyRequest(_Form):
    """One application: itself, or the id of one in the store of the service."""

    application: Given | Name
    at: At | None = None


class Fault(_Form):
    """One thing that is wrong with the input."""

    code: str
    at: str
    message: str
    hint: str = ""


class Refused(_Form):
    """An application that cannot be used."""

    application: str | None
    problems: list[Fault]


class PlanAnswer(_Form):
    """The decisions, in the order of the applications."""

    at: str
    rules: str = Field(description="The fingerprint of the rules that decided.")
    decisions: list[dict[str, Any]]
    refused: list[Refused]


class CheckAnswer(_Form):
    """What is wrong with the message. It was not judged where what it belongs to is refused."""

    judged: bool
    rules: str
    findings: list[dict[str, Any]]
    refused: list[Refused]


class Reason(_Form):
    """What one rule says, with where it stands."""

    rule: str
    verdict: Literal["send", "wait", "revise", "hold", "stop"]
    decides: bool
    sentence: str
    place: str


class Explained(_Form):
    """One decision, told in sentences."""

    headline: str
    reasons: list[Reason]
    would_change: str
    decision: dict[str, Any]


class WhyAnswer(_Form):
    """The whole reasoning about one application."""

    at: str
    rules: str
    application: str | None
    explained: list[Explained]
    refused: list[Refused]


class ProblemAnswer(_Form):
    """An error, as RFC 9457 says."""

    type: str
    title: str
    status: int
    detail: str
    code: str | None = None
    errors: list[Fault] | None = None
