"""An independent look at every decision to send: may it be sent? It asks nobody who decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_CEILING
from functools import lru_cache
from typing import NamedTuple

from followup_rules.model.decision import Decision
from followup_rules.model.words import ENDED, Direction
from followup_rules.policy import Policy
from followup_rules.proving.clock import Where, is_open, plus, where
from followup_rules.proving.histories import History, Profile
from followup_rules.proving.holding import View, holds
from followup_rules.proving.seen import Past, Seen, Sent, promised
from followup_rules.rules.base import Rule
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.lengths import Length
from followup_rules.rules.properties import Never, Property
from followup_rules.rules.restrictions import Cooldown, Limit, SendWindow, Stop


class Breach(NamedTuple):
    """What a decision breaks: the code, the rule or property that says so, and why, in words."""

    code: str
    rule: Rule | Property
    text: str
    decision: Decision


class Watched(NamedTuple):
    """A decision to send, with all that is looked up about it."""

    decision: Decision
    rule: FollowUp
    anchor: Past
    number: int
    contact: str | None
    place: Where
    view: View
    windows: tuple[SendWindow, ...]

    @property
    def direction(self) -> Direction:
        """Who writes to whom."""
        return self.rule.direction


def breaches(
    policy: Policy, profile: Profile, history: History, now: datetime, plan: Sequence[Decision]
) -> list[Breach]:
    """Everything that the decisions of one plan break."""
    sends = [one for one in plan if one.decision in ("send", "revise")]
    if not sends:
        return []
    seen = Seen(profile, history, now)
    found: list[Breach] = []
    for decision in sends:
        watched = _watched(policy, seen, decision)
        found += [Breach(code, rule, text, decision) for code, rule, text in _checked(policy, seen, watched)]
        named = (watched.contact,) if watched.contact is not None else ()
        seen.planned.append((watched.direction, Sent(watched.number, now, named, watched.rule.follow_up)))
    return found


def _watched(policy: Policy, seen: Seen, decision: Decision) -> Watched:
    rule = policy.rule(decision.rule)
    assert isinstance(rule, FollowUp)  # noqa: S101
    number = seen.number_of(decision.application)
    event, _, contact = decision.occasion.partition("/")
    anchor = next(one for one in seen.events[number] if one.id == event)
    to_employer = rule.direction == "candidate_to_employer"
    contact_id = contact or (anchor.named[0] if to_employer and anchor.named else None)
    place = seen.place(rule.direction, contact_id)
    if place is None:
        place = _fallback(policy, seen, rule)
    view = View(seen, number, rule.direction, place)
    windows = tuple(
        one
        for one in _about(policy, rule.follow_up, rule.direction)
        if isinstance(one, SendWindow) and holds(one.when, view) is not False
    )
    return Watched(decision, rule, anchor, number, contact_id, place, view, windows)


def _fallback(policy: Policy, seen: Seen, rule: FollowUp) -> Where:
    """Whoever sends without a zone must have one from a window; the monitor takes any that is named."""
    names = [
        one.fallback_timezone
        for one in policy.rules
        if isinstance(one, SendWindow) and one.covers(rule.follow_up, rule.direction) and one.fallback_timezone
    ]
    person = seen.profile.candidate if rule.direction == "employer_to_candidate" else seen.profile.job
    found = where(names[0] if names else "UTC", person.get("country"), person.get("region"))
    assert found is not None  # noqa: S101
    return found


_Told = tuple[str, Rule | Property, str]


@lru_cache(maxsize=64)
def _about(policy: Policy, name: str, direction: Direction) -> tuple[Rule, ...]:
    """The rules that hold back a follow-up."""
    return tuple(rule for rule in policy.rules if not isinstance(rule, FollowUp) and rule.covers(name, direction))


def _checked(policy: Policy, seen: Seen, one: Watched) -> Iterator[_Told]:
    name, direction = one.rule.follow_up, one.direction
    for rule in _about(policy, name, direction):
        if rule.condition is not None and holds(rule.condition, one.view) is False:
            continue
        if isinstance(rule, Stop):
            yield from _stop(rule, seen, one)
        elif isinstance(rule, Limit):
            yield from _limit(rule, seen, one)
        elif isinstance(rule, Cooldown):
            yield from _cooldown(rule, seen, one)
        elif isinstance(rule, SendWindow) and not is_open(rule, one.place, seen.now):
            yield "FR803", rule, f"'{rule.id}' is shut"
    if seen.status[one.number] == "on_hold":
        yield "FR802", one.rule, "the application is on hold"
    yield from _step(seen, one)
    for item in policy.properties:
        if item.never is not None and name in item.never.send and item.never.direction in (None, direction):
            yield from _never(item, item.never, one)


def _stop(rule: Stop, seen: Seen, one: Watched) -> Iterator[_Told]:
    for word in rule.on:
        if word == "opted_out":
            numbers = range(seen.profile.applications)
            out = [event.at for number in numbers for event in seen.of_type(number, word, one.direction)]
            back = [event.at for number in numbers for event in seen.of_type(number, "opted_in", one.direction)]
            stopped = bool(out) and not any(at > max(out) for at in back)
        else:
            events = seen.of_type(one.number, word, one.direction)
            stopped = any(rule.since == "ever" or event.at > one.anchor.at for event in events)
            stopped = stopped or (word in ENDED and seen.status[one.number] == word)
        if stopped:
            yield "FR802", rule, f"'{rule.id}' stops it on {word}"


def _counted(rule: Limit | Cooldown, seen: Seen, one: Watched) -> list[Sent]:
    sent = [touch for number in _scope(rule, seen, one) for touch in seen.touches(number, one.direction)]
    if rule.per == "recipient" and one.direction == "candidate_to_employer" and one.contact is not None:
        sent = [touch for touch in sent if not touch.named or one.contact in touch.named]
    if rule.follow_ups:
        sent = [touch for touch in sent if touch.label is None or touch.label in rule.follow_ups]
    return sorted(sent, key=lambda touch: touch.at)


def _scope(rule: Limit | Cooldown, seen: Seen, one: Watched) -> Sequence[int]:
    """The applications of a profile are all of one candidate, for one job, with the same contacts."""
    return [one.number] if rule.per == "application" else range(seen.profile.applications)


def _last_reply(rule: Limit | Cooldown, seen: Seen, one: Watched) -> datetime | None:
    moments = [
        reply.at
        for number in _scope(rule, seen, one)
        for reply in seen.replies(number, one.direction)
        if one.contact is None or not reply.named or one.contact in reply.named
    ]
    return max(moments, default=None)


def _limit(rule: Limit, seen: Seen, one: Watched) -> Iterator[_Told]:
    sent = _counted(rule, seen, one)
    if rule.since is not None:
        since = one.anchor.at if rule.since == "anchor" else _last_reply(rule, seen, one)
        sent = [touch for touch in sent if since is None or touch.at > since]
    if rule.within is not None:
        ends = [plus(touch.at, rule.within, one.place, one.windows) for touch in sent]
        sent = [touch for touch, end in zip(sent, ends, strict=True) if end is None or end > seen.now]
    if len(sent) >= rule.at_most:
        yield "FR801", rule, f"it is number {len(sent) + 1}, and '{rule.id}' allows {rule.at_most}"


def _cooldown(rule: Cooldown, seen: Seen, one: Watched) -> Iterator[_Told]:
    sent = _counted(rule, seen, one)
    if not sent:
        return
    amount = rule.at_least.amount
    if rule.backoff != 1:
        since = _last_reply(rule, seen, one)
        count = max(1, sum(since is None or touch.at > since for touch in sent))
        amount = int((amount * rule.backoff ** (count - 1)).to_integral_value(ROUND_CEILING))
    over = plus(sent[-1].at, Length(amount, rule.at_least.unit), one.place, one.windows)
    if over is None or over > seen.now:
        yield "FR806", rule, f"'{rule.id}' is not over"


def _step(seen: Seen, one: Watched) -> Iterator[_Told]:
    rule, steps = one.rule, one.rule.cadence
    touches = [
        touch
        for touch in seen.touches(one.number, one.direction)
        if touch.at > one.anchor.at
        and touch.label in (None, rule.follow_up)
        and (one.contact is None or not touch.named or one.contact in touch.named)
    ]
    if one.decision.step <= len(touches) or len(touches) >= len(steps):
        yield "FR804", rule, f"step {one.decision.step} was sent before"
        return
    step = steps[len(touches)]
    base = max((touch.at for touch in touches), default=None)
    if base is None:
        base = promised(one.anchor, one.place) if rule.after == "decision_promised" else one.anchor.at
    opens = plus(base, step.opens, one.place, one.windows)
    expires = plus(base, step.expires, one.place, one.windows)
    if opens is None or seen.now < opens:
        yield "FR807", rule, f"step {one.decision.step} is not open yet"
    if expires is None or seen.now > expires:
        yield "FR807", rule, f"step {one.decision.step} has expired"


def _never(item: Property, claim: Never, one: Watched) -> Iterator[_Told]:
    seen, direction = one.view.seen, one.direction
    if claim.when is not None and holds(claim.when, one.view) is not True:
        return
    ends: Sequence[Past] = seen.of_type(one.number, claim.before, direction) if claim.before is not None else ()
    if claim.after is None:
        if not ends:
            yield "FR808", item, _said(item, one)
        return
    for event in seen.of_type(one.number, claim.after, direction):
        over = plus(event.at, claim.within, one.place) if claim.within is not None else None
        inside = claim.within is None or over is None or over > seen.now
        if event.at < seen.now and inside and not any(end.at > event.at for end in ends):
            yield "FR808", item, _said(item, one)
            return


def _said(item: Property, one: Watched) -> str:
    return f"'{item.id}' forbids {one.rule.follow_up}: {item.title}"
