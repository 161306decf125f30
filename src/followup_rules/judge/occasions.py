"""Which follow-up rule meets which event, for whom, and where the recipient is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final, NamedTuple

from followup_rules.facts import Case, Timeline
from followup_rules.matching.truth import Answer, Matcher, Truth, Truths
from followup_rules.model.application import Event
from followup_rules.model.words import Direction
from followup_rules.policy import Group, Lane, Policy
from followup_rules.timing.place import Place, find_place

_NOBODY: Final = (None,)
_ORDER: Final = attrgetter("lane.order")
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


def occasions(policy: Policy, timeline: Timeline, matcher: Matcher) -> list[Occasion]:
    """Every occasion of an application, in order of rule and contact."""
    found: list[Occasion] = []
    seen = _Seen(timeline, matcher)
    for group in policy.groups:
        anchor = timeline.latest_of(group.after, group.direction)
        if anchor is not None:
            _add_occasions(found, group, anchor, seen)
    # Stable, so the contacts of one rule stay in their order.
    if len(found) > 1:
        found.sort(key=_ORDER)
    return found


def _add_occasions(found: list[Occasion], group: Group, anchor: Event, seen: _Seen) -> None:
    """Of several competing rules, the first whose condition holds has the occasion."""
    direction, lanes = group.direction, group.lanes
    contacts = _contacts(group, anchor)
    for contact in contacts:
        place, answer = seen.by(direction, contact, lanes[0])
        truths = answer.truths
        for index, lane in enumerate(lanes):
            condition = lane.condition
            # One whose condition waits for a time zone has the occasion too, to be held.
            if condition is None or truths[condition] in _APPLIES:
                name = anchor.id if len(contacts) == 1 else f"{anchor.id}/{contact}"
                passed_over = group.after_each[index]
                found.append(
                    Occasion(lane, seen.timeline, direction, anchor, name, contact, place, answer, passed_over)
                )
                break


def considered(policy: Policy, timeline: Timeline, matcher: Matcher) -> Iterator[tuple[Lane, Truth]]:
    """Every follow-up rule that is asked about an occasion, and the truth of its condition there."""
    seen = _Seen(timeline, matcher)
    for group in policy.groups:
        anchor = timeline.latest_of(group.after, group.direction)
        for contact in _contacts(group, anchor) if anchor is not None else ():
            _, answer = seen.by(group.direction, contact, group.lanes[0])
            for lane in group.lanes:
                truth = Truth.TRUE if lane.condition is None else answer.truths[lane.condition]
                yield lane, truth
                if truth in _APPLIES:
                    break


def _contacts(group: Group, anchor: Event) -> tuple[str | None, ...]:
    """For whom there is an occasion each."""
    if group.direction == "candidate_to_employer" and anchor.named:
        return anchor.named
    return _NOBODY


class _Seen:
    """An application as each recipient sees it: where that is, and the truth of the conditions from there."""

    __slots__ = ("_answers", "_known", "_matcher", "timeline")

    def __init__(self, timeline: Timeline, matcher: Matcher) -> None:
        self.timeline, self._matcher = timeline, matcher
        self._known: dict[tuple[Direction, str | None], tuple[Place | None, Answer]] = {}
        self._answers: dict[tuple[Direction, Place | None], Answer] = {}

    def by(self, direction: Direction, contact: str | None, lane: Lane) -> tuple[Place | None, Answer]:
        """Place and answers; a missing zone is taken from the first send window that applies to the lane."""
        known = self._known.get((direction, contact))
        if known is None:
            place = place_of(self.timeline, direction, contact)
            known = self._known[direction, contact] = (place, self._answer(direction, place))
        if known[0] is None:
            fallback = _fallback(lane, known[1].truths)
            if fallback is not None:
                _, country, region = _recipient(self.timeline, direction, contact)
                place = find_place(fallback, country, region)
                return place, self._answer(direction, place)
        return known

    def _answer(self, direction: Direction, place: Place | None) -> Answer:
        answer = self._answers.get((direction, place))
        if answer is None:
            answer = self._answers[direction, place] = self._matcher.match(Case(self.timeline, direction, place))
        return answer


def place_of(timeline: Timeline, direction: Direction, contact: str | None) -> Place | None:
    """Where the recipient is; None where no zone is given or it does not exist."""
    timezone, country, region = _recipient(timeline, direction, contact)
    return find_place(timezone, country, region) if timezone is not None else None


def every_place(timeline: Timeline, fallbacks: Iterable[str]) -> list[Place]:
    """Every place that something of an application may be decided for; `fallbacks` are zones where none is known."""
    recipients = [_recipient(timeline, "employer_to_candidate", None)]
    for contact in (None, *(one.id for one in timeline.application.contacts)):
        recipients.append(_recipient(timeline, "candidate_to_employer", contact))
    wanted = dict.fromkeys(
        (zone, country, region)
        for named, country, region in recipients
        for zone in (named, *fallbacks)
        if zone is not None
    )
    return [place for one in wanted if (place := find_place(*one)) is not None]


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
