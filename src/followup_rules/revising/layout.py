"""From the tree of a file to its text: two blanks a level, one entry a line, brackets where there were brackets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from followup_rules.revising.scalars import EMPTY, WIDTH, block, can_fold, folded, is_block, one_line
from followup_rules.revising.tree import Collection, File, Item, Value

_APART: Final = ("rules", "scenarios")
"""The lists whose entries have an empty line between them, and one before them."""

_Block = tuple[list[str], list[str]]
"""The comments before the first entry, not indented, and the lines from the first entry on."""


def text_of(file: File) -> str:
    """The whole file."""
    assert isinstance(file.root, Collection)  # noqa: S101  (`formatting` sees to it)
    before, lines = _collection(file.root, 0)
    head = [*file.preface, *(["---"] if file.explicit_start is not None else []), *file.head]
    made = [*head, *before, *lines]
    out: list[str] = []
    for line in made:
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join("" if line == EMPTY else line for line in out).strip("\n") + "\n"


def _collection(one: Collection, column: int, apart: bool = False) -> _Block:
    indent = " " * column
    before: list[str] = []
    lines: list[str] = []
    for index, item in enumerate(one.items):
        hoisted, body = _item(item, column, one.mapping)
        if index == 0:
            before = hoisted
        else:
            gap = apart or (column == 0 and item.key is not None and item.key.text in _APART)
            own = ["", *hoisted] if gap and hoisted[:1] != [""] else hoisted
            lines += _indented(own, indent)
        lines += body
    return before, lines + _indented(one.foot, indent)


def _indented(comments: Sequence[str], indent: str) -> list[str]:
    return [indent + comment if comment else "" for comment in comments]


def _item(item: Item, column: int, mapping: bool) -> _Block:
    """The comments that go above an entry, and its lines."""
    indent, value = " " * column, item.value
    nested = isinstance(value, Collection) and not value.flow and bool(value.items)
    before = [*item.before, *(one.lstrip() for one in item.trailing[1:])]
    trailing = item.trailing[0] if item.trailing else ""
    if not nested:
        head = f"{indent}{one_line(item.key)}:" if item.key is not None else f"{indent}-"
        return before, _simple(head, value, column + 2, trailing)
    assert isinstance(value, Collection)  # noqa: S101
    apart = item.key is not None and item.key.text in _APART and column == 0
    above, lines = _collection(value, column + 2, apart)
    if mapping or value.props:
        head = f"{indent}{one_line(item.key)}:" if item.key is not None else f"{indent}-"
        first = f"{head} {value.props}".rstrip() + trailing
        return before, [first, *_indented(above, f"{indent}  "), *lines]
    hoisted = [*before, *([trailing.lstrip()] if trailing else []), *above]
    return hoisted, [f"{indent}- {lines[0][column + 2 :]}", *lines[1:]]


def _simple(head: str, value: Value, column: int, trailing: str) -> list[str]:
    """An entry whose value is a single value, or stands in brackets."""
    if isinstance(value, Collection):
        head = f"{head} {value.props}".rstrip()
        first, *rest = _brackets(value, len(head) + 1, 0)
        lines = [f"{head} {first}", *rest]
        if rest and head.endswith(":"):
            first, *rest = _brackets(value, column, 0)
            below = [head, " " * column + first, *rest]
            lines = below if len(below) <= len(lines) else lines
        lines[-1] += trailing
        return lines
    line = f"{head} {one_line(value)}".rstrip()
    if is_block(value) or (len(line) > WIDTH and can_fold(value)):
        first, *rest = block(value, column) if is_block(value) else folded(value, column)
        return [f"{head} {first}{trailing}", *rest]
    return [line + trailing]


def _inline(value: Value) -> str:
    """A value on one line."""
    if not isinstance(value, Collection):
        return one_line(value) or "null"
    opening, closing = "{}" if value.mapping else "[]"
    inner = ", ".join(f"{_name(item)}{_inline(item.value)}" for item in value.items)
    return f"{value.props} {opening}{inner}{closing}".strip()


def _name(item: Item) -> str:
    return f"{one_line(item.key)}: " if item.key is not None else ""


def _brackets(value: Collection, column: int, reserve: int) -> list[str]:
    """A list or mapping in brackets that starts at a column, on as many lines as it needs.

    `reserve` is the room that is needed after its last bracket. The first line begins at the column, the others at 0.
    """
    opening, closing = "{}" if value.mapping else "[]"
    lines, used, fresh = [opening], column + 1, True
    for index, item in enumerate(value.items):
        last = index == len(value.items) - 1
        end, after = (closing, len(closing) + reserve) if last else (",", 1)
        text = f"{_name(item)}{_inline(item.value)}"
        if not fresh and used + 1 + len(text) + after <= WIDTH:
            text = f" {text}"
        elif not fresh:
            lines.append(" " * (column + 1))
            used = column + 1
        inner = item.value
        if used + len(text) + after > WIDTH and isinstance(inner, Collection) and inner.items:
            name = f"{_name(item)}{inner.props} ".lstrip() if inner.props else _name(item)
            first, *rest = _brackets(inner, used + len(name), after)
            lines[-1] += name + first
            lines += rest
        else:
            lines[-1] += text
        lines[-1] += end
        used, fresh = len(lines[-1]) + (column if len(lines) == 1 else 0), False
    return lines if value.items else [opening + closing]
