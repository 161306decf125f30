"""JSON Schema of what people and programs write and read."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import TypeAdapter

from followup_rules.model.application import Application
from followup_rules.model.words import DIRECTIONS, Outcome, Reason
from followup_rules.quality.catalogue import NAMES
from followup_rules.rules import condition_schema
from followup_rules.rules.kinds import KINDS
from followup_rules.rules.lengths import LengthField
from followup_rules.rules.properties import Property
from followup_rules.rules.scenarios import ScenarioFile

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(what: str) -> dict[str, Any]:
    """The schema of `rules`, `scenarios`, `vendors`, `configuration`, `mappings`, `application` or `decision`."""
    makers = {
        "rules": _rules, "scenarios": _scenarios, "vendors": _vendors, "configuration": _configuration,
        "mappings": _mappings, "application": _application, "decision": _decision,
    }  # fmt: skip
    made = makers[what]()
    return {"$schema": _DRAFT, **made}


def _rules() -> dict[str, Any]:
    definitions: dict[str, Any] = {
        "condition": condition_schema.schema(),
        "length": TypeAdapter(LengthField).json_schema(),
    }
    kinds = []
    for name, model in KINDS.items():
        one = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(one.pop("$defs", {}))
        if name == "message":
            one["properties"]["check"]["examples"] = list(NAMES)
        definitions[name] = _with_conditions(one)
        kinds.append({"if": {"properties": {"kind": {"const": name}}}, "then": {"$ref": f"#/$defs/{name}"}})
    one = Property.model_json_schema(ref_template="#/$defs/{model}")
    definitions.update(_with_conditions(one.pop("$defs", {})))
    definitions["property"] = {**one, "oneOf": [{"required": ["never"]}, {"required": ["always"]}]}
    # An example may leave out what it does not speak about; see `rules.examples`.
    definitions["Application"] = {**definitions["Application"], "required": []}
    names = {"type": "array", "items": {"type": "string", "minLength": 1}}
    return {
        "title": "A file of follow-up rules",
        "type": "object",
        "required": ["schema", "pack"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": "followup-rules/1"},
            "pack": {"type": "string", "minLength": 1, "description": "The name of the pack."},
            "extends": {**names, "description": "Packs by name or relative path; same id below replaces."},
            "disable": {**names, "description": "Ids of rules taken out of what is extended."},
            "ignore": {"type": "array", "items": {"$ref": "#/$defs/Suppression"}},
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
            "properties": {"type": "array", "items": {"$ref": "#/$defs/property"}},
        },
        "$defs": {
            "rule": {
                "type": "object",
                "required": ["id", "kind", "title"],
                "properties": {"kind": {"enum": list(KINDS)}},
                "allOf": kinds,
            },
            **definitions,
        },
    }


def _with_conditions(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_conditions(one) for one in part]
    if not isinstance(part, dict):
        return part
    if condition_schema.HERE.items() <= part.items():
        rest = {key: value for key, value in part.items() if key != "$comment"}
        return {**rest, "$ref": "#/$defs/condition"}
    return {key: _with_conditions(value) for key, value in part.items()}


def _scenarios() -> dict[str, Any]:
    made = ScenarioFile.model_json_schema(by_alias=True)
    definitions = made["$defs"]
    # An application may leave out what the scenario does not speak about, and an event its id and its time.
    definitions["Application"] = {**definitions["Application"], "required": []}
    event = definitions["Event"]
    short = {**event, "required": ["type"], "properties": {**event["properties"], "application": {"type": "string"}}}
    short["properties"]["at"] = definitions["Moment"]["properties"]["at"]
    definitions["EventOfMoment"] = short
    moment = definitions["Moment"]["properties"]
    moment["events"]["items"] = {"$ref": "#/$defs/EventOfMoment"}
    one = {"$ref": "#/$defs/Expectation"}
    moment["expect"] = {
        "anyOf": [one, {"type": "array", "items": one}, {"type": "null"}, {"type": "object", "maxProperties": 0}]
    }
    return {**made, "title": "A file of scenarios"}


def _vendors() -> dict[str, Any]:
    from followup_rules.vendors.model import Vendor

    return {**Vendor.model_json_schema(by_alias=True), "title": "A vendor file: an adapter as data"}


def _configuration() -> dict[str, Any]:
    from followup_rules.load.configuration import Configuration

    made = Configuration.model_json_schema(by_alias=True)
    return {**made, "title": "A configuration: adapters, and which actions go to which of them"}


def _mappings() -> dict[str, Any]:
    from followup_rules.syncing.mapping import Mapping

    made = Mapping.model_json_schema(by_alias=True)
    definitions = made["$defs"]
    # The heading alone is short for a cell, and a word alone for a list of words.
    whole = {**definitions["Cell"], "oneOf": [{"required": ["column"]}, {"required": ["value"]}]}
    heading = {"type": "string", "description": "The heading of the column."}
    definitions["Cell"] = {"title": "Cell", "anyOf": [heading, whole]}
    when = definitions["EventMap"]["properties"]["when"]
    when["additionalProperties"] = {"anyOf": [{"type": "string"}, when["additionalProperties"]]}
    properties = made["properties"]
    properties["name"]["pattern"] = "^[a-z0-9]+(?:-[a-z0-9]+)*$"
    properties["delimiter"]["pattern"] = '^[^"\\r\\n ]$'
    return {**made, "title": "A mapping: what the columns of a table mean"}


def _application() -> dict[str, Any]:
    return Application.model_json_schema(by_alias=True)


def _decision() -> dict[str, Any]:
    text, maybe_time = {"type": "string"}, {"type": ["string", "null"], "format": "date-time"}
    place = {"rule": text, "file": text, "line": {"type": "integer"}}
    outcomes, reasons = list(get_args(Outcome)), list(get_args(Reason))
    verdict = {
        "type": "object",
        "required": ["rule", "kind", "file", "line", "verdict", "reason"],
        "properties": {
            **place, "kind": {"enum": list(KINDS)}, "verdict": {"enum": outcomes}, "reason": {"enum": reasons},
            "at": maybe_time, "event": text, "counted": {"type": "integer"}, "notes": {"type": "array", "items": text},
        },
    }  # fmt: skip
    properties = {
        "application": text, "follow_up": text, "rule": text, "direction": {"enum": list(DIRECTIONS)},
        "step": {"type": "integer", "minimum": 1}, "occasion": text, "decision": {"enum": outcomes},
        "reason": {"enum": reasons}, "at": maybe_time, "due_at": maybe_time, "expires_at": maybe_time,
        "overdue": {"type": "boolean"},
        "decided_by": {"type": "object", "required": list(place), "properties": place},
        "verdicts": {"type": "array", "items": verdict},
        "findings": {"type": "array", "items": {"type": "object", "required": ["code", "severity", "message"]}},
        "actions": {
            "type": "array",
            "items": {"type": "object", "required": ["id", "do"], "properties": {"id": text, "do": text}},
        },
    }  # fmt: skip
    return {
        "title": "One decision",
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }
