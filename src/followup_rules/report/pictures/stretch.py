"""How much time a picture shows, and where a moment stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, NamedTuple

_SHORTEST: Final = timedelta(days=4)
_EASY: Final = timedelta(days=40)
"""What need not be seen is shown where the picture stays so short."""
_FARTHEST: Final = timedelta(days=70)
"""Nothing is shown that is farther from now: days would be too narrow to be seen."""


class Stretch(NamedTuple):
    """From one midnight to another, on the clock of a zone."""

    start: datetime
    end: datetime
    zone: tzinfo

    @property
    def days(self) -> float:
        """Its length in days."""
        return (self.end - self.start) / timedelta(days=1)

    def part(self, moment: datetime) -> float:
        """Where a moment stands: 0 at the start, 1 at the end."""
        return (moment - self.start) / (self.end - self.start)

    def midnights(self) -> Iterator[tuple[datetime, date]]:
        """Every midnight in it, the first and the last included, with the date that begins."""
        day = self.start.astimezone(self.zone).date()
        while (moment := midnight(day, self.zone)) <= self.end:
            yield moment, day
            day += timedelta(days=1)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a date begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(timezone.utc)


def stretch_of(
    now: datetime, wanted: Sequence[tuple[datetime, bool]], events: Sequence[datetime], zone: tzinfo | None
) -> Stretch:
    """The time that a picture shows: now, what must be seen, and of the rest what keeps it short.

    Args:
        now: the moment of deciding.
        wanted: moments, and whether they must be seen.
        events: when things happened, none after now.
        zone: whose midnights count; UTC where none is known.
    """
    zone = zone or timezone.utc
    first = last = now
    for moment, must in wanted:
        if must:
            first, last = min(first, moment), max(last, moment)
    for moment in [*sorted((one for one, must in wanted if not must), key=lambda one: abs(one - now)), *events[::-1]]:
        low, high = min(first, moment), max(last, moment)
        if high - low <= _EASY:
            first, last = low, high
    first, last = max(first, now - _FARTHEST), min(last, now + _FARTHEST)
    if last - first < _SHORTEST:
        missing = _SHORTEST - (last - first)
        first, last = first - missing / 2, last + missing / 2
    margin = (last - first) * 0.03
    start = midnight((first - margin).astimezone(zone).date(), zone)
    end = midnight((last + margin).astimezone(zone).date() + timedelta(days=1), zone)
    return Stretch(start, end, zone)
