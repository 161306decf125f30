"""The send windows of an occasion as one schedule, worked out once per place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

from followup_rules.model.decision import Verdict
from followup_rules.rules.restrictions import SendWindow
from followup_rules.timing.place import Place
from followup_rules.timing.reckon import usual_hours
from followup_rules.timing.schedule import Both, BusinessDates, Schedule, Span, Weekly
from followup_rules.timing.zones import find_zone


class Openings:
    """When messages may go out to a place under some windows, and what counts as business hours there."""

    def __init__(self, windows: Sequence[SendWindow], place: Place, now: datetime) -> None:
        self._place = place
        self._schedules = tuple(_schedule(window, place) for window in windows)
        self._all = Both(self._schedules) if len(self._schedules) > 1 else self._schedules[0] if windows else None
        self.from_now = self.next_open(now)
        """The next moment, now included, at which all are open; None where there is none."""
        self.verdicts = tuple(
            Verdict(window, "send", "in_window")
            if schedule.is_open(now)
            else Verdict(window, "wait", "outside_send_window", schedule.next_open(now))
            for window, schedule in zip(windows, self._schedules, strict=True)
        )
        """What each window says of now."""
        self.shut = next((verdict for verdict in self.verdicts if verdict.verdict == "wait"), None)
        """The first of them that is shut now."""

    def next_open(self, instant: datetime) -> datetime | None:
        """The next moment, the given one included, at which all windows are open."""
        return instant if self._all is None else self._all.next_open(instant)

    def shuts(self, instant: datetime) -> datetime | None:
        """Until when all windows are certainly open from an instant on; None where nothing ever shuts, or one has."""
        return None if self._all is None else self._all.shuts(instant)

    def spans(self, day: date) -> tuple[Span, ...] | None:
        """When all windows are open on one UTC day; None where there is no window."""
        return None if self._all is None else self._all.spans(day)

    @cached_property
    def hours(self) -> Schedule:
        """Business hours: what all windows leave open of business dates, or 09:00-17:00 without windows."""
        if not self._schedules:
            return usual_hours(self._place)
        return Both((BusinessDates(self._place), *self._schedules))


def _schedule(window: SendWindow, place: Place) -> Schedule:
    zone = place.zone if window.in_ is None else find_zone(window.in_)
    assert zone is not None  # noqa: S101  (checked when the rule was read)
    return Weekly(window.open, zone, holidays=place.calendar if window.skip_holidays else None)
