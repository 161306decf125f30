"""What is wrong with an open text, judged with everything that it extends."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.loader import Loader
from followup_rules.load.scenarios import read_scenarios
from followup_rules.load.sources import is_scenario_file
from followup_rules.lsp.lines import Lines, Range
from followup_rules.lsp.snapshot import Snapshot, looks_like_rules
from followup_rules.policy import Pack, Policy, resolve
from followup_rules.revising.mends import with_fixes
from followup_rules.rules.suppressions import sort_out

MOST: Final = 500
_ABOUT_KEYS: Final = frozenset(("FR006", "FR007", "FR104", "FR110", "FR204"))


class Remark(NamedTuple):
    """A problem and the part of the open text that it is about; `elsewhere` is its place in another file."""

    problem: Problem
    range: Range
    elsewhere: Place | None = None


def remarks(path: Path, snapshot: Snapshot, saved: bool, today: date, unit: str = "utf-16") -> tuple[Remark, ...]:
    """Everything that is wrong with an open text, in the order of the text; nothing for texts that are not ours."""
    key = path.resolve()
    text = snapshot.buffers.get(key, "")
    lines = Lines(text, unit)
    if is_scenario_file(path):
        problems = scenario_problems(path, snapshot)
    elif looks_like_rules(text):
        problems = rule_problems(path, snapshot, saved, today)
    else:
        return ()
    own = path.as_posix()
    if problems:
        problems = with_fixes(problems, {**snapshot.texts(path), own: text})
    found = [_remark(problem, own, lines) for problem in dict.fromkeys(problems)]
    return tuple(sorted(found, key=lambda one: (one.range, one.problem))[:MOST])


def rule_problems(path: Path, snapshot: Snapshot, saved: bool, today: date) -> Sequence[Problem]:
    """The problems of a rule file and of all that it extends; the deep analysis is made of saved texts only."""
    key, loader = path.resolve(), snapshot.loader()
    packs = loader.load_sources(snapshot.group(path))
    own = next((pack for pack in packs if loader.path_of(pack) == key), None)
    common = loader.common_templates()
    problems = list(loader.problems)
    if own is None or any(loader.is_faulty(pack) for pack in packs if pack.name == own.name):
        return _heard(problems, loader, path, today)
    group = [pack for pack in packs if pack.name == own.name]
    try:
        policy, warnings = resolve(group, snapshot.checks, common)
    except InvalidInput as error:
        return _heard([*problems, *error.problems], loader, path, today)
    problems += warnings
    if saved:
        problems += _analysed(policy, [own])
    return _heard(problems, loader, path, today, all_known=saved)


def _heard(problems: list[Problem], loader: Loader, path: Path, today: date, all_known: bool = False) -> list[Problem]:
    """The problems without those that the files ask to be silent about.

    Of the entries themselves, those of the open file; that one silences nothing is known after the analysis alone.
    """
    known = loader.outlines()
    placed = [(one, known[one.place.file].rule_at(one.place) if one.place.file in known else None) for one in problems]
    found, said = sort_out(placed, [entry for one in known.values() for entry in one.ignores], today)
    own = [one for one in said if one.place.file == path.as_posix() and (all_known or one.code != "FR125")]
    return [*(one.problem for one in found if one.by is None), *own]


def _analysed(policy: Policy, packs: Sequence[Pack]) -> Iterable[Problem]:
    """What the static analysis says."""
    from followup_rules.analysis.analyse import analyse

    return analyse(policy, packs).problems


def scenario_problems(path: Path, snapshot: Snapshot) -> Sequence[Problem]:
    """The problems of a scenario file."""
    problems: list[Problem] = []
    read_scenarios(path, path.as_posix(), problems, snapshot.read)
    return problems


def _remark(problem: Problem, own: str, lines: Lines) -> Remark:
    place = problem.place
    if os.path.normpath(place.file) != os.path.normpath(own):
        return Remark(problem._replace(message=f"{place}: {problem.message}"), _pointer(lines), place)
    start = lines.at(place.line, place.column)
    end = lines.word_end(start)
    if problem.code not in _ABOUT_KEYS and lines.text[end : end + 1] == ":":
        end = lines.word_end(start, whole_line=True)
    return Remark(problem, lines.range(start, end))


def _pointer(lines: Lines) -> Range:
    """The line `extends`, to which problems of other files are tied; the first line where there is none."""
    for number in range(min(len(lines), 200)):
        if lines.line(number).startswith("extends:"):
            start = lines.start(number)
            return lines.range(start, lines.word_end(start, whole_line=True))
    return lines.range(0, lines.word_end(0, whole_line=True))
