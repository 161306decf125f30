"""The scenarios of the bundled packs reach every side of their rules and notice nearly every change of them."""

from __future__ import annotations

import pytest

from followup_rules.bundled import followup_rules_packs
from followup_rules.plugins import load_plugins
from followup_rules.testing.coverage import Coverage, lines_of, reaches
from followup_rules.testing.gathering import gather
from followup_rules.testing.mutation import Mutation, Score, problems_of
from followup_rules.testing.scenarios import run


@pytest.mark.parametrize("name", sorted(followup_rules_packs()))
def test_every_side_is_reached_and_changes_are_noticed(name: str) -> None:
    """All cases hold, all sides are reached, and of the changes at least nine in ten are noticed."""
    gathered = gather([name], load_plugins().packs)
    assert gathered.problems == ()
    coverage = Coverage()
    for suite in gathered.suites:
        coverage.measure(suite.loaded.packs, suite.loaded.policy)
    for suite in gathered.suites:
        for result in run(suite.loaded.policy, suite.cases, watch=coverage.watcher(suite.loaded.policy)):
            assert result.differences == (), result
    assert reaches(coverage, 100), list(lines_of(coverage))
    score: list[Score] = []
    unnoticed = list(problems_of(Mutation(gathered.suites).outcomes(), score))
    assert score[0].made > 50
    assert score[0].reaches(90), unnoticed
