"""`-k`: which cases are meant, as texts joined by `and`, `or`, `not` and parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from followup_rules.rules.cases import Case

Chooses = Callable[[str], bool]

_TOKEN: Final = re.compile(r"""\s*(?:(?P<mark>[()])|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<word>[^\s()"']+))""")
_WORDS: Final = ("and", "or", "not")


def chooser(expression: str) -> Callable[[Case], bool]:
    """A function that says whether a case is meant: its file, rule or title has the texts, whatever their case.

    Raises:
        ValueError: the expression cannot be read; the message says why.
    """
    chooses = _Reader(expression).whole()
    return lambda case: chooses(f"{case.place.file} {case.rule} {case.title}".casefold())


class _Reader:
    """Reads an expression from left to right; `not` binds closest, then `and`, then `or`."""

    def __init__(self, expression: str) -> None:
        self._tokens: list[tuple[bool, str]] = []
        position = 0
        while expression[position:].strip():
            match = _TOKEN.match(expression, position)
            if match is None:
                raise ValueError(f"a quote is not closed in: {expression}")
            quoted = match["double"] if match["double"] is not None else match["single"]
            self._tokens.append((quoted is not None, match["mark"] or match["word"] if quoted is None else quoted))
            position = match.end()

    def whole(self) -> Chooses:
        chooses = self._either()
        if self._tokens:
            found = self._tokens[0][1]
            raise ValueError(f"'{found}' comes too soon; join texts with and, or, or put them into one pair of quotes")
        return chooses

    def _either(self) -> Chooses:
        left = self._both()
        while self._next("or"):
            left = _or(left, self._both())
        return left

    def _both(self) -> Chooses:
        left = self._one()
        while self._next("and"):
            left = _and(left, self._one())
        return left

    def _one(self) -> Chooses:
        if self._next("not"):
            inner = self._one()
            return lambda text: not inner(text)
        if self._next("("):
            chooses = self._either()
            if not self._next(")"):
                raise ValueError("a parenthesis is not closed")
            return chooses
        if not self._tokens:
            raise ValueError("a text is missing")
        quoted, text = self._tokens.pop(0)
        if not quoted and text in (*_WORDS, ")"):
            raise ValueError(f"a text is missing before '{text}'")
        sought = text.casefold()
        return lambda text: sought in text

    def _next(self, word: str) -> bool:
        found = bool(self._tokens) and self._tokens[0] == (False, word)
        if found:
            self._tokens.pop(0)
        return found


def _or(left: Chooses, right: Chooses) -> Chooses:
    return lambda text: left(text) or right(text)


def _and(left: Chooses, right: Chooses) -> Chooses:
    return lambda text: left(text) and right(text)
