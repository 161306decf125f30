"""The moments of scenarios, for those who want to decide them by other rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from followup_rules.check import Check
from followup_rules.load.sources import Source
from followup_rules.model.application import Application
from followup_rules.testing.gathering import gather
from followup_rules.testing.playing import play


class Moment(NamedTuple):
    """One moment of a scenario: the applications as they are then, with what its own rules had sent before."""

    title: str
    applications: tuple[Application, ...]
    at: datetime


def moments_of(name: str, packs: Mapping[str, Source], checks: Mapping[str, type[Check]]) -> Iterator[Moment]:
    """Every moment of the scenarios that belong to a rule file, folder or pack; faulty scenarios are left out."""
    for suite in gather([name], packs, checks).suites:
        for case in suite.cases:
            if case.code == "FR402":
                for scene, applications, _ in play(case, suite.loaded.policy):
                    yield Moment(f"{case.title}, {scene.written}", applications, scene.now)
