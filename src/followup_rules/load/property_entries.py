"""From the entries under `properties` to properties, each fault with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel, ValidationError

from followup_rules.errors import Problem
from followup_rules.load.yaml import Document
from followup_rules.model.faults import Loc, Locate, problems_of
from followup_rules.rules.properties import Always, Never, Property

_CODES: Final = {"missing": "FR101", "unknown": "FR104", "value": "FR103", "type": "FR102"}
_INSIDE: Final[dict[str, type[BaseModel]]] = {"never": Never, "always": Always}


def read_properties(document: Document, problems: list[Problem]) -> Iterator[Property]:
    """The properties of a file; what is wrong with the others goes to `problems`."""
    raw = document.data.get("properties", [])
    if not isinstance(raw, list):
        problems.append(Problem("FR102", "'properties' is a list", document.place(("properties",))))
        return
    for index, entry in enumerate(raw):
        loc: Loc = ("properties", index)
        if not isinstance(entry, dict):
            text = "a property is a mapping with id, title and never or always"
            problems.append(Problem("FR102", text, document.place(loc)))
            continue
        try:
            read = Property.model_validate(entry)
        except ValidationError as error:
            found = problems_of(error, _locator(document, loc), _CODES, _known_keys, "a property")
            problems += found
            continue
        read._place = document.place(loc)
        yield read


def _locator(document: Document, loc: Loc) -> Locate:
    return lambda inner, key: document.place((*loc, *inner), key)


def _known_keys(loc: Loc) -> list[str]:
    model = _INSIDE.get(str(loc[0]), Property) if loc else Property
    return list(model.model_fields)
