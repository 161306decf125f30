"""What came out against what was expected, in words that show the difference at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from followup_rules.model.decision import Decision, Plan
from followup_rules.report.words import moment, reason
from followup_rules.rules.base import Rule
from followup_rules.rules.examples import Expectation
from followup_rules.rules.expected import NONE, Wanted

_WORDS: Final = {"is_not": "not", "one_of": "one of", "none_of": "none of"}


def differences(plan: Plan, expected: Expectation, own_rule: str = "") -> Iterator[str]:
    """Every key that came out otherwise, a line each, and what decided it.

    Args:
        own_rule: the follow-up rule that is meant where the expectation names none.
    """
    found = picked(plan, expected, own_rule)
    if not found:
        yield from _without(plan, expected)
    for decision in found:
        yield from _compared(decision, expected)


def holds(plan: Plan, expected: Expectation, own_rule: str = "") -> bool:
    """True where there is no difference; says nothing about the others."""
    found: Sequence[Decision | None] = picked(plan, expected, own_rule) or (None,)
    return all(wanted.holds(value_of(one, key)) for one in found for key, wanted in expected.wanted)


def picked(plan: Plan, expected: Expectation, own_rule: str = "") -> list[Decision]:
    """The decisions that an expectation speaks about: those it names, else those of its own follow-up rule."""
    wanted = expected.picks
    if own_rule:
        wanted.setdefault("rule", own_rule)
    return [one for one in plan.decisions if all(getattr(one, key) == value for key, value in wanted.items())]


def value_of(decision: Decision | None, key: str) -> Any:
    """What came out under a key; where there is no decision, it is `none`."""
    if decision is None:
        return NONE if key == "decision" else None
    if key == "until":
        return decision.at if decision.decision == "wait" else None
    value = getattr(decision, key)
    return value.id if isinstance(value, Rule) else value


def _without(plan: Plan, expected: Expectation) -> Iterator[str]:
    """Where no decision is meant, or should be."""
    wrong = [f"{key} {shown(wanted)}" for key, wanted in expected.wanted if not wanted.holds(value_of(None, key))]
    if wrong:
        about = "; ".join(wrong).removeprefix("decision ")
        others = "; ".join(told(decision) for decision in plan.decisions)
        yield f"expected {about}, but no decision came out{f'; there is {others}' if others else ''}"


def _compared(decision: Decision, expected: Expectation) -> Iterator[str]:
    if expected.decision is not None and expected.decision.exactly == NONE:
        yield f"expected no decision, came out {told(decision)}"
        return
    wrong = False
    for key, wanted in expected.wanted:
        got = value_of(decision, key)
        if not wanted.holds(got):
            wrong = True
            yield f"{key}: expected {shown(wanted, decision)}, came out {_said(got, decision)}"
    if wrong:
        by = decision.decided_by
        yield f"it is {told(decision)}: {reason(decision)}, decided by {by.id} ({by.place.file}:{by.place.line})"


def told(decision: Decision) -> str:
    """A decision in a few words."""
    until = f" until {moment(decision.at)}" if decision.decision == "wait" and decision.at else ""
    return f"{decision.decision}{until} ({decision.reason}) for {decision.rule}, occasion {decision.occasion}"


def shown(wanted: Wanted, decision: Decision | None = None) -> str:
    """What is wanted, in words: 'send', 'not send', 'one of wait, hold'."""
    return " and ".join(_test(one.operator, one.values, decision) for one in wanted.tests)


def _test(operator: str, values: tuple[Any, ...], decision: Decision | None) -> str:
    if operator == "present":
        return "something" if values[0] else "nothing"
    word = "" if operator == "is" else f"{_WORDS.get(operator, operator.replace('_', ' '))} "
    return word + ", ".join(_said(value, decision) for value in values)


def _said(value: Any, decision: Decision | None) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, datetime):
        return str(value)
    known = (decision.at, decision.expires_at, decision.due_at) if decision is not None else ()
    zone = next((one.tzinfo for one in known if one), None)
    return moment(value.astimezone(zone))
