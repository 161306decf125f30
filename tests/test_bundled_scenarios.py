"""The scenarios of the bundled packs reach every side of their rules and notice nearly every change of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from followup_rules.bundled import followup_rules_packs
from followup_rules.plugins import load_plugins
from followup_rules.policy import Policy
from followup_rules.testing.coverage import Coverage, lines_of, reaches
from followup_rules.testing.gathering import Gathered, gather
from followup_rules.testing.mutants import rules_with
from followup_rules.testing.mutation import Mutation, Score, problems_of
from followup_rules.testing.scenarios import passes, run

ROOT = Path(__file__).parents[1]
AGENCY = ROOT / "plugins" / "followup-rules-pack-agency" / "src" / "followup_rules_pack_agency" / "agency.yaml"
NAMES = (*sorted(followup_rules_packs()), str(ROOT / "examples" / "rules"), str(AGENCY))


def gathered(name: str) -> Gathered:
    """All cases of a pack."""
    found = gather([name], load_plugins().packs)
    assert found.problems == ()
    return found


@pytest.mark.parametrize("name", NAMES, ids=lambda name: Path(name).name)
def test_every_side_is_reached(name: str) -> None:
    """All cases hold, and between them they show everything that the rules can do."""
    found = gathered(name)
    coverage = Coverage()
    for suite in found.suites:
        coverage.measure(suite.loaded.packs, suite.loaded.policy)
    for suite in found.suites:
        for result in run(suite.loaded.policy, suite.cases, watch=coverage.watcher(suite.loaded.policy)):
            assert result.differences == (), result
    assert reaches(coverage, 100), list(lines_of(coverage))


@pytest.mark.parametrize("name", NAMES, ids=lambda name: Path(name).name)
def test_changes_are_noticed(name: str) -> None:
    """Of the changes of numbers, windows, stops, limits and conditions at least nine in ten."""
    score: list[Score] = []
    unnoticed = list(problems_of(Mutation(gathered(name).suites).outcomes(), score))
    assert score[0].made > 20
    assert score[0].reaches(90), unnoticed


@pytest.mark.parametrize("name", NAMES, ids=lambda name: Path(name).name)
def test_what_is_said_to_make_no_difference_makes_none(name: str) -> None:
    """Every case passes under each of these changes; one that fails would show that it can be told apart."""
    suites = gathered(name).suites
    for mutant, noticed in Mutation(suites).outcomes():
        if noticed is None:
            for suite in suites:
                rules = rules_with(mutant, suite.loaded.policy.rules, suite.loaded.packs)
                assert rules is not None
                policy = Policy(rules, suite.loaded.policy.templates, suite.loaded.policy.checks)
                assert all(passes(policy, case) for case in suite.cases), mutant.said
