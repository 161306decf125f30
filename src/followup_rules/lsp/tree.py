"""A YAML text as a tree with the beginning and the end of everything in it, as far as the text can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import yaml

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 60
_MENDS: Final = 6
_ONE_LINE: Final = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")
"""Marks that end a line for YAML and for no editor."""

Span = tuple[int, int, int, int]
"""Line and column of the beginning and of the end, from 0."""


@dataclass
class Node:
    """A mapping, a list or a text. `keys` are the spans of a mapping's keys, in its order."""

    kind: Literal["map", "list", "text"]
    span: Span
    text: str = ""
    entries: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        return next((value for name, value in self.entries if name.text == key), None)

    @property
    def keys(self) -> list[str]:
        """The keys of a mapping, as they stand."""
        return [name.text for name, _ in self.entries]


def read_tree(text: str, keep: int = -1, mends: int = _MENDS) -> Node | None:
    """The tree of a text. A line at which the text stops being YAML is left out, except the line `keep`."""
    lines = text.translate(_ONE_LINE).split("\n")
    for _ in range(mends + 1):
        try:
            return _root(yaml.parse("\n".join(lines), Loader=_Parser))
        except yaml.MarkedYAMLError as error:
            marks: list[Any] = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
            if any(word in (error.context or "") for word in ("flow", "scanning")):
                marks.reverse()  # what was opened and never closed
            faulty = next((line for mark in marks for line in _near(lines, mark.line) if line != keep), -1)
            if faulty < 0:
                return None
            lines[faulty] = ""
        except (yaml.YAMLError, ValueError, RecursionError):
            return None
    return None


def _near(lines: list[str], number: int) -> Iterator[int]:
    """Lines that may be at fault: the one where reading stopped, else the last before it that says something."""
    for line in range(min(number, len(lines) - 1), -1, -1):
        if lines[line].strip():
            yield line


def _root(events: Iterator[Any]) -> Node | None:
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent | yaml.AliasEvent):
            node = _node(event, events, 0)
            root = node if root is None else root
    return root


def _node(event: Any, events: Iterator[Any], depth: int) -> Node:
    if depth > _DEEPEST:
        raise RecursionError
    node = Node("text", _span(event, event), getattr(event, "value", ""))
    if isinstance(event, yaml.SequenceStartEvent):
        node.kind = "list"
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            node.items.append(_node(inner, events, depth + 1))
        node.span = _span(event, inner)
    elif isinstance(event, yaml.MappingStartEvent):
        node.kind = "map"
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = _node(inner, events, depth + 1)
            node.entries.append((key, _node(next(events), events, depth + 1)))
        node.span = _span(event, inner)
    return node


def _span(first: Any, last: Any) -> Span:
    return first.start_mark.line, first.start_mark.column, last.end_mark.line, last.end_mark.column
