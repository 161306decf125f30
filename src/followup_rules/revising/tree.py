"""A YAML file as it was written: every value with its style, its place and the comments that belong to it.

PyYAML's C parser says where everything stands. What it leaves out, comments and empty lines, stands between its
tokens, and `comments` puts it where it belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import yaml

from followup_rules.errors import Fix

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PROPERTY: Final = re.compile(r"[&!][^\s,\[\]{}]*")
_BLANK: Final = re.compile(r"[ \t\n]*")
_COMMENT: Final = re.compile(r"#[^\n]*")


@dataclass(slots=True, eq=False)
class Scalar:
    """One value, or an alias (`style` is `*`). `raw` is how it was written, without its anchor."""

    text: str
    raw: str
    style: str
    props: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Collection:
    """A list or a mapping. `column` is where its entries stand, `foot` the comments after the last one."""

    mapping: bool
    flow: bool
    props: str
    start: int
    end: int
    column: int = 0
    items: list[Item] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)


Value: TypeAlias = "Scalar | Collection"


@dataclass(slots=True, eq=False)
class Item:
    """An entry of a list or, with a key, of a mapping; `before` and `trailing` are its comments.

    An empty text in `before` is an empty line; a comment in `trailing` has the blanks before it.
    """

    key: Scalar | None
    value: Value
    start: int
    column: int
    before: list[str] = field(default_factory=list)
    trailing: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class File:
    """A whole file; `opaque` are the places of values, in which nothing is a comment.

    `head` are the comments before the first key, `preface` those before `---` where a file has it.
    """

    text: str
    root: Value
    explicit_start: int | None
    opaque: list[tuple[int, int]]
    preface: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)


def read_tree(text: str) -> File | None:
    """The tree of a text that `load.yaml.parse` has accepted; None where it holds no value at all."""
    events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
    tokens: Iterator[Any] = yaml.scan(text, Loader=_Loader)
    reader = _Reader(text, (token.start_mark.index for token in tokens if isinstance(token, yaml.BlockEntryToken)))
    explicit = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            explicit = _index(event.start_mark) if event.explicit else None
            root = reader.value(next(events), events)
            return File(text, root, explicit, sorted(reader.opaque))
    return None


def _index(mark: Any) -> int:
    found: int = mark.index
    return found


class _Reader:
    """From events to nodes."""

    def __init__(self, text: str, dashes: Iterator[int]) -> None:
        self.opaque: list[tuple[int, int]] = []
        self._text, self._dashes = text, dashes

    def value(self, event: Any, events: Iterator[Any]) -> Value:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            raw = self._text[start:end].rstrip()
            return Scalar(raw[1:], raw, "*", "", start, start + len(raw))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, start, end)
        return self._collection(event, events)

    def _scalar(self, event: Any, start: int, end: int) -> Scalar:
        props, position = self._properties(start, end)
        # A block text begins after its first line, which may end in a comment.
        begin = self._text.find("\n", position) if event.style in ("|", ">") else position
        self.opaque.append((begin, end))
        style = event.style if event.style in ("'", '"', "|", ">") else ""
        return Scalar(event.value, self._text[position:end], style, props, start, end)

    def _properties(self, start: int, end: int) -> tuple[str, int]:
        """The anchor and tag before a scalar, and where the scalar itself begins."""
        found: list[str] = []
        position = start
        while match := _PROPERTY.match(self._text, position, end):
            found.append(match[0])
            position = _skip(self._text, match.end(), end)
        return " ".join(found), position

    def _collection(self, event: Any, events: Iterator[Any]) -> Collection:
        mapping = isinstance(event, yaml.MappingStartEvent)
        marks = [f"&{event.anchor}"] if event.anchor is not None else []
        marks += [event.tag] if event.tag == "!" else []
        made = Collection(mapping, bool(event.flow_style), " ".join(marks), event.start_mark.index, 0)
        for inner in events:
            if isinstance(inner, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                made.end = _index(inner.end_mark)
                break
            made.items.append(self._item(made, inner, events))
        made.column = made.items[0].column if made.items else event.start_mark.column
        return made

    def _item(self, within: Collection, event: Any, events: Iterator[Any]) -> Item:
        dash = None if within.mapping or within.flow else next(self._dashes)
        first = self.value(event, events)
        start = first.start if dash is None else dash
        column = start - (self._text.rfind("\n", 0, start) + 1)
        if not within.mapping:
            return Item(None, first, start, column)
        assert isinstance(first, Scalar)  # noqa: S101  (other keys are refused before)
        return Item(first, self.value(next(events), events), start, column)


def _skip(text: str, position: int, end: int) -> int:
    """The next place that is neither blank nor in a comment."""
    while True:
        blank = _BLANK.match(text, position, end)
        position = blank.end() if blank else position
        comment = _COMMENT.match(text, position, end)
        if comment is None:
            return position
        position = comment.end()


def every(value: Value) -> Iterator[Value]:
    """The value and all that is in it, keys included, in the order of writing."""
    yield value
    if isinstance(value, Collection):
        for item in value.items:
            if item.key is not None:
                yield item.key
            yield from every(item.value)


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column of a place in a text, counted from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def replaced(text: str, scalar: Scalar, new: str) -> Fix:
    """The fix that puts a word in the place of a value; its anchor stays."""
    return Fix(*place(text, scalar.end - len(scalar.raw)), *place(text, scalar.end), new)
