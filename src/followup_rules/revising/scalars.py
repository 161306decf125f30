"""How a single value is written."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

from followup_rules.revising.tree import Scalar

WIDTH: Final = 120
EMPTY: Final = "\0"
"""An empty line inside a text, which is part of it; other empty lines are there for the eye."""
_HEADER: Final = re.compile(r"(?P<style>[|>])(?P<signs>[0-9+-]*)")
_BREAK: Final = re.compile(r"(?<=[^ ]) (?=[^ ])")


def is_block(scalar: Scalar) -> bool:
    """True for texts under `>` and `|`."""
    return scalar.style in ("|", ">")


def one_line(scalar: Scalar) -> str:
    """The value on one line, in double quotes where it was quoted; its anchor included."""
    return f"{scalar.props} {_bare(scalar)}".strip()


def _bare(scalar: Scalar) -> str:
    if scalar.style == "*":
        return scalar.raw
    if is_block(scalar):
        return quoted(scalar.text)
    if scalar.style == "":
        if "\n" not in scalar.raw:
            return scalar.raw
        return quoted(scalar.text) if "\n" in scalar.text else scalar.text
    if "\n" in scalar.raw:
        return quoted(scalar.text)
    if scalar.style == "'" and not re.search(r'["\\]', scalar.text) and scalar.text.isprintable():
        return f'"{scalar.text}"'
    return scalar.raw


def quoted(text: str) -> str:
    """A text in double quotes."""
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    known = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}.get(letter)
    if known is not None or letter.isprintable():
        return known or letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def can_fold(scalar: Scalar) -> bool:
    """True for a long text of one line that `>-` can carry."""
    text = scalar.text
    return (
        scalar.style in ("", "'", '"')
        and text == text.strip()
        and text.isprintable()
        and not text.startswith("#")
        and len(_BREAK.split(text)) > 1
    )


def folded(scalar: Scalar, column: int) -> list[str]:
    """A long text under `>-`; the first line is the sign alone."""
    return [f"{scalar.props} >-".strip(), *(" " * column + line for line in _filled(scalar.text, WIDTH - column))]


def block(scalar: Scalar, column: int) -> list[str]:
    """A text under `>` or `|`, indented to a column; the first line is the sign alone. Too long lines are folded."""
    lines = scalar.raw.split("\n")
    match = _HEADER.match(lines[0])
    assert match is not None  # noqa: S101  (what the parser calls a block text begins so)
    content = lines[1:]
    digits = re.sub(r"\D", "", match["signs"])
    indent = _indent(scalar, content) if digits else _first_indent(content)
    texts = [line[indent:] if line.strip(" ") or len(line) > indent else "" for line in content]
    while texts and not texts[-1]:
        texts.pop()
    if scalar.style == ">":
        texts = _refilled(texts, WIDTH - column)
    signs = ("2" if digits else "") + re.sub(r"\d", "", match["signs"])
    head = f"{scalar.props} {match['style']}{signs}".strip()
    return [head, *(" " * column + line if line else EMPTY for line in texts)]


def _refilled(lines: list[str], width: int) -> list[str]:
    """Each paragraph with a line that is too long is broken anew; the others stay as they are."""
    made: list[str] = []
    for prose, group in groupby(lines, lambda line: line[:1] not in ("", " ", "\t")):
        found = list(group)
        long = max(map(len, found)) > width and not any(line.endswith((" ", "\t")) for line in found)
        made += _filled(" ".join(found), width) if prose and long else found
    return made


def _first_indent(content: list[str]) -> int:
    return next((len(line) - len(line.lstrip(" ")) for line in content if line.strip(" ")), 0)


def _indent(scalar: Scalar, content: list[str]) -> int:
    """The indentation of a text that begins with blanks: what is left in the value is not indentation."""
    first = next((line for line in content if line.strip(" ")), "")
    value = next((line for line in scalar.text.split("\n") if line.strip(" ")), "")
    return (len(first) - len(first.lstrip(" "))) - (len(value) - len(value.lstrip(" ")))


def _filled(text: str, width: int) -> list[str]:
    """A text broken at single blanks, so that folding it gives it back."""
    if len(text) <= width:
        return [text]
    lines = [""]
    for word in _BREAK.split(text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
