"""Which files are revised, and how they are read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.sources import SUFFIXES
from followup_rules.load.yaml import read_text
from followup_rules.mending import Mended, diff, write_source

OTHER: Final = "FR136"


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
        for path, shown, asked in found:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield _one(path, shown, asked, revise)


def _one(path: Path, shown: str, asked: bool, revise: Callable[[str, str], str]) -> Revised:
    before = ""
    try:
        before = read_text(path, shown)
        mark = "\ufeff" if path.read_bytes()[:3] == b"\xef\xbb\xbf" else ""
        return Revised(path, shown, mark + before, revise(before, shown))
    except InvalidInput as error:
        if not asked and {problem.code for problem in error.problems} == {OTHER}:
            return Revised(path, shown, before, before, other=True)
        return Revised(path, shown, before, before, error.problems)


def _files(name: str) -> list[tuple[Path, str, bool]]:
    """Path, shown name, and whether the file itself was asked for."""
    path = Path(name)
    if path.is_dir():
        found = [file for file in sorted(path.rglob("*")) if file.suffix in SUFFIXES and file.is_file()]
        shown = [file for file in found if not any(part.startswith(".") for part in file.relative_to(path).parts)]
        if not shown:
            raise _invalid("FR008", "there is no rule file (*.yaml) in this folder", Place(name))
        return [(file, file.as_posix(), False) for file in shown]
    if not path.exists():
        raise _invalid("FR001", "cannot be read: no such file or folder", Place(name))
    return [(path, path.as_posix(), True)]


def _invalid(code: str, message: str, place: Place) -> InvalidInput:
    return InvalidInput([Problem(code, message, place)])
