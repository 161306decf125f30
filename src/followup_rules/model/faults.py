"""From pydantic's errors to problems with codes, places and mends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from followup_rules.errors import Place, Problem, did_you_mean, nearest

Loc = tuple[str | int, ...]
Locate = Callable[[Loc, bool], Place]
"""From a path into a document to its place; the second argument asks for the key instead of the value."""


def anywhere(loc: Loc, _key: bool) -> Place:
    """Places in data that was never a file: the path alone."""
    return Place(".".join(map(str, loc)) or "application")


def problems_of(
    error: ValidationError,
    locate: Locate,
    codes: Mapping[str, str],
    known: Callable[[Loc], Iterable[str]],
    what: str,
) -> list[Problem]:
    """One problem for each fault.

    Args:
        locate: finds the place of a path.
        codes: the codes for 'missing', 'unknown' keys, 'value' and 'type' in this sort of file.
        known: the keys that may stand at a path, for the mend of a misspelt one.
        what: what the faulty mapping is called, as in `unknown key 'x' in kind limit`.
    """
    problems = []
    details = error.errors(include_url=False)
    inside = {tuple(detail["loc"])[:depth] for detail in details for depth in range(len(detail["loc"]))}
    misspelt = {
        (*loc[:-1], near)
        for detail in details
        if detail["type"] == "extra_forbidden" and (loc := tuple(detail["loc"]))
        for near in nearest(str(loc[-1]), known(loc[:-1]))
    }
    for detail in details:
        if detail["type"] == "missing" and tuple(detail["loc"]) in misspelt:
            continue
        loc = tuple(part for part in detail["loc"] if not (isinstance(part, str) and part.startswith("function-")))
        if detail["type"] == "too_short" and loc in inside:
            continue
        problems.append(_problem(detail, loc, locate, codes, known, what))
    return sorted(problems, key=lambda problem: problem.place)


def _problem(
    detail: Any,
    loc: Loc,
    locate: Locate,
    codes: Mapping[str, str],
    known: Callable[[Loc], Iterable[str]],
    what: str,
) -> Problem:
    kind, message = detail["type"], detail["msg"]
    if kind.startswith("FR"):
        return Problem(kind, message, locate(loc, kind in ("FR104", "FR110", "FR204")))
    key = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    if kind == "missing":
        return Problem(codes["missing"], f"'{key}' is missing in {what}", locate(loc[:-1], False))
    if kind == "extra_forbidden":
        words = list(known(loc[:-1]))
        hint = did_you_mean(key, words) or (f"known are {', '.join(words)}" if words else "")
        return Problem(codes["unknown"], f"unknown key '{key}' in {what}", locate(loc, True), hint)
    if kind == "literal_error":
        allowed = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        value = detail["input"]
        hint = did_you_mean(str(value), allowed) or f"known are {', '.join(allowed)}"
        return Problem(codes["value"], f"'{str(value)[:60]}' is not allowed for '{key}'", locate(loc, False), hint)
    label = "type" if kind.endswith(("_type", "_parsing")) else "value"
    name = next((str(part) for part in reversed(loc) if isinstance(part, str)), what)
    return Problem(codes[label], f"'{name}': {_as_yaml(message)}", locate(loc, False))


def _as_yaml(message: str) -> str:
    """Pydantic's words for Python's types, as they are called in a file."""
    words = (("valid tuple", "list"), ("valid dictionary", "mapping"), ("tuple should", "list should"))
    text = f"{message[:1].lower()}{message[1:]}".partition(" or instance of ")[0].partition(" after validation")[0]
    for python, yaml in words:
        text = text.replace(python, yaml)
    return text
