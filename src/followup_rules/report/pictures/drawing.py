"""A scene as SVG. The same scene gives the same text."""

from __future__ import annotations

from followup_rules.report.pictures.axis import draw_dates, draw_events, draw_now, finish
from followup_rules.report.pictures.canvas import NORMAL, Canvas
from followup_rules.report.pictures.colours import Theme, fixed, sheet
from followup_rules.report.pictures.elements import element
from followup_rules.report.pictures.legend import draw_legend
from followup_rules.report.pictures.rows import draw_row
from followup_rules.report.pictures.scene import Scene

WIDE, NARROW = 960, 360
"""For a desk, and for a phone."""


def drawing(scene: Scene, width: int = WIDE, key: str = "picture", *, heading: bool = False, style: str = "") -> str:
    """The picture as one `svg` element.

    Args:
        scene: what it shows.
        width: in pixels; texts are folded to it and keep their size.
        key: begins the ids in it, so that several pictures can stand in one page.
        heading: with the title written in it, for a picture that stands alone.
        style: a style sheet inside it; without one the page around it has the rules.
    """
    canvas = Canvas(scene.stretch, float(width), key)
    if heading:
        canvas.paragraph(scene.title, NORMAL + 2, "strong")
        canvas.y += 2
    canvas.paragraph(f"Times on the clock of {scene.zone_name}")
    top = canvas.y + 14
    draw_now(canvas, scene)
    lines = draw_dates(canvas)
    draw_events(canvas, scene)
    for row in scene.rows:
        draw_row(canvas, row)
    if not scene.rows:
        canvas.paragraph("No follow-up has an occasion here.", NORMAL)
    finish(canvas, lines, scene.now, top, canvas.y + 4)
    draw_legend(canvas, scene)
    return _document(scene, canvas, style)


def standalone(scene: Scene, width: int = WIDE, theme: Theme = "auto") -> str:
    """The picture as a file of its own: with its title and its style, light or dark as the reader likes."""
    style = sheet() if theme == "auto" else fixed(theme)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing(scene, width, heading=True, style=style)}\n'


def _document(scene: Scene, canvas: Canvas, style: str) -> str:
    height, key = canvas.y + 10, canvas.key
    hatch = element("path", class_="hatch", d="M0 6L6 0", stroke_width=1)
    size = 'width="6" height="6" patternUnits="userSpaceOnUse"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" width="{canvas.width:.0f}"'
        f' height="{height:.0f}" viewBox="0 0 {canvas.width:.0f} {height:.0f}"'
        f' aria-labelledby="{key}-title {key}-desc">'
        f"{element('title', scene.title, id=f'{key}-title')}{element('desc', scene.description, id=f'{key}-desc')}"
        f"{f'<style>{style}</style>' if style else ''}"
        f'<defs><pattern id="{key}-hatch" {size}>{hatch}</pattern></defs>'
        f"{element('rect', class_='paper', x=0, y=0, width=canvas.width, height=height, rx=6)}"
        f"{canvas.content()}</svg>"
    )
