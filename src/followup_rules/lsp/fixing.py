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
        start, end = lines.at(brought.line, brought.column), lines.at(brought.end_line, brought.end_column)
        title = f"Write '{' '.join(brought.replacement.split())[:60]}'"
        return Fix(title, lines.range(start, end), brought.replacement)
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
