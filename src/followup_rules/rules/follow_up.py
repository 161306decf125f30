"""`follow_up`: what to send, and when."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.errors import did_you_mean
from followup_rules.model.words import EVENT_TYPES, Direction, Do
from followup_rules.rules.base import FollowUpName, Rule, Text
from followup_rules.rules.lengths import Length, LengthField

ANCHORS = (*(event for event in EVENT_TYPES if event != "message"), "reply")
_NOW = Length(0, "minutes")


def _anchor(text: Any) -> Any:
    if text == "message":
        raise PydanticCustomError(
            "FR113",
            "a follow-up cannot count from its own message; write 'after: reply' for the other side's latest one",
            {},
        )
    if isinstance(text, str) and text not in ANCHORS:
        mend = did_you_mean(text, ANCHORS) or f"known are {', '.join(ANCHORS)}"
        raise PydanticCustomError("FR113", "'{text}' is no event to count from; {mend}", {"text": text, "mend": mend})
    return text


def _once_each(things: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(things)) != len(things):
        raise PydanticCustomError("FR103", "names the same thing twice", {})
    return things


Anchor = Annotated[str, BeforeValidator(_anchor), WithJsonSchema({"enum": list(ANCHORS)})]


class Step(BaseModel):
    """One touch: not before `opens`, best by `due`, never after `expires`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    opens: LengthField = Field(default=_NOW, description="Not before.")
    due: LengthField | None = Field(default=None, description="Best by.")
    expires: LengthField = Field(description="Never after.")


class FollowUp(Rule):
    """What to send, when. The first step counts from the anchor, each later one from the touch before it."""

    restricts: ClassVar[bool] = False

    kind: Literal["follow_up"]
    follow_up: FollowUpName = Field(description="The name of what is sent.")
    direction: Direction = Field(description="Who writes to whom.")
    after: Anchor = Field(description="The event that it counts from: the latest one that is not canceled.")
    opens: LengthField | None = Field(default=None, description="Not before; default 0 minutes.")
    due: LengthField | None = Field(default=None, description="Best by.")
    expires: LengthField | None = Field(default=None, description="Never after; required without steps.")
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None, description="A cadence of several touches."
    )
    do: Annotated[tuple[Do, ...], Field(strict=False, min_length=1), AfterValidator(_once_each)] = Field(
        description="What adapters are asked to do."
    )
    template: Text | None = Field(default=None, description="A jinja2 template in `templates/` beside the rule file.")

    @model_validator(mode="after")
    def _one_way_to_say_when(self) -> Self:
        if self.steps and (self.opens or self.due or self.expires):
            raise PydanticCustomError("FR103", "give either 'steps' or 'opens', 'due' and 'expires', not both", {})
        if not self.steps and self.expires is None:
            raise PydanticCustomError("FR101", "'expires' is missing: every follow-up says when it goes stale", {})
        return self

    @property
    def follow_ups(self) -> tuple[str, ...]:
        """Its own name."""
        return (self.follow_up,)

    @cached_property
    def cadence(self) -> tuple[Step, ...]:
        """The steps; a follow-up without a cadence has one."""
        if self.steps:
            return self.steps
        assert self.expires is not None  # noqa: S101  (checked when the rule was read)
        return (Step(opens=self.opens or _NOW, due=self.due, expires=self.expires),)
