"""The changes that are tried on opening times: half an hour, and a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from followup_rules.model.faults import Loc
from followup_rules.rules.windows import DAYS, parse_week
from followup_rules.testing.changing import Change

_STEP: Final = 30


def of_windows(key: str, value: Any) -> Iterator[Change]:
    """Each start and end half an hour earlier and later, and each end of a run of days a day shorter and longer."""
    texts = value if isinstance(value, list) else [value]
    for index, text in enumerate(texts):
        loc: Loc = (key, index) if isinstance(value, list) else (key,)
        for now in _others(text):
            if parse_week([*texts[:index], now, *texts[index + 1 :]]) != parse_week(texts):
                yield Change(loc, now, f"`open: {text}` changed to `{now}`", loc)


def _others(text: str) -> Iterator[str]:
    days, _, interval = text.rpartition(" ")
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in interval.split("-"))
    for by in (-_STEP, _STEP):
        if 0 <= start + by < end:
            yield f"{days} {_time(start + by)}-{_time(end)}"
    for by in (-_STEP, _STEP):
        if start < end + by <= 24 * 60:
            yield f"{days} {_time(start)}-{_time(end + by)}"
    open_days = [bool(day) for day in parse_week(f"{days} 00:00-24:00")]
    for number in range(7):
        before, after = open_days[number - 1], open_days[(number + 1) % 7]
        # An edge day is taken away, and the day beside it is added; what lies in the middle stays.
        at_edge = not (before and after) if open_days[number] else before or after
        others = [not one if index == number else one for index, one in enumerate(open_days)]
        if at_edge and any(others):
            yield f"{_named(others)} {interval}"


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _named(days: list[bool]) -> str:
    """Runs of days as people write them: Mon-Thu, Sat."""
    if all(days):
        return "Mon-Sun"
    runs = []
    for first in (number for number in range(7) if days[number] and not days[number - 1]):
        length = next(count for count in range(1, 8) if not days[(first + count) % 7])
        last = DAYS[(first + length - 1) % 7]
        runs.append(DAYS[first] if length == 1 else f"{DAYS[first]}-{last}")
    return ", ".join(runs)
