"""The baseline: old findings that are known, in a file that people can review and that only shrinks.

A finding is known again by file, code, rule and message, not by its line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.yaml import Document, parse, read_text
from followup_rules.report.fingerprints import Mark, mark, without_lines
from followup_rules.report.records import Record, Silence, of_problem

SCHEMA: Final = "followup-rules-baseline/1"
_LARGEST: Final = 50_000_000
_MOST: Final = 2_000_000
_TEXTS: Final = ("file", "code", "rule", "message", "excerpt")


class Baseline:
    """The findings that a file lists, and how often each."""

    def __init__(self, file: str, counts: Counter[Mark], places: dict[Mark, Place]) -> None:
        self._file, self._counts, self._places = file, counts, places

    def applied(self, records: Sequence[Record]) -> tuple[list[Record], list[Record]]:
        """The records, those that are listed kept back; and one for each entry that no longer occurs."""
        left = self._counts.copy()
        folder = Path(self._file).parent
        found = []
        for record in records:
            key = mark(record, folder)
            if record.silence is None and not record.unusable and left[key] > 0:
                left[key] -= 1
                record = record._replace(silence=Silence("baseline"))
            found.append(record)
        return found, list(self._gone(left))

    def _gone(self, left: Counter[Mark]) -> Iterator[Record]:
        for key, count in left.items():
            if count > 0:
                known = self._counts[key]
                gone = "is gone" if count == known else f"is found {known - count} of {known} times"
                text = f"{key.code} in {key.file} {gone}: {key.message}"
                hint = "write the baseline anew, so that it cannot come back unseen"
                yield of_problem(Problem("FR010", text, self._places[key], hint, "suggestion"), key.rule)


def read_baseline(file: str) -> Baseline:
    """The baseline in a file.

    Raises:
        InvalidInput: FR001 to FR005 (cannot be read) or FR009 (is no baseline).
    """
    document = parse(read_text(Path(file), file, _LARGEST), file, _MOST)
    data = document.data
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("findings"), list):
        raise _no_baseline(document, ())
    counts: Counter[Mark] = Counter()
    places: dict[Mark, Place] = {}
    for index, entry in enumerate(data["findings"]):
        key, count = _entry(document, entry, index)
        counts[key] += count
        places.setdefault(key, document.place(("findings", index)))
    return Baseline(file, counts, places)


def _entry(document: Document, entry: Any, index: int) -> tuple[Mark, int]:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key, ""), str) for key in _TEXTS):
        raise _no_baseline(document, ("findings", index))
    count = entry.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int) or count < 1 or not entry.get("code"):
        raise _no_baseline(document, ("findings", index))
    key = Mark(**{name: entry.get(name, "") for name in _TEXTS})
    return key._replace(message=without_lines(key.message)), count


def _no_baseline(document: Document, loc: tuple[str | int, ...]) -> InvalidInput:
    hint = "write one with `followup-rules check --write-baseline FILE`"
    return InvalidInput([Problem("FR009", "this is no baseline", document.place(loc), hint)])


def write_baseline(file: str, records: Sequence[Record]) -> int:
    """Write everything that was found and can be kept back; gives how many findings that is.

    Raises:
        InvalidInput: FR001, the file cannot be written.
    """
    folder = Path(file).parent
    counts = Counter(mark(record, folder) for record in records if record.silence is None and not record.unusable)
    findings = []
    for key in sorted(counts):
        entry: dict[str, Any] = {name: value for name, value in key._asdict().items() if value}
        findings.append(entry | ({"count": counts[key]} if counts[key] > 1 else {}))
    text = json.dumps({"schema": SCHEMA, "findings": findings}, ensure_ascii=False, indent=2)
    write_text(file, f"{text}\n")
    return counts.total()


def write_text(file: str, text: str) -> None:
    """Write a file as a whole.

    Raises:
        InvalidInput: FR001, it cannot be written.
    """
    target, temporary = Path(file), Path(f"{file}.part")
    try:
        if target.exists() and not target.is_file():
            # A device or a pipe is no file that could be replaced.
            temporary = target
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")
        if temporary != target:
            temporary.replace(target)
    except OSError as error:
        raise InvalidInput([Problem("FR001", f"cannot be written: {error.strerror}", Place(file))]) from None
