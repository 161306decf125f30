"""What the analysis calls impossible never happens: shown on random conditions and random timelines.

FOLLOWUP_RULES_SEED moves the random run to other cases, FOLLOWUP_RULES_SETS makes it longer.
"""

from __future__ import annotations

import os
import random
from collections import Counter

from followup_rules.analysis.logic import bounded, exact
from followup_rules.analysis.logic.model import GaveUp
from followup_rules.analysis.logic.oracle import Oracle, Said, problem_of
from followup_rules.analysis.logic.witness import agrees, application
from followup_rules.facts import Case, Timeline
from followup_rules.matching.native import compile_condition
from followup_rules.matching.truth import Truth
from followup_rules.model.application import Application
from followup_rules.model.words import DIRECTIONS
from followup_rules.rules.conditions import Condition
from followup_rules.rules.read_condition import read_condition
from followup_rules.timing.place import find_place
from reference.choose import RandomChoose
from reference.strategies import random_case
from reference.when_builder import build_when

SEED = int(os.environ.get("FOLLOWUP_RULES_SEED", "1"))
SETS = int(os.environ.get("FOLLOWUP_RULES_SETS", "400"))
PLACES = (find_place("Europe/Berlin", "DE", "BY"), find_place("America/New_York", "US", "NY"))
TRUTHS = ("holds", "fails", "not holds", "not fails")


def cases(seed: int) -> list[Case]:
    """Each application of a random case, both ways and from one of the places."""
    applications, _, now = random_case(seed)
    found = []
    for raw in applications:
        try:
            one = Application.model_validate(raw)
        except ValueError:
            continue
        found += [Case(Timeline(one, now), direction, PLACES[seed % 2]) for direction in DIRECTIONS]
    return found


MANY = [case for seed in range(SEED * 1000, SEED * 1000 + 60) for case in cases(seed)]


def condition(seed: int) -> Condition:
    choose = RandomChoose(seed)
    return read_condition(build_when(choose, choose.integer(0, 3)))


def asked(seed: int) -> list[Said]:
    """One condition, or two that stand against each other, as rules that compete do."""
    rng = random.Random(seed)
    return [Said(condition(seed * 7 + number), rng.choice(TRUTHS)) for number in range(rng.choice((1, 1, 2, 3)))]


def is_so(said: list[Said], case: Case) -> bool:
    for one in said:
        truth = compile_condition(one.condition)(case)
        wanted = Truth.TRUE if one.truth.endswith("holds") else Truth.FALSE
        if (truth is wanted) == one.truth.startswith("not "):
            return False
    return True


def test_what_is_called_impossible_never_happens() -> None:
    """No random application is what either way of asking has ruled out, and both ways say the same."""
    seen: Counter[str] = Counter()
    for seed in range(SEED * 100_000, SEED * 100_000 + SETS):
        said, direction = asked(seed), DIRECTIONS[seed % 2]
        problem = problem_of(said, direction)
        answer = bounded.search(problem)
        if exact.available():
            other = exact.solve(problem)
            if not isinstance(answer, GaveUp) and not isinstance(other, GaveUp):
                assert (answer is None) == (other is None), said
                seen["compared"] += 1
            answer = other if isinstance(answer, GaveUp) else answer
        if isinstance(answer, GaveUp):
            seen["gave up"] += 1
            continue
        if answer is None:
            seen["impossible"] += 1
            assert not [case for case in MANY if case.direction == direction and is_so(said, case)], said
        else:
            made = application(answer, said, direction)
            seen["shown" if made is not None and agrees(made, said, direction) else "not shown"] += 1
    print(dict(seen))
    assert seen["impossible"] > SETS / 100
    assert seen["shown"] > 8 * seen["not shown"]
    assert not exact.available() or seen["compared"] > SETS / 2


def test_leaving_out_what_nothing_else_speaks_of_changes_no_answer() -> None:
    """The oracle's short way says the same as the whole question, and calls nothing impossible that happens."""
    seen: Counter[str] = Counter()
    oracle = Oracle()
    for seed in range(SEED * 300_000, SEED * 300_000 + SETS):
        said, direction = asked(seed), DIRECTIONS[seed % 2]
        short, whole = oracle.impossible(said, direction), bounded.search(problem_of(said, direction))
        if short is not None and not isinstance(whole, GaveUp):
            assert short == (whole is None), said
            seen["compared"] += 1
        if short:
            seen["impossible"] += 1
            assert not [case for case in MANY if case.direction == direction and is_so(said, case)], said
    assert seen["compared"] > SETS / 2
    assert seen["impossible"] > SETS / 100
