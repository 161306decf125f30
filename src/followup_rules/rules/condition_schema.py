"""JSON Schema of conditions, for editors."""

from __future__ import annotations

from typing import Any, Final, get_args

from followup_rules.model.words import EVENT_TYPES, Side
from followup_rules.rules.conditions import ORDERINGS
from followup_rules.rules.facts_known import FACTS

HERE: Final = {"$comment": "condition"}
"""Stands in a kind's schema where the schema of conditions is meant; pydantic knows no definitions but its own."""


def schema() -> dict[str, Any]:
    """JSON Schema of a condition, for editors; `#/$defs/condition` must point to it."""
    scalar: dict[str, Any] = {"type": ["string", "number", "boolean"]}
    some = {"type": "array", "items": scalar, "minItems": 1}
    number = {"type": "number"}
    test = {
        "anyOf": [
            scalar,
            some,
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    **dict.fromkeys(("is", "is_not", "contains"), scalar),
                    **dict.fromkeys(("one_of", "none_of"), some),
                    **dict.fromkeys(ORDERINGS, number),
                    "present": {"type": "boolean"},
                },
            },
        ]
    }
    text = {"type": "string"}
    events = {"enum": [*EVENT_TYPES, "reply"]}
    pattern = {
        "type": "object",
        "required": ["event"],
        "additionalProperties": False,
        "properties": {
            "event": events, "after": events, "from": {"enum": list(get_args(Side))},
            "to": text, "contact": text, "channel": text, "follow_up": text,
            "auto_reply": {"type": "boolean"}, "within": {"$ref": "#/$defs/length"},
        },
    }  # fmt: skip
    patterns = {"anyOf": [pattern, {"type": "array", "items": pattern, "minItems": 1}]}
    nested = {"$ref": "#/$defs/condition"}
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "all": {"type": "array", "items": nested, "minItems": 1},
            "any": {"type": "array", "items": nested, "minItems": 1},
            "not": nested,
            "happened": patterns,
            "not_happened": patterns,
            **dict.fromkeys(FACTS, test),
        },
        "patternProperties": {r"^attributes\..+": test},
    }
