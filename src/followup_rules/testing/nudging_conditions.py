"""The changes that are tried on a condition: a part of it taken out, turned over, or moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from followup_rules.model.faults import Loc
from followup_rules.rules.conditions import ORDERINGS
from followup_rules.rules.lengths import Length, parse_length
from followup_rules.testing.changing import GONE, Change

_LONGEST: Final = 60
_OPPOSITE: Final = {
    "is": "is_not", "is_not": "is", "one_of": "none_of", "none_of": "one_of", "at_least": "less_than",
    "less_than": "at_least", "at_most": "more_than", "more_than": "at_most", "happened": "not_happened",
    "not_happened": "happened", "all": "any", "any": "all",
}  # fmt: skip


def of_condition(key: str, value: Any) -> Iterator[Change]:
    """All of it taken out, all of it turned over, and every part of it changed."""
    yield Change((key,), GONE, f"`{key}` taken out", (key,))
    if len(value) > 1 or set(value) & {"all", "any"}:
        yield Change((key,), {"not": value}, f"`{key}` turned over", (key,))
    yield from _mapping(value, (key,))


def _mapping(raw: dict[str, Any], loc: Loc) -> Iterator[Change]:
    for key, value in raw.items():
        at = (*loc, key)
        if len(raw) > 1:
            yield Change(at, GONE, f"`{key}` taken out of the condition", at)
        if key in ("all", "any"):
            yield from _list(raw, key, value, loc)
        elif key == "not":
            yield from _mapping(value, at)
            yield _renamed(raw, key, {"all": [value]}, loc, "`not` taken out")
        elif key in ("happened", "not_happened"):
            yield _turned(raw, key, loc)
            patterns = value if isinstance(value, list) else [value]
            for index, pattern in enumerate(patterns):
                inside = (*at, index) if isinstance(value, list) else at
                if len(patterns) > 1:
                    yield Change(inside, GONE, f"`event: {pattern['event']}` taken out of `{key}`", inside)
                yield from _pattern(pattern, inside)
        else:
            yield from _test(raw, key, value, loc)


def _list(raw: dict[str, Any], key: str, items: list[Any], loc: Loc) -> Iterator[Change]:
    at = (*loc, key)
    if len(items) > 1 and _OPPOSITE[key] not in raw:
        yield _turned(raw, key, loc)
    for index, item in enumerate(items):
        inside = (*at, index)
        if len(items) > 1:
            yield Change(inside, GONE, f"`{_said(item)}` taken out of `{key}`", inside)
        yield from _mapping(item, inside)


def _pattern(pattern: dict[str, Any], loc: Loc) -> Iterator[Change]:
    for key, value in pattern.items():
        at = (*loc, key)
        if key != "event":
            yield Change(at, GONE, f"`{key}: {_word(value)}` taken out", at)
        if key == "within":
            length = parse_length(value)
            for amount in (length.amount + 1, length.amount - 1):
                if amount >= 0:
                    now = str(Length(amount, length.unit))
                    yield Change(at, now, f"`{key}: {value}` changed to `{now}`", at)


def _test(raw: dict[str, Any], fact: str, value: Any, loc: Loc) -> Iterator[Change]:
    """The test of one fact: a value, a list, or operators."""
    at = (*loc, fact)
    said = f"`{fact}: {_word(value)}` turned over"
    if isinstance(value, list):
        yield Change(at, {"none_of": value}, said, at)
        yield from _values(value, fact, at)
    elif not isinstance(value, dict):
        yield Change(at, {"is_not": value}, said, at)
        yield from _moved(fact, value, at)
    else:
        for operator, operand in value.items():
            inside = (*at, operator)
            if len(value) > 1:
                yield Change(inside, GONE, f"`{operator}: {_word(operand)}` taken out of `{fact}`", inside)
            if operator == "present":
                yield Change(inside, not operand, f"`{fact}: {{present: {_word(operand)}}}` turned over", inside)
            elif operator in _OPPOSITE and _OPPOSITE[operator] not in value:
                others = {_OPPOSITE[operator] if one == operator else one: two for one, two in value.items()}
                yield Change(at, others, f"`{fact}: {{{operator}: {_word(operand)}}}` turned over", inside)
            elif operator == "contains" and len(value) == 1 and "not" not in raw:
                yield _renamed(raw, fact, {"not": {fact: value}}, loc, said)
            if isinstance(operand, list):
                yield from _values(operand, fact, inside)
            elif operator in (*ORDERINGS, "is", "is_not"):
                yield from _moved(operator, operand, inside)


def _values(values: list[Any], fact: str, loc: Loc) -> Iterator[Change]:
    for index, value in enumerate(values if len(values) > 1 else ()):
        at = (*loc, index)
        yield Change(at, GONE, f"`{_word(value)}` taken out of the values of `{fact}`", at)


def _moved(name: str, value: Any, loc: Loc) -> Iterator[Change]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        for now in (value + 1, value - 1):
            yield Change(loc, now, f"`{name}: {value}` changed to `{now}`", loc)


def _turned(raw: dict[str, Any], key: str, loc: Loc) -> Change:
    """A key replaced by its opposite."""
    other = _OPPOSITE[key]
    # Where the opposite stands there too, both are kept apart.
    now = {"all": [{other: raw[key]}]} if other in raw else {other: raw[key]}
    return _renamed(raw, key, now, loc, f"`{key}` changed to `{other}`")


def _renamed(raw: dict[str, Any], key: str, now: dict[str, Any], loc: Loc, said: str) -> Change:
    """One entry of a mapping replaced by others; the others stay."""
    kept = {one: value for one, value in raw.items() if one != key}
    merged = {**kept, **now} if not set(kept) & set(now) else {"all": [kept, now]}
    return Change(loc, merged, said, (*loc, key))


def _said(item: Any) -> str:
    said = ", ".join(f"{key}: {_word(value)}" for key, value in item.items())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_word, value))}]"
    return f"{{{_said(value)}}}" if isinstance(value, dict) else str(value)
