"""Safe mends put into rule files: as often as a mend lets more be read, and no file is left worse than it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from followup_rules.errors import InvalidInput, Problem
from followup_rules.load.sources import Source, is_of_others, sources_of
from followup_rules.load.yaml import parse, read_text
from followup_rules.mending import Mended, diff, read_source, write_source
from followup_rules.revising.mends import applied, with_fixes, wordings

_ROUNDS = 6


class MendedRules(NamedTuple):
    """Every file that has mends, before and after them, by the name that it is shown by."""

    files: Mapping[str, Mended]

    def diff(self) -> str:
        """All changes as one unified diff."""
        return "".join(diff(mended, shown) for shown, mended in sorted(self.files.items()))


def rule_files(paths: Sequence[str], packs: Mapping[str, Source]) -> dict[str, Path]:
    """The files that may be changed: those that were asked for by path, never an installed pack."""
    found: dict[str, Path] = {}
    for path in paths:
        try:
            sources = sources_of(path, packs)
        except InvalidInput:
            continue
        found.update((one.shown, one.path) for one in sources if one not in packs.values() and _is_ours(one))
    return found


def _is_ours(source: Source) -> bool:
    """False for what lies in a folder and belongs to another program."""
    try:
        return not (source.found and is_of_others(parse(read_text(source.path, source.shown), source.shown).data))
    except InvalidInput:
        return True


def texts_of(files: Mapping[str, Path]) -> dict[str, str]:
    """The texts of files, as far as they can be read."""
    texts: dict[str, str] = {}
    for shown, path in files.items():
        try:
            texts[shown] = read_text(path, shown)
        except InvalidInput:
            continue
    return texts


def mended_rules(problems: Sequence[Problem], texts: Mapping[str, str]) -> MendedRules:
    """What the safe fixes of problems make of texts."""
    fixed = with_fixes(problems, texts)
    files: dict[str, Mended] = {}
    for shown, text in texts.items():
        fixes = [problem.fix for problem in fixed if problem.place.file == shown and problem.fix is not None]
        fixes += wordings(text)
        after, made = applied(text, fixes)
        if made and (_readable(after, shown) or not _readable(text, shown)):
            files[shown] = Mended(text, after, made, len(set(fixes)) - made)
    return MendedRules(files)


def mend_files(files: Mapping[str, Path], check: Callable[[], Sequence[Problem]]) -> dict[str, int]:
    """Mend files until nothing is left that is safe to mend. Returns how much was mended in each.

    Args:
        files: those that may be changed, by the name that they are shown by.
        check: what is wrong with them now.
    """
    counts: dict[str, int] = {}
    for _ in range(_ROUNDS):
        mended = mended_rules(check(), texts_of(files)).files
        if not mended:
            break
        for shown, one in mended.items():
            mark = "\ufeff" if read_source(files[shown], shown).startswith("\ufeff") else ""
            write_source(files[shown].resolve(), mark + one.after)
            counts[shown] = counts.get(shown, 0) + one.made
    return counts


def _readable(text: str, shown: str) -> bool:
    try:
        parse(text, shown)
    except InvalidInput:
        return False
    return True
