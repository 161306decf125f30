"""Which rule files a path or the name of a pack stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean

SUFFIXES: Final = (".yaml", ".yml")
KEYS: Final = ("schema", "pack", "extends", "disable", "ignore", "rules", "properties")
"""What can stand at the top of a rule file."""
SCENARIO_KEYS: Final = ("schema", "rules", "scenarios")
"""What can stand at the top of a scenario file."""
_ENDING: Final = "_test"
_CONFIGURATION: Final = "followup.yaml"
"""Which adapters there are; it stands beside rule files and is none."""


class Source(NamedTuple):
    """A rule file: where it is, and the name that it is shown by in decisions and messages.

    `found` means that a folder was named and not the file, so that it may be a file of another program.
    """

    path: Path
    shown: str
    found: bool = False


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
        files = [file for file in yaml_files(path) if not is_scenario_file(file)]
        if not files:
            raise InvalidInput([no_rule_file(name)])
        return [Source(file, file.as_posix(), found=True) for file in files]
    if path.exists():
        return [Source(path, path.as_posix())]
    if any(sign in name for sign in "*?["):
        raise _invalid("FR008", "no file matches this pattern", Place(name))
    if looks_like_path:
        raise _invalid("FR001", "cannot be read: no such file or folder", Place(name))
    hint = did_you_mean(name, packs) or f"known are {', '.join(sorted(packs))}"
    raise _invalid("FR114", f"there is no file, folder or pack called '{name}'", Place(name), hint)


def yaml_files(folder: Path) -> list[Path]:
    """Every YAML file below a folder that is not hidden, in order, without the configuration of adapters."""
    named = (file for file in sorted(folder.rglob("*")) if file.suffix in SUFFIXES and file.name != _CONFIGURATION)
    files = [file for file in named if file.is_file()]
    return [file for file in files if not any(part.startswith(".") for part in file.relative_to(folder).parts)]


def is_scenario_file(path: Path) -> bool:
    """True for `*_test.yaml` and `*_test.yml`."""
    return path.suffix in SUFFIXES and path.stem.endswith(_ENDING) and path.stem != _ENDING


def scenario_files(folder: Path) -> list[Source]:
    """The scenario files below a folder."""
    return [Source(file, file.as_posix(), found=True) for file in yaml_files(folder) if is_scenario_file(file)]


def is_of_others(data: Any, keys: Iterable[str] = KEYS) -> bool:
    """True where the data of a YAML file has nothing that ours have: a file of another program, or of applications.

    A mapping needs one of the keys to be ours, even if everything else is misspelt; a list needs rules in it.
    """
    if isinstance(data, list):
        return bool(data) and not any(isinstance(one, dict) and "kind" in one for one in data)
    return isinstance(data, dict) and bool(data) and not any(key in data for key in keys)


def passed_over(number: int) -> str:
    """What is said about files that a folder holds and that are not ours."""
    return f"{number} other YAML file{'' if number == 1 else 's'} passed over"


def no_rule_file(folder: str, others: int = 0) -> Problem:
    """A folder in which nothing is there to read but files of other programs."""
    hint = f"{passed_over(others)}: they have no key of a rule file" if others else ""
    return Problem("FR008", "there is no rule file (*.yaml) in this folder", Place(folder), hint)


def unfit(names: Iterable[str]) -> dict[str, Problem]:
    """The files that by their suffix are neither rule files nor drafts, and what is to be said of each."""
    text = "this is no rule file, so nothing of it is checked"
    hint = "name files that end in .yaml or .yml, or drafts that end in .eml, .md or .txt"
    others = (name for name in names if Path(name).suffix not in SUFFIXES and Path(name).is_file())
    return {name: Problem("FR008", text, Place(name), hint) for name in others}


def _invalid(code: str, message: str, place: Place, hint: str = "") -> InvalidInput:
    return InvalidInput([Problem(code, message, place, hint)])
