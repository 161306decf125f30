"""Which rule files a path or the name of a pack stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean

SUFFIXES: Final = (".yaml", ".yml")

_CONFIGURATION: Final = "followup.yaml"


class Source(NamedTuple):
    """A rule file: where it is, and the name that it is shown by in decisions and messages."""

    path: Path
    shown: str


def sources_of(name: str, packs: Mapping[str, Source]) -> list[Source]:
    """The rule files that a path or pack name stands for.

    Raises:
        InvalidInput: FR001, FR008 or FR114, where there is no such file, folder or pack.
    """
    path = Path(name)
    looks_like_path = "/" in name or "\\" in name or path.suffix in SUFFIXES or name.startswith(".")
    if not looks_like_path and name in packs:
        return [packs[name]]
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_rule_file(file.relative_to(path)) and file.is_file()]
        if not files:
            raise _invalid("FR008", "there is no rule file (*.yaml) in this folder", Place(name))
        return [Source(file, file.as_posix()) for file in files]
    if path.exists():
        return [Source(path, path.as_posix())]
    if any(sign in name for sign in "*?["):
        raise _invalid("FR008", "no file matches this pattern", Place(name))
    if looks_like_path:
        raise _invalid("FR001", "cannot be read: no such file or folder", Place(name))
    hint = did_you_mean(name, packs) or f"known are {', '.join(sorted(packs))}"
    raise _invalid("FR114", f"there is no file, folder or pack called '{name}'", Place(name), hint)


def unfit(names: Iterable[str]) -> dict[str, Problem]:
    """The files that by their suffix are neither rule files nor drafts, and what is to be said of each."""
    text = "this is no rule file, so nothing of it is checked"
    hint = "name files that end in .yaml or .yml, or drafts that end in .eml, .md or .txt"
    others = (name for name in names if Path(name).suffix not in SUFFIXES and Path(name).is_file())
    return {name: Problem("FR008", text, Place(name), hint) for name in others}


def _is_rule_file(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    other = path.stem.endswith("_test") or path.name == _CONFIGURATION
    return path.suffix in SUFFIXES and not other and not hidden


def _invalid(code: str, message: str, place: Place, hint: str = "") -> InvalidInput:
    return InvalidInput([Problem(code, message, place, hint)])
