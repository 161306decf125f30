"""Which rules a scenario file is about."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from followup_rules.errors import Place, Problem, did_you_mean
from followup_rules.load.scenarios import ScenarioRead
from followup_rules.load.sources import SUFFIXES, Source


def rules_of(
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
    stem = read.path.stem.removesuffix("_test")
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
