"""The description of the API, OpenAPI 3.1, made from the models that read and write it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from followup_rules.web.forms import ProblemAnswer

if TYPE_CHECKING:
    from followup_rules.web.api import Verb

_PROBLEMS: Final = {
    400: "The request cannot be read.",
    401: "Nobody that is known.",
    404: "There is no such application.",
    409: "The same request is being answered just now.",
    413: "The body is too long.",
    415: "The body is no JSON by its own word.",
    422: "The body does not say what is taken here.",
    429: "Too many wrong keys came from there; Retry-After says how long to wait.",
    503: "The store cannot be used now, or it took too long.",
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gives the same answer, for a day.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.~-]{1,200}$"},
}


def document(verbs: Sequence[Verb]) -> dict[str, Any]:
    """The whole document."""
    models: list[type[BaseModel]] = [ProblemAnswer, *(model for one in verbs for model in (one.takes, one.gives))]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "followup-rules",
            "version": version("followup-rules"),
            "description": "Decides when, how often and how well to follow up. What is decided here is sent by nobody.",
        },
        "security": [{"key": []}],
        "paths": {one.path: {"post": _operation(one)} for one in verbs},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(verb: Verb) -> dict[str, Any]:
    told = {"application/problem+json": {"schema": _ref(ProblemAnswer)}}
    return {
        "operationId": verb.path.rpartition("/")[2],
        "summary": verb.summary,
        "parameters": [_KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(verb.takes)}}},
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": _ref(verb.gives)}}},
            **{str(status): {"description": text, "content": told} for status, text in _PROBLEMS.items()},
        },
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
