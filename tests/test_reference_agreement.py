"""The engine decides as an independent slow reading of the contract does, and its evidence adds up.

FOLLOWUP_RULES_SEED moves the random run to other cases, FOLLOWUP_RULES_CASES makes it longer.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings

from followup_rules.errors import Place
from followup_rules.judge.decide import decide
from followup_rules.model.decision import Decision, Plan, Verdict
from followup_rules.policy import Pack, Policy, resolve
from followup_rules.report.machine import as_dict
from followup_rules.rules.kinds import KINDS
from reference.clock import Place as SlowPlace
from reference.clock import Window, next_open
from reference.evaluator import decide as slowly
from reference.strategies import cases, may_be_slow, random_case
from reference.timeline import recipient_place

UTC = timezone.utc
SEED = int(os.environ.get("FOLLOWUP_RULES_SEED", "1"))
CASES = int(os.environ.get("FOLLOWUP_RULES_CASES", "600"))
IN_ONE = 50
BLOCKS = range(SEED, SEED + CASES, IN_ONE)
MOMENTS = ("at", "due_at", "expires_at")
WORDS = ("application", "follow_up", "rule", "direction", "step", "occasion", "decision", "reason")

Json = dict[str, Any]


def policy_of(rules: Sequence[Json]) -> Policy:
    return resolve([Pack("p", Place("p"), tuple(KINDS[rule["kind"]].model_validate(rule) for rule in rules))])[0]


def quick(first: int) -> Iterator[tuple[int, list[Json], list[Json], datetime]]:
    """The cases of one block; of those that take the reference long, one in ten, in a longer run only."""
    for seed in range(first, min(first + IN_ONE, SEED + CASES)):
        applications, rules, now = random_case(seed)
        if not may_be_slow(rules) or (CASES > 600 and seed % 10 == 0):
            yield seed, applications, rules, now.astimezone(UTC)


def in_utc(moment: datetime | None) -> datetime | None:
    """Aware times with a fold are never equal across zones, so they are compared in UTC."""
    return moment and moment.astimezone(UTC)


def ours(plan: Plan) -> list[Json]:
    return [
        {word: getattr(one, word) for word in WORDS}
        | {name: in_utc(getattr(one, name)) for name in MOMENTS}
        | {"decided_by": one.decided_by.id}
        for one in plan.decisions
    ]


def theirs(decisions: Sequence[Json]) -> list[Json]:
    return [
        {word: one[word] for word in WORDS}
        | {name: in_utc(one[name]) for name in MOMENTS}
        | {"decided_by": one["decided_by"]}
        for one in decisions
    ]


@pytest.mark.parametrize("first", BLOCKS)
def test_engine_and_reference_agree_on_random_cases(first: int) -> None:
    """Two programs that share no code read the contract in the same way: every field of every decision."""
    for seed, applications, rules, now in quick(first):
        assert ours(decide(applications, policy_of(rules), now)) == theirs(slowly(applications, rules, now)), seed


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(cases())
def test_engine_and_reference_agree_on_cases_that_hypothesis_finds(case: Any) -> None:
    """The same where hypothesis chooses; a failure comes out as its smallest case."""
    applications, rules, now = case
    assume(not may_be_slow(rules))
    assert ours(decide(applications, policy_of(rules), now)) == theirs(slowly(applications, rules, now))


# --- The evidence of a decision ------------------------------------------------------------------------------------

STOPS = ("stopped", "done", "limit_reached", "expired")
HOLDS = ("on_hold", "unknown_timezone", "refused_sibling")


class Folded(NamedTuple):
    """What a list of verdicts comes to."""

    decision: str
    reason: str
    rule: str
    at: datetime | None = None


def folded(
    verdicts: Sequence[Verdict], own: str, order: Mapping[str, int], expires: datetime | None, now: datetime,
    moved: Callable[[datetime], datetime | None],
) -> Folded:  # fmt: skip
    """The section 'Folding' of the contract as a function of all verdicts: this is its specification.

    Args:
        own: the id of the follow-up rule.
        order: the place of each rule in the policy.
        moved: the first moment, from a given one on, at which every window that applies is open.
    """

    def earliest(found: Sequence[Verdict], ranks: Sequence[str]) -> Verdict:
        return min(found, key=lambda one: (ranks.index(one.reason), order[one.rule.id]))

    stops = [one for one in verdicts if one.verdict == "stop"]
    if stops:
        first = earliest(stops, STOPS)
        return Folded("stop", first.reason, first.rule.id)
    holds = [one for one in verdicts if one.verdict == "hold"]
    if holds:
        first = earliest(holds, HOLDS)
        return Folded("hold", first.reason, first.rule.id)
    assert expires is not None
    shut = [one for one in verdicts if one.verdict == "wait" and one.reason == "outside_send_window"]
    waits = [one for one in verdicts if one.verdict == "wait" and one.reason != "outside_send_window"]
    if any(one.at is None for one in waits):
        return Folded("stop", "expired", own)
    opening_first = sorted(waits, key=lambda one: (one.reason != "not_open_yet", order[one.rule.id]))
    latest = max(opening_first, key=lambda one: one.at or now, default=None)
    moment = moved(latest.at if latest is not None and latest.at else now)
    if moment is None or moment > expires:
        return Folded("stop", "expired", own)
    if latest is not None:
        return Folded("wait", latest.reason, latest.rule.id, moment)
    if shut:
        first = min(shut, key=lambda one: order[one.rule.id])
        return Folded("wait", first.reason, first.rule.id, moment)
    return Folded("send", "in_window", own, now)


def mover(decision: Decision, application: Json, rules: Mapping[str, Json]) -> Callable[[datetime], datetime | None]:
    """Into the windows that applied, minute by minute, no further than the follow-up may go."""
    home = recipient_place(application, decision.direction, decision.contact)
    place = SlowPlace(decision.evidence.zone, home.country, home.region)  # type: ignore[arg-type]
    windows = [Window(rules[one.rule.id], place) for one in decision.verdicts if one.rule.kind == "send_window"]
    expires = in_utc(decision.expires_at)

    def moved(moment: datetime) -> datetime | None:
        return None if expires is None else next_open(moment, lambda t: all(w.is_open(t) for w in windows), expires)

    return moved


@pytest.mark.parametrize("first", BLOCKS)
def test_verdicts_add_up_to_the_decision(first: int) -> None:
    """Folding the full list of verdicts by the contract gives the decision, its reason, its moment and its rule."""
    for seed, applications, rules, now in quick(first):
        order = {rule["id"]: number for number, rule in enumerate(rules)}
        by_id = {rule["id"]: rule for rule in rules}
        known = {application["id"]: application for application in applications}
        for one in decide(applications, policy_of(rules), now).decisions:
            moved = mover(one, known[one.application], by_id)
            wanted = folded(one.verdicts, one.rule, order, in_utc(one.expires_at), now, moved)
            got = Folded(one.decision, one.reason, one.decided_by.id, in_utc(one.at))
            assert got == wanted, (seed, one, one.verdicts)


@pytest.mark.parametrize("first", BLOCKS)
def test_verdicts_stay_what_they_were_when_more_is_decided(first: int) -> None:
    """Looking at the evidence after everything is decided shows what the decision rested on, not what came later."""
    for seed, applications, rules, now in quick(first):
        plan = decide(applications, policy_of(rules), now)
        for one in plan.decisions:
            reasons = {(verdict.rule.id, verdict.verdict, verdict.reason) for verdict in one.verdicts}
            if one.reason in STOPS + HOLDS + ("cooldown", "not_open_yet") and (one.decision, one.reason) != (
                "stop",
                "expired",
            ):
                assert (one.decided_by.id, one.decision, one.reason) in reasons, (seed, one)


# --- The same input, the same decision -----------------------------------------------------------------------------


def machine(plan: Plan) -> list[Json]:
    return [as_dict(one) for one in plan.decisions]


@pytest.mark.parametrize("first", BLOCKS)
def test_order_of_events_and_repetition_change_nothing(first: int) -> None:
    """Events in any order give the same machine form, byte for byte; and so does deciding twice."""
    for seed, applications, rules, now in quick(first):
        policy = policy_of(rules)
        shuffled = copy.deepcopy(applications)
        for application in shuffled:
            random.Random(seed).shuffle(application["events"])
        wanted = machine(decide(applications, policy, now))
        assert machine(decide(shuffled, policy, now)) == wanted, seed
        assert machine(decide(applications, policy, now)) == wanted, seed


@pytest.mark.parametrize("first", BLOCKS)
def test_alone_as_together_where_nothing_counts_across(first: int) -> None:
    """Applications of different candidates do not touch each other where no rule counts across them."""
    for seed, applications, rules, now in quick(first):
        for rule in rules:
            if "per" in rule:
                rule["per"] = "application"
        policy = policy_of(rules)
        apart = [
            one | {"id": f"a-{number}", "candidate": (one.get("candidate") or {}) | {"id": f"c-{number}"}}
            for number, one in enumerate(applications)
        ]
        alone = [line for one in apart for line in machine(decide([one], policy, now))]
        assert machine(decide(apart, policy, now)) == alone, seed
        turned = machine(decide(apart[::-1], policy, now))
        assert sorted(turned, key=lambda one: one["application"]) == alone, seed
