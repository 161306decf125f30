"""Running the examples inside rules, and saying readably what came out otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from followup_rules.errors import Place
from followup_rules.judge.decide import decide
from followup_rules.load.rulefiles import Loaded
from followup_rules.matching.truth import Matcher
from followup_rules.model.decision import Decision, Plan
from followup_rules.policy import Policy
from followup_rules.report.words import moment, reason
from followup_rules.rules.base import Rule
from followup_rules.rules.examples import Example, Expectation

_PICKS = ("application", "rule", "follow_up", "direction", "occasion")


class Result(NamedTuple):
    """How one example came out; no differences means that it passed."""

    rule: str
    title: str
    place: Place
    differences: tuple[str, ...]


def run_examples(loaded: Loaded, matcher: Matcher | None = None) -> Iterator[Result]:
    """Every example of the rules that stand in the packs asked for; those of extended packs are tested there."""
    for pack in loaded.packs:
        for rule in pack.rules:
            for number, example in enumerate(rule.examples, 1):
                place = rule.place_of(("examples", number - 1))
                differences = tuple(_differences(loaded.policy, rule, example, matcher))
                yield Result(rule.id, f"{rule.id}: {example.title or f'example {number}'}", place, differences)


def _differences(policy: Policy, rule: Rule, example: Example, matcher: Matcher | None) -> Iterator[str]:
    plan = decide(example.given, policy, example.at, matcher=matcher)
    for refusal in plan.refused:
        yield from (str(problem) for problem in refusal.problems)
    if plan.refused:
        return
    expected = example.expect
    found = _picked(plan, rule, expected)
    if expected.decision == "none":
        yield from (f"expected no decision, came out {_told(decision)}" for decision in found)
        return
    if not found:
        yield f"expected {expected.decision}, but no decision came out{_others(plan.decisions)}"
    for decision in found:
        yield from _compared(decision, expected)


def _picked(plan: Plan, rule: Rule, expected: Expectation) -> list[Decision]:
    """The decisions that an example speaks about: those it names, else those of its own follow-up rule."""
    wanted: dict[str, Any] = {key: getattr(expected, key) for key in _PICKS if getattr(expected, key) is not None}
    if rule.kind == "follow_up":
        wanted.setdefault("rule", rule.id)
    return [one for one in plan.decisions if all(getattr(one, key) == value for key, value in wanted.items())]


def _compared(decision: Decision, expected: Expectation) -> Iterator[str]:
    wrong = []
    for key in expected.model_fields_set - set(_PICKS):
        wanted, got = getattr(expected, key), getattr(decision, key)
        got = got.id if isinstance(got, Rule) else got
        if wanted != got:
            wrong.append(f"{key}: expected {_shown(wanted, decision)}, came out {_shown(got, decision)}")
    if wrong:
        yield from sorted(wrong)
        by = decision.decided_by
        yield f"it is {_told(decision)}: {reason(decision)}, decided by {by.id} ({by.place.file}:{by.place.line})"


def _told(decision: Decision) -> str:
    until = f" until {moment(decision.at)}" if decision.decision == "wait" and decision.at else ""
    return f"{decision.decision}{until} ({decision.reason}) for {decision.rule}, occasion {decision.occasion}"


def _others(decisions: Sequence[Decision]) -> str:
    return f"; there is {'; '.join(_told(decision) for decision in decisions)}" if decisions else ""


def _shown(value: Any, decision: Decision) -> str:
    zone = next((one.tzinfo for one in (decision.at, decision.expires_at, decision.due_at) if one), None)
    return moment(value.astimezone(zone)) if isinstance(value, datetime) else str(value)
