"""Hand-computed lengths of time: clock changes, holidays, weekends, business hours."""

from __future__ import annotations

import pytest

from .clock import Place, add, business_time, length_of, moment_of, zone_of

EAST = Place(zone_of("America/New_York"), "US", "NY")
LENGTHS = [
    # 24 hours are elapsed time, a day is the same wall clock: the clocks go back on 1 November 2026
    ("2026-10-31T12:00:00-04:00", "24 hours", EAST, "2026-11-01T11:00:00-05:00"),
    ("2026-10-31T12:00:00-04:00", "1 day", EAST, "2026-11-01T12:00:00-05:00"),
    # 01:30 occurs twice on 1 November: the first; 02:30 is skipped on 8 March: forward by the gap
    ("2026-10-31T01:30:00-04:00", "1 day", EAST, "2026-11-01T01:30:00-04:00"),
    ("2026-03-07T02:30:00-05:00", "1 day", EAST, "2026-03-08T03:30:00-04:00"),
    ("2026-11-01T01:30:00-05:00", "0 days", EAST, "2026-11-01T01:30:00-05:00"),
    ("2026-11-01T01:30:00-05:00", "1 week", EAST, "2026-11-08T01:30:00-05:00"),
    ("2026-11-09T15:00:00-05:00", "1 business day", EAST, "2026-11-10T15:00:00-05:00"),
    ("2026-11-09T15:00:00-05:00", "2 business days", EAST, "2026-11-12T15:00:00-05:00"),
    # strictly after the local date: from a Saturday the first business day is Monday, same wall clock
    ("2026-11-07T23:00:00-05:00", "1 business day", EAST, "2026-11-09T23:00:00-05:00"),
    # 16:00 + 2 business hours on the eve of Veterans Day: one hour on the 10th, one on the 12th
    ("2026-11-10T16:00:00-05:00", "2 business hours", EAST, "2026-11-12T10:00:00-05:00"),
    # the earliest instant at which the amount is reached is the end of the day, seconds included
    ("2026-11-09T09:00:00-05:00", "8 business hours", EAST, "2026-11-09T17:00:00-05:00"),
    ("2026-11-09T09:00:30-05:00", "7 business hours", EAST, "2026-11-09T16:00:30-05:00"),
    # Lord Howe goes forward by half an hour on 4 October 2026, 02:00 to 02:30
    ("2026-10-03T02:15:00+10:30", "1 day", Place(zone_of("Australia/Lord_Howe"), "AU", None),
     "2026-10-04T02:45:00+11:00"),
    # Epiphany is a holiday in Bavaria, not in an unknown region, and not where the country is unknown
    ("2026-01-05T10:00:00+01:00", "1 business day", Place(zone_of("Europe/Berlin"), "DE", "BY"),
     "2026-01-07T10:00:00+01:00"),
    ("2026-01-05T10:00:00+01:00", "1 business day", Place(zone_of("Europe/Berlin"), "DE", "ZZ"),
     "2026-01-06T10:00:00+01:00"),
    ("2025-12-24T10:00:00+01:00", "1 business day", Place(zone_of("Europe/Berlin"), "XX", "BY"),
     "2025-12-25T10:00:00+01:00"),
    # the weekend in Israel is Friday and Saturday
    ("2026-01-08T10:00:00+02:00", "1 business day", Place(zone_of("Asia/Jerusalem"), "IL", None),
     "2026-01-11T10:00:00+02:00"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "length", "place", "end"), LENGTHS)
def test_lengths_of_time(start: str, length: str, place: Place, end: str) -> None:
    """Elapsed, wall-clock and business time reach the moments counted by hand on a calendar."""
    found = add(moment_of(start), length_of(length), place, business_time(place, []))
    assert found == moment_of(end)
