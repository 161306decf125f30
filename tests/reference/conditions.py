"""Conditions: Kleene's three values, and a fourth for 'unknown only for want of the time zone'."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from .clock import Place, add, business_time, length_of, moment_of, wall
from .timeline import READER, WRITER, Case, Json, is_message_from, names_in, part, when_of

T, F, U, Z = "true", "false", "unknown", "zone_unknown"
MISSING = object()
NEEDS_ZONE = object()
END_OF_DAY = time(23, 59, 59)


def conjunction(values: list[str]) -> str:
    """Any false: false; else any unknown: unknown; else any zone-unknown: zone-unknown; else true."""
    return next((value for value in (F, U, Z) if value in values), T)


def disjunction(values: list[str]) -> str:
    return next((value for value in (T, U, Z) if value in values), F)


def negation(value: str) -> str:
    return {T: F, F: T}.get(value, value)


def evaluate(when: Json | None, case: Case) -> str:
    """'A mapping of fact to test, all of which must hold'; no `when` at all holds."""
    return conjunction([_entry(key, test, case) for key, test in (when or {}).items()])


def _entry(key: str, test: Any, case: Case) -> str:
    if key == "all":
        return conjunction([evaluate(inner, case) for inner in test])
    if key == "any":
        return disjunction([evaluate(inner, case) for inner in test])
    if key == "not":
        return negation(evaluate(test, case))
    if key in ("happened", "not_happened"):
        results = [_pattern(p, case) for p in (test if isinstance(test, list) else [test])]
        return conjunction(results if key == "happened" else [negation(result) for result in results])
    return _fact_test(key, test, case)


def _fact_test(name: str, test: Any, case: Case) -> str:
    """A test is a value (equal), a list (one of), or operators, all of which must hold."""
    if isinstance(test, list):
        test = {"one_of": test}
    elif not isinstance(test, dict):
        test = {"is": test}
    value = fact(name, case)
    return conjunction([_operator(operator, value, constant) for operator, constant in test.items()])


def _operator(operator: str, value: Any, constant: Any) -> str:
    if operator == "present":  # the only test of a missing fact that is not unknown; it never needs the zone
        return _truth((value is not MISSING) == constant)
    if value is MISSING:
        return U
    if value is NEEDS_ZONE:
        return Z
    if operator in ("is", "is_not"):
        return _truth(same(value, constant) == (operator == "is"))
    if operator in ("one_of", "none_of"):
        return _truth(any(same(value, each) for each in constant) == (operator == "one_of"))
    if operator == "contains":
        return _contains(value, constant)
    return _ordering(operator, value, constant)


def _truth(value: bool) -> str:
    return T if value else F


def _contains(value: Any, constant: Any) -> str:
    if isinstance(value, list):
        return _truth(any(same(each, constant) for each in value))
    if isinstance(value, str) and isinstance(constant, str):
        return _truth(constant in value)
    return U


def _ordering(operator: str, value: Any, constant: Any) -> str:
    if not (_is_number(value) and _is_number(constant)):
        return U
    return _truth(
        {
            "at_least": value >= constant,
            "at_most": value <= constant,
            "more_than": value > constant,
            "less_than": value < constant,
        }[operator]
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def same(left: Any, right: Any) -> bool:
    """Equality that is false across types: `true` is not 1, text is case-sensitive, 1 is 1.0."""
    if _is_number(left) and _is_number(right):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and bool(left == right)


def fact(name: str, case: Case) -> Any:
    """The value of a fact, MISSING, or NEEDS_ZONE; a null is a missing fact."""
    head, _, tail = name.partition(".")
    if head in ("candidate", "job", "attributes"):
        value = part(case.application, head).get(tail)
        return MISSING if value is None else value
    if head in ("stage", "status"):
        value = case.application.get(head)
        return MISSING if value is None else value
    if head == "interviews":
        return sum(event["type"] == "interview_completed" for event in case.events)
    if head == "hours_since":
        event = latest(case.events, tail)
        return MISSING if event is None else Fraction(_microseconds(case.now - when_of(event)), 3_600_000_000)
    if head == "business_days_since":
        return _business_days_since(tail, case)
    if head == "promised_by_passed":
        return _promised_by_passed(case)
    return _message_count(head, case)


def _microseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _message_count(name: str, case: Case) -> int:
    touches = [when_of(e) for e in case.events if is_message_from(e, WRITER[case.direction])]
    replies = [when_of(e) for e in case.events if is_message_from(e, READER[case.direction])]
    if name == "touches":
        return len(touches)
    if name == "replies":
        return len(replies)
    assert name == "unanswered_touches", name
    return sum(not replies or touch > replies[-1] for touch in touches)  # strictly since the last reply


def latest(events: list[Json], event_type: str) -> Json | None:
    """The last event of that type in the order (at, id)."""
    return next((event for event in reversed(events) if event["type"] == event_type), None)


def _business_days_since(event_type: str, case: Case) -> Any:
    """Business dates after the event's local date up to and including today."""
    event = latest(case.events, event_type)
    if event is None:
        return MISSING
    if case.place.zone is None:
        return NEEDS_ZONE
    day, count = case.place.local(when_of(event)).date(), 0
    while day < case.place.local(case.now).date():
        day += timedelta(days=1)
        count += case.place.is_business_date(day)
    return count


def promised_moment(by: str, place: Place) -> datetime | None:
    """`by` itself when it is a time, else 23:59:59 of that date for the recipient (None: zone unknown)."""
    if len(by) > len("2026-11-18"):
        return moment_of(by)
    return None if place.zone is None else wall(date.fromisoformat(by), END_OF_DAY, place.zone)


def _promised_by_passed(case: Case) -> Any:
    promise = latest(case.events, "decision_promised")
    if promise is None:
        return MISSING
    moment = promised_moment(promise["by"], case.place)
    return NEEDS_ZONE if moment is None else case.now > moment


def _pattern(pattern: Json, case: Case) -> str:
    """Whether such an event happened; unknown where its `after` event never did."""
    within = length_of(pattern["within"]) if "within" in pattern else None
    start = None
    if "after" in pattern:
        start = _latest_named(pattern["after"], case)
        if start is None:
            return U
    if within is not None and within.needs_zone and case.place.zone is None:
        return Z
    matching = [event for event in case.events if _matches(pattern, event, case)]
    if start is not None:  # "`after` means later than the latest event of that type", strictly
        matching = [event for event in matching if when_of(event) > when_of(start)]
    if within is not None:
        matching = [event for event in matching if _is_within(event, pattern["within"], case)]
    return _truth(bool(matching))


def _latest_named(name: str, case: Case) -> Json | None:
    if name != "reply":
        return latest(case.events, name)
    replies = [event for event in case.events if is_message_from(event, READER[case.direction])]
    return replies[-1] if replies else None


def _matches(pattern: Json, event: Json, case: Case) -> bool:
    if pattern["event"] == "reply":
        if not is_message_from(event, READER[case.direction]):
            return False
    elif event["type"] != pattern["event"]:
        return False
    if bool(event.get("auto_reply", False)) != pattern.get("auto_reply", False):
        return False  # "auto-replies match only with `auto_reply: true`"
    if "contact" in pattern and pattern["contact"] not in names_in(event):
        return False
    keys = [key for key in ("from", "to", "channel", "follow_up") if key in pattern]
    return all(event.get(key) == pattern[key] for key in keys)


def _is_within(event: Json, within: str, case: Case) -> bool:
    """'An event is within while event + length is later than now'; business hours here are 09:00-17:00."""
    place = case.place
    end = add(when_of(event), length_of(within), place, business_time(place, []))
    return end is None or end > case.now
