"""Rule files as they stood in a git revision, read into a temporary folder; nothing is checked out."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from followup_rules.errors import FollowupRulesError

_RANGE = re.compile(r"(?P<old>[^\s.][^\s]*?)\.\.\.?(?P<new>[^\s./][^\s]*)?")
_READ: Final = (".yaml", ".yml", ".j2")
_PREFIX: Final = "git:"


class GitFailed(FollowupRulesError):
    """Mend the revision, or install git."""


def split(words: Sequence[str]) -> tuple[str, str] | None:
    """OLD and NEW of `OLD NEW`, or of `main..HEAD -- PATH`; None where the words are neither."""
    match = _RANGE.fullmatch(words[0]) if words and not words[0].startswith(_PREFIX) else None
    if match is not None and not Path(words[0]).exists() and len(words) <= 2:
        path = f":{words[1]}" if len(words) == 2 else ""
        return f"{_PREFIX}{match['old']}{path}", f"{_PREFIX}{match['new'] or 'HEAD'}{path}"
    return (words[0], words[1]) if len(words) == 2 else None


def is_revision(name: str) -> bool:
    """True for `git:REV` and `git:REV:PATH`."""
    return name.startswith(_PREFIX)


def read_revision(name: str, folder: Path) -> str:
    """Write the rule files and templates of a revision into a folder; gives the path there that was asked for.

    Args:
        name: `git:REV` or `git:REV:PATH`; the path is relative to the current folder, as it is everywhere.
        folder: an empty folder.

    Raises:
        GitFailed: there is no git, no repository, no such revision or no such path in it.
    """
    revision, _, path = name.removeprefix(_PREFIX).partition(":")
    top = _git("rev-parse", "--show-toplevel").strip()
    inside = Path(top, _git("rev-parse", "--show-prefix").strip(), path)
    wanted = Path(_normal(inside)).relative_to(top).as_posix() if _is_in(inside, top) else None
    if wanted is None:
        raise GitFailed(f"'{path}' is outside the repository {top}")
    commit = _git(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", what=revision
    ).strip()
    names = [one for one in _git("ls-tree", "-r", "-z", "--full-tree", "--name-only", commit).split("\0") if one]
    if wanted != "." and not any(one == wanted or one.startswith(f"{wanted}/") for one in names):
        raise GitFailed(f"there is no '{path}' in the revision '{revision}'")
    for one in names:
        target = folder / one
        if one.endswith(_READ) and ".." not in Path(one).parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_bytes("show", f"{commit}:{one}"))
    return (folder / wanted).as_posix()


def _normal(path: Path) -> str:
    import os.path

    return os.path.normpath(path)


def _is_in(path: Path, top: str) -> bool:
    return Path(_normal(path)).is_relative_to(top)


def _git(*words: str, what: str = "") -> str:
    return _bytes(*words, what=what).decode("utf-8", "surrogateescape")


def _bytes(*words: str, what: str = "") -> bytes:
    try:
        done = subprocess.run(["git", *words], capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise GitFailed("git is not installed, and revisions are read with it; compare two folders instead") from None
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise GitFailed(f"there is no revision '{what}' here" if what else f"git {words[0]} failed: {told}")
    return done.stdout
