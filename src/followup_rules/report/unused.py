"""Why a follow-up rule gives no decision: no event to count from, a condition that does not hold, a rule before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from followup_rules.facts import Case, Lack, Timeline, value_of
from followup_rules.matching.native import compile_condition
from followup_rules.matching.truth import Truth
from followup_rules.model.decision import Decision
from followup_rules.policy import Lane, Policy
from followup_rules.rules.conditions import Condition, Pattern, Test, atoms


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
            yield lane, f"Its condition does not hold: {'; '.join(_reasons(lane.rule.when, lane, timeline))}."


def _reasons(condition: Condition, lane: Lane, timeline: Timeline) -> Iterator[str]:
    case = Case(timeline, lane.rule.direction, None)
    for atom in dict.fromkeys(atoms(condition)):
        truth = compile_condition(atom)(case)
        yield (
            f"{_told(atom, case)} is {truth.value}" if truth is not Truth.UNKNOWN else f"{_told(atom, case)} is unknown"
        )


def _told(atom: Test | Pattern, case: Case) -> str:
    if isinstance(atom, Pattern):
        keys = ("from_", "to", "contact", "channel", "follow_up", "after", "within")
        parts = [f"{key.rstrip('_')} {value}" for key in keys if (value := getattr(atom, key)) is not None]
        return f"'happened {' '.join([atom.event, *parts])}'"
    value = value_of(atom.fact, case)
    has = "not known" if isinstance(value, Lack) else f"{value!r}"
    values = ", ".join(str(one) for one in atom.values)
    return f"'{atom.fact} {atom.operator.replace('_', ' ')} {values}' ({atom.fact} is {has})"
