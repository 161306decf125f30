"""SARIF 2.1.0, which code hosts and editors read: results with places, and what each code means."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from followup_rules.report.fingerprints import hashes, relative
from followup_rules.report.pages import page, plain
from followup_rules.report.records import Checked, Record

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "suggestion": "note"}
_KINDS: Final = {"ignore": "inSource", "baseline": "external"}


def log(records: Sequence[Record], checked: Sequence[Checked]) -> dict[str, Any]:
    """A log of one run. What is kept back is in it, marked as suppressed."""
    titles = {record.code: record.title for record in records}
    codes = sorted(titles)
    files = dict.fromkeys([*(one.file for one in checked), *(record.file for record in records)])
    silences = any(record.silence for record in records)
    results = [
        _result(record, codes.index(record.code), known, silences)
        for record, known in zip(records, hashes(records), strict=True)
    ]
    run = {
        "tool": {"driver": _driver(codes, titles)},
        "invocations": [{"executionSuccessful": not any(record.unusable for record in records)}],
        "artifacts": [{"location": {"uri": uri(file)}} for file in files],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _driver(codes: Sequence[str], titles: dict[str, str]) -> dict[str, Any]:
    return {
        "name": "followup-rules",
        "semanticVersion": metadata.version("followup-rules"),
        "rules": [_rule(code, titles[code]) for code in codes],
    }


def _rule(code: str, title: str) -> dict[str, Any]:
    """What a code means: its title, and its page as text and as Markdown."""
    text = page(code)
    told = {"id": code, "shortDescription": {"text": title or code}}
    return told if text is None else told | {"help": {"text": plain(text), "markdown": text}}


def _result(record: Record, index: int, known: str, silences: bool) -> dict[str, Any]:
    message = f"{record.message}; {record.hint}" if record.hint else record.message
    result: dict[str, Any] = {
        "ruleId": record.code,
        "ruleIndex": index,
        "level": _LEVELS[record.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(record.file)}, **_region(record)}}],
        "partialFingerprints": {"followupRules/v1": known},
    }
    if record.rule:
        result["properties"] = {"rule": record.rule}
    if silences:
        # Where one result says whether it is suppressed, all have to.
        result["suppressions"] = _suppressions(record)
    return result


def _suppressions(record: Record) -> list[dict[str, Any]]:
    if record.silence is None:
        return []
    told = {"kind": _KINDS[record.silence.kind], "status": "accepted"}
    return [told | ({"justification": record.silence.reason} if record.silence.reason else {})]


def _region(record: Record) -> dict[str, Any]:
    keys = {
        "startLine": record.line, "startColumn": record.column, "endLine": record.end_line,
        "endColumn": record.end_column,
    }  # fmt: skip
    return {"region": {key: value for key, value in keys.items() if value}} if record.line else {}


def uri(file: str) -> str:
    """A file as a URI, relative to the working folder wherever it is inside it."""
    shown = relative(file)
    path = Path(file)
    if shown.startswith("../") and path.is_absolute():
        return path.as_uri()
    return quote(shown, safe="/@+,;=!~$&'()*")
