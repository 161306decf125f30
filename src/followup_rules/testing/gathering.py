"""From paths and packs to suites: a policy each, with the examples and scenarios that are run by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from followup_rules.check import Check
from followup_rules.errors import InvalidInput, Problem
from followup_rules.load.rulefiles import Loaded, load_listing, load_policy
from followup_rules.load.scenarios import ScenarioRead, scenarios_of
from followup_rules.load.sources import (
    SCENARIO_KEYS,
    Source,
    is_of_others,
    is_scenario_file,
    no_rule_file,
    scenario_files,
    sources_of,
)
from followup_rules.load.yaml import parse, read_text
from followup_rules.quality.catalogue import CHECKS
from followup_rules.rules.cases import Case
from followup_rules.testing.examples import cases_of
from followup_rules.testing.naming import unknown_names
from followup_rules.testing.targets import rules_of


class Suite(NamedTuple):
    """A policy, and the cases that must come out under it."""

    loaded: Loaded
    cases: tuple[Case, ...]


class Gathered(NamedTuple):
    """Everything that was asked for, and every error and warning about it. `own` are files that may be rewritten.

    `others` are files of other programs that lie in the folders, `tests` the scenario files.
    """

    suites: tuple[Suite, ...]
    problems: tuple[Problem, ...]
    own: Mapping[str, Path]
    others: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def gather(names: Sequence[str], packs: Mapping[str, Source], checks: Mapping[str, type[Check]] = CHECKS) -> Gathered:
    """The suites of some rule files, scenario files, folders and packs by name.

    A folder stands for all rule files and scenario files in it, a rule file also for the scenario files beside it that
    are named after it or name it, a pack for the one that is named after it.
    """
    asked = _Asked(packs)
    for name in names:
        asked.add(name)
    problems, tests = asked.problems, asked.tests.values()
    listing = load_listing(asked.rules, packs, checks)
    told = gather_scenarios(tests, packs, checks, asked.known)
    problems += without_empty(listing.problems, asked.folders if told.tests else ())
    problems += told.problems
    suites = [*(_suite(one, cases_of(one.packs), problems) for one in listing.loaded), *told.suites]
    return Gathered(tuple(suites), _in_order(problems), {**asked.own, **told.own}, (*listing.others, *told.others))


def gather_scenarios(
    tests: Iterable[Source],
    packs: Mapping[str, Source],
    checks: Mapping[str, type[Check]],
    known: Mapping[Path, Source],
) -> Gathered:
    """The suites of scenario files. `known` are rule files by their real path, which are called as they are there."""
    problems: list[Problem] = []
    others: list[str] = []
    reads: list[ScenarioRead] = []
    own: dict[str, Path] = {}
    for test in tests:
        try:
            document = parse(read_text(test.path, test.shown), test.shown)
        except InvalidInput as error:
            problems += error.problems
            continue
        if test.found and is_of_others(document.data, SCENARIO_KEYS):
            others.append(test.shown)
            continue
        own |= {test.shown: test.path} if test.path.as_posix() == test.shown else {}
        read = scenarios_of(test.path, document, problems)
        reads += [read] if read is not None else []
    suites = tuple(_suites(reads, packs, checks, known, problems))
    return Gathered(suites, _in_order(problems), own, tuple(others), tuple(read.shown for read in reads))


def without_empty(problems: Iterable[Problem], folders: Iterable[str]) -> list[Problem]:
    """Problems without that some folders have no rule files, because they have scenarios."""
    empty = {no_rule_file(folder)[:3] for folder in folders}
    return [problem for problem in problems if problem[:3] not in empty]


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: one.place))


class _Asked:
    """What names stand for: `rules` to load, `tests` to read, each once; `known` are rule files by their real path."""

    def __init__(self, packs: Mapping[str, Source]) -> None:
        self._packs = packs
        self.rules: list[str] = []
        self.tests: dict[Path, Source] = {}
        self.known = {source.path.resolve(): source for source in packs.values()}
        self.own: dict[str, Path] = {}
        self.folders: list[str] = []
        self.problems: list[Problem] = []

    def add(self, name: str) -> None:
        """One path, or one pack by name."""
        path = Path(name)
        is_folder = path.is_dir() and name not in self._packs
        if is_scenario_file(path) and not is_folder:
            self._test(Source(path, path.as_posix()))
            return
        found = scenario_files(path) if is_folder else []
        self.folders += [name] if found else []
        for test in found:
            self._test(test)
        try:
            sources = sources_of(name, self._packs)
        except InvalidInput as error:
            self.problems += [] if found else error.problems
            return
        self.rules.append(name)
        for source in sources:
            is_pack = self._packs.get(name) == source
            if not is_pack:
                self.known[source.path.resolve()] = source
                self.own[source.shown] = source.path
            for test in _beside(source, is_folder or is_pack):
                self._test(test)

    def _test(self, test: Source) -> None:
        key = test.path.resolve()
        if key not in self.tests or not test.found:
            self.tests[key] = test


def _beside(source: Source, only_named_after: bool) -> Iterator[Source]:
    """The scenario files in the folder of a rule file that are named after it, or name it."""
    for file in sorted(source.path.parent.iterdir()):
        if is_scenario_file(file) and file.is_file():
            stem = file.stem.removesuffix("_test")
            if stem == source.path.stem or (not only_named_after and source.path.resolve() in _named_in(file)):
                yield Source(file, (Path(source.shown).parent / file.name).as_posix())


def _named_in(file: Path) -> Iterator[Path]:
    """The rule files that a scenario file names; none where it cannot be read, because nobody asked for it."""
    try:
        data = parse(read_text(file, file.name), file.name).data
    except InvalidInput:
        return
    names = data.get("rules") if isinstance(data, dict) else None
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str):
            yield (file.parent / name).resolve()


def _suites(
    reads: Iterable[ScenarioRead],
    packs: Mapping[str, Source],
    checks: Mapping[str, type[Check]],
    known: Mapping[Path, Source],
    problems: list[Problem],
) -> Iterator[Suite]:
    """One suite for each scenario file whose rules can be used; files with the same rules share them."""
    policies: dict[tuple[str, ...], Loaded | None] = {}
    for read in reads:
        names = tuple(rules_of(read, packs, known, problems))
        if names not in policies:
            policies[names] = _policy(names, packs, checks, problems)
        loaded = policies[names]
        if loaded is not None:
            yield _suite(loaded, read.cases, problems)


def _suite(loaded: Loaded, cases: Iterable[Case], problems: list[Problem]) -> Suite:
    """The cases that can be run; one that names what is not there would hold or fail for no good reason."""
    good = []
    for case in cases:
        faults = list(unknown_names(case, loaded))
        problems += faults
        good += [] if faults else [case]
    return Suite(loaded, tuple(good))


def _policy(
    names: Sequence[str], packs: Mapping[str, Source], checks: Mapping[str, type[Check]], problems: list[Problem]
) -> Loaded | None:
    try:
        loaded = load_policy(names, packs, checks) if names else None
    except InvalidInput as error:
        problems += error.problems
        return None
    problems += loaded.warnings if loaded is not None else ()
    return loaded
