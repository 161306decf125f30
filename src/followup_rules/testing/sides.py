"""What there is to reach of a rule: its sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
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
_WEEK: Final = 7 * 24 * 60


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

    Every way in which its tests can come out is tried, those of one fact together. What has too many ways counts as
    one that can be.
    """
    by_fact: dict[str, list[c.Test]] = {}
    choices: list[list[dict[c.Condition, Truth]]] = []
    for atom in dict.fromkeys(c.atoms(condition)):
        if isinstance(atom, c.Test):
            by_fact.setdefault(atom.fact, []).append(atom)
        else:
            missing = atom.after is not None and atom.after not in happened
            truths = (Truth.TRUE, Truth.FALSE, *((Truth.UNKNOWN,) if missing else ()))
            choices.append([{atom: truth} for truth in truths])
    for fact, tests in by_fact.items():
        choices.append(list(_ways(tests, _can_be_missing(fact, happened))))
    ways = 1
    for choice in choices:
        ways *= len(choice)
    if ways > _MOST_ANSWERS:
        return True
    return any(_value(condition, _merged(parts)) is Truth.UNKNOWN for parts in product(*choices))


def _ways(tests: list[c.Test], missing: bool) -> Iterator[dict[c.Condition, Truth]]:
    """How the tests of one fact can come out together: of a value that is there, and of one that is missing."""
    asked = [test for test in tests if test.operator != "present"]
    there: dict[c.Condition, Truth] = {
        test: Truth.TRUE if test.values[0] else Truth.FALSE for test in tests if test.operator == "present"
    }
    for truths in product((Truth.TRUE, Truth.FALSE), repeat=len(asked)):
        yield {**there, **dict(zip(asked, truths, strict=True))}
    if missing:
        yield {**{test: opposite(truth) for test, truth in there.items()}, **dict.fromkeys(asked, Truth.UNKNOWN)}


def _can_be_missing(fact: str, happened: Iterable[str]) -> bool:
    if fact in _ALWAYS_KNOWN:
        return False
    if fact == "promised_by_passed":
        return "decision_promised" not in happened
    return not any(fact == f"{since}{event}" for since in _SINCE for event in happened)


def _merged(parts: Iterable[dict[c.Condition, Truth]]) -> dict[c.Condition, Truth]:
    return {atom: truth for part in parts for atom, truth in part.items()}


def _value(condition: c.Condition, known: dict[c.Condition, Truth]) -> Truth:
    if isinstance(condition, c.Not):
        return opposite(_value(condition.item, known))
    if isinstance(condition, c.All | c.Any):
        settles = Truth.FALSE if isinstance(condition, c.All) else Truth.TRUE
        found = {_value(item, known) for item in condition.items}
        if settles in found:
            return settles
        return Truth.UNKNOWN if Truth.UNKNOWN in found else opposite(settles)
    return known[condition]
