"""What is wrong with an open text, judged with everything that it extends."""

from __future__ import annotations

import importlib
import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.loader import Loader
from followup_rules.load.yaml import parse
from followup_rules.lsp.lines import Lines, Range
from followup_rules.lsp.snapshot import Snapshot, looks_like_rules
from followup_rules.policy import Pack, Policy, resolve

MOST: Final = 500
_ABOUT_KEYS: Final = frozenset(("FR006", "FR007", "FR104", "FR110", "FR204"))
_SCENARIO: Final = ("_test.yaml", "_test.yml")


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
    if path.name.endswith(_SCENARIO):
        problems = scenario_problems(path, snapshot)
    elif looks_like_rules(text):
        problems = rule_problems(path, snapshot, saved, today)
    else:
        return ()
    own = path.as_posix()
    with_fixes = _optional("followup_rules.revising.mends", "with_fixes")
    if with_fixes is not None and problems:
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
        return _heard(problems, loader, today)
    group = [pack for pack in packs if pack.name == own.name]
    try:
        policy, warnings = resolve(group, snapshot.checks, common)
    except InvalidInput as error:
        return _heard([*problems, *error.problems], loader, today)
    problems += warnings
    if saved:
        problems += _analysed(policy, [own])
    return _heard(problems, loader, today)


def _heard(problems: list[Problem], loader: Loader, today: date) -> list[Problem]:
    """The problems without those that the files ask to be silent about, where this version knows `ignore`."""
    outlines: Callable[[], Mapping[str, Any]] | None = getattr(loader, "outlines", None)
    sort_out = _optional("followup_rules.rules.suppressions", "sort_out")
    if outlines is None or sort_out is None:
        return problems
    known = outlines()
    placed = [(one, known[one.place.file].rule_at(one.place) if one.place.file in known else None) for one in problems]
    found, said = sort_out(placed, [entry for one in known.values() for entry in one.ignores], today)
    return [*(one.problem for one in found if one.by is None), *said]


def _analysed(policy: Policy, packs: Sequence[Pack]) -> Iterable[Problem]:
    """What the static analysis says, where this version has one."""
    analyse = _optional("followup_rules.analysis.analyse", "analyse")
    return () if analyse is None else analyse(policy, packs).problems


def scenario_problems(path: Path, snapshot: Snapshot) -> Sequence[Problem]:
    """The problems of a scenario file, where this version reads scenarios; else those of its YAML."""
    shown, problems = path.as_posix(), list[Problem]()
    read = _optional("followup_rules.load.scenarios", "read_scenarios")
    try:
        text = snapshot.read(path, shown)
        if read is None:
            parse(text, shown)
            return problems
    except InvalidInput as error:
        return error.problems
    with tempfile.TemporaryDirectory(prefix="followup-rules-") as folder:
        copy = Path(folder, path.name)
        copy.write_text(text, "utf-8", errors="replace")
        read(copy, shown, problems)
    return problems


def _optional(module: str, name: str) -> Callable[..., Any] | None:
    try:
        if importlib.util.find_spec(module) is None:
            return None
    except ModuleNotFoundError:
        return None
    return getattr(importlib.import_module(module), name, None)


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
