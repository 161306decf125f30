"""Why a follow-up rule gives no decision: no event to count from, a condition that does not hold, a rule before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from followup_rules.facts import Case, Lack, Timeline, value_of
from followup_rules.judge.occasions import place_of
from followup_rules.matching.native import compile_condition
from followup_rules.model.decision import Decision
from followup_rules.policy import Lane, Policy
from followup_rules.rules.conditions import All, Any, Condition, Not, Pattern


def unused(policy: Policy, timeline: Timeline, decisions: Iterable[Decision]) -> Iterator[tuple[Lane, str]]:
    """Each follow-up rule without a decision, and why."""
    used = {decision.rule for decision in decisions}
    over = {rule: decision for decision in decisions for rule in decision.passed_over}
    for lane in policy.lanes:
        if lane.rule.id in used:
            continue
        if timeline.latest_of(lane.rule.after, lane.rule.direction) is None:
            yield lane, f"There is no {lane.rule.after} to count from."
        elif lane.rule.id in over:
            yield lane, f"'{over[lane.rule.id].rule}' comes before it and was used."
        elif lane.rule.when is not None:
            yield lane, f"Its condition does not hold: {_told(lane.rule.when, _case(lane, timeline))}."


def _case(lane: Lane, timeline: Timeline) -> Case:
    """As the first recipient sees it."""
    direction = lane.rule.direction
    anchor = timeline.latest_of(lane.rule.after, direction)
    contact = anchor.named[0] if anchor is not None and anchor.named else None
    return Case(timeline, direction, place_of(timeline, direction, contact))


def _told(condition: Condition, case: Case) -> str:
    """A condition in words, with what each part of it comes to."""
    if isinstance(condition, All | Any):
        word = " and " if isinstance(condition, All) else " or "
        parts = [f"({_told(one, case)})" if isinstance(one, All | Any) else _told(one, case) for one in condition.items]
        return word.join(parts)
    if isinstance(condition, Not):
        return f"not ({_told(condition.item, case)})"
    truth = compile_condition(condition)(case).value
    if isinstance(condition, Pattern):
        keys = ("from_", "to", "contact", "channel", "follow_up", "after", "within")
        parts = [f"{key.rstrip('_')} {value}" for key in keys if (value := getattr(condition, key)) is not None]
        return f"'happened: {', '.join([condition.event, *parts])}' is {truth}"
    if condition.operator == "present":
        return f"'{condition.fact} is {'given' if condition.values[0] else 'missing'}' is {truth}"
    value = value_of(condition.fact, case)
    has = "missing" if isinstance(value, Lack) else json.dumps(value, ensure_ascii=False, default=str)
    words = " or ".join(json.dumps(one, ensure_ascii=False) for one in condition.values)
    operator = "is" if condition.operator == "one_of" else condition.operator.replace("_", " ")
    return f"'{condition.fact} {operator} {words}' is {truth}, it is {has}"
