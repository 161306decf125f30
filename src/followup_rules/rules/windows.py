"""Weekly opening times as people write them: `Mon-Fri 09:00-17:30`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY: Final = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_PATTERN: Final = rf"{_DAY}(-{_DAY})?(, ?{_DAY}(-{_DAY})?)* \d\d:\d\d-\d\d:\d\d"
_WINDOW = re.compile(rf"(?P<days>{_DAY}(?:-{_DAY})?(?:, ?{_DAY}(?:-{_DAY})?)*) (\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)

# For each weekday, Monday first: the open intervals in minutes after midnight, sorted, none touching another.
Week = tuple[tuple[tuple[int, int], ...], ...]


def parse_week(value: object) -> Week:
    """Read one window or a list of them; a list is a union.

    Raises:
        PydanticCustomError: FR108, with the mend.
    """
    texts = value if isinstance(value, list | tuple) else [value]
    if not texts:
        raise _fault("an empty list is never open; write 'Mon-Fri 09:00-17:30'")
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for text in texts:
        days, interval = _parse(text)
        for day in days:
            week[day].append(interval)
    return tuple(_merged(intervals) for intervals in week)


def _parse(text: object) -> tuple[set[int], tuple[int, int]]:
    match = _WINDOW.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise _fault(f"{str(text)[:60]!r} is no window; write it as 'Mon-Fri 09:00-17:30'")
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups()[-4:])
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or end > 24 * 60 or start >= 24 * 60:
        raise _fault(f"'{text}' has a time that no day has; times go from 00:00 to 24:00")
    if start >= end:
        raise _fault(f"'{text}' ends before it starts; times may not wrap over midnight, so write two windows")
    return set().union(*(_days(part.strip()) for part in match["days"].split(","))), (start, end)


def _days(text: str) -> set[int]:
    first, _, last = text.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return {day % 7 for day in range(start, (end if end >= start else end + 7) + 1)}


def _merged(intervals: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("FR108", "{message}", {"message": message})


def _schema() -> dict[str, Any]:
    one = {"type": "string", "pattern": f"^{_PATTERN}$", "examples": ["Mon-Fri 09:00-17:30"]}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


WeekField = Annotated[Week, PlainValidator(parse_week), WithJsonSchema(_schema())]
