"""The monitor's own reading of time. It shares nothing with `timing/` but the zone files: what decides is not asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from followup_rules.rules.lengths import Length
from followup_rules.rules.restrictions import SendWindow
from followup_rules.timing.zones import find_zone

UTC: Final = timezone.utc
_DAY: Final = timedelta(days=1)
_OFFICE: Final = (9 * 60, 17 * 60)
_FURTHEST: Final = 800

IsOpen = Callable[[datetime], bool]


class Where(NamedTuple):
    """A recipient's zone, and the pair of country and region."""

    zone: ZoneInfo
    country: str | None
    region: str | None


def where(timezone_: str | None, country: str | None, region: str | None) -> Where | None:
    """The place of a recipient; None without a zone that exists."""
    zone = find_zone(timezone_) if timezone_ is not None else None
    return None if zone is None else Where(zone, country, region)


@lru_cache(maxsize=64)
def _calendar(country: str | None, region: str | None) -> Any:
    import holidays

    if country is None:
        return None
    for subdivision in (region, None):
        try:
            return holidays.country_holidays(country.upper(), subdiv=subdivision, observed=True)
        except NotImplementedError:
            continue
    return None


@lru_cache(maxsize=20_000)
def is_holiday(country: str | None, region: str | None, day: date) -> bool:
    """True on a public holiday of a country and region."""
    calendar = _calendar(country, region)
    return calendar is not None and day in calendar


@lru_cache(maxsize=20_000)
def is_business(country: str | None, region: str | None, day: date) -> bool:
    """True on a date that is no weekend day and no public holiday."""
    calendar = _calendar(country, region)
    if calendar is None:
        return day.weekday() < 5
    return not calendar.is_weekend(day) and not is_holiday(country, region, day)


def is_open(window: SendWindow, at: Where, instant: datetime) -> bool:
    """True while a send window is open for a recipient: starts count, ends do not."""
    zone = at.zone if window.in_ is None else find_zone(window.in_)
    local = instant.astimezone(zone)
    if window.skip_holidays and is_holiday(at.country, at.region, local.date()):
        return False
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in window.open[local.weekday()])


def plus(start: datetime, length: Length, at: Where, windows: Sequence[SendWindow] = ()) -> datetime | None:
    """The instant so much later; None where it never comes."""
    if length.amount == 0:
        return start
    if length.unit in ("minutes", "hours"):
        return start + (
            timedelta(minutes=length.amount) if length.unit == "minutes" else timedelta(hours=length.amount)
        )
    if length.unit == "business hours":
        return _open_time(start, timedelta(hours=length.amount), _business_time(at, windows))
    local = start.astimezone(at.zone)
    if length.unit == "business days":
        day = _business_date(local.date(), length.amount, at)
    else:
        day = local.date() + timedelta(days=length.amount * (7 if length.unit == "weeks" else 1))
    if day is None:
        return None
    return datetime.combine(day, local.time().replace(fold=0), tzinfo=at.zone).astimezone(UTC)


def end_of(day: date, at: Where) -> datetime:
    """One second before a date ends for a recipient."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=at.zone).astimezone(UTC)


def _business_date(day: date, count: int, at: Where) -> date | None:
    for _ in range(count * 4 + _FURTHEST):
        day += _DAY
        if is_business(at.country, at.region, day):
            count -= 1
            if count == 0:
                return day
    return None


def _business_time(at: Where, windows: Sequence[SendWindow]) -> IsOpen:
    def open_now(instant: datetime) -> bool:
        local = instant.astimezone(at.zone)
        if not is_business(at.country, at.region, local.date()):
            return False
        if windows:
            return all(is_open(window, at, instant) for window in windows)
        return _OFFICE[0] <= local.hour * 60 + local.minute < _OFFICE[1]

    return open_now


def _open_time(start: datetime, needed: timedelta, open_now: IsOpen) -> datetime | None:
    """Minute by minute."""
    here, end = start, start + _DAY * _FURTHEST
    while here < end:
        following = here.replace(second=0, microsecond=0) + timedelta(minutes=1)
        if open_now(here):
            if needed <= following - here:
                return here + needed
            needed -= following - here
        here = following
    return None
