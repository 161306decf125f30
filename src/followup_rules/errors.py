"""What can go wrong, sorted by what the caller should do about it.

A `Problem` is one fault in something a person wrote: it has a stable code (`docs/codes/`), a place and,
where one is known, the mend. Exceptions carry problems; nothing here prints.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands: a file as the user named it, and a line and column counted from 1 (0: unknown)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class Fix(NamedTuple):
    """A safe mend: what to put in the place of what stands in a file between two places.

    Lines and columns are counted from 1; the end is the first place that stays.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    replacement: str


class Problem(NamedTuple):
    """One fault, with its place, a stable code and how to mend it; `fix` where that is safe to do by itself."""

    code: str
    message: str
    place: Place
    hint: str = ""
    severity: str = "error"
    fix: Fix | None = None

    def __str__(self) -> str:
        text = f"{self.place}: {self.code} {self.message}"
        return f"{text}; {self.hint}" if self.hint else text


class FollowupRulesError(Exception):
    """Base of everything this package raises on purpose."""


class InvalidInput(FollowupRulesError):
    """Mend the input: rule files or applications that cannot be used. `problems` says where and how."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EngineFault(FollowupRulesError):
    """A matching engine broke or contradicted itself: its answer must not be used."""


class AdapterError(FollowupRulesError):
    """Base of what an adapter may raise; the subclass says what to do next."""


class Retriable(AdapterError):
    """Try again later: the other system is busy or out of reach.

    `after` is a wait in seconds, if one was named. `maybe_done` is False only where the other system certainly did
    nothing (it was never reached, or said that it is too busy): else the action is looked for before it is repeated.
    """

    def __init__(self, message: str, after: float | None = None, *, maybe_done: bool = True) -> None:
        super().__init__(message)
        self.after = after
        self.maybe_done = maybe_done


class Refused(AdapterError):
    """Do not try again: the other system understood the action and will not take it."""


class Unsupported(AdapterError):
    """The adapter does not do this kind of action: route it elsewhere."""


class Misconfigured(AdapterError):
    """Mend the settings of the adapter; raised before anything is written anywhere."""


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known word that a misspelt one was meant to be, if one is near."""
    return difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The mend for a misspelt word, or an empty text when nothing known is near."""
    near = nearest(word, known)
    return f"did you mean '{near[0]}'?" if near else ""
