"""Where the things that a text names are: rules, packs, templates; and the rules of the text itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from followup_rules.load.sources import SUFFIXES
from followup_rules.lsp.chunks import Named, named_rules
from followup_rules.lsp.snapshot import Snapshot
from followup_rules.lsp.spot import Spot, word_at
from followup_rules.policy import Pack
from followup_rules.rules.base import Rule


class Target(NamedTuple):
    """A place in a file, as YAML counts: line and column from 1."""

    path: Path
    line: int = 1
    column: int = 1


class Ancestor(NamedTuple):
    """A rule of a pack that is extended, and where it is."""

    rule: Rule
    pack: Pack
    target: Target


def definition(path: Path, lines: Sequence[str], number: int, column: int, snapshot: Snapshot) -> Target | None:
    """Where the thing under the cursor is defined."""
    spot = word_at(lines, number, column)
    if spot is None or spot.role == "key":
        return None
    last = last_key(spot)
    if spot.list == "" and last == "extends":
        return pack_target(path, spot.word, snapshot)
    if (spot.list == "" and last == "disable") or (spot.list == "rules" and spot.path == ("id",)):
        return next((one.target for one in ancestors_of(path, spot.word, snapshot)), None)
    if last in ("rule", "decided_by"):
        own = next((one for one in named_rules(lines) if one.id == spot.word), None)
        if own is not None:
            return Target(path, own.line + 1, own.column + 1)
        return next((one.target for one in ancestors_of(path, spot.word, snapshot)), None)
    if spot.path == ("template",):
        return _template(path, spot.word, snapshot)
    return None


def symbols(lines: Sequence[str]) -> list[Named]:
    """The rules of a text, in its order; found by its lines, so that they are there while it is broken."""
    return list(named_rules(lines))


def ancestors_of(path: Path, rule_id: str, snapshot: Snapshot) -> Iterator[Ancestor]:
    """The rules of that id in what is extended, the nearest first."""
    loader, packs = snapshot.ancestors(path)
    for pack in packs:
        for rule in pack.rules:
            if rule.id == rule_id:
                place = rule.place_of(("id",))
                yield Ancestor(rule, pack, Target(loader.path_of(pack), place.line, place.column))


def pack_target(path: Path, name: str, snapshot: Snapshot) -> Target | None:
    """The file of a pack that is extended by name or path."""
    if "/" in name or Path(name).suffix in SUFFIXES:
        file = path.parent / name
        return Target(file.resolve()) if snapshot.exists(file) else None
    beside = next((source for source in snapshot.group(path)[1:] if snapshot.pack_name(source.path) == name), None)
    source = beside or snapshot.packs.get(name)
    return Target(source.path.resolve()) if source is not None else None


def last_key(spot: Spot) -> str:
    """The key that a spot stands under."""
    return next((part for part in reversed(spot.path) if isinstance(part, str)), "")


def _template(path: Path, name: str, snapshot: Snapshot) -> Target | None:
    loader, packs = snapshot.ancestors(path)
    folders = [path.parent, *(loader.path_of(pack).parent for pack in packs)]
    if "default" in snapshot.packs:
        folders.append(snapshot.packs["default"].path.parent)
    files = (folder / "templates" / name for folder in folders)
    return next((Target(file) for file in files if "/" not in name and snapshot.exists(file)), None)
