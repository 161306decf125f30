"""Numbers, however they are written: `22`, `22nd` and `twenty-two` are the same."""

from __future__ import annotations

import re
from typing import Final

_SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS: Final = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
)  # fmt: skip
_VALUES: Final = {
    **{word: value for value, word in enumerate(_SMALL) if value > 1},
    **{word: value for value, word in enumerate(_ORDINALS) if value > 3},
    **{word: 20 + 10 * place for place, word in enumerate(_TENS)},
    **{f"{word[:-1]}ieth": 20 + 10 * place for place, word in enumerate(_TENS)},
    "dozen": 12,
}
_UNITS: Final = {word: value for value, word in enumerate(_SMALL)} | {word: at for at, word in enumerate(_ORDINALS)}
_DIGITS: Final = re.compile(r"(\d+(?:[.,:]\d+)*)([a-z]*)")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}")
_ENDS: Final = frozenset(("", "st", "nd", "rd", "th", "s", "am", "pm", "h", "k", "m", "bn", "x"))
_LONGEST: Final = 20


def number(word: str) -> str | None:
    """The number that a word in small letters is, in figures; None for any other word."""
    if word in _VALUES:
        return str(_VALUES[word])
    if word[0].isdigit():
        match = _DIGITS.fullmatch(word[:_LONGEST])
        if match is None or match[2] not in _ENDS:
            return word
        digits = match[1].replace(",", "") if _GROUPED.fullmatch(match[1]) else match[1]
        digits = digits.removesuffix(":00")  # nine o'clock
        return digits + match[2] if match[2] in ("k", "m", "bn") else digits
    head, dash, tail = word.partition("-")
    if dash and head in _TENS and tail in _UNITS:
        return str(_VALUES[head] + _UNITS[tail])
    return None
