"""FR717, FR718: what is said for the neighbours and not here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from followup_rules.analysis.asked import Asked, FollowUp, place
from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.model import GaveUp
from followup_rules.analysis.logic.oracle import Said
from followup_rules.analysis.logic.witness import agrees, application
from followup_rules.analysis.situations import anchored
from followup_rules.analysis.wording import listed, quoted
from followup_rules.errors import Problem
from followup_rules.matching.native import decider
from followup_rules.model.words import DIRECTIONS
from followup_rules.policy import Lane
from followup_rules.rules.base import Restriction, Rule
from followup_rules.rules.conditions import All, Any, Condition, Not, Scalar, Test, atoms
from followup_rules.rules.facts_known import type_of

_ALL_END: Final = ("offer_made", "bounced")
_REPEATED_END: Final = ("meeting_booked", "interview_scheduled")


def find(asked: Asked) -> Iterator[Problem]:
    """Stops that others have, and situations between those that rules speak about."""
    for rule in asked.own:
        if isinstance(rule, FollowUp):
            yield from _goes_on(asked, asked.lanes[rule.id])
    groups: dict[object, list[Rule]] = {}
    for rule in asked.policy.rules:
        if isinstance(rule, FollowUp):
            groups.setdefault(("follow_up", rule.follow_up, rule.direction, rule.after), []).append(rule)
        elif isinstance(rule, Restriction) and rule.kind in ("send_window", "limit", "cooldown"):
            groups.setdefault((rule.kind, rule.follow_ups, rule.direction), []).append(rule)
    for rules in groups.values():
        yield from _gaps(asked, rules)


def _goes_on(asked: Asked, lane: Lane) -> Iterator[Problem]:
    rule = lane.rule
    words = {word for stop in lane.scope.stops for word in stop.rule.on}
    others = {word: one.rule.id for one in asked.policy.lanes if one is not lane
              for stop in one.scope.stops for word in stop.rule.on}  # fmt: skip
    wanted = [*_ALL_END, *(_REPEATED_END if len(rule.cadence) > 1 else ())]
    missing = [word for word in wanted if word not in words and word != rule.after]
    told = [word for word in missing if word in others]
    if told:
        which = f"which {'stops' if len(told) == 1 else 'stop'} '{others[told[0]]}'"
        text = f"'{rule.id}' goes on after {listed(told)}, {which}"
        yield Problem("FR717", text, rule.place, f"let a stop rule with {listed(told)} speak about it too", "warning")
    elif missing and "offer_made" in missing:
        text = f"'{rule.id}' goes on after {listed(missing)}: a message that was planned before may not fit any more"
        yield Problem("FR717", text, rule.place, f"add a stop rule with on: [{', '.join(missing)}]", "suggestion")


def _gaps(asked: Asked, rules: Sequence[Rule]) -> Iterator[Problem]:
    """Conditions that together leave out a value between, or one that the policy knows."""
    conditional = [(rule, rule.condition) for rule in rules if rule.condition is not None]
    if len(conditional) < 2 or len(conditional) < len(rules):
        return
    told_at = next((rule for rule in reversed(rules) if rule.id in asked.own_ids), None)
    if told_at is None:
        return
    for fact in _shared([condition for _, condition in conditional]):
        tests = [_tests_of(asked, rule, fact) for rule in rules]
        if sum(bool(one) for one in tests) < 2:
            continue
        found = _left_out(asked, fact, conditional)
        if found is not None:
            spot = [("when",), *(part.loc for part in asked.parts(told_at) if _speaks_of(part.condition, fact))][-1]
            ids = quoted(rule.id for rule in rules)
            text = f"no rule speaks where {found}: {ids} cover what lies beside it"
            yield Problem("FR718", text, place(told_at, *spot), "widen one of them, or add one for the rest", "warning")


def _shared(conditions: Sequence[Condition]) -> list[str]:
    found = [{atom.fact for atom in atoms(one) if isinstance(atom, Test)} for one in conditions]
    names = [fact for one in found for fact in sorted(one)]
    return [fact for fact in dict.fromkeys(names) if names.count(fact) > 1]


def _tests_of(asked: Asked, rule: Rule, fact: str) -> list[Condition]:
    return [part.condition for part in asked.parts(rule) if _speaks_of(part.condition, fact)]


def _speaks_of(condition: Condition, fact: str) -> bool:
    found = list(atoms(condition))
    return bool(found) and all(isinstance(atom, Test) and atom.fact == fact for atom in found)


def _left_out(asked: Asked, fact: str, rules: Sequence[tuple[Rule, Condition]]) -> str | None:
    """A value that no rule speaks about, in words."""
    own = [value for _, one in rules for value in _constants(one, fact)]
    numbers = sorted({float(value) for value in own if not isinstance(value, str | bool)})
    whole = type_of(fact) == "number" and not fact.startswith("hours_since.")
    between = [low + 1 if whole else (low + high) / 2 for low, high in pairwise(numbers)]
    for number in _holes(asked, fact, [rule for rule, _ in rules], sorted({*numbers, *between})):
        if _uncovered(asked, fact, rules, number):
            return f"{fact} is {number:g}"
    texts = {value for value in own if isinstance(value, str)}
    if len(texts) < 2:
        return None
    known = {value for one in asked.policy.conditions for value in _constants(one, fact) if isinstance(value, str)}
    for text in sorted(known - texts):
        if _uncovered(asked, fact, rules, text):
            return f"{fact} is {text}, which other rules know"
    # A follow-up for some is meant for some; a window for some leaves the others to the night.
    if rules[0][0].kind == "send_window" and _uncovered(asked, fact, rules, "\u241fother"):
        return f"{fact} is none of {listed(sorted(texts))}"
    return None


def _holes(asked: Asked, fact: str, rules: Sequence[Rule], values: Sequence[float]) -> list[float]:
    """The values that no rule's tests of the fact allow, though they allow lower and higher ones."""
    tests = [_tests_of(asked, rule, fact) for rule in rules]
    if not values or not all(tests):
        return []
    around = [values[0] - 1, *values, values[-1] + 1]
    free = [not any(all(_allows(one, value) for one in some) for some in tests) for value in around]
    if all(free):
        return []
    first, last = free.index(False), len(free) - 1 - free[::-1].index(False)
    return [value for number, value in enumerate(around) if free[number] and first < number < last]


def _allows(condition: Condition, value: float) -> bool:
    """Whether a number passes tests; what is no ordering and no list of numbers is not looked into."""
    if isinstance(condition, Not):
        return not _allows(condition.item, value)
    if isinstance(condition, All | Any):
        return (all if isinstance(condition, All) else any)(_allows(one, value) for one in condition.items)
    assert isinstance(condition, Test)  # noqa: S101  (patterns speak of no fact)
    if condition.operator == "present":
        return bool(condition.values[0])
    return bool(decider(condition)(value))


def _constants(condition: Condition, fact: str) -> Iterator[Scalar]:
    for atom in atoms(condition):
        if isinstance(atom, Test) and atom.fact == fact and atom.operator not in ("present", "contains"):
            yield from atom.values


def _uncovered(asked: Asked, fact: str, rules: Sequence[tuple[Rule, Condition]], value: float | str) -> bool:
    """True where an application with that value meets no rule, and with another value would meet one.

    It is made, and the engine is asked about it.
    """
    here: Condition = Test(fact, "one_of", (value,))
    for rule, _ in rules:
        rest = [part.condition for part in asked.parts(rule) if not _speaks_of(part.condition, fact)]
        if rest == [part.condition for part in asked.parts(rule)]:
            continue
        beside = [Said(All(tuple(rest)) if len(rest) > 1 else rest[0], "holds")] if rest else []
        follows = isinstance(rule, FollowUp)
        none = [Said(one, "not holds" if follows else "fails") for _, one in rules]
        said = [Said(here, "holds"), *beside, *none]
        ways = asked.directions(rule) if rule.kind != "follow_up" else (rule.direction or DIRECTIONS[0],)
        context = anchored(asked.lanes[rule.id]) if follows else f.YES
        for way in ways:
            answer = asked.oracle.ask(said, way, context)
            if answer is None or isinstance(answer, GaveUp):
                continue
            made = application(answer, said, way)
            if made is not None and agrees(made, said, way):
                return True
    return False
