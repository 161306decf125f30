"""Lengths, calendars and opening times are what a clock on the recipient's wall would show, minute by minute."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from followup_rules.model.times import parse_date_or_time, parse_time
from followup_rules.rules.lengths import LONGEST, Length, parse_length
from followup_rules.rules.windows import parse_week
from followup_rules.timing.calendars import Calendar, find_calendar
from followup_rules.timing.place import Place, find_place
from followup_rules.timing.reckon import later_by, usual_hours
from followup_rules.timing.schedule import Both, BusinessDates, Schedule, Weekly
from followup_rules.timing.zones import find_zone, offset_changes, to_utc, zone_names
from reference import clock

UTC = timezone.utc
PLACES = (
    ("Europe/Berlin", "DE", "BY"),
    ("America/New_York", "US", "NY"),
    ("Australia/Lord_Howe", "AU", "NSW"),
    ("Asia/Kolkata", "IN", None),
    ("Asia/Kathmandu", "NP", None),
    ("Africa/Casablanca", "MA", None),
    ("America/St_Johns", "CA", "NL"),
    ("Asia/Dubai", "AE", None),
    ("Asia/Riyadh", "SA", None),
    ("Asia/Jerusalem", "IL", None),
    ("Asia/Tehran", "IR", None),
    ("Europe/Berlin", "XX", None),
    ("Europe/London", None, None),
)
CHANGES = (  # moments in UTC around which a clock of one of the places changes, or a holiday is near
    "2026-03-29T01:00", "2026-10-25T01:00", "2026-03-08T07:00", "2026-11-01T06:00", "2026-04-04T15:00",
    "2026-10-03T15:30", "2026-02-15T02:00", "2026-03-22T02:00", "2026-03-08T05:30", "2026-11-01T04:30",
    "2026-12-25T00:00", "2027-01-01T00:00", "2026-07-03T12:00", "2026-05-27T12:00",
)  # fmt: skip
UNITS = ("minutes", "hours", "days", "weeks", "business hours", "business days")
SPANS = ("Mon-Fri 09:00-17:30", "Mon-Sun 00:00-24:00", "Sat-Tue 12:00-24:00", "Sun-Thu 01:00-03:30", "Fri 08:15-12:45")


def near(moment: str, minutes: int, seconds: int) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds)


moments = st.builds(near, st.sampled_from(CHANGES), st.integers(-4320, 4320), st.sampled_from((0, 0, 0, 30, 59)))
lengths = st.tuples(st.integers(0, 12), st.sampled_from(UNITS))


def both(place: tuple[str, str | None, str | None]) -> tuple[Place, clock.Place]:
    """The place as the engine and as the slow clock know it."""
    found = find_place(*place)
    assert found is not None
    return found, clock.Place(clock.zone_of(place[0]), place[1], place[2])


def later(start: datetime, length: Length, place: Place) -> datetime | None:
    """A length later, where no send window says what business hours are."""
    return later_by(start, length, place, lambda: usual_hours(place))


def schedule(place: Place, spans: Sequence[str], zone: str | None, skip: bool) -> Weekly:
    where = place.zone if zone is None else find_zone(zone)
    assert where is not None
    return Weekly(parse_week(list(spans)), where, holidays=place.calendar if skip else None)


# --- Lengths -------------------------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None, derandomize=True)
@given(moments, lengths, st.sampled_from(PLACES))
def test_every_length_is_what_the_slow_clock_says(start: datetime, length: Any, place: Any) -> None:
    """Every unit, from any moment near a clock change or a holiday, at every place."""
    fast, slow = both(place)
    amount, unit = length
    wanted = clock.add(start, clock.length_of(f"{amount} {unit}"), slow, clock.business_time(slow, []))
    assert later(start, Length(amount, unit), fast) == wanted


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    moments,
    st.integers(1, 20),
    st.sampled_from(PLACES),
    st.lists(st.sampled_from(SPANS), min_size=1, max_size=2, unique=True),
    st.sampled_from((None, "Australia/Lord_Howe", "America/St_Johns")),
    st.booleans(),
)
def test_business_hours_inside_send_windows(
    start: datetime, amount: int, place: Any, spans: list[str], zone: str | None, skip: bool
) -> None:
    """With send windows, business hours are what the windows leave open of business dates."""
    assume(spans != ["Fri 08:15-12:45"] and spans != ["Sun-Thu 01:00-03:30"])
    fast, slow = both(place)
    window = clock.Window({"open": spans, "in": zone or "recipient", "skip_holidays": skip}, slow)
    hours = Both((BusinessDates(fast), schedule(fast, spans, zone, skip)))
    wanted = clock._after_open_time(
        start, timedelta(hours=amount), clock.business_time(slow, [window]), start + timedelta(days=40)
    )
    found = hours.after_open_time(start, timedelta(hours=amount))
    assert found == wanted or (wanted is None and (found is None or found > start + timedelta(days=39)))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "America/St_Johns", "Africa/Casablanca"])
def test_a_day_is_a_date_and_not_24_hours(zone: str) -> None:
    """Over any clock change of two years, `1 day` keeps the wall-clock time wherever the clock shows it."""
    place = find_place(zone, None, None)
    assert place is not None
    start = datetime(2026, 1, 1, 11, tzinfo=UTC)
    for number in range(730):
        one = start + timedelta(days=number)
        after_it = later(one, Length(1, "days"), place)
        assert after_it is not None
        before, after = one.astimezone(place.zone), after_it.astimezone(place.zone)
        assert (after.date() - before.date(), after.time()) == (timedelta(days=1), before.time())


def test_a_skipped_wall_clock_time_moves_forward_by_the_gap() -> None:
    """02:30 on the night of the change to summer time in Berlin is 03:30; half an hour only on Lord Howe."""
    berlin, howe = find_zone("Europe/Berlin"), find_zone("Australia/Lord_Howe")
    assert berlin is not None
    assert howe is not None
    assert to_utc(datetime(2026, 3, 29, 2, 30), berlin).astimezone(berlin).time() == time(3, 30)
    assert to_utc(datetime(2026, 10, 4, 2, 15), howe).astimezone(howe).time() == time(2, 45)


def test_of_a_doubled_wall_clock_time_the_first_is_meant() -> None:
    """02:30 on the night of the change to winter time in Berlin is the one in summer time."""
    place = find_place("Europe/Berlin", "DE", None)
    assert place is not None
    assert to_utc(datetime(2026, 10, 25, 2, 30), place.zone) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    start = to_utc(datetime(2026, 10, 24, 2, 30), place.zone)
    assert later(start, Length(1, "days"), place) == start + timedelta(days=1)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert later(second, Length(1, "weeks"), place) == second + timedelta(days=7)


@pytest.mark.parametrize("unit", UNITS)
def test_nothing_is_the_same_instant_in_every_unit(unit: Any) -> None:
    """0 of anything is the same instant, the second of two doubled hours included."""
    place = find_place("Europe/Berlin", "DE", None)
    assert place is not None
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert later(second, Length(0, unit), place) == second


@pytest.mark.parametrize("unit", UNITS)
def test_the_longest_lengths_end_somewhere_or_never(unit: Any) -> None:
    """A hundred years from the last year that can be counted with is a moment or None, not an error."""
    place = find_place("Europe/Berlin", "DE", "BY")
    assert place is not None
    start = datetime(2999, 12, 31, 23, tzinfo=UTC)
    for amount in (1, 400):
        end = later(start, Length(amount, unit), place)
        assert end is None or end > start
    if unit != "business hours":
        end = later(start, Length(LONGEST[unit], unit), place)
        assert end is None or end > start


@pytest.mark.parametrize(
    "text", ["3", "three days", "1.5 days", "-1 days", "3 Days", " 3 days", "3  days", "3 business  days", "3 months",
             "1 dayss", "٣ days", "3 days ", "", "9999999999 days", "36501 days"],
)  # fmt: skip
def test_what_is_no_length_is_refused(text: str) -> None:
    """A number without a unit, a fraction, another spelling or more than a hundred years is no length of time."""
    with pytest.raises(Exception, match=r"no unit|no length|longer than") as found:
        parse_length(text)
    assert found.value.type == "FR107"  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["1 day", "2 days", "1 days", "0 minutes", "1 business day", "5 business hours"])
def test_singular_and_plural_are_one_unit(text: str) -> None:
    """`1 day` and `1 days` are the same length."""
    amount, _, unit = text.partition(" ")
    assert parse_length(text) == Length(int(amount), unit.rstrip("s") + "s")  # type: ignore[arg-type]


# --- Opening times -------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    moments,
    st.sampled_from(PLACES),
    st.lists(st.tuples(st.lists(st.sampled_from(SPANS), min_size=1, max_size=3, unique=True),
                       st.sampled_from((None, "Europe/Berlin", "Asia/Kathmandu")), st.booleans()),
             min_size=1, max_size=2),
)  # fmt: skip
def test_windows_open_when_the_slow_clock_says(start: datetime, place: Any, windows: Any) -> None:
    """Open now, and the next open moment, of one window or two that intersect, in any zone, across any change."""
    fast, slow = both(place)
    schedules = tuple(schedule(fast, *window) for window in windows)
    together: Schedule = Both(schedules) if len(schedules) > 1 else schedules[0]
    written = [
        clock.Window({"open": spans, "in": zone or "recipient", "skip_holidays": skip}, slow)
        for spans, zone, skip in windows
    ]

    def is_open(moment: datetime) -> bool:
        return all(window.is_open(moment) for window in written)

    assert together.is_open(start) == is_open(start)
    end = start + timedelta(days=9)
    wanted, found = clock.next_open(start, is_open, end), together.next_open(start)
    assert found == wanted or (wanted is None and (found is None or found > end))


def test_starts_are_inclusive_and_ends_are_exclusive() -> None:
    """At nine it is open, at half past five it is not."""
    place = find_place("America/New_York", "US", None)
    assert place is not None
    hours = schedule(place, ["Mon-Fri 09:00-17:30"], None, False)
    nine = datetime(2026, 11, 9, 14, tzinfo=UTC)
    assert hours.is_open(nine)
    assert not hours.is_open(nine - timedelta(microseconds=1))
    half_past_five = nine + timedelta(hours=8, minutes=30)
    assert hours.is_open(half_past_five - timedelta(microseconds=1))
    assert not hours.is_open(half_past_five)
    assert hours.next_open(half_past_five) == nine + timedelta(days=1)


def test_business_time_that_never_comes_is_none() -> None:
    """Windows that never meet a business date give no moment, and that is found quickly."""
    place = find_place("Europe/Berlin", "DE", None)
    assert place is not None
    weekend = Both((BusinessDates(place), schedule(place, ["Sat-Sun 10:00-12:00"], None, False)))
    start = datetime(2026, 11, 9, 14, tzinfo=UTC)
    assert weekend.after_open_time(start, timedelta(hours=1)) is None
    assert weekend.next_open(start) is None
    never = Both((schedule(place, ["Mon 08:00-09:00"], None, False), schedule(place, ["Tue 08:00-09:00"], None, False)))
    assert never.next_open(start) is None


@pytest.mark.parametrize(
    "text", ["Mon-Fri 9:00-17:00", "Mon-Fri 09:00-09:00", "Mon-Fri 22:00-06:00", "Mon-Fri 09:00-24:01",
             "Mo-Fr 09:00-17:00", "Mon-Fri 24:00-24:00", "Mon-Fri 09:60-10:00", "09:00-17:00", "",
             "mon-fri 09:00-17:00"],
)  # fmt: skip
def test_what_is_no_window_is_refused(text: str) -> None:
    """Times do not wrap over midnight, days are written in full as in `Mon`, and no window is empty."""
    with pytest.raises(Exception, match=r".") as found:
        parse_week(text)
    assert found.value.type == "FR108"  # type: ignore[attr-defined]


def test_days_may_wrap_and_lists_are_a_union() -> None:
    """`Sat-Tue` is four days; overlapping windows are one."""
    week = parse_week("Sat-Tue 12:00-24:00")
    assert [bool(day) for day in week] == [True, True, False, False, False, True, True]
    assert parse_week(["Mon 09:00-12:00", "Mon 11:00-17:00", "Mon 17:00-18:00"])[0] == ((540, 1080),)


# --- Calendars -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_calendars_agree_with_the_slow_clock_for_three_years(place: Any) -> None:
    """Weekends by country, holidays of country and region, observed days: every date of three years."""
    fast, slow = both(place)
    day = date(2025, 12, 1)
    for _ in range(1100):
        day += timedelta(days=1)
        assert fast.calendar.is_business(day) == slow.is_business_date(day), day
        assert fast.calendar.is_holiday(day) == slow.is_holiday(day), day


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 300), st.sampled_from(PLACES))
def test_counting_business_dates_forth_and_back_agrees(day: date, amount: int, place: Any) -> None:
    """The n-th business date after a date has n business dates between the two, and is one itself."""
    calendar = both(place)[0].calendar
    later = calendar.add(day, amount)
    assert later is not None
    assert calendar.is_business(later)
    assert calendar.between(day, later) == amount
    assert calendar.between(day, later - timedelta(days=1)) == amount - 1
    assert calendar.between(day, day) == 0


@pytest.mark.parametrize(
    ("country", "shut", "open_day"),
    [
        ("AE", date(2026, 11, 14), date(2026, 11, 13)),  # Saturday; Friday is a working day since 2022
        ("SA", date(2026, 11, 13), date(2026, 11, 15)),  # Friday; Sunday works
        ("IL", date(2026, 11, 13), date(2026, 11, 15)),
        ("IR", date(2026, 11, 13), date(2026, 11, 14)),  # Friday alone; Saturday works
        ("DE", date(2026, 11, 15), date(2026, 11, 13)),
    ],
)
def test_weekends_are_those_of_the_country(country: str, shut: date, open_day: date) -> None:
    """Friday is shut in Riyadh and open in Dubai; Sunday is open in Jerusalem and shut in Berlin."""
    calendar = find_calendar(country, None)
    assert not calendar.is_business(shut)
    assert calendar.is_business(open_day)


def test_observed_holidays_are_no_business_dates() -> None:
    """Independence Day 2026 is a Saturday, so Friday the 3rd is kept free in the United States."""
    calendar = find_calendar("US", None)
    assert not calendar.is_business(date(2026, 7, 3))
    assert calendar.is_business(date(2026, 7, 2))


def test_regions_have_holidays_of_their_own() -> None:
    """Epiphany is free in Bavaria and not in Berlin."""
    epiphany = date(2026, 1, 6)
    assert not find_calendar("DE", "BY").is_business(epiphany)
    assert find_calendar("DE", "BE").is_business(epiphany)


@pytest.mark.parametrize(
    ("country", "region", "note"),
    [
        (None, None, "no country is given: Monday to Friday count as business days, without holidays"),
        (None, "BY", "no country is given: Monday to Friday count as business days, without holidays"),
        ("XX", None, "the country 'XX' is not known: Monday to Friday count as business days, without holidays"),
        ("Germany", "BY", "the country 'Germany' is not known: Monday to Friday count"),
        ("", "", "the country '' is not known: Monday to Friday count"),
        ("DE", "ZZ", "the region 'ZZ' of DE is not known: the holidays of the country count"),
    ],
)
def test_what_is_not_known_of_a_calendar_is_said(country: str | None, region: str | None, note: str) -> None:
    """An unknown region falls back to the country, an unknown country to Monday to Friday; the notes say so."""
    calendar = find_calendar(country, region)
    assert calendar.notes[0].startswith(note)
    assert not calendar.is_business(date(2026, 11, 14))
    christmas = date(2026, 12, 25)
    assert calendar.is_business(christmas) == (country != "DE")


def test_a_known_calendar_has_nothing_to_say() -> None:
    """Nothing is assumed of Bavaria."""
    assert find_calendar("DE", "BY").notes == ()


def test_the_end_of_all_calendars_is_none() -> None:
    """Business dates beyond the last year are not there, and are not an error."""
    assert Calendar(None).add(date(9998, 12, 30), 30) is None


# --- Zones ---------------------------------------------------------------------------------------------------------


def test_zones_come_from_the_tzdata_package(tmp_path: Path) -> None:
    """The machine's own zone files are not read, be they old or wrong: the same input decides the same everywhere."""
    wrong = tmp_path / "Europe" / "Berlin"
    wrong.parent.mkdir()
    wrong.write_bytes(files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").read_bytes())
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        find_zone.cache_clear()
        zone = find_zone("Europe/Berlin")
        assert noon.astimezone(ZoneInfo.no_cache("Europe/Berlin")).hour == 21, "the trap is not set"
        assert zone is not None
        assert noon.astimezone(zone).hour == 13
    finally:
        zoneinfo.reset_tzpath(to=())


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "europe/berlin", "../../etc/passwd", "/etc/localtime", "Europe", "Factory", "CEST",
             "UTC+1", "localtime", "posixrules", "Europe/Berlin\n", "\0"],
)  # fmt: skip
def test_names_of_no_zone_are_not_known(name: str) -> None:
    """A name that IANA does not list, written in other letters or leading out of the folder, is no zone."""
    assert find_zone(name) is None


def test_every_listed_zone_can_be_used() -> None:
    """Each of the names gives a zone that knows its offset."""
    for name in zone_names():
        zone = find_zone(name)
        assert zone is not None
        assert datetime(2026, 7, 1, tzinfo=zone).utcoffset() is not None


@pytest.mark.parametrize("name", ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"])
def test_every_offset_change_is_found(name: str) -> None:
    """A year cut day by day into spans of one offset gives the same offsets as asking every quarter of an hour."""
    zone = ZoneInfo(name)
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(365):
        start = day + timedelta(days=number)
        spans = offset_changes(zone, start, start + timedelta(days=1))
        for quarter in range(96):
            moment = start + timedelta(minutes=15 * quarter)
            offset = [offset for first, offset in spans if first <= moment][-1]
            assert offset == moment.astimezone(zone).utcoffset()


# --- Written times -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-09T15:00:00-05:00", datetime(2026, 11, 9, 20, tzinfo=UTC)),
        ("2026-11-09t15:00:00z", datetime(2026, 11, 9, 15, tzinfo=UTC)),
        ("2026-11-09 15:00:00Z", datetime(2026, 11, 9, 15, tzinfo=UTC)),
        ("2026-11-09T15:00:00.5+05:45", datetime(2026, 11, 9, 9, 15, 0, 500000, UTC)),
        ("2026-11-09T15:00:00.123456789Z", datetime(2026, 11, 9, 15, 0, 0, 123456, UTC)),
        ("2024-02-29T00:00:00-00:00", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_rfc_3339_times_are_read_exactly(text: str, wanted: datetime) -> None:
    """Offset, Z, small letters and fractions of a second are read as RFC 3339 says, to the microsecond."""
    assert parse_time(text) == wanted


@pytest.mark.parametrize(
    "value", ["2026-11-09T15:00:00", "2026-11-09", "2026-11-09T15:00Z", "2026-02-29T00:00:00Z", "2026-11-09T24:00:00Z",
              "2026-11-09T15:00:60Z", "2026-11-09T15:00:00+24:00", "2026-11-09T15:00:00+05:60", "9999-12-31T23:59:59Z",
              "0000-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "3000-01-01T00:00:00Z", "2999-12-31T23:59:59-01:00",
              "1900-01-01T00:00:00+01:00", "yesterday", "", 1762700000, None, "2026-11-09T15:00:00+0500",
              "٢٠٢٦-11-09T15:00:00Z", "2026-11-09T15:00:00Z\n"],
)  # fmt: skip
def test_times_that_are_not_exact_are_refused(value: object) -> None:
    """Without an offset, a date alone, a leap second or a year that nobody means: FR205, never a guess."""
    with pytest.raises(Exception, match=r".") as found:
        parse_time(value)
    assert found.value.type == "FR205"  # type: ignore[attr-defined]


def test_a_promise_is_a_date_or_a_time() -> None:
    """`by` keeps which of the two it was."""
    assert parse_date_or_time("2026-11-18") == date(2026, 11, 18)
    assert parse_date_or_time("2026-11-18T10:00:00Z") == datetime(2026, 11, 18, 10, tzinfo=UTC)
