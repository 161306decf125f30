"""What a plain scalar stands for, by the core schema of YAML 1.2: null, true, false, a number, or else a text."""

from __future__ import annotations

import re
from typing import Final

_TEXT: Final = re.compile(r"[^-+.~0-9nNtTfF]")
"""Begins a text that is neither null nor true or false nor a number: most of them."""

_NULL: Final = re.compile(r"~|null|Null|NULL|")
_TRUE: Final = re.compile(r"true|True|TRUE")
_FALSE: Final = re.compile(r"false|False|FALSE")
_INT: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_NUMBER: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_MOST_DIGITS: Final = 300


def value_of(text: str) -> str | int | float | None:
    """The value of a scalar that stands without quotes.

    Raises:
        ValueError: a number that cannot be counted with; says why.
    """
    if _TEXT.match(text):
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _NO_NUMBER.fullmatch(text):
        raise ValueError(f"'{text}' is no number that can be compared; put it in quotes if it is a text")
    if _INT.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise ValueError("a number of more than 300 digits; put it in quotes if it is a text")
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
