"""`ignore` in a rule file: a finding that is accepted for now, with a reason and a day after which it counts again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from followup_rules.codes import CODES
from followup_rules.errors import Place, Problem, did_you_mean
from followup_rules.model.times import parse_date

UNUSABLE = ("FR0", "FR1", "FR2", "FR403", "FR404", "FR405", "FR407", "FR408", "FR411", "FR5")
"""How codes of errors begin after which files, rules, scenarios, applications or plugins cannot be used."""


def _known(text: str) -> str:
    if text not in CODES:
        mend = did_you_mean(text, CODES) or "write one code as it is printed, such as FR122"
        raise PydanticCustomError("FR103", "there is no code '{code}'; {mend}", {"code": text, "mend": mend})
    return text


class Suppression(BaseModel):
    """One entry under `ignore`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: Annotated[str, AfterValidator(_known)] = Field(description="The code that is accepted, such as FR122.")
    reason: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)] = Field(
        description="Why, for those who come later."
    )
    until: Annotated[
        date, BeforeValidator(parse_date), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})
    ] = Field(description="The last day on which it holds.")


class Ignore(NamedTuple):
    """An entry under `ignore` with its place, the file and the rule that it is about; no rule means the whole file."""

    code: str
    reason: str
    until: date
    place: Place
    rule: int | None = None

    def is_about(self, problem: Problem, rule: int | None) -> bool:
        """True where it names this problem, which stands in the rule of that number."""
        same = self.code == problem.code and self.place.file == problem.place.file
        return same and self.rule in (None, rule)


class Sorted(NamedTuple):
    """A problem, and the entry that silences it, if one does."""

    problem: Problem
    by: Ignore | None = None


def can_be_silenced(problem: Problem) -> bool:
    """False for errors that keep a rule file from being used: nobody could rely on what it decides."""
    return problem.severity != "error" or not problem.code.startswith(UNUSABLE)


def sort_out(
    problems: Sequence[tuple[Problem, int | None]], ignores: Sequence[Ignore], today: date
) -> tuple[list[Sorted], list[Problem]]:
    """Every problem with what silences it, and what is to be said about the entries themselves.

    Args:
        problems: each with the number of the rule that it stands in.
        ignores: the entries of all files.
        today: an entry holds through the day that it names.
    """
    used: set[Ignore] = set()
    refused: dict[Ignore, None] = {}
    found: list[Sorted] = []
    for problem, rule in problems:
        by = None
        for one in (one for one in ignores if one.is_about(problem, rule)):
            used.add(one)
            if not can_be_silenced(problem):
                refused[one] = None
            elif by is None and one.until >= today:
                by = one
        found.append(Sorted(problem, by))
    return found, [*map(_refused, refused), *_said(ignores, used, refused, today)]


def _refused(one: Ignore) -> Problem:
    text = f"{one.code} cannot be silenced: it keeps the rules from being used"
    return Problem("FR123", text, one.place, "mend what it says, and remove this entry", "warning")


def _said(ignores: Sequence[Ignore], used: set[Ignore], refused: dict[Ignore, None], today: date) -> Iterator[Problem]:
    for one in ignores:
        if one in refused:
            continue
        if one not in used:
            text = f"this silences nothing: {one.code} is not found here"
            yield Problem("FR125", text, one.place, "remove the entry", "warning")
        elif one.until < today:
            text = f"the entry for {one.code} held until {one.until} and counts no more"
            yield Problem("FR124", text, one.place, "mend the finding, or look at the reason again", "warning")
