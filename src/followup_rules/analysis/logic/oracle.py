"""Asks whether some conditions can be so at once: first by the bounded search, then, where that gives up, by z3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from followup_rules.analysis.logic import bounded, exact
from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.axioms import axioms
from followup_rules.analysis.logic.encode import Encoder
from followup_rules.analysis.logic.model import Answer, GaveUp, Problem
from followup_rules.model.words import Direction
from followup_rules.rules.conditions import Condition


class Said(NamedTuple):
    """A condition that is to hold, to fail, not to hold or not to fail."""

    condition: Condition
    truth: str
    """`holds`, `fails`, `not holds` or `not fails`."""


class Oracle:
    """Remembers what it was asked; what nobody could decide is kept in `undecided`."""

    def __init__(self, *, solver: Callable[[Problem], Answer] | None = None) -> None:
        self._solver = solver
        self._known: dict[object, Answer] = {}
        self.undecided: list[str] = []

    def impossible(
        self, said: Sequence[Said], direction: Direction, context: f.Formula = f.YES, about: str = ""
    ) -> bool:
        """True where it is certain that they are never so at once."""
        answer = self.ask(said, direction, context)
        if isinstance(answer, GaveUp):
            if about and about not in self.undecided:
                self.undecided.append(about)
            return False
        return answer is None

    def ask(self, said: Sequence[Said], direction: Direction, context: f.Formula = f.YES) -> Answer:
        """A way in which they are so at once; None where there is none."""
        key = (tuple((repr(one.condition), one.truth) for one in said), direction, repr(context))
        if key not in self._known:
            self._known[key] = self._solve(problem_of(said, direction, context))
        return self._known[key]

    def _solve(self, problem: Problem) -> Answer:
        if self._solver is not None:
            return self._solver(problem)
        answer = bounded.search(problem)
        return exact.solve(problem) if isinstance(answer, GaveUp) and exact.available() else answer


def problem_of(said: Sequence[Said], direction: Direction, context: f.Formula = f.YES) -> Problem:
    """The formula that says so, with all that is so in every application."""
    encoder = Encoder([one.condition for one in said], direction)
    parts = [context]
    for one in said:
        truths = encoder.truths(one.condition)
        wanted = truths.holds if one.truth.endswith("holds") else truths.fails
        parts.append(f.negated(wanted) if one.truth.startswith("not ") else wanted)
    asked = f.both(*parts)
    return Problem(f.both(asked, axioms(encoder, asked)), encoder.values())
