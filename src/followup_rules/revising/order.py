"""In which order the keys of a file, of a rule and of a scenario stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from followup_rules.revising.tree import Collection, File, Item, Scalar, Value, every

_FILE: Final = ("schema", "pack", "extends", "disable", "properties", "ignore", "rules")
_SCENARIOS: Final = ("schema", "rules", "title", "application", "applications", "scenarios")
_RULE: Final = ("id", "kind", "title", "why", "source")
_TAIL: Final = ("ignore", "examples")
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "follow_up": (
        "severity", "follow_up", "direction", "after", "when", "opens", "due", "expires", "steps", "do", "template",
    ),
    "send_window": (
        "severity", "direction", "follow_up", "open", "in", "skip_holidays", "fallback_timezone", "when",
    ),
    "limit": ("severity", "direction", "follow_up", "when", "at_most", "per", "within", "since"),
    "cooldown": ("severity", "direction", "follow_up", "when", "at_least", "per", "backoff"),
    "stop": ("severity", "direction", "follow_up", "when", "on", "since"),
    "message": ("check", "with", "severity", "follow_up", "direction", "when"),
}  # fmt: skip
"""What stands between a rule's `source` and its `ignore`."""
_SCENARIO: Final = ("title", "start", "application", "applications", "moments")
_STEP: Final = ("opens", "due", "expires")
_EXAMPLE: Final = ("title", "at", "application", "applications", "expect")


def arrange(file: File, scenarios: bool) -> None:
    """Put the keys into their order, wherever that leaves every alias with its anchor."""
    root = file.root
    assert isinstance(root, Collection)  # noqa: S101  (`formatting` sees to it)
    names = list(_names(root))
    repeated = {name for mark, name in names if mark == "&" and names.count((mark, name)) > 1}
    if not repeated:
        for mapping, known, tail in [*_inside(root, scenarios), (root, _SCENARIOS if scenarios else _FILE, ())]:
            _sort(root, mapping, known, tail)


def entries(root: Value, name: str) -> list[Collection]:
    """The mappings in the list that stands under a name."""
    listed = value_of(root, name)
    found = listed.items if isinstance(listed, Collection) and not listed.mapping else []
    return [item.value for item in found if isinstance(item.value, Collection) and item.value.mapping]


def value_of(mapping: Value, name: str) -> Value | None:
    """What stands under a key of a mapping."""
    items = mapping.items if isinstance(mapping, Collection) and mapping.mapping else []
    return next((item.value for item in items if item.key is not None and item.key.text == name), None)


def _inside(root: Collection, scenarios: bool) -> Iterator[tuple[Collection, Sequence[str], Sequence[str]]]:
    if scenarios:
        yield from ((one, _SCENARIO, ()) for one in entries(root, "scenarios"))
        return
    for rule in entries(root, "rules"):
        kind = value_of(rule, "kind")
        middle = _KINDS.get(kind.text, ()) if isinstance(kind, Scalar) else ()
        yield from ((one, _EXAMPLE, ()) for one in entries(rule, "examples"))
        yield from ((one, _STEP, ()) for one in entries(rule, "steps"))
        yield rule, (*_RULE, *middle), _TAIL


def _sort(root: Collection, mapping: Collection, known: Sequence[str], tail: Sequence[str]) -> None:
    """Known keys first, then the others as they stand, then the tail."""
    order = {name: index for index, name in enumerate(known)}
    order |= {name: len(known) + 1 + index for index, name in enumerate(tail)}
    before = list(mapping.items)
    after = sorted(before, key=lambda item: order.get(_key(item), len(known)))
    if after == before:
        return
    mapping.items[:] = after
    if not _anchored(root):
        mapping.items[:] = before
        return
    # What stands above the first entry stays at the top; in a file that is the empty line below its comments.
    first = before[0].before
    lead = first[:1] if mapping is root and first[:1] == [""] else [] if mapping is root else [*filter(None, first)]
    before[0].before[:] = first[len(lead) :] if mapping is root else []
    after[0].before[:0] = lead


def _key(item: Item) -> str:
    return item.key.text if item.key is not None else ""


def _names(root: Value) -> Iterator[tuple[str, str]]:
    for one in every(root):
        if isinstance(one, Scalar) and one.style == "*":
            yield "*", one.text
        else:
            yield from (("&", mark[1:]) for mark in one.props.split() if mark[0] == "&")


def _anchored(root: Value) -> bool:
    """True where every alias stands after its anchor."""
    seen: set[str] = set()
    for mark, name in _names(root):
        if mark == "*" and name not in seen:
            return False
        seen.add(name)
    return True
