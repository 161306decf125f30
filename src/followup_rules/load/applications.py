"""Reading applications from JSON, JSON lines or YAML. What cannot be used is refused alone, with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.judge.admit import candidate_of, read_application
from followup_rules.load.yaml import Document, parse, read_text
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.faults import Loc

_LINES: Final = (".jsonl", ".ndjson")
_YAML: Final = (".yaml", ".yml")
_LARGEST: Final = 500_000_000
_MOST_VALUES: Final = 20_000_000


class Where(Protocol):
    """Finds the place of a path in an application; worked out only when something is wrong with it."""

    def place(self, loc: Loc = (), key: bool = False) -> Place:
        """The place of the value at a path, or with `key` of the key that leads there."""
        ...


class Read(NamedTuple):
    """One application of a file, or why it is refused, and where it stands."""

    item: Application | Refusal
    where: Where


class _InLine(NamedTuple):
    """An application on a line of its own. JSON is YAML too, so the columns come from there."""

    text: str
    file: str
    line: int

    def place(self, loc: Loc = (), key: bool = False) -> Place:
        if not loc:
            return Place(self.file, self.line, 1)
        try:
            return Place(self.file, self.line, parse(self.text.strip(), self.file).place(loc, key).column)
        except InvalidInput:
            return Place(self.file, self.line, 1)


class _Positions:
    """The positions of a whole document."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._document: Document | None = None

    def document(self) -> Document:
        if self._document is None:
            self._document = parse(self._text, self._file, _MOST_VALUES)
        return self._document

    def place(self, loc: Loc, key: bool) -> Place:
        try:
            return self.document().place(loc, key)
        except InvalidInput:
            return Place(self._file)


class _InDocument(NamedTuple):
    """An application that is a whole document, or one of a list."""

    positions: _Positions
    loc: Loc

    def place(self, loc: Loc = (), key: bool = False) -> Place:
        return self.positions.place((*self.loc, *loc), key)


class _Decoder:
    """Strict JSON. A key that comes twice is remembered, because JSON's own reader would keep the last."""

    def __init__(self) -> None:
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_no_constant)
        self._any_doubled = False

    def decode(self, text: str) -> Any:
        return self._decoder.decode(text)

    def doubled(self, data: Any) -> str | None:
        """A key that comes twice in one object of the data."""
        return _first_doubled(data) if self._any_doubled else None

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        self._any_doubled = True
        keys = [key for key, _ in pairs]
        return _Doubled(made, next(key for key in keys if keys.count(key) > 1))


class _Doubled(dict[str, Any]):
    """An object in which a key came twice."""

    def __init__(self, made: dict[str, Any], key: str) -> None:
        super().__init__(made)
        self.key = key


def read_applications(path: Path, shown: str) -> Iterator[Read]:
    """Every application of a file, in its order; JSON lines are read one at a time.

    Raises:
        InvalidInput: the file cannot be read, is empty, or is neither JSON nor YAML as a whole.
    """
    form = _form(path, shown)
    if form == "lines":
        yield from _lines(path, shown)
        return
    text = read_text(path, shown, _LARGEST)
    if not text.strip():
        raise _invalid("FR004", "is empty", Place(shown))
    positions, decoder = _Positions(text, shown), _Decoder()
    data = positions.document().data if form == "yaml" else _document(text, shown, decoder)
    listed = isinstance(data, list)
    for index, entry in enumerate(data if listed else [data]):
        yield _read(entry, _InDocument(positions, (index,) if listed else ()), decoder)


def _form(path: Path, shown: str) -> str:
    if path.suffix in _LINES:
        return "lines"
    if path.suffix in _YAML:
        return "yaml"
    try:
        with path.open("rb") as file:
            starts = (line.removeprefix(b"\xef\xbb\xbf").strip() for line in file)
            first = next((line for line in starts if line), b"")
            second = next(starts, b"")
    except OSError as error:
        raise _invalid("FR001", f"cannot be read: {error.strerror or error}", Place(shown)) from None
    if first.startswith(b"{"):
        return "lines" if second.startswith(b"{") or _is_object(first) else "document"
    return "document" if first.startswith(b"[") or path.suffix == ".json" else "yaml"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path, shown: str) -> Iterator[Read]:
    empty, decoder = True, _Decoder()
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
                if line.strip():
                    empty = False
                    yield _line(line, shown, number, decoder)
    except OSError as error:
        raise _invalid("FR001", f"cannot be read: {error.strerror or error}", Place(shown)) from None
    if empty:
        raise _invalid("FR004", "is empty", Place(shown))


def _line(raw: bytes, shown: str, number: int, decoder: _Decoder) -> Read:
    where = _InLine("", shown, number)
    try:
        text = raw.decode("utf-8")
        data = decoder.decode(text)
    except UnicodeDecodeError as error:
        return _refused("FR002", "the line is not UTF-8 text", Place(shown, number, error.start + 1), where)
    except json.JSONDecodeError as error:
        place = Place(shown, number, error.colno)
        return _refused("FR201", f"the line is not JSON: {_lowered(error.msg)}", place, where)
    except (ValueError, RecursionError) as error:
        return _refused("FR201", f"the line is not JSON that can be used: {_why(error)}", where.place(), where)
    return _read(data, where._replace(text=text), decoder)


def _read(data: Any, where: Where, decoder: _Decoder) -> Read:
    doubled = decoder.doubled(data)
    if doubled is not None:
        text = f"the key '{doubled}' is given twice in one object; keep one"
        return Read(Refusal(None, (Problem("FR006", text, where.place()),), candidate_of(data)), where)
    if not isinstance(data, dict):
        return _refused("FR203", "an application is an object with id, status and events", where.place(), where)
    return Read(read_application(data, where.place), where)


def _document(text: str, shown: str, decoder: _Decoder) -> Any:
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        place = Place(shown, error.lineno, error.colno)
        raise _invalid("FR201", f"is not JSON: {_lowered(error.msg)}", place) from None
    except (ValueError, RecursionError) as error:
        raise _invalid("FR201", f"is not JSON that can be used: {_why(error)}", Place(shown)) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number that can be compared")


def _first_doubled(data: Any) -> str | None:
    if isinstance(data, _Doubled):
        return data.key
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return next((key for one in inner if (key := _first_doubled(one)) is not None), None)


def _refused(code: str, message: str, place: Place, where: Where) -> Read:
    return Read(Refusal(None, (Problem(code, message, place),)), where)


def _why(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:200]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _invalid(code: str, message: str, place: Place) -> InvalidInput:
    return InvalidInput([Problem(code, message, place)])
