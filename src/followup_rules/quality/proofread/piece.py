"""The part of a text that is read, with its words taken apart once for all that look at them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from followup_rules.quality.text import Word


class Piece(NamedTuple):
    """A text and those of its words that are the sender's own, as they stand and in small letters."""

    text: str
    words: Sequence[Word]
    owns: Sequence[str]
    lowers: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    opaque: Sequence[tuple[int, int]]
    """What is quoted, an address or code, in order."""

    def hides(self, place: int) -> bool:
        """True for a character that is quoted, or part of an address or of code."""
        at = bisect_right(self.opaque, (place, 1 << 60)) - 1
        return at >= 0 and self.opaque[at][1] > place


def piece_of(text: str, words: Sequence[Word], opaque: Sequence[tuple[int, int]]) -> Piece:
    """The words of a text outside of what is quoted."""
    piece = Piece(text, words, (), (), (), (), opaque)
    own = [word for word in words if not piece.hides(word.start)] if opaque else words
    if not own:
        return piece._replace(words=())
    owns, lowers, starts, ends = zip(*own, strict=True)
    return Piece(text, own, owns, lowers, starts, ends, opaque)
