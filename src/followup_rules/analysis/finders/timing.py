"""FR710, FR711, FR712: steps that expire before they open, or between two send windows."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.analysis.asked import Asked, FollowUp, SendWindow, place
from followup_rules.analysis.logic.lengths import always_longer
from followup_rules.analysis.logic.witness import nothing_known
from followup_rules.analysis.room import DAYS, Room
from followup_rules.analysis.wording import anchor, listed
from followup_rules.errors import Place, Problem
from followup_rules.matching.native import compile_condition
from followup_rules.matching.truth import Truth
from followup_rules.policy import Lane
from followup_rules.rules.follow_up import Step


def find(asked: Asked) -> Iterator[Problem]:
    """Every step without room in time."""
    room = asked.room
    for rule in asked.own:
        if isinstance(rule, FollowUp):
            lane = asked.lanes[rule.id]
            for number, step in enumerate(rule.cadence):
                yield from _step(lane, number, step, room)


def _at(rule: FollowUp, number: int, key: str) -> Place:
    return place(rule, "steps", number, key) if rule.steps else place(rule, key)


def _step(lane: Lane, number: int, step: Step, room: Room) -> Iterator[Problem]:
    rule = lane.rule
    which = "the step" if rule.steps else f"'{rule.id}'"
    if always_longer(step.opens, step.expires):
        text = f"{which} expires after {step.expires}, before it opens after {step.opens}: it is never sent"
        yield Problem("FR710", text, _at(rule, number, "expires"), "let it expire later, or open sooner")
        return
    if step.opens == step.expires:
        text = f"{which} expires at the very moment it opens, after {step.opens}: it is hardly ever sent"
        yield Problem("FR710", text, _at(rule, number, "expires"), "let it expire later, or open sooner", "warning")
        return
    if step.due is not None:
        yield from _due(rule, number, step, which)
    yield from _windows(lane, number, step, room, which)


def _due(rule: FollowUp, number: int, step: Step, which: str) -> Iterator[Problem]:
    assert step.due is not None  # noqa: S101  (asked before)
    if always_longer(step.opens, step.due):
        text = f"{which} is due after {step.due}, but opens only after {step.opens}: it is late from the start"
        yield Problem("FR711", text, _at(rule, number, "due"), "let it be due between the two", "warning")
    elif always_longer(step.due, step.expires):
        text = f"{which} is due after {step.due}, but expires after {step.expires}: nobody is told that it is late"
        yield Problem("FR711", text, _at(rule, number, "due"), "let it be due before it expires", "warning")


def usual(lane: Lane) -> list[SendWindow]:
    """The windows that apply where nothing but the anchor is known."""
    if all(one.condition is None for one in lane.scope.windows):
        return [one.rule for one in lane.scope.windows]
    case = nothing_known(lane.rule.direction, lane.rule.after)
    return [
        one.rule
        for one in lane.scope.windows
        if one.rule.condition is None or compile_condition(one.rule.condition)(case) is not Truth.FALSE
    ]


def _windows(lane: Lane, number: int, step: Step, room: Room, which: str) -> Iterator[Problem]:
    windows = usual(lane)
    if room.is_wide(step, windows):
        return
    shut = room.shut_days(step, windows)
    rule, what = lane.rule, anchor(lane.rule.after) if not number else "the message before it"
    names = listed(f"'{one.id}'" for one in windows) if windows else ""
    if len(shut) == len(DAYS):
        why = f"{names} shut" if windows else "it expires first"
        if room.never_open(windows):
            return
        text = f"{which} can never be sent: between {step.opens} and {step.expires} after {what} " + (
            f"{names} {'is' if len(windows) == 1 else 'are'} shut" if windows else why
        )
        grave = "error" if all(one.condition is None for one in windows) else "warning"
        yield Problem("FR712", text, _at(rule, number, "expires"), "let it expire later, or widen the window", grave)
    elif shut and not number:
        days = listed((DAYS[day] for day in shut), "or")
        rest = f"{names} {'leaves' if len(windows) == 1 else 'leave'} no room" if windows else "it expires first"
        text = f"after {what} on a {days} {which} is never sent: between {step.opens} and {step.expires} {rest}"
        yield Problem(
            "FR712", text, _at(rule, number, "expires"), "count in business days, or let it expire later", "warning"
        )
