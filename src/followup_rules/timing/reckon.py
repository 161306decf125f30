"""What a length of time means from a given moment on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from followup_rules.rules.lengths import Length
from followup_rules.timing.place import Place
from followup_rules.timing.schedule import Schedule, office_hours


def later_by(start: datetime, length: Length, place: Place, hours: Callable[[], Schedule]) -> datetime | None:
    """The instant a length after `start`, in UTC; None where it never comes.

    Args:
        start: an instant in UTC.
        place: whose clock and calendar count days and business time.
        hours: gives the schedule that business hours are counted in.
    """
    amount, unit = length
    if amount == 0:
        return start
    if unit == "business days":
        return place.business_days_later(start, amount)
    if unit == "business hours":
        return hours().after_open_time(start, timedelta(hours=amount))
    if unit == "days":
        return place.days_later(start, amount)
    if unit == "weeks":
        return place.days_later(start, 7 * amount)
    return later_by_clock(start, length)


def later_by_clock(start: datetime, length: Length) -> datetime | None:
    """The same for elapsed lengths (minutes and hours), which need neither zone nor calendar."""
    try:
        return start + (
            timedelta(minutes=length.amount) if length.unit == "minutes" else timedelta(hours=length.amount)
        )
    except OverflowError:
        return None


@lru_cache(maxsize=1024)
def usual_hours(place: Place) -> Schedule:
    """Business hours of a place where no send window says otherwise: 09:00-17:00."""
    return office_hours(place)
