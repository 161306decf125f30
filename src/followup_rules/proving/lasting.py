"""What cannot be seen in one decision: waits that lead nowhere, and messages that a property demands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Final, NamedTuple

from followup_rules.model.decision import Decision
from followup_rules.model.words import DIRECTIONS, READER, WRITER, Direction
from followup_rules.policy import Policy
from followup_rules.proving.clock import plus
from followup_rules.proving.field import Look
from followup_rules.proving.histories import History, Profile
from followup_rules.proving.holding import View, holds
from followup_rules.proving.monitor import Breach
from followup_rules.proving.seen import Past, Seen
from followup_rules.rules.properties import Always, Property
from followup_rules.rules.restrictions import Stop


class Lack(NamedTuple):
    """A message that a property demands and that nobody sends: whose, which way, since when, by when."""

    item: Property
    claim: Always
    number: int
    direction: Direction
    event: Past
    deadline: datetime


Plans = Callable[[History, datetime], Sequence[Decision]]
_MOST_HOPS: Final = 60


def dead_waits(policy: Policy, looks: Sequence[Look]) -> Iterator[tuple[datetime, Breach]]:
    """Waits for a moment at which, although nothing happened, nothing is sent and nobody waits on."""
    at = {look.now: look for look in looks}
    for look in looks:
        # What this plan sends counts for what it lets wait; such a wait is for when the message is really sent.
        sent = {one.direction for one in look.plans[0] if one.decision in ("send", "revise")}
        for decision in look.plans[0]:
            if decision.decision != "wait" or decision.moment is None or decision.direction in sent:
                continue
            if decision.moment <= look.now:
                rule = policy.rule(decision.rule)
                assert rule is not None  # noqa: S101
                text = f"'{rule.id}' waits for a moment that is over"
                yield look.now, Breach("FR805", rule, text, decision)
                continue
            then = at.get(decision.moment)
            if then is not None and _leads_nowhere(decision, then.plans[0]):
                rule = policy.rule(decision.rule)
                assert rule is not None  # noqa: S101
                text = f"'{rule.id}' waits for a moment at which there is nothing to send"
                yield look.now, Breach("FR805", rule, text, decision)


def _leads_nowhere(waiting: Decision, plan: Sequence[Decision]) -> bool:
    if any(one.decision in ("send", "revise") for one in plan):
        return False
    now = [one for one in plan if _key(one) == _key(waiting)]
    return all(one.decision == "stop" for one in now)


def _key(decision: Decision) -> tuple[str, str, str, str]:
    return decision.application, decision.follow_up, decision.direction, decision.occasion


def omissions(
    policy: Policy, profile: Profile, history: History, until: datetime, plans: Plans, *, closely: bool = False
) -> Iterator[Lack]:
    """Messages that an `always` property demands and that are never decided.

    Args:
        closely: look every half hour too, as before a counterexample is told.
    """
    for item in policy.properties:
        if item.always is None:
            continue
        seen = Seen(profile, history, history[-1].at)
        for number in range(profile.applications):
            for way in DIRECTIONS if item.always.direction is None else (item.always.direction,):
                found = _omitted(policy, item.always, seen, number, way, until, plans, closely)
                if found is not None:
                    yield Lack(item, item.always, number, way, *found)


def _omitted(
    policy: Policy, claim: Always, seen: Seen, number: int, way: Direction, until: datetime, plans: Plans, closely: bool
) -> tuple[Past, datetime] | None:
    names = {rule.follow_ups[0] for rule in policy.rules if rule.kind == "follow_up" and rule.direction == way}
    events = seen.of_type(number, claim.after, way)
    place = seen.place(way, None)
    if not events or place is None or not names & {*claim.send}:
        return None
    event = events[-1]
    deadline = plus(event.at, claim.within, place)
    if deadline is None or deadline > until or seen.now > deadline:
        return None
    then = Seen(seen.profile, seen.history, deadline)
    if claim.when is not None and holds(claim.when, View(then, number, way, place)) is not True:
        return None
    if _is_excused(policy, claim, seen, number, way, event):
        return None
    if _is_ever_sent(claim, seen, number, way, event, deadline, plans, closely):
        return None
    return event, deadline


def _is_excused(policy: Policy, claim: Always, seen: Seen, number: int, way: Direction, event: Past) -> bool:
    """Sent by hand, stopped, held or closed since the event; the words of every stop rule count."""
    if seen.status[number] != "active" or any(
        one.symbol.type == "status" and one.at >= event.at for one in seen.history
    ):
        return True
    written = seen.messages(number, WRITER[way])
    if any(one.at > event.at and (one.label is None or one.label in claim.send) for one in written):
        return True
    rules = [
        rule for rule in policy.rules if isinstance(rule, Stop) and any(rule.covers(one, way) for one in claim.send)
    ]
    words = {word: rule.since for rule in rules for word in rule.on}
    for word, since in words.items():
        found = seen.messages(number, READER[way]) if word == "reply" else seen.of_type(number, word, way)
        if any(one.at >= event.at or since == "ever" or word == "opted_out" for one in found if one.id != event.id):
            return True
    return any(one.type == "opted_out" for others in seen.events for one in others)


def _is_ever_sent(
    claim: Always, seen: Seen, number: int, way: Direction, event: Past, deadline: datetime, plans: Plans, closely: bool
) -> bool:
    """True where the message is decided, or held, at some moment from the event to the deadline."""
    todo = sorted({event.at, deadline, *(one.at for one in seen.history if one.at > event.at)})
    step = timedelta(minutes=30) if closely else timedelta(hours=24)
    moment = event.at + step
    while moment < deadline:
        heappush(todo, moment)
        moment += step
    known, hops = set(todo), 0
    while todo:
        now = heappop(todo)
        past = tuple(one for one in seen.history if one.at <= now)
        for decision in plans(past, now):
            if int(decision.application.partition("-")[2]) != number + 1 or decision.direction != way:
                continue
            if decision.follow_up not in claim.send:
                continue
            if decision.decision in ("send", "revise", "hold"):
                return True
            moment = decision.moment or now
            if now < moment <= deadline and moment not in known and hops < _MOST_HOPS:
                hops += 1
                known.add(moment)
                heappush(todo, moment)
    return False
