"""Two engines for one answer: where they disagree nothing is sent, and the case is kept for mending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from followup_rules.facts import Case
from followup_rules.matching.durable import DurableMatcher
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Answer, Matcher, Truth
from followup_rules.rules import conditions as c


class Disagreement(TypedDict):
    """A condition of an application with two answers, as it is written down; `condition` counts from 1."""

    application: str
    condition: int
    answers: dict[str, str]


class VerifyMatcher:
    """Asks two matchers and gives the second one's truths, disputed where the first one's differ.

    Args:
        conditions: of one policy.
        first: the one to be verified; durable-rules where none is given.
        second: the one that is believed where an answer is needed; plain Python where none is given.
    """

    name = "verify"

    def __init__(
        self, conditions: Sequence[c.Condition], first: Matcher | None = None, second: Matcher | None = None
    ) -> None:
        self._count = len(conditions)
        self._first = first or DurableMatcher(conditions)
        self._second = second or NativeMatcher(conditions)
        self.disagreements: list[Disagreement] = []

    def match(self, case: Case) -> Answer:
        """The truth of every condition, worked out twice."""
        first, second = self._first.match(case), self._second.match(case)
        believed = [second.truths[index] for index in range(self._count)]
        found = [
            self._disagreement(case, index, first.truths[index], truth)
            for index, truth in enumerate(believed)
            if first.truths[index] is not truth
        ]
        self.disagreements += [*found, *(self._failure(case, one.disputed) for one in (first,) if one.disputed)]
        reasons = [reason for reason in (first.disputed, second.disputed) if reason]
        return Answer(believed, "; ".join([*reasons, *(_words(one) for one in found)]))

    def _failure(self, case: Case, why: str) -> Disagreement:
        """An engine that broke has answered nothing: condition 0 stands for all of them."""
        answers = {self._first.name: why}
        return {"application": case.timeline.application.id, "condition": 0, "answers": answers}

    def _disagreement(self, case: Case, index: int, first: Truth, second: Truth) -> Disagreement:
        answers = {self._first.name: first.value, self._second.name: second.value}
        return {"application": case.timeline.application.id, "condition": index + 1, "answers": answers}


def _words(one: Disagreement) -> str:
    said = ", ".join(f"{name} says {truth}" for name, truth in one["answers"].items())
    return f"condition {one['condition']}: {said}"
