"""One text, judged by the `message` rules of a policy: from faults to findings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, NamedTuple

from followup_rules.check import Check, Context, Fault
from followup_rules.model.decision import Finding
from followup_rules.model.words import Severity
from followup_rules.quality.gate import STOPPERS, judgeable
from followup_rules.quality.text import Text
from followup_rules.rules.restrictions import Message

_LONGEST_EXCERPT: Final = 200
_DEFAULT: Final[Severity] = "warning"
_RANK: Final = {"subject": 0, "body": 1}


class Asked(NamedTuple):
    """A `message` rule that applies, and its check."""

    rule: Message
    check: Check

    @property
    def severity(self) -> Severity:
        """How grave its findings are; a rule that says nothing warns."""
        return self.rule.severity or _DEFAULT


def review(text: Text, context: Context, asked: Iterable[Asked]) -> tuple[Finding, ...]:
    """What is wrong with a text, in the order of the text.

    A text that cannot be judged gets one finding that says so, and no other.
    """
    gate = tuple(judgeable(text))
    if any(finding.code in STOPPERS for finding in gate):
        return gate
    faults = [(fault, one) for one in asked for fault in one.check.faults(text, context)]
    if not faults:
        return gate
    places = {"subject": Lines(text.subject), "body": Lines(text.body)}
    found = [_finding(fault, one, text, places[fault.part]) for fault, one in faults]
    return tuple(sorted([*gate, *found], key=lambda one: (_RANK[one.part], one.start, one.end)))


def lacking(context: Context, asked: Iterable[Asked]) -> dict[str, tuple[str, ...]]:
    """What checks would need to know and do not: the names of the checks by what is lacking."""
    lacks: dict[str, list[str]] = {}
    for one in asked:
        lack = one.check.lacks(context)
        if lack and one.check.name not in lacks.setdefault(lack, []):
            lacks[lack].append(one.check.name)
    return {lack: tuple(names) for lack, names in lacks.items()}


def _finding(fault: Fault, asked: Asked, text: Text, lines: Lines) -> Finding:
    line, column = lines.place(fault.start)
    source = text.subject if fault.part == "subject" else text.body
    return Finding(
        code=asked.check.code,
        severity=asked.severity,
        message=" ".join(fault.message.split()),
        line=line,
        column=column,
        part=fault.part,
        excerpt=source[fault.start : min(fault.end, fault.start + _LONGEST_EXCERPT)],
        hint=fault.hint,
        fix=fault.fix,
        rule=asked.rule,
        start=fault.start,
        end=fault.end,
    )


class Lines:
    """Lines and columns of a text, counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(index + 1 for index, letter in enumerate(text) if letter == "\n")]

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a character."""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1
