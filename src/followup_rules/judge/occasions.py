"""Which follow-up rule meets which event, for whom, and where the recipient is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from followup_rules.facts import Case, Timeline
from followup_rules.matching.truth import Answer, Truth, Truths
from followup_rules.model.application import Event
from followup_rules.model.words import Direction
from followup_rules.policy import Group, Lane, Policy
from followup_rules.timing.place import Place, find_place

Ask = Callable[[Case], Answer]

_NOBODY: Final = (None,)
_APPLIES: Final = (Truth.TRUE, Truth.NO_ZONE)


class Occasion(NamedTuple):
    """One follow-up rule meeting one anchor event, and one contact of it."""

    lane: Lane
    timeline: Timeline
    direction: Direction
    anchor: Event
    name: str
    contact: str | None
    place: Place | None
    answer: Answer
    passed_over: tuple[str, ...] = ()


def occasions(policy: Policy, timeline: Timeline, ask: Ask) -> list[Occasion]:
    """Every occasion of an application, in order of rule and contact."""
    found: list[Occasion] = []
    for group in policy.groups:
        anchor = timeline.latest_of(group.after, group.direction)
        if anchor is not None:
            found += _of_group(group, timeline, anchor, ask)
    # Stable, so the contacts of one rule stay in their order.
    found.sort(key=_order)
    return found


def _order(occasion: Occasion) -> int:
    return occasion.lane.order


def _of_group(group: Group, timeline: Timeline, anchor: Event, ask: Ask) -> Iterator[Occasion]:
    """Of several competing rules, the first whose condition holds has the occasion."""
    direction, lanes = group.direction, group.lanes
    contacts: tuple[str | None, ...] = _NOBODY
    if direction == "candidate_to_employer" and anchor.named:
        contacts = anchor.named
    for contact in contacts:
        place, answer = _place(lanes[0], timeline, direction, contact, ask)
        for index, lane in enumerate(lanes):
            if _holds(lane.condition, answer.truths):
                name = f"{anchor.id}/{contact}" if len(contacts) > 1 else anchor.id
                others = tuple(other.rule.id for other in lanes[index + 1 :])
                yield Occasion(lane, timeline, direction, anchor, name, contact, place, answer, others)
                break


def _holds(condition: int | None, truths: Truths) -> bool:
    """True where a follow-up applies. One whose condition waits for a time zone has the occasion too, to be held."""
    return condition is None or truths[condition] in _APPLIES


def _place(
    lane: Lane, timeline: Timeline, direction: Direction, contact: str | None, ask: Ask
) -> tuple[Place | None, Answer]:
    """Where the recipient is, and the truth of the conditions as seen from there."""
    timezone, country, region = _recipient(timeline, direction, contact)
    place = find_place(timezone, country, region) if timezone is not None else None
    answer = ask(Case(timeline, direction, place))
    if place is None:
        fallback = _fallback(lane, answer.truths)
        if fallback is not None:
            place = find_place(fallback, country, region)
            answer = ask(Case(timeline, direction, place))
    return place, answer


def _recipient(
    timeline: Timeline, direction: Direction, contact: str | None
) -> tuple[str | None, str | None, str | None]:
    """Zone, country and region of who receives; the last two come as a pair."""
    application = timeline.application
    if direction == "employer_to_candidate":
        candidate = application.candidate
        return candidate.timezone, candidate.country, candidate.region
    job = application.job
    person = application.contact(contact)
    if person is None:
        return job.timezone, job.country, job.region
    settled = person if person.country is not None else job
    return person.timezone if person.timezone is not None else job.timezone, settled.country, settled.region


def _fallback(lane: Lane, truths: Truths) -> str | None:
    """The zone that the first applicable send window names for recipients without one."""
    for window in lane.scope.windows:
        truth = Truth.TRUE if window.condition is None else truths[window.condition]
        if truth is not Truth.FALSE:
            return None if truth is Truth.NO_ZONE else window.rule.fallback_timezone
    return None
