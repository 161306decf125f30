"""Places where a value was put in that was empty: 'the role of at', 'the interview on for', 'Mr. and Ms. Lee'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from followup_rules.quality.slots.site import Page, Site

_PLACE: Final = r"(?:role|position|post|job|title|interview|conversation|meeting|opening|vacancy|internship)"
_GAP: Final = re.compile(
    r"(?<![\w’'-])(?:"
    r"the (?:of|at|is|was|are|were|has)"
    r"|of the (?:at|on|for|in|with|is|was)"
    rf"|{_PLACE} of (?:at|in|with|on|and|for|is|was)"
    rf"|{_PLACE} (?:at|with|on) (?:on|at|and|for|is|was|as|in|of)"
    r"|(?:the|our|your|my) (?:talk|chat|call|conversation) with (?:on|about|at|and|for|in)"
    r")(?= [a-zA-Z])(?! (?:large|first|once|hand|sea|risk|least|last))"
)
_TITLED: Final = re.compile(
    r"(?<!\w)M(?:r|rs|s|x)\.? (?:and|or|at|on|in|for|to|about|is|was|will|said|told|asked) (?=[a-zA-Z])"
)
_PAIRS: Final = frozenset(
    (first, second)
    for firsts, seconds in (
        ("the", "of at on for in with is was are were has"),
        ("of", "at in with on and for is was"),
        ("at with on", "on at and for is was as in of about"),
        ("mr mrs ms mx", "and or at on in for to about is was will said told asked"),
    )
    for first in firsts.split()
    for second in seconds.split()
)
"""Two words of which a text must have some for a search to be worth its time."""


def gap_slots(page: Page, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Every place where the grammar calls for a name that is not there; `words` are those of the page."""
    if not _PAIRS.isdisjoint(pairwise(words)):
        for pattern in (_GAP, _TITLED):
            for match in pattern.finditer(page.raw):
                if not Site(page, *match.span()).mentioned:
                    yield match.span()
