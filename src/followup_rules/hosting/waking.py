"""When a timer must look at a record again, because time alone may change what is decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final

from followup_rules.facts import Timeline
from followup_rules.judge.occasions import every_place
from followup_rules.model.decision import Decision
from followup_rules.model.words import ENDED
from followup_rules.policy import Policy
from followup_rules.rules.conditions import Pattern, Test, atoms
from followup_rules.rules.restrictions import SendWindow
from followup_rules.timing.place import Place
from followup_rules.timing.reckon import later_by, later_by_clock, usual_hours
from followup_rules.timing.zones import to_utc

OFTEN: Final = timedelta(hours=1)
"""How often is looked where rules count across applications: what others do is not known beforehand."""

_JUST_AFTER: Final = timedelta(microseconds=1)


class Waking:
    """What of a policy changes by time alone, worked out once."""

    def __init__(self, policy: Policy) -> None:
        self._across = policy.counts_across
        found = dict.fromkeys(atom for one in policy.conditions for atom in atoms(one))
        self._patterns = [one for one in found if isinstance(one, Pattern) and one.within is not None]
        self._tests = [one for one in found if isinstance(one, Test) and one.operator not in ("present", "contains")]
        windows = (rule for rule in policy.rules if isinstance(rule, SendWindow))
        self._fallbacks = [rule.fallback_timezone for rule in windows if rule.fallback_timezone is not None]

    def again(self, timeline: Timeline, decisions: Iterable[Decision]) -> datetime | None:
        """The moment, later than now, before which time alone changes nothing that is not stopped; None for never.

        Where rules count across applications it is at most an hour away.
        """
        now = timeline.now
        # What a host knows beforehand, as an interview of next week, is not seen before it happens.
        found = [event.at for event in timeline.application.events]
        for decision in decisions:
            found += _of_decision(decision)
        if timeline.application.status not in ENDED:
            found += self._of_conditions(timeline)
            if self._across:
                found.append(now + OFTEN)
        return min((one for one in found if one > now), default=None)

    def _of_conditions(self, timeline: Timeline) -> Iterator[datetime]:
        places = every_place(timeline, self._fallbacks)
        for pattern in self._patterns:
            yield from _end_of(pattern, timeline, places)
        for test in self._tests:
            yield from _of_test(test, timeline, places)


def _of_decision(decision: Decision) -> Iterator[datetime]:
    if decision.decision == "stop":
        return
    evidence = decision.evidence
    # Both are still in time at their own instant.
    yield from (one + _JUST_AFTER for one in (evidence.due(), evidence.expires()) if one is not None)
    if decision.decision == "wait" and decision.moment is not None:
        yield decision.moment
    shuts = evidence.shuts() if decision.decision in ("send", "revise") else None
    if shuts is not None:
        yield shuts


def _end_of(pattern: Pattern, timeline: Timeline, places: Sequence[Place]) -> Iterator[datetime]:
    """When events cease to be within the length of a pattern."""
    length, kind = pattern.within, "message" if pattern.event == "reply" else pattern.event
    assert length is not None  # noqa: S101  (others are left out)
    for event in timeline.events:
        if event.type == kind:
            ends = [later_by_clock(event.at, length)] if length.elapsed else []
            if not length.elapsed:
                ends = [later_by(event.at, length, place, partial(usual_hours, place)) for place in places]
            yield from (one for one in ends if one is not None)


def _of_test(test: Test, timeline: Timeline, places: Sequence[Place]) -> Iterator[datetime]:
    """When the answer to a test that reads the clock changes next."""
    family, _, kind = test.fact.partition(".")
    if family == "promised_by_passed":
        promise = timeline.latest.get("decision_promised")
        if promise is not None and isinstance(promise.by, datetime):
            yield promise.by + _JUST_AFTER
        elif promise is not None:
            yield from (place.promised(promise) + _JUST_AFTER for place in places)
    latest = timeline.latest.get(kind)
    if family == "hours_since" and latest is not None:
        for value in test.values:
            if isinstance(value, int | float):
                moment = latest.at + timedelta(hours=float(value))
                yield from (moment, moment + _JUST_AFTER)
    if family == "business_days_since" and latest is not None:
        for place in places:
            tomorrow = place.today(timeline.now) + timedelta(days=1)
            yield to_utc(datetime.combine(tomorrow, time()), place.zone)
