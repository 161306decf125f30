"""What the marks mean: those that occur, and no others."""

from __future__ import annotations

from typing import NamedTuple

from followup_rules.report.pictures.axis import MONTHS
from followup_rules.report.pictures.canvas import MARGIN, SMALL, Canvas
from followup_rules.report.pictures.elements import width_of
from followup_rules.report.pictures.rows import diamond
from followup_rules.report.pictures.scene import Scene


class Mark(NamedTuple):
    """A sample of a mark and its meaning."""

    kind: str
    shape: str
    text: str


def draw_legend(canvas: Canvas, scene: Scene) -> None:
    """The meanings, one after the other, folded to the width."""
    canvas.y += 12
    canvas.put("lines", "line", class_="grid", x1=MARGIN, x2=canvas.width - MARGIN, y1=canvas.y, y2=canvas.y)
    canvas.y += 8
    x = MARGIN
    for mark in _marks(canvas, scene):
        wide = 22 + width_of(mark.text, SMALL) + 14
        if x > MARGIN and x + wide > canvas.width:
            x, canvas.y = MARGIN, canvas.y + 17
        _sample(canvas, mark, x, canvas.y)
        canvas.write(mark.text, x + 22, canvas.y + 11)
        x += wide
    canvas.y += 17
    holidays = _holidays(scene)
    if holidays:
        canvas.paragraph(f"Holidays: {', '.join(holidays)}")


def _holidays(scene: Scene) -> list[str]:
    """The holidays of all recipients by name, in order of time."""
    found = {(one.start, one.label) for row in scene.rows for one in row.shades if one.label}
    names: dict[str, None] = {}
    for start, label in sorted(found):
        day = start.astimezone(scene.stretch.zone)
        names[f"{label} ({day.day} {MONTHS[day.month - 1]})"] = None
    return list(names)


def _marks(canvas: Canvas, scene: Scene) -> list[Mark]:
    rows = scene.rows
    kinds = {shade.kind for row in rows for shade in row.shades}
    found = [
        (bool(scene.happenings), Mark("event", "circle", "event")),
        (any(row.anchor for row in rows), Mark("anchor", "circle", "what it counts from")),
        (any(row.opens and row.outcome != "stop" for row in rows), Mark("open", "rect", "opens until stale")),
        (any(row.opens and row.outcome == "stop" for row in rows), Mark("gone", "rect", "the time it had")),
        (any(canvas.shows(row.due) for row in rows), Mark("due", "bar", "best by")),
        (any(canvas.shows(row.at) for row in rows), Mark("act", "diamond", "when to act")),
        (any(canvas.shows(one) for row in rows for one in row.touches), Mark("touch", "circle", "message sent")),
        ("quiet" in kinds and canvas.day >= 7, Mark("quiet", "rect", "outside the hours")),
        ("weekend" in kinds, Mark("weekend", "rect", "weekend")),
        ("holiday" in kinds, Mark("holiday", "rect", "holiday")),
        (True, Mark("nowline", "bar", "now")),
    ]
    return [mark for there, mark in found if there]


def _sample(canvas: Canvas, mark: Mark, x: float, y: float) -> None:
    match mark.shape:
        case "circle":
            canvas.put("marks", "circle", class_=mark.kind, cx=x + 8, cy=y + 7, r=5)
        case "bar":
            canvas.put("marks", "line", class_=mark.kind, x1=x + 8, x2=x + 8, y1=y, y2=y + 14)
        case "diamond":
            canvas.put("marks", "polygon", class_=mark.kind, points=diamond(x + 8, y + 7, 7))
        case _:
            canvas.put("shades", "rect", class_=mark.kind, x=x, y=y + 1, width=16, height=12)
            if mark.kind == "holiday":
                canvas.put("shades", "rect", fill=f"url(#{canvas.key}-hatch)", x=x, y=y + 1, width=16, height=12)
