"""What there is to reach of a rule: its sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import Final

from followup_rules.matching.truth import Truth, opposite
from followup_rules.policy import Policy
from followup_rules.rules import conditions as c
from followup_rules.rules.base import Rule
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Cooldown, Limit, SendWindow, Stop

TRUE: Final = "condition true"
FALSE: Final = "condition false"
UNKNOWN: Final = "condition unknown"
OF_TRUTH: Final = {Truth.TRUE: TRUE, Truth.FALSE: FALSE, Truth.UNKNOWN: UNKNOWN}

_ALWAYS_KNOWN: Final = ("status", "interviews", "touches", "replies", "unanswered_touches")
_SINCE: Final = ("hours_since.", "business_days_since.")
_MOST_ANSWERS: Final = 20_000
_MOST_EVENTS: Final = 6
_WEEK: Final = 7 * 24 * 60

Known = dict[c.Condition, Truth]
"""How some tests and patterns come out."""


def sides_of(rule: Rule, policy: Policy) -> tuple[str, ...]:
    """Everything that can be reached of a rule, in the order of telling; nothing for rules about texts."""
    own = tuple(_own(rule))
    if rule.condition is None or not own:
        return own
    unknown = (UNKNOWN,) if can_be_unknown(rule.condition, _anchors(rule, policy)) else ()
    return (TRUE, FALSE, *unknown, *own)


def _own(rule: Rule) -> Iterator[str]:
    if isinstance(rule, FollowUp):
        for number, step in enumerate(rule.cadence, 1):
            yield f"step {number} sent"
            if step.opens.amount:
                yield f"step {number} too early"
            yield f"step {number} expired"
        yield "all steps sent"
    elif isinstance(rule, SendWindow):
        yield "window open"
        if rule.skip_holidays or sum(end - start for day in rule.open for start, end in day) < _WEEK:
            yield "window shut"
    elif isinstance(rule, Limit):
        yield from ("limit not reached", "limit reached")
    elif isinstance(rule, Cooldown):
        yield "cooldown running"
        yield "cooldown over"
    elif isinstance(rule, Stop):
        yield "nothing stopped it"
        yield from (stopped_by(word) for word in rule.on)


def stopped_by(word: str) -> str:
    """The side of a stop rule that one word of its `on` is."""
    return f"stopped by {word}"


def _anchors(rule: Rule, policy: Policy) -> frozenset[str]:
    """Events that have happened whenever the rule is asked: the anchor, where there is only one."""
    if isinstance(rule, FollowUp):
        return frozenset({rule.after})
    anchors = {lane.rule.after for lane in policy.lanes if rule.covers(lane.rule.follow_up, lane.rule.direction)}
    return frozenset(anchors) if len(anchors) == 1 else frozenset()


def can_be_unknown(condition: c.Condition, happened: Iterable[str]) -> bool:
    """True where some facts that can be missing make the whole unknown; events that have happened are not missing.

    Every way in which its tests can come out is tried: for all events that it asks about, whether they ever happened,
    and for each fact its tests together. What has too many ways counts as one that can be.
    """
    found = ways(tuple(c.atoms(condition)), happened)
    return found is None or any(value_in(condition, known) is Truth.UNKNOWN for known in found)


def ways(atoms: Iterable[c.Test | c.Pattern], happened: Iterable[str] = ()) -> Iterator[Known] | None:
    """Every way in which some tests and patterns can come out together; None where there are too many to try."""
    asked = list(dict.fromkeys(atoms))
    events = sorted({word for atom in asked for word in _events(atom)} - set(happened))
    if len(events) > _MOST_EVENTS:
        return None
    found: list[list[list[Known]]] = []
    for flags in product((False, True), repeat=len(events)):
        never = {event for event, flag in zip(events, flags, strict=True) if flag}
        choices = [_of_pattern(atom, never) for atom in asked if isinstance(atom, c.Pattern)]
        for fact in dict.fromkeys(atom.fact for atom in asked if isinstance(atom, c.Test)):
            tests = [atom for atom in asked if isinstance(atom, c.Test) and atom.fact == fact]
            choices.append(list(_of_fact(fact, tests, never)))
        if prod(map(len, choices)) > _MOST_ANSWERS:
            return None
        found.append(choices)
    return (_merged(parts) for choices in found for parts in product(*choices))


def _events(atom: c.Test | c.Pattern) -> tuple[str, ...]:
    """The events that a test or pattern asks about."""
    if isinstance(atom, c.Pattern):
        return (atom.event,) if atom.after is None else (atom.event, atom.after)
    event = _event_of(atom.fact)
    return () if event is None else (event,)


def _event_of(fact: str) -> str | None:
    """The event without which a fact is missing."""
    if fact == "promised_by_passed":
        return "decision_promised"
    return next((fact.removeprefix(since) for since in _SINCE if fact.startswith(since)), None)


def _of_pattern(pattern: c.Pattern, never: set[str]) -> list[Known]:
    """How a pattern can come out where some events never happened."""
    if pattern.after in never:
        truths: tuple[Truth, ...] = (Truth.UNKNOWN,)
    elif pattern.event in never:
        truths = (Truth.FALSE,)
    elif pattern == c.Pattern(pattern.event) and pattern.event != "message":
        truths = (Truth.TRUE,)
    else:
        truths = (Truth.TRUE, Truth.FALSE)
    return [{pattern: truth} for truth in truths]


def _of_fact(fact: str, tests: list[c.Test], never: set[str]) -> Iterator[Known]:
    """How the tests of one fact can come out together: of a value that is there, and of one that is missing."""
    asked = [test for test in tests if test.operator != "present"]
    there: Known = {test: Truth.TRUE if test.values[0] else Truth.FALSE for test in tests if test.operator == "present"}
    event = _event_of(fact)
    if event not in never:
        for truths in product((Truth.TRUE, Truth.FALSE), repeat=len(asked)):
            yield {**there, **dict(zip(asked, truths, strict=True))}
    if event in never or (event is None and fact not in _ALWAYS_KNOWN):
        yield {**{test: opposite(truth) for test, truth in there.items()}, **dict.fromkeys(asked, Truth.UNKNOWN)}


def _merged(parts: Iterable[Known]) -> Known:
    return {atom: truth for part in parts for atom, truth in part.items()}


def value_in(condition: c.Condition, known: Known) -> Truth:
    """The truth of a condition whose tests and patterns come out so."""
    if isinstance(condition, c.Not):
        return opposite(value_in(condition.item, known))
    if isinstance(condition, c.All | c.Any):
        settles = Truth.FALSE if isinstance(condition, c.All) else Truth.TRUE
        found = {value_in(item, known) for item in condition.items}
        if settles in found:
            return settles
        return Truth.UNKNOWN if Truth.UNKNOWN in found else opposite(settles)
    return known[condition]
