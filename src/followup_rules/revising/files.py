"""Which files are revised, and how they are read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.sources import (
    KEYS,
    SCENARIO_KEYS,
    Source,
    is_of_others,
    is_scenario_file,
    no_rule_file,
    yaml_files,
)
from followup_rules.load.yaml import parse, read_text
from followup_rules.mending import Mended, diff, write_source


class Revised(NamedTuple):
    """A file before and after; or why it stays as it is."""

    path: Path
    shown: str
    before: str
    after: str
    problems: tuple[Problem, ...] = ()
    other: bool = False
    """True for a file of a folder that is none of ours."""

    @property
    def changed(self) -> bool:
        """True where there is something to write."""
        return self.after != self.before

    def diff(self) -> str:
        """The change as a unified diff."""
        return diff(Mended(self.before, self.after, 1, 0), self.shown)

    def write(self) -> None:
        """Put the new text in the place of the old one; a link stays a link, the mode of the file stays."""
        write_source(self.path.resolve(), self.after)


def revised(names: Sequence[str], revise: Callable[[str, str], str]) -> Iterator[Revised]:
    """Every file that some paths stand for, with what is made of its text.

    Args:
        names: files, and folders, of which every YAML file is taken that is not hidden.
        revise: makes the new text of a text and the name of its file.
    """
    seen: set[Path] = set()
    for name in names:
        try:
            found = _files(name)
        except InvalidInput as error:
            yield Revised(Path(name), name, "", "", error.problems)
            continue
        for source in found:
            if source.path.resolve() not in seen:
                seen.add(source.path.resolve())
                yield _one(source, revise)


def _one(source: Source, revise: Callable[[str, str], str]) -> Revised:
    path, shown, before = source.path, source.shown, ""
    try:
        before = read_text(path, shown)
        keys = SCENARIO_KEYS if is_scenario_file(path) else KEYS
        if source.found and is_of_others(parse(before, shown).data, keys):
            return Revised(path, shown, before, before, other=True)
        mark = "\ufeff" if path.read_bytes()[:3] == b"\xef\xbb\xbf" else ""
        return Revised(path, shown, mark + before, revise(before, shown))
    except InvalidInput as error:
        return Revised(path, shown, before, before, error.problems)


def _files(name: str) -> list[Source]:
    path = Path(name)
    if path.is_dir():
        files = yaml_files(path)
        if not files:
            raise InvalidInput([no_rule_file(name)])
        return [Source(file, file.as_posix(), found=True) for file in files]
    if not path.exists():
        raise InvalidInput([Problem("FR001", "cannot be read: no such file or folder", Place(name))])
    return [Source(path, path.as_posix())]
