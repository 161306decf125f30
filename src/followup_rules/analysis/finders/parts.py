"""FR702, FR703, FR724: parts of a condition that say nothing, and openings that one makes useless."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.analysis.asked import Asked, FollowUp, branches, place
from followup_rules.analysis.finders.never import dead
from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.lengths import least_hours, most_hours
from followup_rules.analysis.logic.oracle import Said
from followup_rules.analysis.situations import anchored
from followup_rules.errors import Problem
from followup_rules.rules.base import Rule
from followup_rules.rules.conditions import Test
from followup_rules.rules.facts_known import type_of


def find(asked: Asked) -> Iterator[Problem]:
    """Every part of a condition without an effect."""
    for rule in asked.own:
        if rule.condition is None or dead(asked, rule):
            continue
        yield from _never(asked, rule)
        yield from _always(asked, rule)
        if isinstance(rule, FollowUp):
            yield from _openings(asked, rule)


def _never(asked: Asked, rule: Rule) -> Iterator[Problem]:
    for branch in branches(rule):
        beside = [
            Said(part.condition, "not fails") for part in asked.parts(rule) if part.loc != branch.loc[: len(part.loc)]
        ]
        said = [Said(branch.condition, "holds"), *beside]
        if all(asked.impossible(said, way) for way in asked.directions(rule)):
            text = f"'{branch.text}' can never hold here, so this branch says nothing"
            yield Problem("FR702", text, place(rule, *branch.loc), "correct it or leave it out", "warning")


def _always(asked: Asked, rule: Rule) -> Iterator[Problem]:
    """What holds whatever the application, or whatever the application that has an occasion at all."""
    truth = "not holds" if isinstance(rule, FollowUp) else "fails"
    contexts: list[f.Formula] = [f.YES]
    if isinstance(rule, FollowUp):
        contexts.append(anchored(asked.lanes[rule.id]))
    for part in asked.parts(rule):
        if isinstance(part.condition, Test) and type_of(part.condition.fact) in ("text", "status", "anything"):
            continue
        for number, context in enumerate(contexts):
            said = [Said(part.condition, truth)]
            if not all(asked.impossible(said, way, context) for way in asked.directions(rule)):
                continue
            why = f" once there is what '{rule.id}' counts from" if number else ""
            if truth == "fails":
                why = ", because a rule that holds back also applies where its condition is unknown"
                if all(asked.impossible([Said(part.condition, "not holds")], way) for way in asked.directions(rule)):
                    why = ""
            text = f"'{part.text}' always holds{why}, so it says nothing"
            severity = "suggestion" if number else "warning"
            yield Problem("FR703", text, place(rule, *part.loc), "leave it out, or write what was meant", severity)
            break


def _openings(asked: Asked, rule: FollowUp) -> Iterator[Problem]:
    """The condition begins to hold after the step has opened, so that the opening decides nothing."""
    for part in asked.parts(rule):
        test = part.condition
        if not isinstance(test, Test) or test.fact != f"hours_since.{rule.after}":
            continue
        if test.operator not in ("at_least", "more_than") or len(rule.cadence) > 1:
            continue
        hours = f.number(float(test.values[0]))
        most, opens = most_hours(rule.cadence[0].opens), rule.cadence[0].opens
        if rule.opens is not None and opens.amount and most is not None and hours > most:
            text = f"opens after {opens}, but the condition does not hold before {test.values[0]} hours are over"
            yield Problem("FR724", text, place(rule, "opens"), "say it once, with 'opens'", "warning")
        elif hours > 0 and hours <= least_hours(opens):
            text = f"'{part.text}' always holds when '{rule.id}' opens, after {opens}, so it says nothing"
            yield Problem("FR724", text, place(rule, *part.loc), "leave it out; 'opens' says it", "warning")
