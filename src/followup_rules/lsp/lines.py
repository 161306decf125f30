"""Positions: of the files (lines and columns from 1), of the protocol (lines from 0, UTF-16), and of Python."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple

# A line of the protocol ends at one of three marks; YAML knows three more.
_LINE: Final = re.compile(r"\r\n|\n|\r")
_YAML_LINE: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_WORD: Final = re.compile(r"[^\s,:#\[\]{}\"']+")
_QUOTED: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\n]|'')*'")


class Position(NamedTuple):
    """A line and a character of it, both counted from 0 in the units of the client."""

    line: int
    character: int


class Range(NamedTuple):
    """From a position to another, which is not part of it."""

    start: Position
    end: Position


class Lines:
    """A text and its lines. `unit` is what the client counts characters in: `utf-16`, `utf-8` or `utf-32`."""

    def __init__(self, text: str, unit: str = "utf-16") -> None:
        self.text, self._unit = text, unit

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE.finditer(self.text))]

    @cached_property
    def _yaml_starts(self) -> list[int]:
        return [0, *(match.end() for match in _YAML_LINE.finditer(self.text))]

    def __len__(self) -> int:
        return len(self._starts)

    def line(self, number: int) -> str:
        """A line without its end; empty where there is none."""
        if not 0 <= number < len(self._starts):
            return ""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def start(self, number: int) -> int:
        """Where a line begins; the end of the text for lines behind it."""
        return self._starts[number] if number < len(self._starts) else len(self.text)

    def offset(self, position: Position) -> int:
        """The character of the text at a position; positions beside the text are moved into it."""
        if position.line < 0:
            return 0
        line, left = self.line(position.line), max(0, position.character)
        index = 0
        while index < len(line) and left >= (size := self._size(line[index])):
            left -= size
            index += 1
        return self.start(position.line) + index

    def position(self, offset: int) -> Position:
        """The position of a character of the text."""
        offset = max(0, min(offset, len(self.text)))
        number = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[number] : offset]
        return Position(number, sum(map(self._size, before)))

    def range(self, start: int, end: int) -> Range:
        """The range between two characters of the text."""
        return Range(self.position(start), self.position(end))

    def at(self, line: int, column: int) -> int:
        """The character at a place of a file, counted from 1 as YAML counts lines; 0 is the beginning."""
        if line <= 0:
            return 0
        number = min(line, len(self._yaml_starts)) - 1
        start = self._yaml_starts[number]
        after = self._yaml_starts[number + 1] if number + 1 < len(self._yaml_starts) else len(self.text) + 1
        return min(start + max(0, column - 1), max(start, after - 1))

    def word_end(self, start: int, whole_line: bool = False) -> int:
        """Where the word at a character ends; with `whole_line`, where its line does, without a comment."""
        if whole_line:
            line = re.compile(r"[^\r\n]*").match(self.text, start)
            said = re.split(r"\s#", line[0], maxsplit=1)[0].rstrip() if line else ""
            return start + max(len(said), 1)
        found = _QUOTED.match(self.text, start) or _WORD.match(self.text, start)
        return found.end() if found else min(start + 1, len(self.text))

    def _size(self, char: str) -> int:
        if self._unit == "utf-32" or char < "\x80":
            return 1
        if self._unit == "utf-8":
            return len(char.encode("utf-8", "replace"))
        return 2 if char > "\uffff" else 1
