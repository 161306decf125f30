"""Carrying `--update` out: the files of the user are rewritten, and what changed is told."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

from followup_rules.matching.truth import Matcher
from followup_rules.policy import Policy
from followup_rules.rules.cases import Case
from followup_rules.testing.gathering import Gathered
from followup_rules.testing.updating import Change, changes, rewrite


class Updated(NamedTuple):
    """The difference as a person reads it, how many expectations were written, and what was left alone, and why."""

    diff: str
    written: int
    left: tuple[str, ...]


def update(
    gathered: Gathered, chooses: Callable[[Case], bool], matcher_of: Callable[[Policy], Matcher | None]
) -> Updated:
    """Write what comes out into the files; those of installed packs are left alone."""
    diffs: list[str] = []
    left: list[str] = []
    written = 0
    for shown, found in _by_file(gathered, chooses, matcher_of).items():
        path = gathered.own.get(shown)
        if path is None:
            left.append(f"{shown}: is left alone: it belongs to an installed pack")
            continue
        diff, count, reasons = _rewritten(path, shown, found)
        diffs.append(diff)
        written += count
        left += reasons
    return Updated("".join(diffs), written, tuple(left))


def _by_file(
    gathered: Gathered, chooses: Callable[[Case], bool], matcher_of: Callable[[Policy], Matcher | None]
) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for suite in gathered.suites:
        policy = suite.loaded.policy
        for change in changes(policy, filter(chooses, suite.cases), matcher_of(policy)):
            found.setdefault(change.place.file, []).append(change)
    return found


def _rewritten(path: Path, shown: str, found: list[Change]) -> tuple[str, int, list[str]]:
    # As bytes, so that the ends of lines stay what they are.
    before = path.read_bytes().decode("utf-8")
    made = rewrite(before, found)
    if made.text != before:
        path.write_bytes(made.text.encode("utf-8"))
    lines = before.splitlines(keepends=True), made.text.splitlines(keepends=True)
    diff = "".join(unified_diff(lines[0], lines[1], shown, shown))
    return diff, made.written, [f"{place}: is left alone: {why}" for place, why in made.left]
