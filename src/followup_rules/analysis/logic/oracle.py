"""Asks whether some conditions can be so at once: first by the bounded search, then, where that gives up, by z3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from followup_rules.analysis.logic import bounded, exact
from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.axioms import axioms
from followup_rules.analysis.logic.encode import Encoder
from followup_rules.analysis.logic.model import Answer, GaveUp, Problem
from followup_rules.model.words import Direction
from followup_rules.rules.conditions import All, Any, Condition, Not, Test, atoms
from followup_rules.rules.facts_known import type_of


class Said(NamedTuple):
    """A condition that is to hold, to fail, not to hold or not to fail."""

    condition: Condition
    truth: str
    """`holds`, `fails`, `not holds` or `not fails`."""


class Oracle:
    """Remembers what it was asked."""

    def __init__(self, *, solver: Callable[[Problem], Answer] | None = None) -> None:
        self._solver = solver
        self._known: dict[object, Answer] = {}
        self._decided: dict[object, bool | None] = {}
        self._names: dict[int, tuple[object, str]] = {}

    def impossible(self, said: Sequence[Said], direction: Direction, context: f.Formula = f.YES) -> bool | None:
        """True where it is certain that they are never so at once; None where nobody could decide."""
        key = self._key(said, direction, context)
        if key not in self._decided:
            self._decided[key] = self._decide(said, direction, context)
        return self._decided[key]

    def _decide(self, said: Sequence[Said], direction: Direction, context: f.Formula) -> bool | None:
        left = _without_free(said)
        if not left and context is f.YES:
            return False
        left.sort(key=lambda one: (self._name(one.condition), one.truth))
        answer = self.ask(left, direction, context)
        return None if isinstance(answer, GaveUp) else answer is None

    def ask(self, said: Sequence[Said], direction: Direction, context: f.Formula = f.YES) -> Answer:
        """A way in which they are so at once; None where there is none."""
        key = self._key(said, direction, context)
        if key not in self._known:
            self._known[key] = self._solve(problem_of(said, direction, context))
        return self._known[key]

    def _key(self, said: Sequence[Said], direction: Direction, context: f.Formula) -> object:
        return (tuple([(self._name(one.condition), one.truth) for one in said]), direction, self._name(context))

    def _name(self, thing: object) -> str:
        """How a condition or formula is written. Equality would take 1 for true; what is kept cannot lose its id."""
        known = self._names.get(id(thing))
        if known is None:
            known = self._names[id(thing)] = (thing, repr(thing))
        return known[1]

    def _solve(self, problem: Problem) -> Answer:
        if self._solver is not None:
            return self._solver(problem)
        answer = bounded.search(problem)
        return exact.solve(problem) if isinstance(answer, GaveUp) and exact.available() else answer


def _without_free(said: Sequence[Said]) -> list[Said]:
    """Without those that can be as they are said, whatever the others say.

    A test of a text or an attribute that nothing else speaks about can come out either way.
    """
    split: list[Said] = []
    pending = list(said)
    while pending:
        one = pending.pop()
        kind = type(one.condition)
        if kind is Not:
            pending.append(Said(one.condition.item, _OPPOSITE[one.truth]))  # type: ignore[union-attr]
        elif (kind is All and one.truth in ("holds", "not fails")) or (
            kind is Any and one.truth in ("fails", "not holds")
        ):
            pending += [Said(item, one.truth) for item in one.condition.items]  # type: ignore[union-attr]
        else:
            split.append(one)
    spoken = Counter(atom.fact for one in split for atom in atoms(one.condition) if isinstance(atom, Test))
    return [one for one in split if not (isinstance(one.condition, Test) and _is_free(one.condition, spoken))]


_OPPOSITE = {"holds": "fails", "fails": "holds", "not holds": "not fails", "not fails": "not holds"}


def _is_free(test: Test, spoken: Counter[str]) -> bool:
    return spoken[test.fact] == 1 and type_of(test.fact) in ("text", "anything") and test.values != ("",)


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
