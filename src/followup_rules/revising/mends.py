"""Faults of rule files that can be mended without a doubt, each with the exact place of what changes."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import yaml

from followup_rules.errors import Fix, Problem
from followup_rules.revising.order import entries, value_of
from followup_rules.revising.scalars import quoted
from followup_rules.revising.tree import Collection, Scalar, Value, every, read_tree, replaced
from followup_rules.revising.wording import canonical_length, meant, unmistakable

_SUGGESTED: Final = re.compile(r"did you mean '([^']+)'\?")
_PROSE: Final = re.compile(r"\s*(?:- +)?(?:title|why|source): +(?P<text>[^\s\"'\[{|>&*!#%@`].*?)[ \t]*\r?")
_LENGTHS: Final = ("opens", "due", "expires", "within", "at_least")
_AS_IN: Final = re.compile(r"as in '([a-z0-9-]+)'$")


class Text(NamedTuple):
    """A file that is mended: its text and every value in it by line and column."""

    text: str
    values: Mapping[tuple[int, int], Scalar]
    root: Value | None


def with_fixes(problems: Iterable[Problem], texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """The problems, each with its fix where there is a safe one.

    Args:
        texts: the files that may be changed, by the name that problems show. All that may name a rule's id belongs
            here: an id is mended only where nothing names the old one.
    """
    files = {name: _read(text) for name, text in texts.items()}
    words = [value.text for file in files.values() for value in file.values.values()]
    return tuple(
        problem._replace(fix=_fix(problem, files[problem.place.file], words))
        if problem.place.file in files
        else problem
        for problem in problems
    )


def applied(text: str, fixes: Sequence[Fix]) -> tuple[str, int]:
    """The text with fixes made, and how many were; of two that overlap the first is."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    made, count, position = [], 0, 0
    for fix in sorted(set(fixes)):
        begin, end = starts[fix.line - 1] + fix.column - 1, starts[fix.end_line - 1] + fix.end_column - 1
        if begin >= position:
            made += [text[position:begin], fix.replacement]
            count, position = count + 1, end
    return "".join([*made, text[position:]]), count


def wordings(text: str) -> list[Fix]:
    """Lengths that are read and not worded as usual, such as `1 days`."""
    tree = _read(text).root
    found: list[Scalar] = []
    for rule in entries(tree, "rules") if tree is not None else ():
        for one in (rule, *entries(rule, "steps")):
            found += [value for name in _LENGTHS if isinstance(value := value_of(one, name), Scalar)]
        found += _within(value_of(rule, "when"))
    return [
        replaced(text, one, one.raw.replace(one.text, usual))
        for one in found
        if (usual := canonical_length(one.text)) is not None and usual != one.text and one.style in ("", "'", '"')
    ]


def _within(condition: Value | None) -> Iterator[Scalar]:
    for item in condition.items if isinstance(condition, Collection) else ():
        if item.key is not None and item.key.text == "within" and isinstance(item.value, Scalar):
            yield item.value
        yield from _within(item.value)


def _read(text: str) -> Text:
    try:
        tree = read_tree(text)
    except (yaml.YAMLError, AssertionError, StopIteration):
        tree = None
    values = [one for one in every(tree.root) if isinstance(one, Scalar)] if tree else []
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    lines = ((bisect.bisect_right(starts, one.start), one) for one in values if one.raw)
    places = {(line, one.start - starts[line - 1] + 1): one for line, one in lines}
    return Text(text, places, tree.root if tree else None)


def _fix(problem: Problem, file: Text, words: Sequence[str]) -> Fix | None:
    if problem.code == "FR003":
        return _unquoted(problem, file)
    value = file.values.get((problem.place.line, problem.place.column))
    mend = _MENDS.get(problem.code)
    if value is None or mend is None or value.style not in ("", "'", '"'):
        return None
    new = mend(problem, value, words)
    if new is None:
        return None
    sign = value.style if not new.startswith('"') else ""
    return replaced(file.text, value, f"{sign}{new}{sign}")


def _unquoted(problem: Problem, file: Text) -> Fix | None:
    """A title, reason or source with a colon in it, which YAML takes for a key."""
    lines = file.text.split("\n")
    number = problem.place.line
    match = _PROSE.fullmatch(lines[number - 1]) if 0 < number <= len(lines) else None
    if match is None or "mapping values" not in problem.message or " #" in match["text"]:
        return None
    return Fix(number, match.start("text") + 1, number, match.end("text") + 1, quoted(match["text"]))


def _length(_problem: Problem, value: Scalar, _words: Sequence[str]) -> str | None:
    return canonical_length(value.text)


def _word(problem: Problem, value: Scalar, _words: Sequence[str]) -> str | None:
    """The word that was meant; the fault must be about the very word that stands there."""
    if f"'{value.text}'" not in problem.message:
        return None
    suggested = _SUGGESTED.search(problem.hint) or _SUGGESTED.search(problem.message)
    if suggested is not None and unmistakable(value.text, suggested[1]):
        return suggested[1]
    return meant(value.text)


def _value(problem: Problem, value: Scalar, words: Sequence[str]) -> str | None:
    if problem.message.startswith(f"'{value.text}' is no id"):
        return _id(problem, value, words)
    if problem.message.startswith(f"'{value.text}' is no name"):
        name = re.sub(r"[\s-]+", "_", value.text.strip())
        return name if name.isidentifier() and name.isascii() else None
    return _word(problem, value, words)


def _id(problem: Problem, value: Scalar, words: Sequence[str]) -> str | None:
    """Only where the old id stands nowhere else, and the new one is not there yet."""
    found = _AS_IN.search(problem.message)
    if found is None or not value.text.isascii() or words.count(value.text) != 1 or found[1] in words:
        return None
    return found[1]


def _text(problem: Problem, value: Scalar, words: Sequence[str]) -> str | None:
    """A text that YAML reads as a number, or as true or false, gets its quotes."""
    is_text = "valid string" in problem.message or "is a text, and" in problem.message
    if is_text and value.style == "" and value.text not in ("", "~", "null", "Null", "NULL"):
        return quoted(value.raw)
    return _word(problem, value, words) if problem.code == "FR111" else None


_MENDS: Final[Mapping[str, Callable[[Problem, Scalar, Sequence[str]], str | None]]] = {
    "FR102": _text,
    "FR103": _value,
    "FR104": _word,
    "FR105": _word,
    "FR107": _length,
    "FR110": _word,
    "FR111": _text,
    "FR113": _word,
}
