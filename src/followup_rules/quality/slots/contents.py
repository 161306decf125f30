"""What stands between brackets and shows whether they are a slot, whatever its words mean."""

from __future__ import annotations

import re
from typing import Final

OFFERED: Final = re.compile(r"\w[a-z]/\d|\d or \d|\b[A-Z][a-z]{2}/[A-Z][a-z]{2}\b")
NUMERAL: Final = re.compile(r"[IVXLC]{2,6}")
BLANKS: Final = frozenset("•●○_…?☐")
ADVERBS: Final = frozenset(("very", "really", "quite", "still", "also", "just", "even"))
TICKS: Final = frozenset(("tick", "ticked", "check", "checked", "mark", "marked", "box"))
CHOICE: Final = re.compile(r"[a-z]{2,20}(?:/[a-z]{2,20}){2,6}")
EITHER: Final = re.compile(r"\b(?:he/she|she/he|him/her|her/him|his/her|her/his|\dst/\dnd)\b", re.IGNORECASE)
EMPHASIS: Final = re.compile(r"_{2,4}[^\W_]{1,40}_{2,4}")
FAREWELL: Final = re.compile(r"(?:regards|wishes|sincerely|faithfully|truly|best|thanks|respectfully),?\s{1,4}$", re.I)
SIGNED: Final = re.compile(
    r"(?<!\byou )(?<!\bwe )(?<!\bthey )\b(?:sign|signed|signature|initial|initials)\b", re.IGNORECASE
)
PATH: Final = re.compile(r"[\w.:/?&=-]*/[\w.:/?&=-]*$")
FILLERS: Final = frozenset(("here", "sentence", "sentences", "paragraph", "line", "example", "examples", "detail"))
TO_DO: Final = re.compile(
    r"(?:confirm|verify|double[- ]check|check|look up)(?: (?:with \w+|\w+))?\??$"
    r"|(?:here|opening|closing|intro|hook|example|story|paragraph|sentence) ?[:–]",
    re.IGNORECASE,
)
"""What a writer still has to do: '[confirm]', '[Here: why I fit]'."""
