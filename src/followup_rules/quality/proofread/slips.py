"""What proofreading finds."""

from __future__ import annotations

from typing import Literal, NamedTuple

from followup_rules.check import Part

Kind = Literal["spelling", "grammar"]


class Slip(NamedTuple):
    """One slip: its kind and place, what is wrong and how to mend it.

    `word` is what the slip hangs on where a name or a term of the trade could look the same, in small letters.
    """

    kind: Kind
    start: int
    end: int
    message: str
    hint: str = ""
    fix: str | None = None
    part: Part = "body"
    word: str = ""
