"""From paths and packs to suites: a policy each, with the examples and scenarios that are run by it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from followup_rules.check import Check
from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
from followup_rules.load.rulefiles import Loaded, load_each, load_policy
from followup_rules.load.scenarios import ScenarioRead, read_scenarios
from followup_rules.load.sources import SUFFIXES, Source, sources_of
from followup_rules.load.yaml import parse, read_text
from followup_rules.quality.catalogue import CHECKS
from followup_rules.rules.cases import Case
from followup_rules.testing.examples import cases_of
from followup_rules.testing.naming import unknown_names

_ENDING: Final = "_test"


class Suite(NamedTuple):
    """A policy, and the cases that must come out under it."""

    loaded: Loaded
    cases: tuple[Case, ...]


class Gathered(NamedTuple):
    """Everything that was asked for, and every error and warning about it. `own` are files that may be rewritten."""

    suites: tuple[Suite, ...]
    problems: tuple[Problem, ...]
    own: Mapping[str, Path]


def gather(names: Sequence[str], packs: Mapping[str, Source], checks: Mapping[str, type[Check]] = CHECKS) -> Gathered:
    """The suites of some rule files, scenario files, folders and packs by name.

    A folder stands for all rule files and scenario files in it, a rule file also for the scenario files beside it that
    are named after it or name it, a pack for the one that is named after it.
    """
    asked = _Asked(packs)
    for name in names:
        asked.add(name)
    problems, tests = asked.problems, asked.tests.values()
    loaded, faults = load_each(asked.rules, packs, checks) if asked.rules else ((), ())
    problems += faults
    suites = [_suite(one, cases_of(one.packs), problems) for one in loaded]
    suites += _suites(tests, packs, checks, asked.known, problems)
    own = asked.own | {test.shown: test.path for test in tests if test.path.as_posix() == test.shown}
    return Gathered(tuple(suites), tuple(sorted(dict.fromkeys(problems), key=lambda one: one.place)), own)


class _Asked:
    """What names stand for: `rules` to load, `tests` to read, each once; `known` are rule files by their real path."""

    def __init__(self, packs: Mapping[str, Source]) -> None:
        self._packs = packs
        self.rules: list[str] = []
        self.tests: dict[Path, Source] = {}
        self.known = {source.path.resolve(): source for source in packs.values()}
        self.own: dict[str, Path] = {}
        self.problems: list[Problem] = []

    def add(self, name: str) -> None:
        """One path, or one pack by name."""
        path = Path(name)
        is_folder = path.is_dir() and name not in self._packs
        if is_scenario_file(path) and not is_folder:
            self._test(Source(path, path.as_posix()))
            return
        found = list(_scenarios_in(path)) if is_folder else []
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
        self.tests.setdefault(test.path.resolve(), test)


def is_scenario_file(path: Path) -> bool:
    """True for `*_test.yaml` and `*_test.yml`."""
    return path.suffix in SUFFIXES and path.stem.endswith(_ENDING) and path.stem != _ENDING


def _scenarios_in(folder: Path) -> Iterator[Source]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if is_scenario_file(file) and file.is_file() and not hidden:
            yield Source(file, file.as_posix())


def _beside(source: Source, only_named_after: bool) -> Iterator[Source]:
    """The scenario files in the folder of a rule file that are named after it, or name it."""
    for file in sorted(source.path.parent.iterdir()):
        if is_scenario_file(file) and file.is_file():
            stem = file.stem.removesuffix(_ENDING)
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
    tests: Iterable[Source],
    packs: Mapping[str, Source],
    checks: Mapping[str, type[Check]],
    known: Mapping[Path, Source],
    problems: list[Problem],
) -> Iterator[Suite]:
    """One suite for each scenario file whose rules can be used; files with the same rules share them."""
    policies: dict[tuple[str, ...], Loaded | None] = {}
    for test in tests:
        read = read_scenarios(test.path, test.shown, problems)
        if read is None:
            continue
        names = tuple(_rules_of(read, packs, known, problems))
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


def _rules_of(
    read: ScenarioRead, packs: Mapping[str, Source], known: Mapping[Path, Source], problems: list[Problem]
) -> Iterator[str]:
    """The rule files and packs that a scenario file is about, by names that are understood from here."""
    if not read.rules:
        yield from _named_after(read, packs, known, problems)
    for name, place in read.rules:
        if "/" not in name and Path(name).suffix not in SUFFIXES and not name.startswith("."):
            if name not in packs:
                hint = did_you_mean(name, packs) or f"a path has a slash or ends in .yaml; known are {_listed(packs)}"
                problems.append(Problem("FR403", f"there is no pack called '{name}'", place, hint))
            else:
                yield name
            continue
        path = read.path.parent / name
        if path.exists():
            yield _name_of(path, (Path(read.shown).parent / name).as_posix(), packs, known)
        else:
            problems.append(Problem("FR403", f"there is no file or folder '{name}', seen from this file", place))


def _named_after(
    read: ScenarioRead, packs: Mapping[str, Source], known: Mapping[Path, Source], problems: list[Problem]
) -> Iterator[str]:
    stem = read.path.stem.removesuffix(_ENDING)
    files = [file for suffix in SUFFIXES if (file := read.path.with_name(f"{stem}{suffix}")).is_file()]
    if not files:
        text = f"no rule file '{stem}.yaml' stands beside this file, and it names no other"
        problems.append(Problem("FR403", text, Place(read.shown, 1, 1), "add rules: [path/to/rules.yaml], or a pack"))
    for file in files:
        yield _name_of(file, (Path(read.shown).parent / file.name).as_posix(), packs, known)


def _name_of(path: Path, shown: str, packs: Mapping[str, Source], known: Mapping[Path, Source]) -> str:
    """One name for one file, however it is reached, so that its rules stand in one place."""
    source = known.get(path.resolve())
    for name, one in packs.items():
        if source == one:
            return name
    clean = source.shown if source is not None else Path(os.path.normpath(shown)).as_posix()
    return clean if "/" in clean or Path(clean).suffix in SUFFIXES else f"./{clean}"


def _listed(packs: Mapping[str, Source]) -> str:
    return ", ".join(sorted(packs))
