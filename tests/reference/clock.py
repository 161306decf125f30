"""Time, as the section 'Lengths of time' says it, without any cleverness.

Business hours and open moments are found minute by minute, business days date by date. Every moment is an
aware datetime in UTC; a zone is only asked what the wall clock shows. `None` as a moment means 'never comes'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

UTC = timezone.utc
HORIZON = timedelta(days=400)
BUSINESS_DATE_HORIZON = 4000
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
OFFICE_HOURS = (9 * 3600, 17 * 3600)

IsOpen = Callable[[datetime], bool]


def moment_of(text: str) -> datetime:
    """An RFC 3339 time as a moment in UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def zone_of(name: Any) -> ZoneInfo | None:
    """The zone of that name; None where the name is missing or no such zone exists."""
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which a wall clock shows this; fold=0 is the rule for skipped and doubled times."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


@cache  # only because building the library's object is slow; it is a constant
def public_holidays(country: Any, region: Any) -> holidays.HolidayBase | None:
    """Public holidays, observed days included; unknown region -> country; unknown country -> None."""
    if not isinstance(country, str) or not country:
        return None
    try:
        return holidays.country_holidays(country, subdiv=region or None, observed=True, categories="public")
    except NotImplementedError:
        return public_holidays(country, None) if region else None


@cache  # the library's answer for one date is a constant too
def day_kind(country: Any, region: Any, day: date) -> tuple[bool, bool]:
    """Whether the date is a weekend day by the country, and whether it is a public holiday."""
    calendar = public_holidays(country, region)
    if calendar is None:  # "an unknown country means Monday to Friday without holidays"
        return day.weekday() >= 5, False
    return calendar.is_weekend(day), day in calendar


@dataclass(frozen=True)
class Place:
    """Where the recipient is: a zone (None: unknown) and the pair of country and region."""

    zone: ZoneInfo | None
    country: Any
    region: Any

    def local(self, moment: datetime) -> datetime:
        assert self.zone is not None
        return moment.astimezone(self.zone)

    def is_holiday(self, day: date) -> bool:
        return day_kind(self.country, self.region, day)[1]

    def is_business_date(self, day: date) -> bool:
        """No weekend day of the country and no public holiday of country and region."""
        return day_kind(self.country, self.region, day) == (False, False)


@dataclass(frozen=True)
class Length:
    """A whole number of a unit: minute, hour, day, week, business hour, business day."""

    amount: int
    unit: str

    @property
    def needs_zone(self) -> bool:
        return self.amount > 0 and self.unit not in ("minute", "hour")  # "0 is the same instant"


def length_of(text: str) -> Length:
    """`3 business days` or `1 hour` as a length; a plural is its singular."""
    amount, unit = text.split(" ", 1)
    return Length(int(amount), unit[:-1] if unit.endswith("s") else unit)


def add(
    start: datetime, length: Length, place: Place, is_open: IsOpen, horizon: timedelta = HORIZON
) -> datetime | None:
    """The moment this length after `start`; `is_open` says when business time runs."""
    if length.amount == 0:
        return start  # "0 is the same instant", in every unit
    try:
        return _add(start, length, place, is_open, horizon)
    except OverflowError:
        return None


def _add(start: datetime, length: Length, place: Place, is_open: IsOpen, horizon: timedelta) -> datetime | None:
    if length.unit == "minute":
        return start + timedelta(minutes=length.amount)
    if length.unit == "hour":
        return start + timedelta(hours=length.amount)
    if length.unit == "business hour":
        return _after_open_time(start, timedelta(hours=length.amount), is_open, start + horizon)
    assert place.zone is not None
    local = place.local(start)
    if length.unit == "business day":
        day = _nth_business_date(local.date(), length.amount, place)
    else:
        day = local.date() + timedelta(days=length.amount * (7 if length.unit == "week" else 1))
    return None if day is None else wall(day, local.time(), place.zone)


def _nth_business_date(day: date, count: int, place: Place) -> date | None:
    """The count-th business date strictly after `day`."""
    for _ in range(BUSINESS_DATE_HORIZON):
        day += timedelta(days=1)
        count -= place.is_business_date(day)
        if count == 0:
            return day
    return None


def _next_whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _after_open_time(start: datetime, needed: timedelta, is_open: IsOpen, end: datetime) -> datetime | None:
    """The earliest instant at which `needed` open time has passed; the first minute may be a partial one."""
    here = start
    while here < end:
        following = _next_whole_minute(here)
        if is_open(here):
            if needed <= following - here:
                return here + needed
            needed -= following - here
        here = following
    return None


def next_open(start: datetime, is_open: IsOpen, end: datetime) -> datetime | None:
    """The first open moment in start..end: the moment itself, then each following whole minute."""
    here = start
    while here <= end:
        if is_open(here):
            return here
        here = _next_whole_minute(here)
    return None


@dataclass(frozen=True)
class Window:
    """A send window that applies: its rule, its zone and the recipient's place (for `skip_holidays`)."""

    rule: dict[str, Any]
    place: Place

    def is_open(self, moment: datetime) -> bool:
        """Starts are inclusive, ends exclusive; a list is a union; local wall time decides."""
        inside = self.rule.get("in", "recipient")
        local = self.place.local(moment) if inside == "recipient" else moment.astimezone(ZoneInfo(inside))
        if self.rule.get("skip_holidays", False) and self.place.is_holiday(local.date()):
            return False
        spans = self.rule["open"]
        return any(_in_span(span, local) for span in ([spans] if isinstance(spans, str) else spans))


@cache  # parsing text is no reading of the contract
def _span_of(text: str) -> tuple[frozenset[int], int, int]:
    days, hours = text.split(" ", 1)
    first, _, last = days.partition("-")
    weekday = DAY_NAMES.index(first)
    final = DAY_NAMES.index(last or first)
    open_days = {weekday}
    while weekday != final:  # "days may wrap": Sat-Tue is Sat, Sun, Mon, Tue
        weekday = (weekday + 1) % 7
        open_days.add(weekday)
    start, end = hours.split("-")
    return frozenset(open_days), _seconds(start), _seconds(end)


def _seconds(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _in_span(text: str, local: datetime) -> bool:
    days, start, end = _span_of(text)
    second = local.hour * 3600 + local.minute * 60 + local.second
    return local.weekday() in days and start <= second < end


def business_time(place: Place, windows: list[Window]) -> IsOpen:
    """Open business time: on business dates, 09:00-17:00 or the intersection of the windows that apply."""

    def is_open(moment: datetime) -> bool:
        local = place.local(moment)
        if not place.is_business_date(local.date()):
            return False
        if windows:
            return all(window.is_open(moment) for window in windows)
        second = local.hour * 3600 + local.minute * 60 + local.second
        return OFFICE_HOURS[0] <= second < OFFICE_HOURS[1]

    return is_open
