"""`properties`: what a policy must never or always do, whatever happens; `prove` looks for the opposite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from followup_rules.errors import Place, Problem, did_you_mean
from followup_rules.model.words import EVENT_TYPES, Direction
from followup_rules.rules.base import Names, Rule, RuleId, Text
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.lengths import LengthField
from followup_rules.rules.read_condition import ConditionField

HAPPENINGS = (*EVENT_TYPES, "reply")
"""What a property can count from: event types, and `reply`."""


def _happening(text: Any) -> Any:
    if isinstance(text, str) and text not in HAPPENINGS:
        mend = did_you_mean(text, HAPPENINGS) or f"known are {', '.join(HAPPENINGS)}"
        raise PydanticCustomError("FR133", "there is no event '{text}'; {mend}", {"text": text, "mend": mend})
    return text


Happening = Annotated[str, BeforeValidator(_happening), WithJsonSchema({"enum": list(HAPPENINGS)})]


class Never(BaseModel):
    """What must not be sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    send: Names = Field(description="The follow-up, or a list of them.")
    direction: Direction | None = Field(default=None, description="Only those that travel this way.")
    after: Happening | None = Field(default=None, description="Once this has happened, at whatever earlier moment.")
    within: LengthField | None = Field(default=None, description="Only for so long after it.")
    before: Happening | None = Field(default=None, description="While this has not happened.")
    when: ConditionField | None = Field(default=None, description="While this holds.")

    @model_validator(mode="after")
    def _forbids_something(self) -> Self:
        if self.after is None and self.before is None and self.when is None:
            text = "it forbids every '{name}'; say 'after', 'before' or 'when', or take the follow-up rule out"
            raise PydanticCustomError("FR135", text, {"name": self.send[0]})
        if self.within is not None and self.after is None:
            raise PydanticCustomError("FR135", "'within' counts from an event; say which with 'after'", {})
        return self


class Always(BaseModel):
    """What must be sent, and by when."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    send: Names = Field(description="The follow-up, or a list of which one is enough.")
    direction: Direction | None = Field(default=None, description="Only those that travel this way.")
    after: Happening = Field(description="The event that it counts from.")
    within: LengthField = Field(description="By when.")
    when: ConditionField | None = Field(default=None, description="Only where this holds at the deadline.")


class Property(BaseModel):
    """One entry of `properties`. It decides nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: RuleId = Field(description="Unique among the properties of a policy, in kebab-case.")
    title: Text = Field(description="One line that a recruiter can read aloud.")
    why: Text | None = Field(default=None, description="Why it must be so.")
    never: Never | None = Field(default=None, description="What must not be sent.")
    always: Always | None = Field(default=None, description="What must be sent, and by when.")

    _place: Place = PrivateAttr(default=Place("<memory>"))

    @property
    def place(self) -> Place:
        """File, line and column."""
        return self._place

    @property
    def claim(self) -> Never | Always:
        """The one of the two that is given."""
        claim = self.never or self.always
        assert claim is not None  # noqa: S101  (checked when it was read)
        return claim

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.never is None) == (self.always is None):
            raise PydanticCustomError("FR131", "a property says either 'never' or 'always'", {})
        return self


def doubtful_properties(properties: Iterable[Property], rules: Iterable[Rule]) -> Iterator[Problem]:
    """Ids that come twice (a property is never replaced) and properties of what nobody sends."""
    first: dict[str, Place] = {}
    sent = [rule for rule in rules if isinstance(rule, FollowUp)]
    for one in properties:
        known = first.setdefault(one.id, one.place)
        if known is not one.place:
            hint = "properties of extended packs hold too and are not replaced; give this one another id"
            yield Problem("FR134", f"the property '{one.id}' is there already, in {known}", one.place, hint)
        for name in one.claim.send:
            names = {rule.follow_up for rule in sent if one.claim.direction in (None, rule.direction)}
            if name not in names:
                hint = did_you_mean(name, names) or f"sent are {', '.join(sorted(names)) or 'none'}"
                text = f"no follow-up is called '{name}', so the property says nothing"
                yield Problem("FR132", text, one.place, hint)
