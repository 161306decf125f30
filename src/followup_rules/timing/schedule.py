"""Opening times as spans of UTC, day by day: send windows, their intersection, and business hours."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from followup_rules.model.times import UTC
from followup_rules.rules.windows import Week
from followup_rules.timing.calendars import Calendar
from followup_rules.timing.place import Place
from followup_rules.timing.zones import offset_changes

Span = tuple[datetime, datetime]

OFFICE_HOURS: Final[Week] = (((540, 1020),),) * 7
_ONE_DAY: Final = timedelta(days=1)
# A schedule that is shut for so long counts as never open: longer than any row of holidays and weekends.
_PATIENCE: Final = 800
_KEPT: Final = 4096


class Schedule(ABC):
    """Open spans of time. Start inclusive, end exclusive."""

    def __init__(self) -> None:
        self._days: dict[date, tuple[Span, ...]] = {}

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open spans of one UTC day, in order."""
        spans = self._days.get(day)
        if spans is None:
            if len(self._days) >= _KEPT:
                self._days.clear()
            spans = self._days[day] = tuple(self._compute(day))
        return spans

    def is_open(self, instant: datetime) -> bool:
        """True inside a span."""
        return self.next_open(instant, patience=0) == instant

    def next_open(self, instant: datetime, patience: int = _PATIENCE) -> datetime | None:
        """The instant itself where open, else the next start of a span; None where that never comes."""
        for start, end in self.spans(instant.date()):
            if instant < end:
                return max(start, instant)
        day = instant.date()
        for _ in range(patience):
            day += _ONE_DAY
            spans = self.spans(day)
            if spans:
                return spans[0][0]
        return None

    def shuts(self, instant: datetime) -> datetime | None:
        """When the open span ends that an instant is in, at the latest with its UTC day; None where it is shut."""
        return next((end for start, end in self.spans(instant.date()) if start <= instant < end), None)

    def after_open_time(self, start: datetime, amount: timedelta) -> datetime | None:
        """The earliest instant at which so much open time has passed since `start`; None where it never comes."""
        if not amount:
            return start
        left, day, shut = amount, start.date(), 0
        while shut < _PATIENCE:
            spans = self.spans(day)
            shut = 0 if spans else shut + 1
            for first, last in spans:
                open_from = max(first, start)
                if open_from < last:
                    if last - open_from >= left:
                        return open_from + left
                    left -= last - open_from
            try:
                day += _ONE_DAY
            except OverflowError:
                return None
        return None

    @abstractmethod
    def _compute(self, day: date) -> Iterator[Span]:
        """The open spans of one UTC day, in order."""


class Weekly(Schedule):
    """Hours of the week on the clock of a zone; `business` keeps to business dates, `holidays` shuts on holidays.

    Local wall time decides: on a day on which clocks change, a span may be shorter, longer or in two parts.
    """

    def __init__(
        self,
        week: Week,
        zone: ZoneInfo,
        *,
        business: Calendar | None = None,
        holidays: Calendar | None = None,
    ) -> None:
        super().__init__()
        self._week, self._zone, self._business, self._holidays = week, zone, business, holidays

    def _compute(self, day: date) -> Iterator[Span]:
        midnight = datetime.combine(day, time(), UTC)
        end = midnight + _ONE_DAY
        changes = offset_changes(self._zone, midnight, end)
        for index, (start, offset) in enumerate(changes):
            stop = changes[index + 1][0] if index + 1 < len(changes) else end
            yield from self._of_one_offset(start, stop, offset)

    def _of_one_offset(self, start: datetime, stop: datetime, offset: timedelta) -> Iterator[Span]:
        local = (start + offset).date()
        while (dawn := datetime.combine(local, time(), UTC) - offset) < stop:
            if self._counts(local):
                for first, last in self._week[local.weekday()]:
                    begin = max(start, dawn + timedelta(minutes=first))
                    finish = min(stop, dawn + timedelta(minutes=last))
                    if begin < finish:
                        yield begin, finish
            local += _ONE_DAY

    def _counts(self, day: date) -> bool:
        if self._business is not None and not self._business.is_business(day):
            return False
        return self._holidays is None or not self._holidays.is_holiday(day)


class BusinessDates(Schedule):
    """All of every business date of a place, on its own clock."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def _compute(self, day: date) -> Iterator[Span]:
        midnight = datetime.combine(day, time(), UTC)
        yield from (
            (first, last)
            for first, last, local in _local_days(midnight, midnight + _ONE_DAY, self._place.zone)
            if self._place.calendar.is_business(local)
        )


class Both(Schedule):
    """Open where every one of several schedules is."""

    def __init__(self, schedules: tuple[Schedule, ...]) -> None:
        super().__init__()
        self._schedules = schedules

    def _compute(self, day: date) -> Iterator[Span]:
        first, *rest = self._schedules
        spans = first.spans(day)
        for schedule in rest:
            spans = tuple(_common(spans, schedule.spans(day)))
        yield from spans


def office_hours(place: Place) -> Schedule:
    """09:00-17:00 on the business dates of a place."""
    return Weekly(OFFICE_HOURS, place.zone, business=place.calendar)


def _local_days(begin: datetime, finish: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, date]]:
    """A span of UTC cut where the local date changes."""
    changes = offset_changes(zone, begin, finish)
    for index, (start, offset) in enumerate(changes):
        stop = changes[index + 1][0] if index + 1 < len(changes) else finish
        while start < stop:
            local = (start + offset).date()
            midnight = datetime.combine(local + _ONE_DAY, time(), UTC) - offset
            yield start, min(stop, midnight), local
            start = midnight


def _common(left: tuple[Span, ...], right: tuple[Span, ...]) -> Iterator[Span]:
    starts = [start for start, _ in right]
    for start, end in left:
        for other_start, other_end in right[max(0, bisect_right(starts, start) - 1) :]:
            if other_start >= end:
                break
            if max(start, other_start) < min(end, other_end):
                yield max(start, other_start), min(end, other_end)
