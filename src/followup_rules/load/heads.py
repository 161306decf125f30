"""The head of a draft in a plain file: `To:`, `Subject:` and the like, or the front matter of Markdown."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_FIELDS: Final = "to|from|subject|cc|bcc|date|reply-to|in-reply-to|references|message-id|mime-version|content-type"
_LINE: Final = re.compile(rf"({_FIELDS})[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_MATTER_LINE: Final = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?")
_LONGEST: Final = 50
_LONGEST_LINE: Final = 2_000


class Value(NamedTuple):
    """What a field says, and where that begins in the file, in characters."""

    text: str
    start: int


class Head(NamedTuple):
    """The fields of a head by their names in small letters, and where the text begins below it."""

    fields: dict[str, Value]
    end: int = 0


def head_of(text: str) -> Head:
    """The head that a text begins with; one without fields where it has none."""
    return _front_matter(text) or _lines(text) or _subject_alone(text) or Head({})


def _front_matter(text: str) -> Head | None:
    """`---`, lines as `subject: Thank you`, `---`; other lines may stand between them."""
    if not text.startswith("---\n"):
        return None
    fields: dict[str, Value] = {}
    position = 4
    for line in text[4 : _LONGEST * _LONGEST_LINE].split("\n")[:_LONGEST]:
        if line.rstrip() in ("---", "..."):
            end = min(position + len(line) + 1, len(text))
            return Head(fields, end) if fields else None
        match = _MATTER_LINE.fullmatch(line.rstrip())
        if match and match.group(2):
            _add(fields, match.group(1).replace("_", "-"), _unquoted(match.group(2), position + match.start(2)))
        position += len(line) + 1
    return None


def _lines(text: str) -> Head | None:
    """Lines as `Subject: Thank you` from the first on, and an empty line below them."""
    fields: dict[str, Value] = {}
    position = 0
    for line in text[: _LONGEST * _LONGEST_LINE].split("\n")[:_LONGEST]:
        if fields and not line.strip():
            return Head(fields, min(position + len(line) + 1, len(text)))
        match = _LINE.fullmatch(line)
        if not match and not (fields and line[:1] in " \t"):  # a line that is indented continues the one above
            return None
        if match:
            _add(fields, match.group(1), Value(match.group(2).rstrip(), position + match.start(2)))
        position += len(line) + 1
    return Head(fields, len(text)) if fields and position > len(text) else None


def _subject_alone(text: str) -> Head | None:
    line = text[: _LONGEST * _LONGEST_LINE].split("\n", 1)[0]
    match = _LINE.fullmatch(line)
    if not match or match.group(1).lower() != "subject":
        return None
    return Head({"subject": Value(match.group(2).rstrip(), match.start(2))}, min(len(line) + 1, len(text)))


def _add(fields: dict[str, Value], name: str, value: Value) -> None:
    fields.setdefault(name.lower(), value)


def _unquoted(text: str, start: int) -> Value:
    text = text.rstrip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return Value(text[1:-1], start + 1)
    return Value(text, start)
