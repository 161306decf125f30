"""What the tests of both proofreading checks share."""

from __future__ import annotations

from importlib.util import find_spec

ALONE = (True, False) if find_spec("harper") else (True,)
"""Without Harper, and with it where it is installed."""


def letter(text: str) -> str:
    """A message with one paragraph."""
    return f"Dear Ms Okoro,\n\n{text}\n\nKind regards,\nTom Weir"
