"""What each restricting rule says of an occasion: stop, wait, or nothing against it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from typing import Final, TypeVar

from followup_rules.judge.occasions import Occasion
from followup_rules.judge.portfolio import OptOut, Portfolio, Touch, scope_of
from followup_rules.matching.truth import Truth
from followup_rules.model.application import Event
from followup_rules.model.decision import Verdict
from followup_rules.model.words import ENDED
from followup_rules.policy import Conditioned, Scope
from followup_rules.rules.base import Restriction
from followup_rules.rules.lengths import LONGEST, Length
from followup_rules.rules.restrictions import Cooldown, Limit, Stop
from followup_rules.timing.reckon import later_by
from followup_rules.timing.schedule import Schedule

_Kind = TypeVar("_Kind", bound=Restriction)
_IN_FORCE: Final = (Truth.TRUE, Truth.UNKNOWN)


def truth_of(one: Conditioned[_Kind], occasion: Occasion) -> Truth:
    """The truth of a rule's condition; true where it has none."""
    return Truth.TRUE if one.condition is None else occasion.answer.truths[one.condition]


def applies(one: Conditioned[_Kind], occasion: Occasion) -> bool:
    """True where a restricting rule is in force: its condition is true or unknown."""
    return one.condition is None or occasion.answer.truths[one.condition] in _IN_FORCE


def nothing_stops(scope: Scope, occasion: Occasion) -> bool:
    """True where no stop rule can have anything to say, seen without asking each of them."""
    timeline, since = occasion.timeline, occasion.anchor.at
    if timeline.application.status in ENDED:
        return False
    replies = timeline.replies(occasion.direction)
    if replies and replies[-1].at > since:
        return False
    latest, ever = timeline.latest, scope.stop_words_ever
    for word in latest.keys() & scope.stop_words:
        if latest[word].at > since or word in ever:
            return False
    return not (replies and "reply" in ever)


class Counted:
    """The touches and replies that rules count for one occasion. `planned` are those of this plan, newest last."""

    def __init__(self, occasion: Occasion, portfolio: Portfolio, planned: Sequence[Touch], across: bool) -> None:
        self._occasion, self._portfolio = occasion, portfolio
        self._own: Sequence[Event | Touch] = occasion.timeline.touches(occasion.direction)
        if planned:
            self._own = [*self._own, *planned]
        self.none_at_all = not self._own and not across
        """True where no touch can be counted by any rule, so that no limit or cooldown has anything to say."""

    def of_occasion(self) -> list[Event | Touch]:
        """Touches that use up a step: after the anchor, to its contact or to nobody, of this name or of none."""
        occasion = self._occasion
        if not self._own:
            return []
        since, contact, name = occasion.anchor.at, occasion.contact, occasion.lane.rule.follow_up
        return [
            touch
            for touch in self._own
            if touch.at > since
            and (touch.follow_up is None or touch.follow_up == name)
            and (contact is None or not touch.named or contact in touch.named)
        ]

    def touches(self, rule: Limit | Cooldown) -> Sequence[Event | Touch]:
        """Touches that a limit or cooldown counts, oldest first."""
        touches = self._own if rule.per == "application" else self._across(rule.per)
        names = rule.follow_up
        if not names or not touches:
            return touches
        return [touch for touch in touches if touch.follow_up is None or touch.follow_up in names]

    def last_reply(self, rule: Limit | Cooldown) -> datetime | None:
        """When the last reply in the rule's scope came; one that names only other contacts does not count."""
        occasion = self._occasion
        replies: Sequence[Event | Touch]
        if rule.per == "application":
            replies = occasion.timeline.replies(occasion.direction)
        else:
            scope = scope_of(rule.per, occasion.timeline.application, occasion.direction, occasion.contact)
            replies = self._portfolio.replies(scope, occasion.direction)
        newest: Iterator[Event | Touch] = reversed(replies)
        for reply in newest:
            if occasion.contact is None or not reply.named or occasion.contact in reply.named:
                return reply.at
        return None

    def _across(self, per: str) -> list[Touch]:
        occasion = self._occasion
        scope = scope_of(per, occasion.timeline.application, occasion.direction, occasion.contact)
        return self._portfolio.touches(scope, occasion.direction)


def stop_verdict(rule: Stop, occasion: Occasion, opt_out: OptOut | None) -> Verdict | None:
    """`stopped`, naming the event, where something that the rule lists happened."""
    application = occasion.timeline.application
    if opt_out is not None and "opted_out" in rule.on:
        elsewhere = opt_out.application != application.id
        event = f"{opt_out.application}:{opt_out.event}" if elsewhere else opt_out.event
        return Verdict(rule, "stop", "stopped", event=event, notes=("opted_out",))
    seen, since = occasion.timeline.latest, None if rule.since == "ever" else occasion.anchor.at
    for name in rule.on:
        latest = occasion.timeline.latest_of("reply", occasion.direction) if name == "reply" else seen.get(name)
        if latest is not None and name != "opted_out" and (since is None or latest.at > since):
            return Verdict(rule, "stop", "stopped", event=latest.id, notes=(name,))
    if application.status in ENDED and application.status in rule.on:
        return Verdict(rule, "stop", "stopped", notes=(f"status {application.status}",))
    return None


def limit_verdict(rule: Limit, occasion: Occasion, counted: Counted, hours: Callable[[], Schedule]) -> Verdict | None:
    """`limit_reached`: a stop, or with `within` a wait until enough touches are past it; `at` None is for ever."""
    touches = counted.touches(rule)
    if len(touches) < rule.at_most:
        return None
    if rule.since is not None:
        since = occasion.anchor.at if rule.since == "anchor" else counted.last_reply(rule)
        if since is not None:
            touches = [touch for touch in touches if touch.at > since]
    if rule.within is None:
        return Verdict(rule, "stop", "limit_reached", counted=len(touches)) if len(touches) >= rule.at_most else None
    if occasion.place is None:
        return None
    now = occasion.timeline.now
    ends = [later_by(touch.at, rule.within, occasion.place, hours) for touch in touches]
    # Sorted, because an evening before a holiday reaches further in business days than the morning after it.
    leaving = sorted(end for end in ends if end is not None and end > now)
    inside = len(leaving) + ends.count(None)
    if inside < rule.at_most:
        return None
    last = inside - rule.at_most
    return Verdict(rule, "wait", "limit_reached", leaving[last] if last < len(leaving) else None, counted=inside)


def cooldown_verdict(
    rule: Cooldown, occasion: Occasion, counted: Counted, hours: Callable[[], Schedule]
) -> Verdict | None:
    """`cooldown`: a wait until enough time has passed since the last touch; `at` None is for ever."""
    touches = counted.touches(rule)
    if not touches or occasion.place is None:
        return None
    length: Length | None = rule.at_least
    count = 1
    if rule.backoff != 1:
        since = counted.last_reply(rule)
        count = max(1, sum(since is None or touch.at > since for touch in touches))
        length = _backed_off(rule.at_least, rule.backoff, count)
    until = later_by(touches[-1].at, length, occasion.place, hours) if length is not None else None
    if until is not None and until <= occasion.timeline.now:
        return None
    return Verdict(rule, "wait", "cooldown", until, counted=count)


def _backed_off(length: Length, backoff: Decimal, count: int) -> Length | None:
    """The length times backoff to the count - 1, rounded up to a whole unit; None beyond all calendars."""
    longest = LONGEST[length.unit]
    if not length.amount:
        return length
    if (count - 1) * math.log(backoff) > math.log(longest) + 1:
        return None
    with localcontext(Context(prec=80)):
        amount = (length.amount * backoff ** (count - 1)).to_integral_value(ROUND_CEILING)
    return None if amount > longest else Length(int(amount), length.unit)
