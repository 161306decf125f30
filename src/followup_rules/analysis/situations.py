"""What is known when a follow-up could be sent: its anchor is there, nothing has stopped it, its time has come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.lengths import least_hours, most_hours
from followup_rules.analysis.logic.patterns import TOUCH, has, later, since
from followup_rules.policy import Lane
from followup_rules.rules.conditions import Condition, Pattern, atoms

_EVENT_OF: Final = {"interviews": "interview_completed", "promised_by_passed": "decision_promised"}
ACTIVE: Final = f.OneOf("status", frozenset({("text", "active")}))


def anchored(lane: Lane) -> f.Formula:
    """The follow-up has an occasion."""
    return has(lane.rule.after)


def spoken(conditions: Iterable[Condition | None]) -> frozenset[str]:
    """The events that conditions speak about, and those that always matter: of the others none need have happened."""
    found = {"reply", "message"}
    for condition in conditions:
        for atom in atoms(condition) if condition is not None else ():
            if isinstance(atom, Pattern):
                found |= {atom.event, atom.after or atom.event}
            elif atom.fact in _EVENT_OF:
                found.add(_EVENT_OF[atom.fact])
            else:
                found.add(atom.fact.partition("_since.")[2])
    return frozenset(found)


def going_on(lane: Lane, about: frozenset[str]) -> f.Formula:
    """Nothing that holds without a condition has stopped it, and the application is open."""
    after = lane.rule.after
    said = dict.fromkeys([anchored(lane), ACTIVE])
    for stop in lane.scope.stops:
        if stop.condition is not None:
            continue
        for word in stop.rule.on:
            if word == "opted_out" or not (word in about or word == after):
                continue
            if stop.rule.since == "ever":
                said[f.negated(has(word))] = None
            elif word != after:
                said[f.either(f.negated(has(word)), later(after, word, strict=False))] = None
    return f.both(*said)


def due_for(lane: Lane, step: int, about: frozenset[str]) -> f.Formula:
    """The step of that number, from 0, could be sent now."""
    cadence, after = lane.rule.cadence, lane.rule.after
    said = [going_on(lane, about)]
    timed = after != "decision_promised"
    if step:
        said += [has(TOUCH), later(TOUCH, after), f.at_least("#touches", step)]
        if any("reply" in one.rule.on and one.condition is None for one in lane.scope.stops):
            said.append(f.at_least("#unanswered_touches", step))
        most = most_hours(cadence[step].expires)
        if most is not None:
            said.append(f.at_most(since(TOUCH), most))
    if timed:
        said.append(f.at_least(since(after), least_hours(cadence[step].opens)))
        most = most_hours(cadence[step].expires)
        if most is not None and not step:
            said.append(f.at_most(since(after), most))
    return f.both(*said)
