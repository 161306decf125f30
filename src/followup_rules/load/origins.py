"""Where the characters of a text stand in the file that it was drawn from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from followup_rules.quality.review import Lines


class Drawn:
    """A text made of pieces of another: `text`, and for each character its line and column in the source.

    `pieces` are the places where the pieces begin in the source, and what they say. `above` is the number of lines that
    stand in the file above the source.
    """

    def __init__(self, source: str, pieces: Iterable[tuple[int, str]], above: int = 0) -> None:
        self._source, self._above = source, above
        self._starts: list[int] = []
        self._origins: list[int] = []
        length, texts = 0, []
        for origin, text in pieces:
            self._starts.append(length)
            self._origins.append(origin)
            texts.append(text)
            length += len(text)
        self.text = "".join(texts)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._source)

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a character, counted from 1; the end of the text has a place as well."""
        index = bisect_right(self._starts, max(0, position)) - 1
        origin = self._origins[index] + max(0, position) - self._starts[index] if index >= 0 else 0
        line, column = self._lines.place(min(origin, len(self._source)))
        return line + self._above, column


def whole(source: str, above: int = 0) -> Drawn:
    """A text that is its own source."""
    return Drawn(source, [(0, source)], above)
