"""Versions of the rule language, and what moves a file from one to the next; docs/versions.md is their page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from followup_rules.errors import Fix, InvalidInput, Place, Problem
from followup_rules.load.loader import SCHEMA
from followup_rules.load.yaml import Document, parse
from followup_rules.revising.formatting import sort_of
from followup_rules.revising.mends import applied
from followup_rules.revising.order import entries, value_of
from followup_rules.revising.tree import Collection, Scalar, Value, place, read_tree, replaced

NEWEST: Final = 1
_SCHEMA: Final = re.compile(r"followup-rules(?P<test>-test)?/(?P<version>\d{1,4})")
_SCENARIO_SCHEMA: Final = "followup-rules-test/1"


class Renamed(NamedTuple):
    """The words that one version has in the place of those of the version before it."""

    file: Mapping[str, str]
    rule: Mapping[str, str]
    kinds: Mapping[str, str]
    events: Mapping[str, str]
    directions: Mapping[str, str]


RENAMED: Final[Mapping[int, Renamed]] = {
    1: Renamed(
        file={"name": "pack", "imports": "extends", "disabled": "disable"},
        rule={
            "type": "kind", "name": "title", "reason": "why", "if": "when", "anchor": "after", "not_before": "opens",
            "best_by": "due", "not_after": "expires", "cadence": "steps", "actions": "do", "max_touches": "at_most",
            "min_gap": "at_least", "scope": "per", "hours": "open", "timezone": "in", "stop_on": "on",
        },
        kinds={"followup": "follow_up", "window": "send_window", "max_touches": "limit", "min_gap": "cooldown"},
        events={
            "application_sent": "applied", "interview_done": "interview_completed",
            "interview_cancelled": "interview_canceled", "offer": "offer_made", "opt_out": "opted_out",
            "opt_in": "opted_in",
        },
        directions={"to_employer": "candidate_to_employer", "to_candidate": "employer_to_candidate"},
    ),
}  # fmt: skip
"""By the version that a file is moved to."""


def migrated(text: str, file: str) -> str:
    """The text of a rule file or scenario file in the newest version of the language.

    Raises:
        InvalidInput: it is not YAML, no rule file (FR136), of a version that is not known yet (FR121), or has an old
            word beside its new one (FR140).
    """
    document = parse(text, file)
    data = document.data
    version = _version(document)
    tree = read_tree(text)
    if tree is None or (version == NEWEST and "schema" in data):
        return text
    root = tree.root
    assert isinstance(root, Collection)  # noqa: S101  (`_version` sees to it)
    problems: list[Problem] = []
    scenarios = sort_of(data, file) == "scenarios"
    fixes = [_schema_line(text, root, _SCENARIO_SCHEMA if scenarios else SCHEMA)]
    for number in range(version + 1, NEWEST + 1) if not scenarios else ():
        fixes += _renamed(text, root, RENAMED[number], problems, file)
    if problems:
        raise InvalidInput(problems)
    after, _ = applied(text, fixes)
    parse(after, file)
    return after


def _version(document: Document) -> int:
    """The version that a file says it is of; 0 where it says none."""
    data, file = document.data, document.file
    schema = data.get("schema") if isinstance(data, dict) else None
    match = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if match is None and (schema is not None or sort_of(data, file) is None):
        hint = f"name files that have rules; they begin with 'schema: {SCHEMA}'"
        raise InvalidInput([Problem("FR136", "is neither a rule file nor a scenario file", Place(file, 1), hint)])
    version = int(match["version"]) if match else 0
    if version > NEWEST:
        text = f"'{schema}' is newer than this program, which knows versions up to {NEWEST}"
        hint = "upgrade it: pip install --upgrade followup-rules"
        raise InvalidInput([Problem("FR121", text, document.place(("schema",)), hint)])
    return version


def _schema_line(text: str, root: Collection, schema: str) -> Fix:
    """The version that the file is of from now on: in the place of the old one, or before the first key."""
    value = value_of(root, "schema")
    if isinstance(value, Scalar):
        return Fix(*place(text, value.start), *place(text, value.end), schema)
    line, column = place(text, root.items[0].start if root.items else root.start)
    end = "\r\n" if "\r\n" in text else "\n"
    return Fix(line, column, line, column, f"schema: {schema}{', ' if root.flow else end}")


def _renamed(text: str, root: Collection, words: Renamed, problems: list[Problem], file: str) -> Iterator[Fix]:
    yield from _keys(text, root, words.file, problems, file)
    listed = value_of(root, "rules")
    for rule in entries(root, "rules") if listed is not None else ():
        yield from _keys(text, rule, words.rule, problems, file)
        for name, known in (("kind", words.kinds), ("type", words.kinds), ("direction", words.directions)):
            yield from _values(text, value_of(rule, name), known)
        for name in ("after", "anchor", "on", "stop_on"):
            yield from _values(text, value_of(rule, name), words.events)
        yield from _patterns(text, value_of(rule, "when") or value_of(rule, "if"), words.events)


def _keys(
    text: str, mapping: Collection, words: Mapping[str, str], problems: list[Problem], file: str
) -> Iterator[Fix]:
    present = {item.key.text for item in mapping.items if item.key is not None}
    for item in mapping.items:
        new = words.get(item.key.text) if item.key is not None else None
        if item.key is None or new is None:
            continue
        if new in present:
            message = f"'{item.key.text}' is called '{new}' now, and both are given"
            problems.append(Problem("FR140", message, Place(file, *place(text, item.key.start)), "keep one"))
        else:
            yield replaced(text, item.key, new)


def _values(text: str, value: Value | None, words: Mapping[str, str]) -> Iterator[Fix]:
    """A single word, or each word of a list."""
    found = [item.value for item in value.items] if isinstance(value, Collection) and not value.mapping else [value]
    for one in found:
        if isinstance(one, Scalar) and one.style in ("", "'", '"') and one.text in words:
            yield replaced(text, one, words[one.text])


def _patterns(text: str, value: Value | None, words: Mapping[str, str]) -> Iterator[Fix]:
    """The events in the patterns of a condition, however deep."""
    for item in value.items if isinstance(value, Collection) else ():
        if item.key is not None and item.key.text in ("event", "after"):
            yield from _values(text, item.value, words)
        else:
            yield from _patterns(text, item.value, words)
