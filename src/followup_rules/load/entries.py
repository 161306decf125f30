"""From the entries of a rule file to rules, each fault with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel, ValidationError

from followup_rules.errors import Place, Problem, did_you_mean
from followup_rules.load.yaml import Document
from followup_rules.model.application import Application, Candidate, Contact, Event, Job
from followup_rules.model.faults import Loc, problems_of
from followup_rules.rules.base import Rule
from followup_rules.rules.examples import Example, Expectation
from followup_rules.rules.follow_up import Step
from followup_rules.rules.kinds import KINDS

_CODES: Final = {"missing": "FR101", "unknown": "FR104", "value": "FR103", "type": "FR102"}


def read_rules(document: Document, problems: list[Problem]) -> Iterator[Rule]:
    """The rules of a file; what is wrong with the others goes to `problems`."""
    raw = document.data.get("rules", [])
    if not isinstance(raw, list):
        _fault(problems, "FR102", "'rules' is a list", document.place(("rules",)))
        return
    places: dict[str, Place] = {}
    for index, entry in enumerate(raw):
        rule = _rule(document, entry, ("rules", index), problems)
        identity = entry.get("id") if isinstance(entry, dict) else None
        if isinstance(identity, str):
            place = document.place(("rules", index, "id"))
            first = places.setdefault(identity, place)
            if first is not place:
                _fault(problems, "FR106", f"the id '{identity}' is used twice, first in line {first.line}", place)
        if rule is not None:
            yield rule


def _rule(document: Document, entry: object, loc: Loc, problems: list[Problem]) -> Rule | None:
    if not isinstance(entry, dict):
        _fault(problems, "FR102", "a rule is a mapping with id, kind and title", document.place(loc))
        return None
    kind = entry.get("kind")
    if kind is None:
        _fault(problems, "FR101", "'kind' is missing in a rule", document.place(loc), f"known are {', '.join(KINDS)}")
        return None
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        hint = did_you_mean(str(kind), KINDS) or f"known are {', '.join(KINDS)}"
        _fault(problems, "FR105", f"unknown kind '{kind}'", document.place((*loc, "kind")), hint)
        return None
    try:
        rule = model.model_validate(entry)
    except ValidationError as error:
        problems += problems_of(
            error,
            lambda inner, key: document.place((*loc, *inner), key),
            _CODES,
            lambda inner: _known_keys(model, inner),
            f"kind {kind}",
        )
        return None
    rule._place = document.place(loc)
    rule._written = entry
    rule._locate = lambda inner, key: document.place((*loc, *inner), key)
    return rule


def _fault(problems: list[Problem], code: str, message: str, place: Place, hint: str = "") -> None:
    problems.append(Problem(code, message, place, hint))


_INSIDE: Final[dict[str, type[BaseModel]]] = {
    "steps": Step, "examples": Example, "expect": Expectation, "application": Application, "applications": Application,
    "candidate": Candidate, "job": Job, "contacts": Contact, "events": Event,
}  # fmt: skip


def _known_keys(model: type[BaseModel], loc: Loc) -> list[str]:
    for part in loc:
        model = _INSIDE.get(str(part), model)
    return [field.alias or name for name, field in model.model_fields.items()]
