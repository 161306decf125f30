"""The next step of a cadence, and when it opens, is due and expires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from followup_rules.judge.occasions import Occasion
from followup_rules.judge.restrain import Counted
from followup_rules.rules.lengths import Length
from followup_rules.timing.reckon import later_by
from followup_rules.timing.schedule import Schedule

Hours = Callable[[], Schedule]
"""Gives the schedule that business hours are counted in; asked only where they are."""


class NextStep:
    """The next touch of a cadence. Moments are in UTC; None where one is not known or never comes."""

    __slots__ = ("_base", "_known", "_place", "_times", "done", "number")

    def __init__(self, occasion: Occasion, counted: Counted) -> None:
        cadence = occasion.lane.rule.cadence
        touches = counted.of_occasion()
        sent = len(touches)
        self.done = sent >= len(cadence)
        self.number = len(cadence) if self.done else sent + 1
        self._place = None if self.done else occasion.place
        if self._place is None:
            return
        self._times = cadence[sent]
        self._known: dict[Length, datetime | None] = {}
        anchor = occasion.anchor
        if touches:
            self._base = touches[-1].at
        else:
            self._base = self._place.promised(anchor) if anchor.type == "decision_promised" else anchor.at

    def opens(self, hours: Hours) -> datetime | None:
        """Not before."""
        return self._later(self._times.opens, hours) if self._place is not None else None

    def due(self, hours: Hours) -> datetime | None:
        """Best by."""
        if self._place is None or self._times.due is None:
            return None
        return self._later(self._times.due, hours)

    def expires(self, hours: Hours) -> datetime | None:
        """Never after."""
        return self._later(self._times.expires, hours) if self._place is not None else None

    def due_never_comes(self, hours: Hours) -> bool:
        """True where a due moment was asked for in business time that never comes."""
        due = self._times.due if self._place is not None else None
        return due is not None and due.unit == "business hours" and self._later(due, hours) is None

    def _later(self, length: Length, hours: Hours) -> datetime | None:
        assert self._place is not None  # noqa: S101  (asked above)
        if length not in self._known:
            self._known[length] = later_by(self._base, length, self._place, hours)
        return self._known[length]
