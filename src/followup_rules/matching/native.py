"""Conditions as plain Python functions: the executable specification, and the fast path for large inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import ge, gt, le, lt
from typing import Any, Final

from followup_rules.facts import Case, Lack, getter
from followup_rules.matching.truth import Answer, Truth
from followup_rules.model.application import Event
from followup_rules.model.words import READER, Direction
from followup_rules.rules import conditions as c
from followup_rules.timing.reckon import later_by, later_by_clock, usual_hours

TRUE, FALSE, UNKNOWN, NO_ZONE = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN, Truth.NO_ZONE

MISSING, WITHOUT_ZONE = Lack.MISSING, Lack.NO_ZONE

Evaluate = Callable[[Case], Truth]

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "at_least": ge,
    "at_most": le,
    "more_than": gt,
    "less_than": lt,
}


class NativeMatcher:
    """Evaluates a condition when it is asked for, and only then."""

    name = "native"

    def __init__(self, conditions: Sequence[c.Condition]) -> None:
        self._evaluate = tuple(_remembered(condition) for condition in conditions)

    def match(self, case: Case) -> Answer:
        """The truth of each condition, worked out at the first look."""
        return Answer(_Lazily(self._evaluate, case))


class _Lazily(dict[int, Truth]):
    """Worked out at the first look."""

    def __init__(self, evaluate: tuple[Evaluate, ...], case: Case) -> None:
        self._evaluate, self._case = evaluate, case

    def __missing__(self, index: int) -> Truth:
        truth = self[index] = self._evaluate[index](self._case)
        return truth


def _remembered(condition: c.Condition) -> Evaluate:
    """Evaluated once for an application, where the answer does not depend on who receives."""
    evaluate = compile_condition(condition)
    if isinstance(condition, c.Test) or not c.same_for_all(condition):
        return evaluate

    def remember(case: Case) -> Truth:
        known = case.timeline.known
        truth = known.get(evaluate)
        if truth is None:
            truth = known[evaluate] = evaluate(case)
        return truth

    return remember


def compile_condition(condition: c.Condition, *, negated: bool = False) -> Evaluate:
    """A function from a case to the truth of the condition, or of its opposite."""
    yes, no = (FALSE, TRUE) if negated else (TRUE, FALSE)
    if isinstance(condition, c.Test):
        return _test(condition, yes, no)
    if isinstance(condition, c.Pattern):
        return _pattern(condition, yes, no)
    if isinstance(condition, c.Not):
        return compile_condition(condition.item, negated=not negated)
    # By De Morgan the opposite of `all` is `any` of the opposites, so that nothing is turned over while evaluating.
    parts = tuple(compile_condition(item, negated=negated) for item in condition.items)
    return _folded(parts, no, yes) if isinstance(condition, c.All) else _folded(parts, yes, no)


def _folded(parts: tuple[Evaluate, ...], settles: Truth, otherwise: Truth) -> Evaluate:
    """`all` is settled by one false part, `any` by one true part; else one unknown part makes it unknown."""

    def evaluate(case: Case) -> Truth:
        result = otherwise
        for part in parts:
            truth = part(case)
            if truth is settles:
                return settles
            if truth is not otherwise and (truth is UNKNOWN or result is not UNKNOWN):
                result = truth
        return result

    return evaluate


def _test(test: c.Test, yes: Truth, no: Truth) -> Evaluate:
    get, values = getter(test.fact), test.values
    if test.operator == "present":
        # What only waits for a time zone is there.
        return lambda case: yes if (get(case) is not MISSING) == values[0] else no
    decide = decider(test)

    def evaluate(case: Case) -> Truth:
        value = get(case)
        if value is MISSING:
            return UNKNOWN
        if value is WITHOUT_ZONE:
            return NO_ZONE
        holds = decide(value)
        return UNKNOWN if holds is None else yes if holds else no

    return evaluate


def decider(test: c.Test) -> Callable[[Any], bool | None]:
    """What a test says of a known value; None where the types do not go together."""
    values = test.values
    if test.operator == "one_of":
        return _one_of(values)
    if test.operator == "contains":
        return lambda value: contains(value, values[0])
    compare, bound = _COMPARE[test.operator], values[0]
    return lambda value: compare(value, bound) if is_number(value) else None


def _one_of(values: tuple[c.Scalar, ...]) -> Callable[[Any], bool]:
    """One set for each type, because in Python 1 and true are equal."""
    texts = frozenset(value for value in values if isinstance(value, str))
    truths = frozenset(value for value in values if isinstance(value, bool))
    numbers = frozenset(value for value in values if is_number(value))

    def decide(value: Any) -> bool:
        if isinstance(value, str):
            return value in texts
        return value in truths if isinstance(value, bool) else is_number(value) and value in numbers

    return decide


def same(left: Any, right: Any) -> bool:
    """Equal and of one type; a truth value is no number, whole and decimal numbers are one type."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str) and left == right
    return is_number(left) and is_number(right) and bool(left == right)


def is_number(value: Any) -> bool:
    """True for whole and decimal numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def contains(value: Any, constant: c.Scalar) -> bool | None:
    """Text in text, or a thing in a list; None where the types do not go together."""
    if isinstance(value, list | tuple):
        return any(same(item, constant) for item in value)
    if isinstance(value, str) and isinstance(constant, str):
        return constant in value
    return None


def _pattern(pattern: c.Pattern, yes: Truth, no: Truth) -> Evaluate:
    needs_place = c.needs_place(pattern)

    def evaluate(case: Case) -> Truth:
        after = None
        if pattern.after is not None:
            after = case.timeline.latest_of(pattern.after, case.direction)
            if after is None:
                return UNKNOWN
        if needs_place and case.place is None:
            return NO_ZONE
        latest = case.timeline.latest_of(pattern.event, case.direction)
        if latest is None or (after is not None and latest.at <= after.at):
            return no
        for event in reversed(case.timeline.events):
            if after is not None and event.at <= after.at:
                return no
            if matches(pattern, event, case.direction) and _is_within(pattern, event, case):
                return yes
        return no

    return evaluate


def matches(pattern: c.Pattern, event: Event, direction: Direction) -> bool:
    """True where the event looks like the pattern, its time aside."""
    if pattern.event == "reply":
        if event.type != "message" or event.from_ != READER[direction]:
            return False
    elif event.type != pattern.event:
        return False
    return (
        event.auto_reply == pattern.auto_reply
        and (pattern.from_ is None or event.from_ == pattern.from_)
        and (pattern.contact is None or pattern.contact in event.named)
        and (pattern.channel is None or event.channel == pattern.channel)
        and (pattern.follow_up is None or event.follow_up == pattern.follow_up)
        and (pattern.to is None or event.to == pattern.to)
    )


def _is_within(pattern: c.Pattern, event: Event, case: Case) -> bool:
    if pattern.within is None:
        return True
    ends = still_within(pattern, event, case)
    return ends is None or ends > case.timeline.now


def still_within(pattern: c.Pattern, event: Event, case: Case) -> Any:
    """The instant until which an event is within the pattern's length; None where that never ends."""
    assert pattern.within is not None  # noqa: S101
    if case.place is None:
        return later_by_clock(event.at, pattern.within) if pattern.within.amount else event.at
    return later_by(event.at, pattern.within, case.place, partial(usual_hours, case.place))
