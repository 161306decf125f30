"""Which keys and values the language allows at a path: read from the JSON Schema, so that there is one list only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from followup_rules.check import Check
from followup_rules.lsp.spot import Spot
from followup_rules.rules.kinds import KINDS

Schema = Mapping[str, Any]
_DEEPEST: Final = 12


class Form(NamedTuple):
    """What may stand at a place: keys with their meaning, values, and whether a length of time is meant."""

    keys: dict[str, str]
    values: tuple[str, ...]
    length: bool
    meaning: str


@lru_cache(maxsize=1)
def rules_schema() -> Schema:
    """The schema of rule files."""
    from followup_rules.report.schema import schema

    return schema("rules")


@lru_cache(maxsize=1)
def scenarios_schema() -> Schema:
    """The schema of scenario files; empty where this version has none."""
    from followup_rules.report.schema import schema

    try:
        return schema("scenarios")
    except KeyError:
        return {}


def form_at(spot: Spot, checks: Mapping[str, type[Check]]) -> Form:
    """What may stand at a spot: for a key, the keys of its mapping; for a value, that value."""
    return _form(list(_schemas(spot.list, spot.path, spot.rule, checks)))


def meaning_of(spot: Spot, checks: Mapping[str, type[Check]]) -> str:
    """The meaning of the key at a spot, in one line."""
    return form_at(spot, checks).keys.get(spot.word, "")


def _schemas(
    part: str, path: Sequence[str | int], rule: Mapping[str, str], checks: Mapping[str, type[Check]]
) -> Iterator[Schema]:
    root = rules_schema()
    if part == "scenarios" or rule.get("schema", "").startswith("followup-rules-test"):
        root = scenarios_schema()
    starts = [root] if part != "rules" else []
    if part == "scenarios":
        path = ("scenarios", 0, *path)
    elif part == "rules":
        kind = rule.get("kind", "")
        names = [kind] if kind in KINDS and path != ("kind",) else list(KINDS)
        starts = [root["$defs"][name] for name in names]
        if path[:1] == ("with",):
            check = checks.get(rule.get("check", ""))
            root = check.Options.model_json_schema() if check is not None else {}
            starts, path = [root], path[1:]
    for start in starts:
        found = list(_flat(start, root, 0))
        for step in path:
            found = [one for schema in found for one in _stepped(schema, step, root)]
        yield from found


def _stepped(schema: Schema, step: str | int, root: Schema) -> Iterator[Schema]:
    if isinstance(step, int):
        inner = schema.get("items")
    else:
        inner = schema.get("properties", {}).get(step)
        if inner is None and step.startswith("attributes."):
            inner = next(iter(schema.get("patternProperties", {}).values()), None)
    if isinstance(inner, Mapping):
        yield from _flat(inner, root, 0)


def _flat(schema: Schema, root: Schema, depth: int) -> Iterator[Schema]:
    """A schema, its references followed and its alternatives one by one."""
    if depth > _DEEPEST:
        return
    if "$ref" in schema:
        target: Any = root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2])
        if isinstance(target, Mapping):
            yield from _flat(target, root, depth + 1)
        return
    yield schema
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _flat(one, root, depth + 1)


def _form(found: Sequence[Schema]) -> Form:
    keys: dict[str, str] = {}
    values: list[str] = []
    length = False
    for schema in found:
        for key, inner in schema.get("properties", {}).items():
            if not keys.get(key):
                keys[key] = _meaning(inner)
        values += map(_written, [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])])
        if schema.get("type") == "boolean":
            values += ["true", "false"]
        values += map(_written, schema.get("examples", ()) if schema.get("type") == "string" else ())
        length = length or "business hours?" in str(schema.get("pattern", ""))
    meaning = next((text for schema in found if (text := _meaning(schema))), "")
    return Form(keys, tuple(dict.fromkeys(values)), length, meaning)


def _meaning(schema: Any) -> str:
    return str(schema.get("description", "")) if isinstance(schema, Mapping) else ""


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
