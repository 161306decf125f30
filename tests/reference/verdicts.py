"""What each rule says of one occasion: stops, limits, cooldowns and the steps of the follow-up itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from .clock import HORIZON, Length, Window, add, business_time, length_of, zone_of
from .conditions import F, Z, evaluate, promised_moment
from .timeline import (
    READER,
    Case,
    Json,
    Touch,
    is_message_from,
    names_in,
    narrowed_names,
    part,
    when_of,
)

STATUS_STOPS = ("rejected", "withdrawn", "hired")


@dataclass(frozen=True)
class Wait:
    """A verdict `wait`; `until` None is business time that never comes."""

    reason: str
    until: datetime | None
    rule: Json


def is_narrowed_away(rule: Json, case: Case) -> bool:
    """'Optional `direction` and `follow_up` (a name or a list) that narrow it.'"""
    names = narrowed_names(rule)
    if rule.get("direction") not in (None, case.direction):
        return True
    return names is not None and case.rule["follow_up"] not in names


def applies(rule: Json, case: Case) -> bool:
    """A restricting rule applies unless its `when` is false; zone-unknown is a hold instead, so not here."""
    return not is_narrowed_away(rule, case) and evaluate(rule.get("when"), case) not in (F, Z)


def lacks_zone(rule: Json, case: Case) -> bool:
    """A restricting rule whose `when` is unknown only for want of the time zone: hold, unknown_timezone."""
    return not is_narrowed_away(rule, case) and evaluate(rule.get("when"), case) == Z


def of_kind(kind: str, case: Case) -> list[Json]:
    return [rule for rule in case.world.rules if rule["kind"] == kind]


def settle_place(case: Case) -> None:
    """Give the case its zone (own, or the fallback of the first applicable window) and its windows."""
    if case.place.zone is None:
        fallback = zone_of(_fallback_timezone(case))
        case.place = type(case.place)(fallback, case.place.country, case.place.region)
    rules = [rule for rule in of_kind("send_window", case) if applies(rule, case)]
    case.windows = [Window(rule, case.place) for rule in rules]


def _fallback_timezone(case: Case) -> Any:
    """'`fallback_timezone` of the first applicable send window', judged while the zone is unknown."""
    for rule in of_kind("send_window", case):
        if lacks_zone(rule, case):
            return None
        if applies(rule, case):
            return rule.get("fallback_timezone")
    return None


def first_stop(case: Case) -> tuple[Json, str] | None:
    """The first stop rule that stops this occasion, and the name on which it does."""
    for rule in of_kind("stop", case):
        if applies(rule, case):
            for name in rule["on"]:
                if _stops(name, rule.get("since", "anchor"), case):
                    return rule, name
    return None


def _stops(name: str, since: str, case: Case) -> bool:
    if name == "opted_out":  # counts always, whatever `since`
        return _is_opted_out(case)
    if name in STATUS_STOPS and case.application.get("status") == name:
        return True  # "also stop while they are the current status, whatever `since`"
    events = [e for e in case.events if since == "ever" or when_of(e) > when_of(case.anchor)]
    if name == "reply":
        return any(is_message_from(event, READER[case.direction]) for event in events)
    return any(event["type"] == name for event in events)


def _is_opted_out(case: Case) -> bool:
    """For all applications of the candidate, until a strictly later `opted_in` in any of them."""
    candidate = part(case.application, "candidate").get("id")
    same = [
        index
        for index, other in enumerate(case.world.applications)
        if index == case.index or (candidate is not None and part(other, "candidate").get("id") == candidate)
    ]
    events = [event for index in same for event in case.world.events[index]]
    outs = [when_of(event) for event in events if event["type"] == "opted_out"]
    ins = [when_of(event) for event in events if event["type"] == "opted_in"]
    return bool(outs) and not any(moment > max(outs) for moment in ins)


def touches_of_occasion(case: Case) -> list[Touch]:
    """Touches after the anchor, to that contact or to nobody named (to anybody, where the occasion has none),
    that carry this `follow_up` or none."""
    return [
        touch
        for touch in case.world.touches(case.index, case.direction)
        if touch.at > when_of(case.anchor)
        and (case.contact is None or not touch.contacts or case.contact in touch.contacts)
        and touch.label in (None, case.rule["follow_up"])
    ]


def steps_of(rule: Json) -> list[Json]:
    return list(rule["steps"]) if "steps" in rule else [rule]


def plus(start: datetime, length: Length, case: Case, horizon: timedelta = HORIZON) -> datetime | None:
    return add(start, length, case.place, business_time(case.place, case.windows), horizon)


def base_of_step(case: Case, sent: list[Touch]) -> datetime:
    """'The first step counts from the anchor, each later one from the touch before it.'"""
    if sent:
        return sent[-1].at
    if case.anchor["type"] == "decision_promised":
        moment = promised_moment(case.anchor["by"], case.place)
        assert moment is not None
        return moment
    return when_of(case.anchor)


def limit_stop(case: Case) -> Json | None:
    """The first limit without `within` that is reached."""
    for rule in of_kind("limit", case):
        if "within" in rule or not applies(rule, case):
            continue
        if len(_limited_touches(rule, case)) >= rule["at_most"]:
            return rule
    return None


def _limited_touches(rule: Json, case: Case) -> list[Touch]:
    """The touches a limit counts by `since`; strictly after the reply or the anchor."""
    touches = case.scoped_touches(rule)
    since = rule.get("since")
    if since == "anchor":
        return [touch for touch in touches if touch.at > when_of(case.anchor)]
    reply = case.last_scoped_reply(rule) if since == "reply" else None
    return [touch for touch in touches if reply is None or touch.at > reply]


def limit_waits(case: Case, expires: datetime) -> list[Wait]:
    """With `within`: wait until fewer than `at_most` touches remain in the rolling window."""
    waits = []
    for rule in of_kind("limit", case):
        if "within" in rule and applies(rule, case):
            within = length_of(rule["within"])
            touches = _limited_touches(rule, case)
            ends = [plus(touch.at, within, case, _until(expires, touch)) for touch in touches]
            remaining = [end for end in ends if end is None or end > case.now]
            if len(remaining) >= rule["at_most"]:
                waits.append(Wait("limit_reached", _when_fewer(remaining, rule["at_most"]), rule))
    return waits


def _until(expires: datetime, touch: Touch) -> timedelta:
    """How far business hours need to be looked for: what is over after `expires` is as good as never over."""
    return expires - touch.at + timedelta(minutes=1)


def _when_fewer(ends: list[datetime | None], at_most: int) -> datetime | None:
    """The first moment at which fewer than `at_most` of these ends are still ahead."""
    known = sorted(end for end in ends if end is not None)
    for moment in known:
        if sum(end is None or end > moment for end in ends) < at_most:
            return moment
    return None


def cooldown_waits(case: Case, expires: datetime) -> list[Wait]:
    """Wait until the cooldown since the last touch is over; at exactly its end it is over."""
    waits = []
    for rule in of_kind("cooldown", case):
        if applies(rule, case):
            touches = case.scoped_touches(rule)
            if touches:
                length = _stretched(rule, touches, case)
                end = plus(touches[-1].at, length, case, _until(expires, touches[-1]))
                if end is None or end > case.now:
                    waits.append(Wait("cooldown", end, rule))
    return waits


def _stretched(rule: Json, touches: list[Touch], case: Case) -> Length:
    """The wait after the n-th touch since the last reply is multiplied by backoff^(n-1), rounded up."""
    length = length_of(rule["at_least"])
    reply = case.last_scoped_reply(rule)
    count = max(1, sum(reply is None or touch.at > reply for touch in touches))
    factor = Fraction(str(rule.get("backoff", 1))) ** (count - 1)
    return Length(ceil(length.amount * factor), length.unit)


def occasions_of(case_events: list[Json], rule: Json) -> tuple[Json, list[tuple[str, str | None]]] | None:
    """The anchor of a follow-up and its occasions (name, contact); None without such an event.

    'For candidate_to_employer an anchor with several contacts makes one occasion each, named e2/u-3; with one
    or none, and in the other direction, e2.'
    """
    anchors = [event for event in case_events if _is_anchor(event, rule)]
    if not anchors:
        return None
    anchor, contacts = anchors[-1], names_in(anchors[-1])
    if rule["direction"] == "employer_to_candidate" or not contacts:
        return anchor, [(anchor["id"], None)]
    if len(contacts) == 1:
        return anchor, [(anchor["id"], contacts[0])]
    return anchor, [(f"{anchor['id']}/{contact}", contact) for contact in contacts]


def _is_anchor(event: Json, rule: Json) -> bool:
    if rule["after"] == "reply":
        return is_message_from(event, READER[rule["direction"]])
    return bool(event["type"] == rule["after"])
