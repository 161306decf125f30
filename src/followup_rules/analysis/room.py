"""Whether a step has room between its opening and its expiry, tried out from every hour of a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from followup_rules.analysis.logic.lengths import least_hours, most_hours
from followup_rules.analysis.logic.witness import plain_place
from followup_rules.judge.openings import Openings
from followup_rules.model.times import UTC
from followup_rules.rules.follow_up import Step
from followup_rules.rules.lengths import Length
from followup_rules.rules.restrictions import SendWindow
from followup_rules.rules.windows import Week
from followup_rules.timing.place import Place
from followup_rules.timing.reckon import later_by

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_MONDAY: Final = datetime(2026, 9, 14, tzinfo=UTC)
_ZONES: Final = ("UTC", "America/New_York", "Asia/Tokyo")
_TYPICAL: Final = range(8, 19)
_WEEK: Final = 24 * 7


class Room:
    """Remembers what it tried: many rules share their lengths and windows."""

    def __init__(self) -> None:
        self._known: dict[object, tuple[int, ...]] = {}
        self._openings: dict[object, Openings] = {}

    def is_wide(self, step: Step, windows: Sequence[SendWindow]) -> bool:
        """True where nothing needs to be tried: a whole week lies between, or only the clock counts."""
        opens, expires = step.opens, step.expires
        most = most_hours(opens)
        if not windows and opens.unit == expires.unit:
            return True
        if expires.unit == "business days" and _is_daily(windows):
            if opens.unit == "business days" and expires.amount > opens.amount:
                return True
            if opens.elapsed and most is not None and most <= 24 and expires.amount >= 2:
                return True
        if opens.unit == expires.unit and opens.unit != "business hours":
            between = Length(expires.amount - opens.amount, opens.unit)
            return between.amount >= 6 if opens.unit == "business days" else least_hours(between) >= _WEEK - 3
        if opens.elapsed and expires.unit == "business days" and most is not None and most < 24:
            return expires.amount >= 7
        return most is not None and expires.unit != "business hours" and least_hours(expires) - most >= _WEEK

    def never_open(self, windows: Sequence[SendWindow]) -> bool:
        """True where the windows are never open together, anywhere."""
        if all(one.in_ is None for one in windows):
            return not any(_common(windows))
        return all(self._hours(windows, zone).from_now is None for zone in self._zones(windows))

    def shut_days(self, step: Step, windows: Sequence[SendWindow]) -> tuple[int, ...]:
        """The days from Monday to Friday on which no anchor in the working hours leaves room anywhere.

        All five, where no anchor of the whole week does.
        """
        key = (step.opens, step.expires, tuple((one.open, one.in_) for one in windows))
        if key not in self._known:
            self._known[key] = self._tried(step, windows)
        return self._known[key]

    def _tried(self, step: Step, windows: Sequence[SendWindow]) -> tuple[int, ...]:
        found: set[int] = set(range(len(DAYS)))
        ever = False
        for zone in self._zones(windows):
            place, hours = plain_place(zone), self._hours(windows, zone)
            midnight = _MONDAY.replace(tzinfo=place.zone).astimezone(UTC)
            for day in tuple(found):
                if any(_has_room(step, midnight + timedelta(days=day, hours=hour), place, hours) for hour in _TYPICAL):
                    found.discard(day)
            ever = ever or len(found) < len(DAYS)
        if ever:
            return tuple(sorted(found))
        return tuple(sorted(found)) if not self._ever(step, windows) else ()

    def _ever(self, step: Step, windows: Sequence[SendWindow]) -> bool:
        """Whether there is room from any quarter of an hour of the week on."""
        for zone in self._zones(windows):
            place, hours = plain_place(zone), self._hours(windows, zone)
            midnight = _MONDAY.replace(tzinfo=place.zone).astimezone(UTC)
            quarters = (midnight + timedelta(minutes=15 * number) for number in range(4 * _WEEK))
            if any(_has_room(step, start, place, hours) for start in quarters):
                return True
        return False

    @staticmethod
    def _zones(windows: Sequence[SendWindow]) -> tuple[str, ...]:
        named = tuple(dict.fromkeys(one.in_ for one in windows if one.in_ is not None))
        return (*named, *_ZONES) if named else _ZONES[:1]

    def _hours(self, windows: Sequence[SendWindow], zone: str) -> Openings:
        key = (zone, tuple((one.open, one.in_) for one in windows))
        if key not in self._openings:
            plain = [one.model_copy(update={"skip_holidays": False}) for one in windows]
            self._openings[key] = Openings(plain, plain_place(zone), _MONDAY)
        return self._openings[key]


def _common(windows: Sequence[SendWindow]) -> Week:
    """The hours of the week that all windows on the recipient's clock leave open."""
    week: Week = windows[0].open
    for window in windows[1:]:
        week = tuple(
            tuple(
                (max(start, first), min(end, last))
                for start, end in day
                for first, last in other
                if max(start, first) < min(end, last)
            )
            for day, other in zip(week, window.open, strict=True)
        )
    return week


def _is_daily(windows: Sequence[SendWindow]) -> bool:
    """True where every day from Monday to Friday is open at some time, and none closes before another one opens.

    Then there is an open moment between any hour of a business day and the same hour of the next.
    """
    if any(one.in_ is not None for one in windows):
        return False
    if not windows:
        return True
    days = _common(windows)[:5]
    return all(days) and max(day[0][0] for day in days) <= min(day[-1][1] for day in days)


def _has_room(step: Step, start: datetime, place: Place, hours: Openings) -> bool:
    opens = later_by(start, step.opens, place, lambda: hours.hours)
    expires = later_by(start, step.expires, place, lambda: hours.hours)
    if opens is None or expires is None:
        return False
    moment = hours.next_open(opens)
    return moment is not None and moment <= expires
