"""FR713, FR714, FR715: waits and limits that leave a step no chance, and limits that nothing reaches."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from followup_rules.analysis.asked import Asked, Cooldown, Limit, place
from followup_rules.analysis.logic.formula import Number
from followup_rules.analysis.logic.lengths import always_longer, least_hours, most_hours
from followup_rules.analysis.logic.oracle import Said
from followup_rules.analysis.wording import counted, listed, ordinal, quoted
from followup_rules.errors import Place, Problem
from followup_rules.policy import Conditioned, Lane
from followup_rules.rules.base import Restriction
from followup_rules.rules.lengths import LONGEST, Length


def find(asked: Asked) -> Iterator[Problem]:
    """Every wait that outlasts a step, every limit below the number of steps or out of reach."""
    found = [problem for lane in asked.policy.lanes for problem in _of_lane(asked, lane)]
    for first in dict.fromkeys((one.code, one.place) for one in found):
        told = [one for one in found if (one.code, one.place) == first]
        more = f"; so are steps of {counted(len(told) - 1, 'other rule')}" if len(told) > 1 else ""
        yield told[0]._replace(message=told[0].message + more)
    for rule in asked.own:
        if isinstance(rule, Limit) and rule.condition is None:
            yield from _unreached(asked, rule)


def _of_lane(asked: Asked, lane: Lane) -> Iterator[Problem]:
    for cooldown in lane.scope.cooldowns:
        if _concerns(asked, lane, cooldown):
            yield from _outlasts(asked, lane, cooldown.rule)
    for limit in lane.scope.limits:
        if _concerns(asked, lane, limit):
            yield from _too_few(asked, lane, limit.rule)


def _concerns(asked: Asked, lane: Lane, one: Conditioned[Cooldown] | Conditioned[Limit]) -> bool:
    """True where one of the two was asked about, and the restriction applies whenever the follow-up does."""
    if asked.own_ids.isdisjoint({lane.rule.id, one.rule.id}):
        return False
    if one.rule.condition is None:
        return True
    said = [Said(one.rule.condition, "fails")]
    if lane.rule.condition is not None:
        said.append(Said(lane.rule.condition, "holds"))
    return asked.impossible(said, lane.rule.direction)


def _spot(asked: Asked, lane: Lane, rule: Restriction, key: str, step: int) -> Place:
    """At the restriction where it was asked about, else at the step."""
    if rule.id in asked.own_ids:
        return place(rule, key)
    return place(lane.rule, "steps", step, "expires")


def _outlasts(asked: Asked, lane: Lane, rule: Cooldown) -> Iterator[Problem]:
    if rule.at_least.elapsed and not rule.at_least.amount:
        return
    for number, step in enumerate(lane.rule.cadence[1:], 1):
        wait = _backed_off(rule.at_least, rule.backoff, number)
        if wait is None or always_longer(wait, step.expires):
            shown = wait or "a hundred years"
            text = (
                f"the {ordinal(number + 1)} step of '{lane.rule.id}' is never sent: it expires {step.expires} after "
                f"the message before it, and '{rule.id}' waits {shown}"
            )
            hint = "shorten the wait, or let the step expire later"
            yield Problem("FR713", text, _spot(asked, lane, rule, "at_least", number), hint, "warning")
            return


def _backed_off(length: Length, backoff: Decimal, count: int) -> Length | None:
    if backoff == 1:
        return length
    amount = length.amount * backoff ** (count - 1)
    return None if amount > LONGEST[length.unit] else Length(int(amount), length.unit)


def _too_few(asked: Asked, lane: Lane, rule: Limit) -> Iterator[Problem]:
    cadence = lane.rule.cadence
    for number in range(rule.at_most, len(cadence)):
        if rule.within is not None:
            spans = [most_hours(step.expires) for step in cadence[number - rule.at_most + 1 : number + 1]]
            known = [span for span in spans if span is not None]
            same = _summed([step.expires for step in cadence[number - rule.at_most + 1 : number + 1]])
            longer = same is not None and always_longer(rule.within, same)
            if not longer and (len(known) < len(spans) or least_hours(rule.within) <= sum(known)):
                continue
        steps, left = counted(len(cadence), "step"), range(number + 1, len(cadence) + 1)
        which = listed(ordinal(one) for one in left)
        text = (
            f"'{rule.id}' allows {counted(rule.at_most, 'message')}, but '{lane.rule.id}' has {steps}: "
            f"the {which} {'is' if len(left) == 1 else 'are'} never sent"
        )
        hint = "raise the limit, or take the step away"
        yield Problem("FR714", text, _spot(asked, lane, rule, "at_most", number), hint, "warning")
        return


def _summed(lengths: list[Length]) -> Length | None:
    units = {length.unit for length in lengths}
    return Length(sum(length.amount for length in lengths), lengths[0].unit) if len(units) == 1 else None


def _unreached(asked: Asked, rule: Limit) -> Iterator[Problem]:
    covered = asked.covered[rule.id]
    if not covered:
        return
    cooldown = _paced(asked, rule)
    if cooldown is not None and rule.within is not None and rule.at_most > 1:
        text = (
            f"'{cooldown.id}' leaves {cooldown.at_least} between two messages, so there are never {rule.at_most} "
            f"in {rule.within}"
        )
        hint = "lower the limit, or leave it out"
        yield Problem("FR715", text, place(rule, "at_most"), hint, "warning")
        return
    steps = sum(len(one.cadence) for one in covered)
    if rule.at_most <= steps or rule.per == "candidate":
        return
    once = rule.since == "anchor" or all(one.after == "applied" for one in covered)
    to_one = rule.per == "recipient" or all(one.direction == "employer_to_candidate" for one in covered)
    who = quoted(one.id for one in covered) if len(covered) < 4 else f"{len(covered)} rules"
    text = f"allows {rule.at_most}, but {who} {'sends' if len(covered) == 1 else 'together send'} {steps}"
    grave = "warning" if once and to_one else "suggestion"
    hint = "lower it, or leave it out" if to_one else "lower it, unless it is there for panels of many"
    yield Problem("FR715", text, place(rule, "at_most"), hint, grave)


def _paced(asked: Asked, rule: Limit) -> Cooldown | None:
    """A wait that alone keeps the limit from ever being reached."""
    if rule.within is None:
        return None
    most: Number | None = most_hours(rule.within)
    for other in asked.restrictions:
        if not isinstance(other, Cooldown) or other.condition is not None or other.per != rule.per:
            continue
        wider = other.direction in (None, rule.direction) and (
            not other.follow_ups or (bool(rule.follow_ups) and set(rule.follow_ups) <= set(other.follow_ups))
        )
        total = Length(other.at_least.amount * (rule.at_most - 1), other.at_least.unit)
        if wider and (always_longer(total, rule.within) or (most is not None and least_hours(total) > most)):
            return other
    return None
