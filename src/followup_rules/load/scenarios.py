"""From scenario files to cases: every fault is collected, and a faulty scenario does not keep others from running."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
from followup_rules.load.scenes import Scenes, event_faults
from followup_rules.load.yaml import Document, parse, read_text
from followup_rules.model.application import Application, Candidate, Contact, Event, Job
from followup_rules.model.faults import Loc, Locate, problems_of
from followup_rules.rules.cases import Case
from followup_rules.rules.examples import Expectation
from followup_rules.rules.scenarios import SCHEMA, Moment, Scenario, ScenarioFile

CODES: Final = {"missing": "FR101", "unknown": "FR104", "value": "FR103", "type": "FR102"}
_KEYS: Final = tuple(field.alias or name for name, field in ScenarioFile.model_fields.items())
_INSIDE: Final[dict[str, type[BaseModel]]] = {
    "moments": Moment, "expect": Expectation, "application": Application, "applications": Application,
    "candidate": Candidate, "job": Job, "contacts": Contact, "events": Event,
}  # fmt: skip


class ScenarioRead(NamedTuple):
    """One file: the rules that it names with their places (empty: those it is named after), and its cases."""

    path: Path
    shown: str
    rules: tuple[tuple[str, Place], ...]
    cases: tuple[Case, ...]
    document: Document


def read_scenarios(
    path: Path, shown: str, problems: list[Problem], read: Callable[[Path, str], str] = read_text
) -> ScenarioRead | None:
    """The scenarios of a file; what is wrong goes to `problems`, None where nothing of it can be used.

    `read` gives the text of a file; an editor knows texts that are not saved.
    """
    try:
        return scenarios_of(path, parse(read(path, shown), shown), problems)
    except InvalidInput as error:
        problems += error.problems
        return None


def scenarios_of(path: Path, document: Document, problems: list[Problem]) -> ScenarioRead | None:
    """The scenarios of a file whose YAML was read."""
    if not isinstance(document.data, dict):
        text = "a scenario file is a mapping with schema, rules and scenarios"
        problems.append(Problem("FR102", text, document.place()))
        return None
    before = len(problems)
    rules = tuple(_head(document, problems))
    usable = len(problems) == before
    cases = tuple(_cases(document, problems))
    problems += _doubled(cases)
    return ScenarioRead(path, document.file, rules, cases, document) if usable else None


def _head(document: Document, problems: list[Problem]) -> Iterator[tuple[str, Place]]:
    """Checks what stands above the scenarios, and gives the rules that are named there."""
    data = document.data
    for key in data:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f"known are {', '.join(_KEYS)}"
            place = document.place((key,), True)
            problems.append(Problem("FR104", f"unknown key '{key}' in a scenario file", place, hint))
    schema, mend = data.get("schema"), f"write 'schema: {SCHEMA}'"
    if schema is None:
        problems.append(Problem("FR101", f"'schema' is missing; {mend} as the first line", document.place()))
    elif schema != SCHEMA:
        problems.append(Problem("FR121", f"'{schema}' is not known here; {mend}", document.place(("schema",))))
    if "rules" not in data:
        return
    named = data["rules"]
    if not isinstance(named, list) or not named:
        text = "'rules' is a list of rule files and packs, as in [acme.yaml]; without it the file it is named after"
        problems.append(Problem("FR102", text, document.place(("rules",))))
        return
    for index, name in enumerate(named):
        place = document.place(("rules", index))
        if isinstance(name, str) and name.strip():
            yield name, place
        else:
            problems.append(Problem("FR102", "'rules' is a list of texts", place))


def _cases(document: Document, problems: list[Problem]) -> Iterator[Case]:
    raw = document.data.get("scenarios")
    if not isinstance(raw, list):
        code, text = ("FR101", "'scenarios' is missing") if raw is None else ("FR102", "'scenarios' is a list")
        problems.append(Problem(code, text, document.place(("scenarios",) if raw is not None else ())))
        return
    for index, entry in enumerate(raw):
        loc: Loc = ("scenarios", index)
        try:
            scenario = Scenario.model_validate(entry)
        except ValidationError as error:
            problems += problems_of(error, locator(document, loc), CODES, _known_keys, "a scenario")
            problems += event_faults(entry, locator(document, loc))
            continue
        scenes = Scenes(scenario, locator(document, loc), document.data["scenarios"][index], loc)
        found = scenes.read()
        problems += scenes.problems
        if not any(problem.severity == "error" for problem in scenes.problems):
            place = document.place((*loc, "title"))
            yield Case(f"{document.file}::{scenario.title}", scenario.title, place, found, "FR402")


def locator(document: Document, loc: Loc) -> Locate:
    """Places inside a scenario. One expectation may stand without a list around it."""

    def found(inner: Loc, key: bool) -> Place:
        path: Loc = (*loc, *inner)
        if "expect" in path:
            after = path.index("expect") + 1
            if isinstance(_at(document.data, path[:after]), dict) and isinstance(_at(path, (after,)), int):
                path = (*path[:after], *path[after + 1 :])
        return document.place(path, key)

    return found


def _at(data: Any, loc: Loc) -> Any:
    """What stands at a path, None where nothing does."""
    for part in loc:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _known_keys(loc: Loc) -> list[str]:
    model: type[BaseModel] = Scenario
    for part in loc:
        model = _INSIDE.get(str(part), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _doubled(cases: tuple[Case, ...]) -> Iterator[Problem]:
    seen: dict[str, Case] = {}
    for case in cases:
        first = seen.setdefault(case.title, case)
        if first is not case:
            text = f"the title '{case.title}' is used twice, first in line {first.place.line}"
            hint = "give each its own, so that a failure names one of them"
            yield Problem("FR406", text, case.place, hint, "warning")
