"""What stands at a cursor: the path of keys that leads there, found also while the line is not finished."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from followup_rules.lsp.chunks import chunk_at
from followup_rules.lsp.scan import Scanned, scan
from followup_rules.lsp.tree import Node, read_tree

_HERE: Final = "qZhereZq"
_TAIL: Final = re.compile(r"[\w.\-]*")
_LONGEST_LINE: Final = 5_000

Path = tuple[str | int, ...]


class Spot(NamedTuple):
    """The word at a cursor.

    `path` leads to it inside its rule, or inside the file where `list` is empty: for a key to its mapping, for a value
    to the value. `role` is `item` for what begins a list entry and may become either. `beside` are the keys of the same
    mapping, `rule` the plain values of the rule around it. The word is from `start` to `end` in its line, and `typed`
    is the part before the cursor.
    """

    list: str
    path: Path
    role: Literal["key", "value", "item"]
    word: str
    typed: str
    start: int
    end: int
    beside: tuple[str, ...]
    rule: Mapping[str, str]
    has_colon: bool


def spot_at(lines: Sequence[str], number: int, column: int) -> Spot | None:
    """What stands at a cursor; None in comments, in prose, and where nothing can be made of it."""
    if not 0 <= number < len(lines) or len(lines[number]) > _LONGEST_LINE:
        return None
    chunk = chunk_at(lines, number)
    part, row = list(lines[chunk.first : chunk.end]), number - chunk.first
    line = part[row]
    scanned = scan([*part[:row], line[:column]])
    if scanned.prose:
        return None
    tail = _TAIL.match(line, column)
    end = tail.end() if tail else column
    has_colon = re.match(r"[\"']?[ \t]*:(?:[ \t]|$)", line[end:]) is not None
    role: Literal["key", "value", "item"] = "value" if scanned.after == "colon" else "key"
    if scanned.after in ("dash", "bracket") and not has_colon:
        role = "item"
    found = _found(part, row, scanned, end, role == "key" and not has_colon)
    if found is None:
        return None
    tree, path, beside = found
    entry = tree.items[0] if chunk.list and tree.kind == "list" and tree.items else tree
    return Spot(
        chunk.list, path[1:] if chunk.list else path, role, line[scanned.start : end], line[scanned.start : column],
        scanned.start, end, beside, _plain(entry, line[scanned.start : end]), has_colon,
    )  # fmt: skip


def word_at(lines: Sequence[str], number: int, column: int) -> Spot | None:
    """What stands at a cursor, as if it were at the end of the word that it touches."""
    line = lines[number] if 0 <= number < len(lines) else ""
    touched = next((one for one in re.finditer(r"[\w.\-/]+", line) if one.start() <= column <= one.end()), None)
    return None if touched is None else spot_at(lines, number, touched.end())


def _found(
    part: list[str], row: int, scanned: Scanned, end: int, new_key: bool
) -> tuple[Node, Path, tuple[str, ...]] | None:
    line = part[row]
    rest = line[end:]
    quote = scanned.quote if not rest.startswith(scanned.quote or "\0") else ""
    begun = f"{line[: scanned.start]}{_HERE}{quote}{': 0' if new_key else ''}"
    closed = begun + scanned.closing
    for text, mends in (
        ([*part[:row], begun + rest, *part[row + 1 :]], 0),
        ([*part[:row], closed, *part[row + 1 :]], 0),
        ([*part[:row], closed, *part[row + 1 :]], 6),
        ([*part[:row], closed], 6),
    ):
        tree = read_tree("\n".join(text), row, mends)
        if tree is not None and (way := next(_ways(tree, ()), None)) is not None:
            return tree, *way
    return None


def _ways(node: Node, path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Where the mark is, and the keys beside it."""
    if node.kind == "text" and _HERE in node.text:
        yield path, ()
    for index, item in enumerate(node.items):
        yield from _ways(item, (*path, index))
    for key, value in node.entries:
        if _HERE in key.text:
            yield path, tuple(name for name in node.keys if _HERE not in name)
        yield from _ways(value, (*path, key.text))


def _plain(entry: Node, word: str) -> dict[str, str]:
    values = {key.text: value.text for key, value in entry.entries if value.kind == "text" and _HERE not in key.text}
    return {key: word if _HERE in value else value for key, value in values.items()}
