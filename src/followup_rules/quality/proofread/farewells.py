"""Slips in the line of farewell, which is read for nothing else: 'Best regard,', 'Your sincerely,', 'Sincerly,'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from followup_rules.quality.proofread.slips import Slip
from followup_rules.quality.proofread.spelling import typos
from followup_rules.quality.text import words_of

_WORDS: Final = 7
_WRONG: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), right)
    for pattern, right in (
        (r"((?:best|kind|kindest|warm|warmest|good) regard)", r"\1s"),
        (r"((?:best|kind|kindest|warm|warmest|good) wish)", r"\1es"),
        (r"you[r]? (sincerely|faithfully|truly)", r"Yours \1"),
        (r"yours (sincere|faithful)", r"Yours \1ly"),
        (r"yours true", "Yours truly"),
    )
)
"""What is written and what is meant."""
_CALQUE: Final = re.compile(
    r"(?:an?|one) (?:(?:cordial|friendly|warm|big|great) )?greeting|(?:with )?my best greetings", re.I
)
_WHY: Final = "the last words are the ones that stay with the reader"


def farewell_slips(text: str, start: int) -> Iterator[Slip]:
    """The slips of the line of farewell that begins the closing at a place."""
    while start < len(text) and text[start].isspace():
        start += 1
    end = text.find("\n", start, start + 60)
    if end < 0:
        return
    line = text[start:end].rstrip(" ,.!-–—")
    words = words_of(line)
    if not 0 < len(words) < _WORDS or not line[0].isalpha():
        return
    known = typos()
    for word in words:
        right = known.get(word.lower)
        if right is not None:
            right = right.capitalize() if word.text[0].isupper() else right
            message = f"'{word.text}' is a misspelling of '{right}'; {_WHY}"
            yield Slip("spelling", start + word.start, start + word.end, message, f"write '{right}'", right)
    if _CALQUE.fullmatch(line):
        yield Slip(
            "grammar", start, start + len(line), f"'{line}' ends no letter in English; {_WHY}", "write 'Kind regards'"
        )
    for pattern, instead in _WRONG:
        if pattern.fullmatch(line):
            right = pattern.sub(instead, line)
            message = f"'{line}' should be '{right}'; {_WHY}"
            yield Slip("grammar", start, start + len(line), message, f"write '{right}'", right)
