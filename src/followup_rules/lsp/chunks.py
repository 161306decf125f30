"""The parts of a rule file by its lines alone: they are there while the YAML is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from followup_rules.lsp.tree import Node, read_tree

_TOP: Final = re.compile(r"(?P<key>[A-Za-z_]+)[ \t]*:(?P<rest>.*)")
_ITEM: Final = re.compile(r"(?P<indent>[ \t]*)-(?:[ \t]|$)")
_KEY: Final = r"(?:^[ \t]*(?:-[ \t]+)*|[{,][ \t]*){}[ \t]*:[ \t]*(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^,}\n#\"'][^,}\n#]*)"
_LISTS: Final = ("rules", "scenarios")


class Header(NamedTuple):
    """What a file says of itself."""

    pack: str = ""
    extends: tuple[str, ...] = ()


class Chunk(NamedTuple):
    """One entry of a list such as `rules`, or what stands outside: the first line, the line after it, and which list.

    `list` is empty for what stands outside.
    """

    first: int
    end: int
    list: str = ""


class Named(NamedTuple):
    """A rule as its lines name it; `line` and `column` are those of the id's value, from 0."""

    id: str
    kind: str
    title: str
    line: int
    column: int
    chunk: Chunk


def chunks_of(lines: Sequence[str]) -> Iterator[Chunk]:
    """The entries of the lists `rules` and `scenarios`, and the lines between them."""
    first, inside, indent = 0, "", -1
    for number, line in enumerate(lines):
        if top := _TOP.match(line):
            if inside:
                yield Chunk(first, number, inside if indent >= 0 else "")
                first = number
            said = top["rest"].split(" #")[0].strip()
            inside, indent = (top["key"] if top["key"] in _LISTS and not said else ""), -1
        elif inside and (item := _ITEM.match(line)) and indent in (-1, len(item["indent"])):
            yield Chunk(first, number, inside if indent >= 0 else "")
            first, indent = number, len(item["indent"])
    yield Chunk(first, len(lines), inside if indent >= 0 else "")


def chunk_at(lines: Sequence[str], number: int) -> Chunk:
    """The part that a line belongs to."""
    return next((one for one in chunks_of(lines) if one.first <= number < one.end), Chunk(0, len(lines)))


def header_of(text: str) -> Header:
    """The pack and what it extends, as far as they can be read."""
    lines = text.split("\n")
    outside = [line for one in chunks_of(lines) if not one.list for line in lines[one.first : one.end]]
    tree = read_tree("\n".join(outside))
    if tree is None or tree.kind != "map":
        return Header()
    extends = tree.get("extends")
    named = [one.text for one in extends.items if one.kind == "text"] if extends and extends.kind == "list" else []
    pack = tree.get("pack")
    return Header(_text(pack), tuple(named))


def named_rules(lines: Sequence[str]) -> Iterator[Named]:
    """The rules that have an id, by their lines."""
    for chunk in chunks_of(lines):
        if chunk.list == "rules" and (named := _named(lines, chunk)) is not None:
            yield named


def _named(lines: Sequence[str], chunk: Chunk) -> Named | None:
    item = _ITEM.match(lines[chunk.first])
    inside = re.compile(r"[ \t]*-[ \t]*").match(lines[chunk.first])
    indent = inside.end() if inside else 0
    found: dict[str, tuple[str, int, int]] = {}
    for number in range(chunk.first, chunk.end):
        line = lines[number]
        if item and number > chunk.first and len(line) - len(line.lstrip()) != indent and "{" not in lines[chunk.first]:
            continue
        for key in ("id", "kind", "title"):
            match = re.search(_KEY.replace("{}", key, 1), line)
            if match and key not in found:
                found[key] = match["value"].strip().strip("\"'"), number, match.start("value")
    if "id" not in found:
        return None
    identity, line_number, column = found["id"]
    kind, title = (found.get(key, ("", 0, 0))[0] for key in ("kind", "title"))
    return Named(identity, kind, title, line_number, column, chunk)


def _text(node: Node | None) -> str:
    return node.text if node is not None and node.kind == "text" else ""
