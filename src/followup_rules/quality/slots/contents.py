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
