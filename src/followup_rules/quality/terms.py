"""The terms that a word stands for: its stem, the digits of a number, the parts of a word with hyphens.

'Twenty-two', '22' and '22nd' are one term; 're-timing' has the term of 'timing'.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from followup_rules.quality.phrases import read_entries, read_source, word_sets
from followup_rules.quality.stems import stem

_LONGEST: Final = 60
_DIGITS: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_VALUES: Final = {word: int(value) for _, word, value in read_entries(read_source("numbers")) if value}
_DATES: Final = word_sets("numbers")["calendar"] | word_sets("numbers")["ordinals"]


@lru_cache(maxsize=32768)
def terms_of(word: str) -> tuple[str, ...]:
    """The terms of a word in small letters."""
    if len(word) > _LONGEST:
        return (word[:_LONGEST],)
    if word[:1].isdigit():
        digits = _DIGITS.match(word)
        return (digits.group().replace(",", ""),) if digits else (word,)
    if "-" not in word:
        return (str(_VALUES[word]),) if word in _VALUES else (stem(word),)
    parts = [part for part in word.split("-") if part]
    if len(parts) == 2 and all(part in _VALUES for part in parts) and _VALUES[parts[0]] > _VALUES[parts[1]]:
        return (str(_VALUES[parts[0]] + _VALUES[parts[1]]),)
    return tuple([terms_of(part)[0] for part in parts if len(part) > 1 or part.isdigit()])


def is_date_word(word: str) -> bool:
    """True for the names of months and days, and for ordinals such as '12th' or 'second'."""
    return word in _DATES or (word[:1].isdigit() and word[-2:] in ("st", "nd", "rd", "th"))
