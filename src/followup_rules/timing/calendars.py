"""Business dates: no weekend day and no public holiday of a country and region, by the `holidays` library."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from holidays import HolidayBase

_WEEKEND: Final = (5, 6)
_LAST_YEAR: Final = 9998
_KEPT: Final = 20_000


class Calendar:
    """The business dates of one place. `notes` says what had to be assumed about it."""

    def __init__(self, source: HolidayBase | None, notes: tuple[str, ...] = ()) -> None:
        self._source = source
        self._years: dict[int, tuple[int, ...]] = {}
        self._sets: dict[int, frozenset[int]] = {}
        self._spans: dict[tuple[int, int], timedelta] = {}
        self.notes = notes

    def is_business(self, day: date) -> bool:
        """True on a business date."""
        return day.toordinal() in self._set(day.year)

    def is_holiday(self, day: date) -> bool:
        """True on a public holiday, weekend or not."""
        return self._source is not None and day in self._source

    def holiday(self, day: date) -> str | None:
        """What a public holiday is called; None on other days."""
        return self._source.get(day) if self._source is not None else None

    def add(self, day: date, amount: int) -> date | None:
        """The `amount`-th business date strictly after `day`; None when the calendar ends before."""
        span = self.span(day.toordinal(), amount)
        return None if span is None else day + span

    def span(self, ordinal: int, amount: int) -> timedelta | None:
        """How many days after a date, given by its ordinal, its `amount`-th next business date is."""
        key = (ordinal, amount)
        span = self._spans.get(key)
        if span is None:
            found = self._add(date.fromordinal(ordinal), amount)
            if found is None:
                return None
            if len(self._spans) >= _KEPT:
                self._spans.clear()
            span = self._spans[key] = timedelta(days=found - ordinal)
        return span

    def _add(self, day: date, amount: int) -> int | None:
        year, dates = day.year, self._year(day.year)
        index = bisect_right(dates, day.toordinal()) + amount - 1
        while index >= len(dates):
            if year >= _LAST_YEAR:
                return None
            index -= len(dates)
            year += 1
            dates = self._year(year)
        return dates[index]

    def between(self, first: date, last: date) -> int:
        """Business dates after `first`, up to and including `last`."""
        count = 0
        for year in range(first.year, last.year + 1):
            dates = self._year(year)
            count += bisect_right(dates, last.toordinal()) - bisect_left(dates, first.toordinal() + 1)
        return count

    def _year(self, year: int) -> tuple[int, ...]:
        dates = self._years.get(year)
        if dates is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = (date.fromordinal(ordinal) for ordinal in range(first, last + 1))
            dates = self._years[year] = tuple(day.toordinal() for day in days if self._open(day))
        return dates

    def _set(self, year: int) -> frozenset[int]:
        if year not in self._sets:
            self._sets[year] = frozenset(self._year(year))
        return self._sets[year]

    def _open(self, day: date) -> bool:
        if self._source is None:
            return day.weekday() not in _WEEKEND
        return not self._source.is_weekend(day) and day not in self._source


@lru_cache(maxsize=1024)
def find_calendar(country: str | None, region: str | None) -> Calendar:
    """The calendar of a country (ISO 3166 code) and region.

    An unknown region falls back to the country; a missing or unknown country means Monday to Friday without
    holidays. Either way the calendar's notes say so.
    """
    import holidays

    if country is None:
        return Calendar(None, ("no country is given: Monday to Friday count as business days, without holidays",))
    try:
        return Calendar(holidays.country_holidays(country.upper(), subdiv=region, observed=True))
    except NotImplementedError:
        pass
    try:
        source = holidays.country_holidays(country.upper(), observed=True)
    except NotImplementedError:
        note = f"the country '{country}' is not known: Monday to Friday count as business days, without holidays"
        return Calendar(None, (note,))
    return Calendar(source, (f"the region '{region}' of {country} is not known: the holidays of the country count",))
