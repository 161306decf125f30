"""Examples inside rules: an application, a moment, and the decision that must come out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.model.application import Application
from followup_rules.model.times import Instant
from followup_rules.model.words import Direction, Outcome, Reason


def _filled(raw: Any) -> Any:
    """An example may leave out what it does not speak about."""
    return {"id": "example", "status": "active", **raw} if isinstance(raw, dict) else raw


class Expectation(BaseModel):
    """What the decision must be, key by key; what is not named may be anything."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    decision: Outcome | Literal["none"]
    reason: Reason | None = None
    step: int | None = None
    application: str | None = None
    rule: str | None = None
    follow_up: str | None = None
    direction: Direction | None = None
    occasion: str | None = None
    at: Instant | None = None
    due_at: Instant | None = None
    expires_at: Instant | None = None
    overdue: bool | None = None
    decided_by: str | None = None


class Example(BaseModel):
    """One case. `at` is the moment of deciding; the clock of the machine is never asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str | None = None
    at: Instant
    application: Annotated[Application, BeforeValidator(_filled)] | None = None
    applications: (
        Annotated[tuple[Annotated[Application, BeforeValidator(_filled)], ...], Field(strict=False, min_length=1)]
        | None
    ) = None
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
