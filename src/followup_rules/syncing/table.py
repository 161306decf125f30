"""A table of rows as a source: rows with one application id are one application; a faulty row is refused alone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.faults import Loc
from followup_rules.outbox.timelines import Kept
from followup_rules.syncing.cells import Unusable, application_in, value_of
from followup_rules.syncing.mapping import Columns, columns_of
from followup_rules.syncing.merging import merged
from followup_rules.syncing.reading import Batch
from followup_rules.syncing.texts import data_of, kept_of, kept_refusal, key_of, text_of

_PAGE: Final = 200
_LARGEST: Final = 500_000_000
_CODECS: Final = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp1252": "cp1252"}


@dataclass
class Part:
    """What a table says of one application: data, what is wrong with its rows, and where things stand."""

    application: str | None
    candidate: str | None
    line: int
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


class FromTable:
    """One table by one mapping. Its cursor is good for the same table and mapping only."""

    def __init__(self, columns: Columns, path: Path, shown: str) -> None:
        self._columns, self._shown = columns, shown
        self._mapping = columns.mapping
        self.name, self.whole = self._mapping.name, self._mapping.whole
        self._raw = _bytes(path, shown)
        self._digest = hashlib.sha256(self._raw + b"\0" + columns.text.encode()).hexdigest()

    def goes_on(self, cursor: str) -> bool:
        """True where a cursor was made for this table."""
        return cursor.startswith(f"{self._digest}:")

    def batches(self, since: str | None) -> Iterator[Batch]:
        """The applications of the table in the order of their first rows, some at a time.

        Raises:
            InvalidInput: FR954, a column is missing; FR956, the table cannot be read.
        """
        parts = self._parts()
        start = int(since.rpartition(":")[2]) if since else 0
        for index in range(start, len(parts), _PAGE):
            some, end = parts[index : index + _PAGE], index + _PAGE
            yield self._batch(some, f"{self._digest}:{end}" if end < len(parts) else "")

    def _batch(self, parts: Sequence[Part], cursor: str) -> Batch:
        problems: list[Problem] = []
        keys = [_key(part) for part in parts]
        return Batch(keys, lambda known: [self._kept(part, known, problems) for part in parts], problems, cursor)

    def _kept(self, part: Part, known: Mapping[str, Kept], problems: list[Problem]) -> Kept:
        old = known.get(part.application or "")
        data = old.data if old is not None else None
        refusal = Refusal(part.application, tuple(part.problems), part.candidate)
        if part.application is not None and part.data:
            both = merged({} if data is None or self.whole else json.loads(data), part.data)
            read = read_application(both, self._locate(part, both))
            if isinstance(read, Application):
                if not part.problems:
                    return kept_of(read)
                data, refusal = text_of(data_of(read)), refusal._replace(candidate=read.candidate.id)
            else:
                refusal = read._replace(problems=(*part.problems, *read.problems))
        problems.extend(refusal.problems)
        return kept_refusal(refusal, data)

    def _locate(self, part: Part, data: Mapping[str, Any]) -> Callable[[Loc, bool], Place]:
        def place(loc: Loc, _key: bool) -> Place:
            if len(loc) > 1 and loc[0] == "events" and isinstance(loc[1], int):
                return Place(self._shown, part.lines.get(data["events"][loc[1]]["id"], part.line))
            return Place(self._shown, part.line)

        return place

    def _parts(self) -> list[Part]:
        parts: dict[str, Part] = {}
        for line, cells in self._rows():
            part, fault = self._read(line, cells)
            if fault is not None:
                part.problems.append(Problem("FR955", f"the row cannot be used: {fault}", Place(self._shown, line)))
            known = parts.setdefault(_key(part), part)
            if known is not part:
                _add(known, part, self._shown)
        return list(parts.values())

    def _read(self, line: int, cells: Mapping[str, str] | str) -> tuple[Part, str | None]:
        if isinstance(cells, str):
            return Part(None, None, line), cells
        form = self._mapping.application
        identity, candidate = _quietly(form.id, cells), _quietly(form.candidate.id, cells)
        part = Part(identity, candidate, line)
        if identity is None:
            return part, "it does not say which application it is about"
        if not identity.isprintable() or len(identity) > 200:
            part.application = None
            return part, "the id of its application is longer than 200 characters or has control characters in it"
        try:
            data = application_in(self._mapping, cells)
            events, part.data = data.pop("events"), data
            _take_events(part, events, line)
        except Unusable as error:
            return part, str(error)
        return part, None

    def _rows(self) -> Iterator[tuple[int, Mapping[str, str] | str]]:
        reader = csv.reader(io.StringIO(self._text(), newline=""), delimiter=self._mapping.delimiter, strict=True)
        try:
            heading = [one.strip() for one in next(reader, [])]
            self._check(heading)
            line = reader.line_num + 1
            for cells in reader:
                if any(one.strip() for one in cells):
                    yield (
                        line,
                        dict(zip(heading, cells, strict=True))
                        if len(cells) == len(heading)
                        else _uneven(cells, heading),
                    )
                line = reader.line_num + 1
        except csv.Error as error:
            place = Place(self._shown, reader.line_num)
            raise InvalidInput([Problem("FR956", f"the table cannot be read: {error}", place, _HINT)]) from None

    def _text(self) -> str:
        encoding = self._mapping.encoding
        try:
            text = self._raw.decode(_CODECS[encoding])
        except UnicodeDecodeError as error:
            line = self._raw.count(b"\n", 0, error.start) + 1
            said = f"the table is not {encoding} text (byte {self._raw[error.start]:#04x})"
            raise InvalidInput([Problem("FR956", said, Place(self._shown, line), _HINT)]) from None
        if not text.strip():
            raise InvalidInput([Problem("FR956", "the table is empty", Place(self._shown), "")])
        return text

    def _check(self, heading: Sequence[str]) -> None:
        problems = []
        for loc, column in columns_of(self._mapping):
            if heading.count(column) == 1:
                continue
            said = "comes more than once in" if column in heading else "is no column of"
            hint = "" if column in heading else did_you_mean(column, heading) or f"there are {', '.join(heading[:30])}"
            place = self._columns.document.place(loc, loc[-2:-1] == ("when",))
            problems.append(Problem("FR954", f"'{column}' {said} {self._shown}", place, hint))
        if problems:
            raise InvalidInput(sorted(problems, key=lambda problem: problem.place))


_HINT: Final = "look at 'encoding' and 'delimiter' in the mapping"


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise InvalidInput([Problem("FR956", f"is larger than {_LARGEST // 1_000_000} MB", Place(shown))])
        return path.read_bytes()
    except OSError as error:
        said = f"the table cannot be read: {error.strerror or error}"
    raise InvalidInput([Problem("FR956", said, Place(shown))])


def _uneven(cells: Sequence[str], heading: Sequence[str]) -> str:
    return f"it has {len(cells)} cells, and the heading has {len(heading)}"


def _quietly(cell: Any, cells: Mapping[str, str]) -> str | None:
    try:
        return value_of(cell, cells)
    except Unusable:
        return None


def _key(part: Part) -> str:
    return part.application or key_of(Refusal(None, tuple(part.problems), part.candidate))


def _take_events(part: Part, events: Iterable[dict[str, Any]], line: int) -> None:
    """Put events in; two that have no id of their own and would have one and the same are told apart by a number."""
    there = {one["id"]: one for one in part.data.setdefault("events", [])}
    for event in events:
        derived = event.pop("derived", False)
        identity, number = event["id"], 1
        while there.get(event["id"], event) != event:
            if not derived:
                raise Unusable(f"another row says something else of the event '{identity[:60]}'")
            number += 1
            event["id"] = f"{identity}#{number}"
        if event["id"] not in there:
            part.data["events"].append(event)
            part.lines[event["id"]] = line
        there[event["id"]] = event


def _add(known: Part, part: Part, shown: str) -> None:
    """Add a later row of the same application."""
    known.problems += part.problems
    known.candidate = part.candidate or known.candidate
    if not part.data:
        return
    events = part.data.pop("events")
    had = known.data.pop("events", [])
    known.data, known.line = {**merged(known.data, part.data), "events": had}, part.line
    try:
        _take_events(known, events, part.line)
    except Unusable as error:
        known.problems.append(Problem("FR955", f"the row cannot be used: {error}", Place(shown, part.line)))
