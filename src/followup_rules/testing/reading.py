"""Rule files and scenario files as `check` looks at them: read, and not run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from followup_rules.check import Check
from followup_rules.errors import Place, Problem
from followup_rules.load.rulefiles import Listing, load_listing
from followup_rules.load.sources import Source, is_scenario_file, scenario_files
from followup_rules.testing.gathering import Gathered, gather_scenarios, without_empty


def read_all(
    names: Sequence[str], packs: Mapping[str, Source], checks: Mapping[str, type[Check]]
) -> tuple[Listing, Gathered]:
    """What stands in rule files, folders and packs, and in the scenario files that are named or lie in the folders."""
    inside = {name: scenario_files(Path(name)) for name in names if name not in packs and Path(name).is_dir()}
    asked = [name for name in names if name not in packs and name not in inside and is_scenario_file(Path(name))]
    tests = {test.path.resolve(): test for found in inside.values() for test in found}
    tests |= {Path(name).resolve(): Source(Path(name), Path(name).as_posix()) for name in asked}
    listing = load_listing([name for name in names if name not in asked], packs, checks)
    told = gather_scenarios(tests.values(), packs, checks, _known(listing, packs))
    problems = without_empty(listing.problems, [name for name, found in inside.items() if found and told.tests])
    return listing._replace(problems=tuple(problems)), told._replace(problems=(*told.problems, *_empty(told)))


def _known(listing: Listing, packs: Mapping[str, Source]) -> dict[Path, Source]:
    """Rule files by their real path, so that one file has one name."""
    own = [Path(pack.place.file) for one in listing.loaded for pack in one.packs]
    bundled = {source.path.resolve(): source for source in packs.values()}
    return {path.resolve(): Source(path, path.as_posix()) for path in own if path.is_file()} | bundled


def _empty(told: Gathered) -> Iterator[Problem]:
    """Scenario files in which nothing is there to check."""
    faulty = {problem.place.file for problem in told.problems}
    full = {scene.place.file for suite in told.suites for case in suite.cases for scene in case.scenes}
    for file in told.tests:
        if file not in faulty | full:
            yield Problem("FR008", "there is no scenario in this file", Place(file), "write one under `scenarios`")
