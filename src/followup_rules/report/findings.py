"""Findings for people: place and reason, the excerpt underlined, and the mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import click
from rich.cells import cell_len

from followup_rules.errors import Place
from followup_rules.model.decision import Finding

COLOURS: Final = {"error": "red", "warning": "yellow", "suggestion": "cyan"}
_WIDTH: Final = 96
_BEFORE: Final = 40
_TAB: Final = "    "


def lines_of(finding: Finding, place: Place, source: str) -> Iterator[str]:
    """A finding for a terminal: place and reason, the excerpt underlined in its line, and the mend."""
    colour = COLOURS[finding.severity]
    asked = f" [{finding.rule.id}]" if finding.rule is not None else ""
    yield f"{place}: {finding.code} {click.style(finding.severity, fg=colour)}: {finding.message}{asked}"
    if finding.line is not None and finding.end > finding.start:
        shown, under = _underlined(source, finding.start, finding.end)
        yield f"    {shown}"
        yield f"    {click.style(under, fg=colour)}"
    if finding.hint:
        yield f"    mend: {finding.hint}"


def _underlined(source: str, start: int, end: int) -> tuple[str, str]:
    """The line of a place, cut to what fits, and marks below it. Of several lines the first is shown."""
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", start)
    line_end = len(source) if line_end < 0 else line_end
    stop = min(end, line_end)
    left = line_start if stop - line_start <= _WIDTH else max(line_start, start - _BEFORE)
    right = min(line_end, max(stop, left + _WIDTH))
    if right - left > 2 * _WIDTH:
        right = left + 2 * _WIDTH
        stop = min(stop, right)
    before = ("…" if left > line_start else "") + _printable(source[left:start])
    marked, after = _printable(source[start:stop]), _printable(source[stop:right])
    ends = "…" if right < line_end or end > line_end else ""
    return f"{before}{marked}{after}{ends}".rstrip(), " " * cell_len(before) + "^" * max(1, cell_len(marked))


def _printable(text: str) -> str:
    """Nothing that steers a terminal, and nothing that nobody sees."""
    return "".join(letter if letter.isprintable() else (_TAB if letter == "\t" else "·") for letter in text)


def counted(findings: Sequence[Finding]) -> str:
    """How many of each severity, as in '1 error, 2 warnings'."""
    counts = {severity: sum(one.severity == severity for one in findings) for severity in COLOURS}
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in counts.items() if count)


def lacking_lines(lacking: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What checks would have needed to know, a line each."""
    for lack, names in lacking.items():
        yield f"not known: {lack}; judged by the text alone: {', '.join(names)}"
