"""What is shown about the word under the mouse, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from followup_rules.lsp import pages
from followup_rules.lsp.forms import meaning_of
from followup_rules.lsp.navigating import Ancestor, ancestors_of, last_key, pack_target
from followup_rules.lsp.snapshot import Snapshot
from followup_rules.lsp.spot import Spot, word_at
from followup_rules.model.words import EVENT_TYPES
from followup_rules.rules.facts_known import type_of

_CODE: Final = re.compile(r"\b[A-Z]{2,8}\d{3}\b")


def hover(path: Path, lines: Sequence[str], number: int, column: int, snapshot: Snapshot) -> str:
    """The page, or the lines, about the word at a cursor; empty where there is nothing to say."""
    line = lines[number] if 0 <= number < len(lines) else ""
    code = next((one for one in _CODE.finditer(line) if one.start() <= column <= one.end()), None)
    if code is not None and (page := pages.page(code[0])):
        return page
    spot = word_at(lines, number, column)
    if spot is None or not spot.word:
        return ""
    return _key(spot, snapshot) if spot.role == "key" else _value(path, spot, snapshot)


def _key(spot: Spot, snapshot: Snapshot) -> str:
    if type_of(spot.word) is not None and "when" in spot.path:
        return f"`{spot.word}`: {pages.word(spot.word)}"
    meaning = meaning_of(spot, snapshot.checks) or (pages.word(spot.word) if spot.list == "rules" else "")
    return f"`{spot.word}`: {meaning}" if meaning else ""


def _value(path: Path, spot: Spot, snapshot: Snapshot) -> str:
    last = last_key(spot)
    if spot.path in (("kind",), ("check",)):
        return pages.page(spot.word)
    if spot.list == "rules" and spot.path == ("id",):
        return _replaced(list(ancestors_of(path, spot.word, snapshot)))
    if spot.list == "" and last == "disable":
        found = next(ancestors_of(path, spot.word, snapshot), None)
        return _told("Takes out", found) if found else f"Nothing that is extended has a rule `{spot.word}`."
    if spot.list == "" and last == "extends":
        return _pack(path, spot.word, snapshot)
    if spot.word in EVENT_TYPES or spot.word == "reply":
        return f"`{spot.word}`: {_event(spot.word)}"
    meaning = pages.word(spot.word)
    return f"`{spot.word}`: {meaning}" if meaning else ""


def _event(name: str) -> str:
    keys = pages.word(name) or "none"
    if name == "reply":
        return "a message of the other side, unless it is an auto-reply"
    return f"an event type; its own keys: {keys}"


def _replaced(above: Sequence[Ancestor]) -> str:
    if not above:
        return "A rule of its own: nothing that is extended has this id."
    return "\n\n".join(_told("Replaces" if one is above[0] else "which replaces", one) for one in above)


def _told(verb: str, one: Ancestor) -> str:
    place = f"{one.rule.place.file}:{one.target.line}"
    why = f"\n\n{one.rule.why}" if one.rule.why else ""
    return f"{verb} `{one.rule.id}` of the pack `{one.pack.name}` ({place}): {one.rule.title}{why}"


def _pack(path: Path, name: str, snapshot: Snapshot) -> str:
    target = pack_target(path, name, snapshot)
    if target is None:
        return f"There is no pack `{name}`."
    loader, packs = snapshot.ancestors(path)
    pack = next((one for one in packs if loader.path_of(one) == target.path), None)
    if pack is None:
        return ""
    rules = "\n".join(f"- `{rule.id}`: {rule.title}" for rule in pack.rules)
    return f"The pack `{pack.name}`, {len(pack.rules)} rules:\n\n{rules}"
