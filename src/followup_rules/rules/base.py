"""What every rule has, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from followup_rules.errors import Place, did_you_mean
from followup_rules.model.faults import Loc, Locate
from followup_rules.model.words import ORDINARY_TALK, Direction, Severity
from followup_rules.rules.conditions import Condition
from followup_rules.rules.examples import Example
from followup_rules.rules.read_condition import ConditionField
from followup_rules.rules.suppressions import Suppression
from followup_rules.timing.zones import find_zone, zone_names


def _kebab(text: str) -> str:
    parts = text.split("-")
    if not all((part.isascii() and part.isalnum() and part.islower()) or part.isdigit() for part in parts):
        mend = "-".join("".join(ch if ch.isalnum() else " " for ch in text.lower()).split())
        raise PydanticCustomError(
            "FR103",
            "'{id}' is no id; write it in small letters, digits and hyphens, as in '{mend}'",
            {"id": text, "mend": mend if mend.isascii() and mend else "thank-you"},
        )
    return text


def _name(text: str) -> str:
    if text == ORDINARY_TALK:
        raise PydanticCustomError("FR103", "'none' marks ordinary talk and cannot be the name of a follow-up", {})
    if not text.isidentifier() or not text.isascii():
        raise PydanticCustomError(
            "FR103",
            "'{name}' is no name; write letters, digits and underscores, as in 'thank_you'",
            {"name": text},
        )
    return text


def _zone(text: str) -> str:
    if find_zone(text) is None:
        mend = did_you_mean(text, zone_names()) or "write an IANA name such as Europe/Berlin"
        raise PydanticCustomError("FR109", "unknown time zone '{zone}'; {mend}", {"zone": text, "mend": mend})
    return text


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RuleId = Annotated[str, AfterValidator(_kebab)]
FollowUpName = Annotated[str, AfterValidator(_name)]
ZoneName = Annotated[str, AfterValidator(_zone)]
_ONE_OR_MORE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
Names = Annotated[
    tuple[FollowUpName, ...],
    BeforeValidator(_one_or_more),
    Field(strict=False, min_length=1),
    WithJsonSchema(_ONE_OR_MORE),
]


class Rule(BaseModel):
    """One entry of a rule file. `place` is where it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    restricts: ClassVar[bool] = True
    """True for kinds that can only hold a follow-up back: they apply where their condition is unknown."""

    id: RuleId = Field(description="Unique in the policy, in kebab-case; the same id in an extending pack replaces it.")
    kind: str
    title: Text = Field(description="One line that a recruiter can read aloud.")
    why: Text | None = Field(default=None, description="Why there is this rule.")
    source: Text | None = Field(default=None, description="Where its numbers come from, or 'judgement: ...'.")
    severity: Severity | None = Field(default=None, description="How grave it is when it speaks up.")
    when: ConditionField | None = Field(default=None, description="Only where this holds.")
    examples: Annotated[tuple[Example, ...], Field(strict=False)] = Field(
        default=(), description="What it decides for given applications; run by `followup-rules test`."
    )
    ignore: Annotated[tuple[Suppression, ...], Field(strict=False)] = Field(
        default=(), description="Findings that are accepted for now, each with a reason and a last day."
    )
    direction: Direction | None = Field(default=None, description="Only for follow-ups that travel this way.")

    _place: Place = PrivateAttr(default=Place("<memory>"))
    _locate: Locate | None = PrivateAttr(default=None)
    _written: Mapping[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def written(self) -> Mapping[str, Any]:
        """The entry as it stands in the file, before it was read; empty for a rule that was never in one."""
        return self._written

    @property
    def place(self) -> Place:
        """File, line and column of the rule."""
        return self._place

    def place_of(self, loc: Loc, key: bool = False) -> Place:
        """Where something inside it stands, as near as is known; with `key`, where the key that leads there does.

        The path is that of the file: `("steps", 0, "expires")`, `("with", "words")`, `("in",)`.
        """
        return self._place if self._locate is None else self._locate(loc, key)

    @property
    def follow_ups(self) -> tuple[str, ...]:
        """The names that it is narrowed to; empty for all."""
        return ()

    @property
    def condition(self) -> Condition | None:
        """What stands under `when`, if anything does."""
        return self.when

    def covers(self, name: str, direction: Direction) -> bool:
        """True where the rule speaks about follow-ups of that name and direction."""
        return self.direction in (None, direction) and (not self.follow_ups or name in self.follow_ups)


class Restriction(Rule):
    """A rule that can only hold back: everything but `follow_up`."""

    follow_up: Names | None = Field(default=None, description="Only for the follow-ups of these names.")

    @property
    def follow_ups(self) -> tuple[str, ...]:
        """The names that it is narrowed to; empty for all."""
        return self.follow_up or ()
