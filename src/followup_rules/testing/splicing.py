"""Where the values of a YAML text begin and end, so that one can be replaced and all around it stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import yaml

from followup_rules.model.faults import Loc


class Edit(NamedTuple):
    """Characters of a text, and what comes into their place."""

    start: int
    end: int
    new: str


class Tree:
    """The nodes of a text that is known to be good YAML."""

    def __init__(self, text: str) -> None:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        assert root is not None  # noqa: S101  (the text has been read as a file with cases)
        self._root: yaml.Node = root
        self._uses: dict[int, int] = {}
        self._count(self._root)

    def is_shared(self, loc: Loc) -> bool:
        """True where a value, or what it stands in, is used in several places by an alias."""
        return any(self._uses[id(node)] > 1 for node in self._path(loc))

    def span(self, loc: Loc) -> tuple[int, int]:
        """Where a value begins and ends."""
        *_, node = self._path(loc)
        return node.start_mark.index, _end(node)

    def listed(self, loc: Loc, items: Sequence[str]) -> Edit:
        """Puts some items, each written on one line, into the place of a value: as a list where they are several."""
        *above, node = self._path(loc)
        parent = above[-1]
        start, end = self.span(loc)
        if isinstance(parent, yaml.SequenceNode):
            between = ", " if parent.flow_style else f"\n{' ' * (node.start_mark.column - 2)}- "
            return Edit(start, end, between.join(items))
        if len(items) == 1 and start < end:
            return Edit(start, end, items[0])
        space = "" if start < end else " "
        if len(items) == 1 or _in_flow(above):
            return Edit(start, end, space + (items[0] if len(items) == 1 else f"[{', '.join(items)}]"))
        key = next(one for one, value in parent.value if value is node)
        indent = f"\n{' ' * (key.start_mark.column + 2)}- "
        return Edit(key.end_mark.index + 1, end, "".join(indent + item for item in items))

    def _count(self, node: yaml.Node) -> None:
        self._uses[id(node)] = self._uses.get(id(node), 0) + 1
        if self._uses[id(node)] == 1:
            for inner in _inner(node):
                self._count(inner)

    def _path(self, loc: Loc) -> list[yaml.Node]:
        """The nodes from the whole to the value, itself included."""
        found = [self._root]
        for part in loc:
            found.append(_child(found[-1], part))
        return found


def _child(node: yaml.Node, part: str | int) -> yaml.Node:
    if isinstance(node, yaml.SequenceNode):
        child: yaml.Node = node.value[int(part)]
        return child
    found: yaml.Node = next(value for key, value in node.value if key.value == part)
    return found


def _inner(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        yield from (value for _, value in node.value)


def _in_flow(nodes: Sequence[yaml.Node]) -> bool:
    return any(isinstance(node, yaml.CollectionNode) and node.flow_style for node in nodes)


def _end(node: yaml.Node) -> int:
    """Where a value ends: a block ends with the last thing in it, before comments and empty lines."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        return max(_end(inner) for inner in _inner(node))
    return int(node.end_mark.index)
