"""A sheet that is drawn on from top to bottom, in layers, without knowing its height beforehand."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from followup_rules.report.pictures.elements import element, fold
from followup_rules.report.pictures.stretch import Stretch

MARGIN: Final = 12.0
SMALL: Final = 11.0
NORMAL: Final = 13.0


class Canvas:
    """What is drawn so far. `y` is how far down it goes; layers are put on each other in the order of their names."""

    def __init__(self, stretch: Stretch, width: float, key: str) -> None:
        self.stretch, self.width, self.key = stretch, width, key
        self.y = MARGIN
        self._layers: dict[str, list[str]] = {name: [] for name in ("shades", "lines", "marks", "texts")}

    @property
    def inner(self) -> float:
        """The room between the margins."""
        return self.width - 2 * MARGIN

    @property
    def day(self) -> float:
        """How wide a day is."""
        return self.inner / self.stretch.days

    def x(self, moment: datetime) -> float:
        """Where a moment is; the nearest edge for one that is not shown."""
        return MARGIN + self.inner * min(1.0, max(0.0, self.stretch.part(moment)))

    def shows(self, moment: datetime | None) -> bool:
        """True where a moment is between the edges."""
        return moment is not None and self.stretch.start <= moment <= self.stretch.end

    def put(self, layer: str, name: str, text: str | None = None, **attributes: str | float) -> None:
        """Draw one element."""
        self._layers[layer].append(element(name, text, **attributes))

    def write(self, text: str, x: float, y: float, size: float = SMALL, kind: str = "", anchor: str = "start") -> None:
        """One line of text; `y` is its baseline."""
        extra = {} if anchor == "start" else {"text_anchor": anchor}
        self.put("texts", "text", text, class_=kind or "muted", x=x, y=y, font_size=size, **extra)

    def paragraph(self, text: str, size: float = SMALL, kind: str = "", indent: float = 0) -> None:
        """A text over the whole width, folded; its first line begins farther right. Goes down by its height."""
        for number, line in enumerate(fold(text, size, self.inner, indent)):
            self.y += size * 1.35
            self.write(line, MARGIN + (indent if number == 0 else 0), self.y - size * 0.3, size, kind)

    def content(self) -> str:
        """All layers."""
        return "".join(one for layer in self._layers.values() for one in layer)
