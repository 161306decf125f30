"""Annotations for GitHub: workflow commands, which the runner of a job reads from its output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from followup_rules.report.records import Record, loud

_LEVELS = {"error": "error", "warning": "warning", "suggestion": "notice"}


def lines(records: Sequence[Record]) -> Iterator[str]:
    """One command a record."""
    for one in loud(records):
        keys = {
            "file": one.file, "line": one.line, "endLine": one.end_line, "col": one.column,
            "endColumn": one.end_column if one.end_line in (0, one.line) else 0,
            "title": f"{one.code} {one.title}".strip(),
        }  # fmt: skip
        told = ",".join(f"{key}={_property(str(value))}" for key, value in keys.items() if value)
        message = f"{one.message}; {one.hint}" if one.hint else one.message
        yield f"::{_LEVELS[one.severity]} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
