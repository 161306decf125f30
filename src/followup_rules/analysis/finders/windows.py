"""FR707, FR716: send windows that shut each other out, and follow-ups without any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from followup_rules.analysis.asked import Asked, FollowUp, SendWindow
from followup_rules.analysis.finders.timing import usual
from followup_rules.analysis.logic.oracle import Said
from followup_rules.analysis.room import Room
from followup_rules.analysis.wording import quoted
from followup_rules.errors import Problem
from followup_rules.policy import Conditioned, Lane


def find(asked: Asked) -> Iterator[Problem]:
    """Every set of windows that leaves no hour open, and every follow-up that may go out at any hour."""
    room = asked.room
    told: set[tuple[str, ...]] = set()
    for lane in asked.policy.lanes:
        yield from _shut(asked, lane, room, told)
    with_window = [one.rule.id for one in asked.policy.lanes if one.scope.windows]
    for rule in asked.own:
        if isinstance(rule, FollowUp) and not asked.lanes[rule.id].scope.windows:
            text = f"no send window holds for '{rule.id}': it may go out at three in the morning"
            if with_window:
                text = f"{text}, though {quoted(with_window[:2])} may not"
            hint = "add a rule of kind send_window, or widen one that is there"
            yield Problem("FR716", text, rule.place, hint, "warning" if with_window else "suggestion")


def _shut(asked: Asked, lane: Lane, room: Room, told: set[tuple[str, ...]]) -> Iterator[Problem]:
    windows = lane.scope.windows
    if len(windows) < 2 or not room.never_open([one.rule for one in windows]):
        return
    for size in (2, 3):
        for some in combinations(windows, size):
            ids = tuple(one.rule.id for one in some)
            own = [one.rule for one in some if one.rule.id in asked.own_ids]
            if not own and lane.rule.id not in asked.own_ids:
                continue
            if ids in told or any(set(one) <= set(ids) for one in told):
                continue
            if not room.never_open([one.rule for one in some]) or not _together(asked, lane, some):
                continue
            told.add(ids)
            where: SendWindow | FollowUp = own[-1] if own else lane.rule
            place = where.place_of(("open",), True) if own else where.place
            others = quoted(one for one in ids if one != where.id)
            always = {one.id for one in usual(lane)} >= set(ids)
            where_all = "" if always else "where all of them apply, "
            text = f"{where_all}is never open together with {others}, so '{lane.rule.id}' is never sent"
            hint = "a list under 'open' is a union; several rules must all be open"
            yield Problem("FR707", text, place, hint, "error" if always else "warning")


def _together(asked: Asked, lane: Lane, windows: tuple[Conditioned[SendWindow], ...]) -> bool:
    """Whether one application can meet all of them."""
    said = [Said(one.rule.condition, "not fails") for one in windows if one.rule.condition is not None]
    if lane.rule.condition is not None:
        said.append(Said(lane.rule.condition, "holds"))
    return not said or not asked.impossible(
        said, lane.rule.direction, asked.situation(lane, None, *(one.condition for one in said))
    )
