"""Where a cursor stands in its line, by the characters before it alone: inside which brackets, after what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

_BLOCK_TEXT: Final = re.compile(r"(?:^|[:\-][ \t])[ \t]*[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?$")
_BLOCK_KEY: Final = re.compile(r"[ \t]*(?:-[ \t]+)*[A-Za-z_.]+[ \t]*:(?:[ \t]|$)")
_CLOSES: Final = {"{": "}", "[": "]"}

After = Literal["start", "colon", "dash", "brace", "bracket"]


class Scanned(NamedTuple):
    """The token at the end of some lines: where it begins in the last one, after what, inside which brackets.

    `quote` is the mark that the token is inside of; `prose` is True in comments and in texts of several lines.
    """

    start: int
    after: After
    open: str
    quote: str = ""
    prose: bool = False

    @property
    def closing(self) -> str:
        """What closes the brackets."""
        return "".join(_CLOSES[one] for one in reversed(self.open))


def scan(lines: Sequence[str]) -> Scanned:
    """Read some lines up to a cursor at their end."""
    stack, quote, prose_from, opened_at = "", "", -1, 0
    start, after, comment = 0, "start", False
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        indent = len(line) - len(line.lstrip())
        if prose_from >= 0:
            if not line.strip() or indent > prose_from:
                if last:
                    return Scanned(indent, "start", stack, prose=indent > prose_from)
                continue
            prose_from = -1
        if indent <= opened_at and _BLOCK_KEY.match(line):
            stack = quote = ""  # what was opened above was never closed
        if not stack:
            opened_at = indent
        reader = _Line(line, stack, quote)
        reader.read()
        stack, quote = reader.stack, reader.quote
        start, after, comment = reader.start, reader.after, reader.comment
        if not stack and not quote and _BLOCK_TEXT.search(line) and not last:
            prose_from = indent
    return Scanned(start, after, stack, quote, comment)  # type: ignore[arg-type]


class _Line:
    """Reads one line, character by character."""

    def __init__(self, line: str, stack: str, quote: str) -> None:
        self.line, self.stack, self.quote = line, stack, quote
        self.start, self.after, self.comment = 0, "start", False
        if stack:
            self.after = "brace" if stack[-1] == "{" else "bracket"

    def read(self) -> None:
        """Read to the end of the line."""
        index, fresh = 0, not self.quote
        while index < len(self.line):
            char = self.line[index]
            if self.quote:
                index = self._quoted(index)
                continue
            if char == "#" and (index == 0 or self.line[index - 1] in " \t"):
                self.comment = True
                return
            if char in " \t":
                if fresh:
                    self.start = index + 1
            elif char in "\"'" and fresh:
                self.quote, self.start, fresh = char, index + 1, False
            elif self._structural(index, fresh):
                self.start, fresh = index + 1, True
            else:
                fresh = False
            index += 1

    def _quoted(self, index: int) -> int:
        if self.quote == '"' and self.line[index] == "\\":
            return index + 2
        if self.line[index] == self.quote:
            self.quote = ""
        return index + 1

    def _structural(self, index: int, fresh: bool) -> bool:
        char, then = self.line[index], self.line[index + 1 : index + 2]
        if char in "{[" and fresh:
            self.stack += char
            self.after = "brace" if char == "{" else "bracket"
        elif char in "}]" and self.stack:
            self.stack = self.stack[:-1]
            self.after = "start"
        elif char == "," and self.stack:
            self.after = "brace" if self.stack[-1] == "{" else "bracket"
        elif char == ":" and then in ("", " ", "\t"):
            self.after = "colon"
        elif char == "-" and fresh and then in (" ", "\t") and not self.stack:
            self.after = "dash"
        else:
            return False
        return True
