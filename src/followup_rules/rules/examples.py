"""Examples inside rules: an application, a moment, and the decision that must come out."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from typing_extensions import Self

from followup_rules.model.application import Application
from followup_rules.model.times import Instant
from followup_rules.model.words import Direction
from followup_rules.rules.expected import Of, Wanted

PICKS: Final = ("application", "rule", "follow_up", "direction", "occasion", "contact")
"""The keys of an expectation that say which decisions it speaks about."""

COMPARED: Final = (
    "decision", "reason", "step", "at", "until", "due_at", "expires_at", "overdue", "decided_by",
)  # fmt: skip
"""The keys that say what must come out, in the order in which differences are told."""


def _filled(raw: Any) -> Any:
    """An example may leave out what it does not speak about."""
    return {"id": "example", "status": "active", **raw} if isinstance(raw, dict) else raw


GivenApplication = Annotated[Application, BeforeValidator(_filled)]
GivenApplications = Annotated[tuple[GivenApplication, ...], Field(strict=False, min_length=1)]


class Expectation(BaseModel):
    """What the decision must be, key by key; what is not named may be anything."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        json_schema_extra={"anyOf": [{"required": [key]} for key in COMPARED]},
    )

    application: str | None = Field(default=None, description="Picks decisions for this application.")
    rule: str | None = Field(default=None, description="Picks decisions of this follow-up rule.")
    follow_up: str | None = Field(default=None, description="Picks decisions about this follow-up.")
    direction: Direction | None = Field(default=None, description="Picks decisions that travel this way.")
    occasion: str | None = Field(default=None, description="Picks decisions for this occasion.")
    contact: str | None = Field(default=None, description="Picks decisions for this contact.")
    decision: Annotated[Wanted | None, Of("decision")] = Field(
        default=None, description="What is decided; `none` is no decision at all."
    )
    reason: Annotated[Wanted | None, Of("reason")] = Field(default=None, description="Why.")
    step: Annotated[Wanted | None, Of("number")] = Field(default=None, description="Which touch of the cadence.")
    at: Annotated[Wanted | None, Of("time")] = Field(default=None, description="The moment to act.")
    until: Annotated[Wanted | None, Of("time")] = Field(default=None, description="The moment to which it waits.")
    due_at: Annotated[Wanted | None, Of("time")] = Field(default=None, description="Best by.")
    expires_at: Annotated[Wanted | None, Of("time")] = Field(default=None, description="Never after.")
    overdue: Annotated[Wanted | None, Of("truth")] = Field(default=None, description="Due before now, not yet sent.")
    decided_by: Annotated[Wanted | None, Of("text")] = Field(default=None, description="The id of the rule.")

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_null(cls, raw: Any) -> Any:
        empty = [key for key, value in raw.items() if value is None] if isinstance(raw, dict) else []
        if empty:
            text = "nothing stands behind '{key}'; leave it out, or write present: false"
            faults = [PydanticCustomError("FR103", text, {"key": key}) for key in empty]
            lines = [InitErrorDetails(type=one, loc=(key,), input=None) for key, one in zip(empty, faults, strict=True)]
            raise ValidationError.from_exception_data("expect", lines)
        return raw

    @model_validator(mode="after")
    def _compares_something(self) -> Self:
        if not any(True for _ in self.wanted):
            text = "'decision' is missing: say what must come out, as in decision: send"
            raise PydanticCustomError("FR101", text, {})
        return self

    @property
    def wanted(self) -> list[tuple[str, Wanted]]:
        """What must come out, key by key."""
        return [(key, one) for key in COMPARED if (one := getattr(self, key)) is not None]

    @property
    def picks(self) -> dict[str, str]:
        """Which decisions it speaks about."""
        return {key: one for key in PICKS if (one := getattr(self, key)) is not None}


class Example(BaseModel):
    """One case. `at` is the moment of deciding; the clock of the machine is never asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str | None = None
    at: Instant
    application: GivenApplication | None = None
    applications: GivenApplications | None = None
    expect: Expectation

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.application is None) == (self.applications is None):
            raise PydanticCustomError("FR103", "an example has either 'application' or 'applications'", {})
        return self

    @property
    def given(self) -> tuple[Application, ...]:
        """The applications that it is decided for."""
        return self.applications or ((self.application,) if self.application else ())
