"""When nothing may be sent: hours outside the send windows, weekends and holidays of the recipient."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from followup_rules.judge.judgement import Judgement
from followup_rules.judge.openings import Openings
from followup_rules.report.pictures.stretch import Stretch, midnight
from followup_rules.timing.place import Place

Kind = Literal["quiet", "weekend", "holiday"]
_ONE_DAY: Final = timedelta(days=1)


class Shade(NamedTuple):
    """A span of time that is shaded, in UTC; `label` is the holiday's name."""

    start: datetime
    end: datetime
    kind: Kind
    label: str = ""


def shades(evidence: Judgement, stretch: Stretch) -> tuple[Shade, ...]:
    """Everything that is shaded in one row, clipped to the stretch; nothing where no zone is known."""
    place, openings = evidence.occasion.place, evidence.openings
    if place is None or openings is None:
        return ()
    # Days off last, because they are drawn over the quiet hours.
    found = [*_quiet(openings, stretch), *_days_off(place, stretch)]
    clipped = (one._replace(start=max(one.start, stretch.start), end=min(one.end, stretch.end)) for one in found)
    return tuple(one for one in clipped if one.start < one.end)


def _days_off(place: Place, stretch: Stretch) -> Iterator[Shade]:
    """Weekends and holidays on the recipient's own clock."""
    day, last = place.today(stretch.start), place.today(stretch.end)
    while day <= last:
        name = place.calendar.holiday(day)
        if name is not None or not place.calendar.is_business(day):
            begin, end = midnight(day, place.zone), midnight(day + _ONE_DAY, place.zone)
            yield Shade(begin, end, "weekend" if name is None else "holiday", name or "")
        day += _ONE_DAY


def _quiet(openings: Openings, stretch: Stretch) -> Iterator[Shade]:
    """What the send windows leave shut; nothing where there is none."""
    shut, day = stretch.start, stretch.start.date()
    while day <= stretch.end.date():
        spans = openings.spans(day)
        if spans is None:
            return
        for start, end in spans:
            if shut < start:
                yield Shade(shut, start, "quiet")
            shut = max(shut, end)
        day += _ONE_DAY
    if shut < stretch.end:
        yield Shade(shut, stretch.end, "quiet")
