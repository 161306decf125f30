"""YAML 1.2 with positions: plain data, and for every value the line and column where it stands.

PyYAML's C parser does the syntax; scalars are resolved here by the core schema of YAML 1.2, so that `no`, `on` and
`18:30` stay text. Tags, merge keys and several documents are not part of the rule language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.scalars import value_of

LARGEST: Final = 4_000_000
DEEPEST: Final = 60
MOST_VALUES: Final = 500_000

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Loc = tuple[str | int, ...]


@dataclass(slots=True)
class Node:
    """A value and where it starts; `keys` are the places of a mapping's keys, `inner` its or a list's values."""

    value: Any
    line: int
    column: int
    keys: dict[str, tuple[int, int]]
    inner: dict[str | int, Node]


@dataclass(frozen=True)
class Document:
    """A YAML file: its plain data, and the place of everything in it."""

    file: str
    root: Node

    @property
    def data(self) -> Any:
        """The plain data."""
        return self.root.value

    def place(self, loc: Loc = (), key: bool = False) -> Place:
        """The place of a path, as near as the file goes; with `key`, of the key that leads there."""
        node = self.root
        for depth, part in enumerate(loc):
            if key and depth == len(loc) - 1 and part in node.keys:
                return Place(self.file, *node.keys[str(part)])
            if part not in node.inner:
                break
            node = node.inner[part]
        return Place(self.file, node.line, node.column)


def read_text(path: Path, shown: str, largest: int = LARGEST) -> str:
    """The text of a file.

    Raises:
        InvalidInput: FR001 (cannot be read), FR002 (not UTF-8) or FR005 (too large).
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _invalid("FR001", f"cannot be read: {error.strerror or error}", Place(shown)) from None
    if len(raw) > largest:
        raise _invalid("FR005", f"is larger than {largest // 1_000_000} MB", Place(shown))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        hint = "save it as UTF-8"
        raise _invalid(
            "FR002", f"is not UTF-8 text (byte {raw[error.start]:#04x})", Place(shown, line, column), hint
        ) from None


def parse(text: str, file: str, most: int = MOST_VALUES) -> Document:
    """The one document in a YAML text of at most so many values, those that aliases repeat included.

    Raises:
        InvalidInput: FR003 to FR007, all faults that could be found.
    """
    composer = _Composer(file, most)
    try:
        root = composer.compose(iter(_Parser(text).get_event, None))
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        raise _invalid("FR003", f"is not YAML: {error.problem or error.context}", place) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        hint = "remove the control character"
        raise _invalid("FR003", f"is not YAML: {error.reason}", Place(file, line), hint) from None
    except yaml.YAMLError as error:
        raise _invalid("FR003", f"is not YAML: {error}", Place(file)) from None
    if composer.problems:
        raise InvalidInput(sorted(composer.problems, key=lambda problem: problem.place))
    if root is None or (root.value is None and not text.strip("\ufeff \t\r\n-")):
        raise _invalid("FR004", "is empty", Place(file))
    return Document(file, root)


_NOTHING: Final[dict[Any, Any]] = {}
"""What is inside a scalar: nothing, and the same nothing for all of them. Most nodes are scalars."""


class _Composer:
    """From parser events to nodes. Counts what aliases stand for, so that no small file becomes a large one."""

    def __init__(self, file: str, most: int) -> None:
        self.problems: list[Problem] = []
        self._file, self._most = file, most
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0

    def compose(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                first = next(events)
                if root is None:
                    root = self._node(first, events, 0)
                else:
                    self._fault("FR007", "a second document; write one document a file", event)
                    return root
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        before = self._count
        self._count += 1
        if depth > DEEPEST:
            self._give_up(f"is nested more than {DEEPEST} deep", event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None and event.tag != "!":
            self._fault("FR007", f"the tag '{event.tag}' means nothing here; remove it", event)
        if isinstance(event, yaml.ScalarEvent):
            node = Node(self._scalar(event), *self._mark(event), _NOTHING, _NOTHING)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, events, depth)
        else:
            node = self._mapping(event, events, depth)
        if self._count > self._most:
            self._give_up(f"stands for more than {self._most} values", event)
        if event.anchor is not None:
            self._anchors[event.anchor] = node, self._count - before
        return node

    def _alias(self, event: Any) -> Node:
        known = self._anchors.get(event.anchor)
        if known is None:
            self._fault("FR003", f"the alias '*{event.anchor}' stands before its anchor or inside it", event)
            return Node(None, *self._mark(event), _NOTHING, _NOTHING)
        node, count = known
        self._count += count
        if self._count > self._most:
            self._give_up(f"stands for more than {self._most} values: its aliases repeat each other", event)
        return Node(node.value, *self._mark(event), node.keys, node.inner)

    def _sequence(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        node = self._made(event, [])
        for inner in events:
            if isinstance(inner, yaml.SequenceEndEvent):
                break
            child = self._node(inner, events, depth + 1)
            node.inner[len(node.value)] = child
            node.value.append(child.value)
        return node

    def _mapping(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        node = self._made(event, {})
        for inner in events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            if not isinstance(inner, yaml.ScalarEvent):
                self._fault("FR007", "a key must be a plain text", inner)
                self._node(inner, events, depth + 1)
                self._node(next(events), events, depth + 1)
                continue
            key, mark = inner.value, self._mark(inner)
            child = self._node(next(events), events, depth + 1)
            if key == "<<" and inner.implicit[0]:
                self._fault("FR007", "merge keys (<<) are not part of YAML 1.2; write the keys out", inner)
            elif key in node.value:
                first = node.keys[key][0]
                self._fault("FR006", f"the key '{key}' is given twice, first in line {first}; keep one", inner)
            else:
                node.value[key] = child.value
                node.inner[key] = child
                node.keys[key] = mark
        return node

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if not event.implicit[0] or event.style not in (None, ""):
            return text
        try:
            return value_of(text)
        except ValueError as error:
            self._fault("FR007", str(error), event)
            return text

    @staticmethod
    def _mark(event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return mark.line + 1, mark.column + 1

    def _made(self, event: Any, value: Any) -> Node:
        return Node(value, *self._mark(event), {}, {})

    def _fault(self, code: str, message: str, event: Any) -> None:
        place = Place(self._file, *self._mark(event))
        self.problems.append(Problem(code, message, place))

    def _give_up(self, message: str, event: Any) -> None:
        place = Place(self._file, *self._mark(event))
        raise _invalid("FR005", message, place)


def _invalid(code: str, message: str, place: Place, hint: str = "") -> InvalidInput:
    return InvalidInput([Problem(code, message, place, hint)])
