"""The generators promise valid cases that reach every decision, and the evaluator to survive them."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings

from .evaluator import decide
from .strategies import Case, cases, random_case


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_case_can_be_decided(case: Case) -> None:
    """No exception; a moment to act exactly for `send` and `wait`, never before now or after `expires`."""
    applications, rules, now = case
    for decision in decide(applications, rules, now):
        assert (decision["at"] is not None) == (decision["decision"] in ("send", "wait"))
        if decision["at"] is not None:
            assert now <= decision["at"] <= decision["expires_at"]


def test_random_cases_reach_every_reason() -> None:
    """Two hundred seeds find all reasons but the rarest, and the same seed is the same case."""
    found: Counter[str] = Counter()
    for seed in range(200):
        found.update(decision["reason"] for decision in decide(*random_case(seed)))
    wanted = {"in_window", "not_open_yet", "outside_send_window", "cooldown", "limit_reached", "stopped"}
    assert wanted | {"expired", "done", "unknown_timezone", "on_hold"} <= set(found)
    assert random_case(7) == random_case(7)
