"""Where a recipient is: a zone and a calendar. Everything about local time is asked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from followup_rules.model.application import Event
from followup_rules.model.times import UTC
from followup_rules.timing.calendars import Calendar, find_calendar
from followup_rules.timing.zones import find_zone, to_utc

END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, eq=False)
class Place:
    """A zone and a calendar; one object for one pair, so that it can be a key.

    Adding days to a zoned datetime moves its wall clock and forgets which of two equal times it was, which is the
    rule for days: a time that is skipped moves forward by the gap, one that comes twice is the first.
    """

    zone: ZoneInfo
    calendar: Calendar

    def local(self, instant: datetime) -> datetime:
        """The instant on the recipient's clock."""
        return instant.astimezone(self.zone)

    def today(self, instant: datetime) -> date:
        """The recipient's date at an instant."""
        return instant.astimezone(self.zone).date()

    def promised(self, event: Event) -> datetime:
        """When a promise is due: the given time, or one second before the given date ends here."""
        if isinstance(event.by, datetime):
            return event.by
        assert event.by is not None  # noqa: S101  (an event of this type always has it)
        return to_utc(datetime.combine(event.by, END_OF_DAY), self.zone)

    def business_days_since(self, instant: datetime, now: datetime) -> int:
        """Business dates after the instant's date up to and including today."""
        return self.calendar.between(self.today(instant), self.today(now))

    def days_later(self, start: datetime, days: int) -> datetime | None:
        """The same wall-clock time so many dates later, or None beyond the last year."""
        try:
            return (start.astimezone(self.zone) + timedelta(days=days)).astimezone(UTC)
        except OverflowError:
            return None

    def business_days_later(self, start: datetime, days: int) -> datetime | None:
        """The same wall-clock time on the so-many-th business date after the local date."""
        local = start.astimezone(self.zone)
        span = self.calendar.span(local.toordinal(), days)
        return None if span is None else (local + span).astimezone(UTC)


@lru_cache(maxsize=4096)
def find_place(timezone: str, country: str | None, region: str | None) -> Place | None:
    """The place of an IANA zone name and a country and region; None where the zone does not exist."""
    zone = find_zone(timezone)
    return None if zone is None else Place(zone, find_calendar(country, region))
