"""Lengths of time: a whole number and its unit, never a bare number."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

Unit = Literal["minutes", "hours", "days", "weeks", "business hours", "business days"]

# Longer than any follow-up can mean, and short enough that no calendar runs out of years.
LONGEST: Final = {
    "minutes": 52_560_000,
    "hours": 876_000,
    "days": 36_500,
    "weeks": 5_200,
    "business hours": 208_000,
    "business days": 26_000,
}
_PATTERN: Final = r"\d+ (minutes?|hours?|days?|weeks?|business hours?|business days?)"
_LENGTH = re.compile(_PATTERN, re.ASCII)


class Length(NamedTuple):
    """An amount of one unit. What it means from a given moment on is for `timing.reckon` to say."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"

    @property
    def elapsed(self) -> bool:
        """True where no calendar and no zone is needed to count it."""
        return self.unit in ("minutes", "hours") or self.amount == 0


def parse_length(text: object) -> Length:
    """Read a length such as `24 hours` or `3 business days`.

    Raises:
        PydanticCustomError: FR107, with the mend.
    """
    if isinstance(text, Length):
        return text
    if isinstance(text, bool) or not isinstance(text, int | float | str):
        raise _fault("is no length of time; write it as '24 hours' or '3 business days'")
    if isinstance(text, int | float) or text.strip().isdigit():
        raise _fault(f"{text} has no unit; write '{text} hours', '{text} days' or '{text} business days'")
    if not _LENGTH.fullmatch(text):
        raise _fault(
            f"'{text[:60]}' is no length of time; write a whole number and minutes, hours, days, weeks, "
            "business hours or business days, as in '3 business days'"
        )
    amount, _, unit = text.partition(" ")
    unit = unit if unit.endswith("s") else f"{unit}s"
    if int(amount[:12]) > LONGEST[unit]:
        raise _fault(f"'{text[:60]}' is longer than a hundred years")
    return Length(int(amount), unit)  # type: ignore[arg-type]


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("FR107", "{message}", {"message": message})


def _schema() -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{_PATTERN}$", "examples": ["24 hours", "3 business days"]}


LengthField = Annotated[Length, PlainValidator(parse_length), PlainSerializer(str), WithJsonSchema(_schema())]
