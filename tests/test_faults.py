"""Planted faults: one a file, each found with its code at its line, and nothing found in the bundled packs.

The first line of a file in `tests/faults` says what has to be said about it: `# FR701 in line 14: why`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from followup_rules.analysis.analyse import analyse
from followup_rules.bundled import followup_rules_packs
from followup_rules.codes import CODES
from followup_rules.errors import Problem
from followup_rules.load.rulefiles import Source, load_each

FAULTS = sorted((Path(__file__).parent / "faults").glob("*.yaml"))
SOUND = sorted((Path(__file__).parent / "faults" / "clean").glob("*.yaml"))
HEAD = re.compile(r"# (FR\d+) in line (\d+): \S")
OWN = {code for code in CODES if code.startswith("FR7")}


def packs() -> dict[str, Source]:
    return {name: Source(Path(path), Path(path).name) for name, path in _bundled().items()}


def _bundled() -> dict[str, str]:
    return {name: str(path) for name, path in followup_rules_packs().items()}


def found(*names: str) -> tuple[Sequence[Problem], Sequence[Problem]]:
    """What loading says, and what the analysis does."""
    loaded, problems = load_each(names, packs())
    return problems, [problem for one in loaded for problem in analyse(one.policy, one.packs).problems]


def expected(file: Path) -> tuple[str, int]:
    head = HEAD.match(file.read_text("utf-8"))
    assert head is not None, f"{file.name} does not say what has to be found"
    return head[1], int(head[2])


@pytest.mark.parametrize("file", FAULTS, ids=lambda file: file.stem)
def test_the_planted_fault_is_found(file: Path) -> None:
    """The file is valid, and the finding that its first line names is made, at that line."""
    code, line = expected(file)
    problems, said = found(file.as_posix())
    assert problems == ()
    assert (code, line) in [(problem.code, problem.place.line) for problem in said], said


@pytest.mark.parametrize("file", FAULTS, ids=lambda file: file.stem)
def test_nothing_else_is_said_aloud(file: Path) -> None:
    """Beside the planted fault there are at most hints that belong to it: at most one more error or warning."""
    code, _ = expected(file)
    _, said = found(file.as_posix())
    others = [problem for problem in said if problem.severity != "suggestion" and problem.code != code]
    assert len(others) <= 1, others


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_nothing_is_said_about_sound_rules(file: Path) -> None:
    """Rule files without a fault, as people write them: no warning and no error."""
    problems, said = found(file.as_posix())
    assert problems == ()
    assert [problem for problem in said if problem.severity != "suggestion"] == []


def test_there_are_enough_faults_of_every_sort() -> None:
    """Eighty-five faults, twenty-five sound files, and every code of the analysis that a single file can show."""
    assert len(FAULTS) >= 85
    assert len(SOUND) >= 25
    # A template that nobody uses is a file of its own: test_analysis shows it.
    assert {expected(file)[0] for file in FAULTS} == OWN - {"FR720"}


@pytest.mark.parametrize("name", sorted(_bundled()))
def test_bundled_packs_are_clean(name: str) -> None:
    """Not even a suggestion is made about the packs that come with the program."""
    assert found(name) == ((), [])
