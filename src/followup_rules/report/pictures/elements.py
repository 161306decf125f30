"""Elements of SVG as text, and how wide words are."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

# What XML cannot hold at all, however it is written, and marks that would turn the rest of a line around.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
# Of a common sans-serif letter, as a part of the size; wide enough for the widest of these fonts.
_LETTER: Final = 0.58
_WIDE: Final = 1.0


def element(name: str, text: str | None = None, **attributes: str | float) -> str:
    """One element; `_` in a name of an attribute is `-`, and `class_` is `class`."""
    told = "".join(f" {_key(key)}={quoteattr(_value(value))}" for key, value in attributes.items())
    return f"<{name}{told}/>" if text is None else f"<{name}{told}>{clean(text)}</{name}>"


def clean(text: str) -> str:
    """A text that may stand in a document."""
    return escape(_FORBIDDEN.sub("�", text))


def _key(key: str) -> str:
    return key.rstrip("_").replace("_", "-") if key != "viewBox" else key


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return _FORBIDDEN.sub("�", value)
    return f"{value:.1f}".rstrip("0").rstrip(".")


def width_of(text: str, size: float) -> float:
    """How wide a line is, at most, in the unit of its size."""
    return size * sum(_LETTER if ord(letter) < 0x1100 else _WIDE for letter in text)


def fold(text: str, size: float, width: float, first: float = 0) -> list[str]:
    """A text in lines no wider than a width; a word that is wider is cut. `first` is taken from the first line."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for part in _parts(word, size, width):
            room = width - (first if not lines else 0)
            wider = f"{line} {part}" if line else part
            if line and width_of(wider, size) > room:
                lines.append(line)
                line = part
            else:
                line = wider
    return [*lines, line] if line else lines


def _parts(word: str, size: float, width: float) -> list[str]:
    """A word, cut where it is wider than a whole line."""
    if width_of(word, size) <= width:
        return [word]
    long = max(1, int(width / size))
    return [word[start : start + long] for start in range(0, len(word), long)]
