"""A change of one value in a rule as it is written, and the rule that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from followup_rules.model.faults import Loc
from followup_rules.rules import conditions as c
from followup_rules.rules.base import Rule

GONE: Final = object()
"""In place of a value: there is none any more."""

_TELLS_NOTHING: Final = ("examples", "title", "why", "source")


class Change(NamedTuple):
    """What is put where. `said` says it in words, `at` is the path that is shown for it."""

    loc: Loc
    value: Any
    said: str
    at: Loc


def changed(rule: Rule, change: Change) -> Rule | None:
    """The rule with a change, at the same place; None where that would be no valid rule."""
    raw: dict[str, Any] = deepcopy({key: value for key, value in rule.written.items() if key != "examples"})
    _put(raw, change.loc, change.value)
    try:
        made = type(rule).model_validate(raw)
    except ValidationError:
        return None
    made._place, made._locate, made._written = rule._place, rule._locate, raw
    return made


def same_meaning(one: Rule, other: Rule) -> bool:
    """True where two rules differ in nothing that is decided by."""
    return _meaning(one) == _meaning(other)


def _meaning(rule: Rule) -> Mapping[str, Any]:
    fields = {name: getattr(rule, name) for name in type(rule).model_fields if name not in _TELLS_NOTHING}
    # By its text, because in Python 1 and true are equal.
    return {**fields, "when": repr(rule.condition and _simple(rule.condition))}


def _simple(condition: c.Condition) -> c.Condition:
    """Without what is turned over twice."""
    if isinstance(condition, c.All | c.Any):
        return type(condition)(tuple(map(_simple, condition.items)))
    if isinstance(condition, c.Not):
        item = _simple(condition.item)
        return item.item if isinstance(item, c.Not) else c.Not(item)
    return condition


def _put(raw: Any, loc: Loc, value: Any) -> None:
    for part in loc[:-1]:
        raw = raw[part]
    if value is GONE:
        del raw[loc[-1]]
    else:
        raw[loc[-1]] = value
