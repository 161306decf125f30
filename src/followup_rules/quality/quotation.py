"""Which parts of a text stand in quotation marks: others' words, titles, words at arm's length."""

from __future__ import annotations

import re
from typing import Final

# A quotation stays within its paragraph. Single marks must not be apostrophes: they open after a space and close
# before one. Both lengths are bounded, so a lone mark costs no more than its limit.
_QUOTATION: Final = re.compile(
    r"“[^”\n]{1,300}”|\"[^\"\n]{1,300}\"|«[^»\n]{1,300}»|„[^“”\n]{1,300}[“”]"
    r"|(?<![\w’'])[‘'](?=\w)[^‘'’\n]{1,120}(?:[’'][a-z]{1,2}\b[^‘'’\n]{0,60})?[’'](?!\w)"
)
_MARKS: Final = ("“", '"', "«", "„", "‘", "'")


def quotations(body: str) -> list[tuple[int, int]]:
    """The places of quotations with their marks, in order."""
    if not any(map(body.__contains__, _MARKS)):
        return []
    return [match.span() for match in _QUOTATION.finditer(body)]


def is_within(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """True where one of the spans holds all of these characters."""
    return any(first <= start and end <= last for first, last in spans)
