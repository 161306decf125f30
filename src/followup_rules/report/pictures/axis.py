"""The dates above, the events on their line, and now."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from followup_rules.report.pictures.canvas import MARGIN, SMALL, Canvas
from followup_rules.report.pictures.elements import width_of
from followup_rules.report.pictures.scene import Happening, Scene
from followup_rules.report.words import short_moment

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LINE: Final = 14.0
_MOST: Final = 14
"""So many events are named at most; the others are dots."""


def draw_dates(canvas: Canvas) -> list[float]:
    """The dates that there is room for, with the zone above; gives back where their lines go down."""
    canvas.y += _LINE
    lines: list[float] = []
    free = 0.0
    step = 1 if canvas.day >= 26 else 7
    for moment, day in canvas.stretch.midnights():
        x, label = canvas.x(moment), _date(day, canvas.day >= 64)
        if step == 7 and day.weekday():
            continue
        lines.append(x)
        if x >= free and x + width_of(label, SMALL) + 3 <= canvas.width - 2:
            canvas.write(label, x + 3, canvas.y)
            free = x + width_of(label, SMALL) + 9
    canvas.y += 6
    return lines


def _date(day: date, with_weekday: bool) -> str:
    written = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{_DAYS[day.weekday()]} {written}" if with_weekday else written


def draw_now(canvas: Canvas, scene: Scene) -> None:
    """The words for now, above the dates, over the line that `finish` draws."""
    local = scene.now.astimezone(scene.stretch.zone)
    label = f"now: {short_moment(local, local)}"
    half, x = width_of(label, SMALL) / 2, canvas.x(scene.now)
    middle = min(max(x, MARGIN + half), canvas.width - MARGIN - half)
    canvas.y += _LINE
    canvas.write(label, middle, canvas.y - 3, SMALL, "now", "middle")


def draw_events(canvas: Canvas, scene: Scene) -> None:
    """The events on a line, named beneath it where they do not cover each other."""
    y = canvas.y + 12
    canvas.put("lines", "line", class_="axis", x1=MARGIN, x2=canvas.width - MARGIN, y1=y, y2=y)
    for one in scene.happenings:
        canvas.put("marks", "circle", class_="event", cx=canvas.x(one.at), cy=y, r=4)
    rows = _named(canvas, scene.happenings, y)
    canvas.y = y + 10 + rows * _LINE
    hidden = [f"{scene.earlier} earlier"] if scene.earlier else []
    unnamed = len(scene.happenings) - _MOST
    hidden += [f"{unnamed} more without a name"] if unnamed > 0 else []
    if hidden:
        canvas.paragraph(f"Events not named here: {', '.join(hidden)}.")


def _named(canvas: Canvas, happenings: tuple[Happening, ...], y: float) -> int:
    """Write the names in as few rows as possible, from the right, so that each line goes down beside other names."""
    kept = sorted(happenings, key=lambda one: (-one.weight, -one.at.timestamp()))[:_MOST]
    taken: list[float] = []
    for one in sorted(kept, key=lambda one: one.at, reverse=True):
        x, wide = canvas.x(one.at), width_of(one.label, SMALL)
        left = min(x + 5, canvas.width - MARGIN - wide)
        row = next((number for number, edge in enumerate(taken) if left + wide + 8 <= edge), len(taken))
        if row == len(taken):
            taken.append(0.0)
        taken[row] = min(left, x)
        base = y + 18 + row * _LINE
        canvas.put("lines", "line", class_="leader", x1=x, x2=x, y1=y + 4, y2=base)
        canvas.write(one.label, left, base, SMALL, "ink")
    return len(taken)


def finish(canvas: Canvas, lines: list[float], now: datetime, top: float, bottom: float) -> None:
    """The lines that go down over everything: dates, and now."""
    for x in lines:
        canvas.put("lines", "line", class_="grid", x1=x, x2=x, y1=top, y2=bottom)
    x = canvas.x(now)
    canvas.put("marks", "line", class_="nowline", x1=x, x2=x, y1=top, y2=bottom)
