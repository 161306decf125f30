"""The form of a rule file or scenario file, and the promise that it still means the same."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any, Final

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.yaml import parse
from followup_rules.revising import layout
from followup_rules.revising.comments import attach, comments_of
from followup_rules.revising.order import arrange, entries, value_of
from followup_rules.revising.tree import Collection, File, Scalar, every, read_tree

_ODD: Final = re.compile("[\x85\u2028\u2029\x00]|^%", re.MULTILINE)
_KEPT: Final = re.compile(r"[0-9]*\+")


def formatted(source: str, file: str) -> str:
    """The text of a rule file or scenario file in its form.

    Raises:
        InvalidInput: it is not YAML, it is neither a rule file nor a scenario file (FR136), or its form cannot be
            changed without changing what it means (FR137).
    """
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    before = parse(text, file).data
    what = sort_of(before, file)
    if what is None:
        hint = "name files that begin with 'schema: followup-rules/1' or 'schema: followup-rules-test/1'"
        raise InvalidInput([Problem("FR136", "is neither a rule file nor a scenario file", Place(file, 1), hint)])
    tree = _tree(text, file)
    after = _arranged(tree, what == "scenarios")
    if not _same(before, tree, after, file) or _arranged(_tree(after, file), what == "scenarios") != after:
        raise _left_alone("its form cannot be changed without changing what it means", file)
    return after


def sort_of(data: Any, file: str) -> str | None:
    """'rules' or 'scenarios', or None for any other YAML file; many programs have files with a list of `rules`."""
    if not isinstance(data, dict):
        return None
    schema, tested = data.get("schema"), PurePath(file).stem.endswith("_test")
    if isinstance(schema, str):
        name = schema.partition("/")[0]
        return {"followup-rules": "rules", "followup-rules-test": "scenarios"}.get(name)
    if tested or _have(data.get("scenarios"), {"moments"}):
        return "scenarios" if isinstance(data.get("scenarios"), list) else None
    ours = _have(data.get("rules"), {"id", "kind"}) or _have(data.get("rules"), {"id", "type"})
    return "rules" if ours or isinstance(data.get("pack"), str) else None


def _have(listed: Any, keys: set[str]) -> bool:
    """True for a list in which some mapping has all the keys."""
    return isinstance(listed, list) and any(isinstance(one, dict) and keys <= {*one} for one in listed)


def _tree(text: str, file: str) -> File:
    tree = read_tree(text)
    if tree is None or _ODD.search(text):
        raise _left_alone("it has line breaks or directives that are not kept", file)
    for one in every(tree.root):
        if isinstance(one, Scalar) and one.style in ("|", ">") and _KEPT.match(one.raw[1:]):
            line, column = text.count("\n", 0, one.start) + 1, one.start - text.rfind("\n", 0, one.start)
            raise _left_alone(f"the sign '{one.raw[:2]}' keeps empty lines after a text", file, line, column)
    return tree


def _arranged(tree: File, scenarios: bool) -> str:
    root = tree.root
    names = ("scenarios",) if scenarios else ("rules",)
    opened = [root, *(value_of(root, name) for name in names), *(one for name in names for one in entries(root, name))]
    attach(tree, [one for one in opened if isinstance(one, Collection) and one.flow])
    arrange(tree, scenarios)
    return layout.text_of(tree)


def _same(before: Any, tree: File, after: str, file: str) -> bool:
    """True where the new text means the same and has the same comments, anchors and aliases."""
    try:
        again, data = read_tree(after), parse(after, file).data
    except InvalidInput:
        return False
    return (
        again is not None
        and canonical(data) == canonical(before)
        and _comments(again) == _comments(tree)
        and _marks(again) == _marks(tree)
    )


def _comments(tree: File) -> list[str]:
    return sorted(comment.text for comment in comments_of(tree))


def _marks(tree: File) -> list[str]:
    found = [one.raw if isinstance(one, Scalar) and one.style == "*" else one.props for one in every(tree.root)]
    return sorted(mark for mark in found if mark)


def canonical(data: Any) -> Any:
    """Data in a form in which 1, 1.0 and true differ and the order of keys does not count."""
    if isinstance(data, dict):
        return {key: canonical(value) for key, value in data.items()}
    if isinstance(data, list):
        return [canonical(value) for value in data]
    return type(data).__name__, repr(data)


def _left_alone(message: str, file: str, line: int = 0, column: int = 0) -> InvalidInput:
    hint = "the file stays as it is"
    return InvalidInput([Problem("FR137", message, Place(file, line, column), hint)])
