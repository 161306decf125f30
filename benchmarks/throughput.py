"""How many applications a second are decided on one core, and how fast conditions are evaluated by other engines.

    python benchmarks/throughput.py [APPLICATIONS]

Everything runs side by side in one process, in turn, three rounds; the median is printed. Parsing is left out. The
default pack is used, and every application has ten events.

zen-engine and rule-engine evaluate only conditions, not times, limits or stops. So the second table times conditions
alone: the same snapshot tests over the same facts, by all four engines, after checking that they agree.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from portfolio import NOW, applications

from followup_rules.facts import Case, Timeline
from followup_rules.judge.decide import Decider
from followup_rules.judge.portfolio import Portfolio
from followup_rules.load.rulefiles import load_policy
from followup_rules.matching.choose import why_not_durable
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Matcher, Truth
from followup_rules.model.application import Application
from followup_rules.plugins import load_plugins
from followup_rules.rules.read_condition import read_condition

ROUNDS = 3

# (our condition, the same for rule-engine, the same for zen-engine)
CONDITIONS = [
    ({"stage": "onsite"}, 'stage == "onsite"', 'stage == "onsite"'),
    ({"status": ["active", "on_hold"]}, 'status in ["active", "on_hold"]', 'status in ["active", "on_hold"]'),
    ({"touches": {"at_least": 1}}, "touches >= 1", "touches >= 1"),
    ({"replies": {"less_than": 2}}, "replies < 2", "replies < 2"),
    ({"job.sector": {"none_of": ["government", "academia"]}}, 'not (sector in ["government", "academia"])',
     'sector not in ["government", "academia"]'),
    ({"all": [{"interviews": {"at_least": 1}}, {"any": [{"stage": "final"}, {"touches": 0}]}]},
     'interviews >= 1 and (stage == "final" or touches == 0)',
     'interviews >= 1 and (stage == "final" or touches == 0)'),
]  # fmt: skip


def rate(work: Callable[[], int]) -> float:
    """How many a second of CPU time."""
    start = time.process_time()
    done = work()
    return done / (time.process_time() - start)


def table(title: str, works: dict[str, Callable[[], int]]) -> None:
    """Run all of them in turn, several times, and print the median of each and its share of the first."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            found[name].append(rate(work))
    first = statistics.median(next(iter(found.values())))
    print(title)
    for name, rates in found.items():
        middle = statistics.median(rates)
        print(f"  {name:32} {middle:12,.0f}/s   {middle / first:6.2f}   ({min(rates):,.0f} to {max(rates):,.0f})")


def deciding(read: Sequence[Application], matcher_of: Callable[[Any], Matcher]) -> Callable[[], int]:
    """Decide every application with the default pack, and look at each decision."""
    policy = load_policy(["default"], load_plugins().packs).policy
    matcher = matcher_of(policy.conditions)

    def work() -> int:
        decider = Decider(policy, NOW, Portfolio(), matcher)
        for application in read:
            for decision in decider.decide(Timeline(application, NOW)):
                _ = decision.decision, decision.reason, decision.at
        return len(read)

    return work


def conditions(read: Sequence[Application]) -> dict[str, Callable[[], int]]:
    """The same conditions over the same applications, by every engine that is installed."""
    ours = [read_condition(raw) for raw, _, _ in CONDITIONS]
    cases = [Case(Timeline(one, NOW), "candidate_to_employer", None) for one in read]
    facts = [_facts(case) for case in cases]
    answers: dict[str, list[list[bool]]] = {}
    works: dict[str, Callable[[], int]] = {}

    def add(name: str, evaluate: Callable[[int], list[bool]]) -> None:
        answers[name] = [evaluate(index) for index in range(min(500, len(cases)))]
        works[name] = lambda: sum(1 for index in range(len(cases)) if evaluate(index) is not None)

    def ask(matcher: Matcher) -> Callable[[int], list[bool]]:
        return lambda index: _all(matcher, cases[index], len(ours))

    add("native", ask(NativeMatcher(ours)))
    if not why_not_durable():
        from followup_rules.matching.durable import DurableMatcher

        add("durable-rules", ask(DurableMatcher(ours)))
    _add_others(add, facts)
    assert all(answer == answers["native"] for answer in answers.values()), "the engines disagree"
    return works


def _all(matcher: Matcher, case: Case, count: int) -> list[bool]:
    truths = matcher.match(case).truths
    return [truths[n] is Truth.TRUE for n in range(count)]


def _facts(case: Case) -> dict[str, Any]:
    application, timeline = case.timeline.application, case.timeline
    return {
        "stage": application.stage,
        "status": application.status,
        "sector": application.job.sector,
        "touches": len(timeline.touches(case.direction)),
        "replies": len(timeline.replies(case.direction)),
        "interviews": sum(event.type == "interview_completed" for event in timeline.events),
    }


def _add_others(add: Callable[[str, Callable[[int], list[bool]]], None], facts: list[dict[str, Any]]) -> None:
    try:
        import rule_engine

        rules = [rule_engine.Rule(text) for _, text, _ in CONDITIONS]
        add("rule-engine", lambda index: [rule.matches(facts[index]) for rule in rules])
    except ImportError:
        print("rule-engine is not installed: pip install -e '.[bench]'")
    try:
        import zen

        compiled = [zen.compile_expression(text) for _, _, text in CONDITIONS]
        add("zen-engine", lambda index: [bool(one.evaluate(facts[index])) for one in compiled])
    except ImportError:
        print("zen-engine is not installed: pip install -e '.[bench]'")


def main() -> None:
    """Print both tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    read = [Application.model_validate(json.loads(json.dumps(one))) for one in applications(count)]
    matchers: dict[str, Callable[[], int]] = {"native": deciding(read, NativeMatcher)}
    reason = why_not_durable()
    if reason:
        print(f"durable-rules is not used: {reason}")
    else:
        from followup_rules.matching.durable import DurableMatcher

        matchers["durable-rules"] = deciding(read, DurableMatcher)
    table(f"Applications decided a second, default pack, ten events each ({count} applications)", matchers)
    table(f"Applications a second, {len(CONDITIONS)} conditions alone", conditions(read))


if __name__ == "__main__":
    main()
