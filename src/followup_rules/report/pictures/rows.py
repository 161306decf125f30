"""One row for each decision: what it is about, when it may go, and what was decided."""

from __future__ import annotations

from typing import Final

from followup_rules.model.words import Outcome
from followup_rules.report.pictures.canvas import MARGIN, NORMAL, SMALL, Canvas
from followup_rules.report.pictures.elements import width_of
from followup_rules.report.pictures.scene import Row

CHIPS: Final[dict[Outcome, str]] = {
    "send": "send now", "wait": "wait", "revise": "mend", "hold": "hold", "stop": "stop",
}  # fmt: skip
_HIGH: Final = 30.0
_NARROW: Final = 7.0
"""Where a day is narrower, hours are not shaded: they would be a flicker."""


def draw_row(canvas: Canvas, row: Row) -> None:
    """A chip with the decision, what it is about, the band of time, and the reason beneath."""
    canvas.y += 12
    _head(canvas, row)
    canvas.y += 6
    top = canvas.y
    _shade(canvas, row, top)
    canvas.put("lines", "rect", class_="frame", x=MARGIN, y=top, width=canvas.inner, height=_HIGH)
    _bar(canvas, row, top + _HIGH / 2)
    canvas.y = top + _HIGH + 3
    for line in row.told:
        canvas.paragraph(line)


def _head(canvas: Canvas, row: Row) -> None:
    late = row.overdue and row.outcome == "send"
    chip, sort = ("overdue", "late") if late else (CHIPS[row.outcome], row.outcome)
    wide = width_of(chip, SMALL) + 12
    y = canvas.y
    canvas.put("marks", "rect", class_=f"chip {sort}", x=MARGIN, y=y + 1, width=wide, height=17, rx=8.5)
    canvas.write(chip, MARGIN + wide / 2, y + 13.3, SMALL, "chiptext", "middle")
    canvas.paragraph(row.about, NORMAL, "strong", wide + 8)


def _shade(canvas: Canvas, row: Row, top: float) -> None:
    """One path for each sort of shade, because there are many of them."""
    for kind in ("quiet", "weekend", "holiday"):
        if kind == "quiet" and canvas.day < _NARROW:
            continue
        spans = [(canvas.x(one.start), canvas.x(one.end)) for one in row.shades if one.kind == kind]
        path = "".join(f"M{x:.1f} {top:.1f}h{end - x:.1f}v{_HIGH:.0f}h{x - end:.1f}z" for x, end in spans)
        if path:
            canvas.put("shades", "path", class_=kind, d=path)
        if path and kind == "holiday":
            canvas.put("shades", "path", fill=f"url(#{canvas.key}-hatch)", d=path)


def _bar(canvas: Canvas, row: Row, middle: float) -> None:
    if row.anchor is not None and row.opens is not None and row.anchor < row.opens:
        first, last = canvas.x(row.anchor), canvas.x(row.opens)
        canvas.put("marks", "line", class_="count", x1=first, x2=last, y1=middle, y2=middle)
    if row.opens is not None and row.expires is not None and canvas.x(row.opens) < canvas.x(row.expires):
        x, kind = canvas.x(row.opens), "gone" if row.outcome == "stop" else "open"
        wide = canvas.x(row.expires) - x
        canvas.put("marks", "rect", class_=kind, x=x, y=middle - 6, width=wide, height=12, rx=3)
    if row.anchor is not None and canvas.shows(row.anchor):
        canvas.put("marks", "circle", class_="anchor", cx=canvas.x(row.anchor), cy=middle, r=4)
    if row.due is not None and canvas.shows(row.due):
        x = canvas.x(row.due)
        canvas.put("marks", "line", class_="due", x1=x, x2=x, y1=middle - 10, y2=middle + 10)
    for number, moment in enumerate(row.touches, 1):
        if canvas.shows(moment):
            canvas.put("marks", "circle", class_="touch", cx=canvas.x(moment), cy=middle, r=7)
            canvas.write(str(number), canvas.x(moment), middle + 3.2, 9, "chiptext", "middle")
    if row.at is not None and canvas.shows(row.at):
        canvas.put("marks", "polygon", class_=f"act {row.outcome}", points=diamond(canvas.x(row.at), middle, 8))


def diamond(x: float, y: float, size: float) -> str:
    """The corners of a diamond around a point."""
    corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
    return " ".join(f"{left:.1f},{down:.1f}" for left, down in corners)
