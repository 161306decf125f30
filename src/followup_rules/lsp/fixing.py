"""Mends that can be put in with one key: what a problem brings, and the near word that its hint names."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from followup_rules.errors import Problem
from followup_rules.lsp.lines import Lines, Range

_MEANT: Final = re.compile(r"did you mean '([^'\n]+)'\?")


class Fix(NamedTuple):
    """A title and what is put in the place of a part of the text."""

    title: str
    range: Range
    text: str


def fix_of(problem: Problem, at: Range, lines: Lines) -> Fix | None:
    """The mend of one problem, if there is one that leaves no doubt."""
    brought: Any = getattr(problem, "fix", None)
    if brought is not None:
        return _brought(brought, at, lines)
    meant = _MEANT.search(problem.hint) or _MEANT.search(problem.message)
    said = re.search(r"'([^'\n]+)'", problem.message)
    if meant is None or said is None:
        return None
    start, end = lines.offset(at.start), lines.offset(at.end)
    found = re.search(rf"(?<![\w.\-]){re.escape(said[1])}(?![\w\-])", lines.text[start:end])
    if found is None:
        return None
    where = lines.range(start + found.start(), start + found.end())
    return Fix(f"Write '{meant[1]}'", where, meant[1])


def _brought(fix: Any, at: Range, lines: Lines) -> Fix | None:
    """A fix that comes with the problem: a text for its place, or a part of the text and what replaces it."""
    if isinstance(fix, str):
        return Fix(f"Write '{fix}'", at, fix)
    text, start, end = (getattr(fix, name, None) for name in ("text", "start", "end"))
    if isinstance(text, str) and isinstance(start, int) and isinstance(end, int):
        return Fix(f"Write '{text.strip()[:60]}'", lines.range(start, end), text)
    return None
