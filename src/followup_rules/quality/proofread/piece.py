"""The part of a text that is read, with its words taken apart once for all that look at them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

from followup_rules.quality.text import Apart, Word


class Piece(NamedTuple):
    """A text and those of its words that are the sender's own, as they stand and in small letters."""

    text: str
    owns: Sequence[str]
    lowers: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    opaque: Sequence[tuple[int, int]]
    """What is quoted, an address or code, in order."""

    def word(self, at: int) -> Word:
        """One of its words."""
        return Word(self.owns[at], self.lowers[at], self.starts[at], self.ends[at])

    def hides(self, place: int) -> bool:
        """True for a character that is quoted, or part of an address or of code."""
        at = bisect_right(self.opaque, (place, 1 << 60)) - 1
        return at >= 0 and self.opaque[at][1] > place


def piece_of(text: str, apart: Apart, opaque: Sequence[tuple[int, int]]) -> Piece:
    """The words of a text outside of what is quoted."""
    whole = Piece(text, *apart, opaque)
    if not opaque:
        return whole
    seen = [not whole.hides(start) for start in apart.starts]
    owns, lowers, starts, ends = apart
    own, lower, begin, end = compress(owns, seen), compress(lowers, seen), compress(starts, seen), compress(ends, seen)
    return Piece(text, list(own), list(lower), list(begin), list(end), opaque)
