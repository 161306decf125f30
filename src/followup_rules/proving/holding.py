"""The monitor's own reading of conditions, with three values: True, False, and None for unknown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

from followup_rules.model.words import READER, Direction
from followup_rules.proving.clock import Where, is_business, plus
from followup_rules.proving.seen import Past, Seen, promised
from followup_rules.rules import conditions as c

_MISSING: Final = object()
_HOUR: Final = timedelta(hours=1)


class View(NamedTuple):
    """One application, looked at in a direction, with its recipient somewhere."""

    seen: Seen
    number: int
    direction: Direction
    place: Where


def holds(condition: c.Condition | None, view: View) -> bool | None:
    """Whether a condition holds; None where that is not known."""
    if condition is None:
        return True
    if isinstance(condition, c.Not):
        inner = holds(condition.item, view)
        return None if inner is None else not inner
    if isinstance(condition, c.All | c.Any):
        settling = isinstance(condition, c.Any)
        answers = [holds(item, view) for item in condition.items]
        if settling in answers:
            return settling
        return None if None in answers else not settling
    return _test(condition, view) if isinstance(condition, c.Test) else _pattern(condition, view)


def _test(test: c.Test, view: View) -> bool | None:
    value = _value(test.fact, view)
    if test.operator == "present":
        return (value is not _MISSING) == test.values[0]
    if value is _MISSING:
        return None
    if test.operator == "one_of":
        if isinstance(value, str):
            return value in test.values
        return any(_equal(value, one) for one in test.values)
    wanted = test.values[0]
    if test.operator == "contains":
        if isinstance(value, list):
            return any(_equal(one, wanted) for one in value)
        return wanted in value if isinstance(value, str) and isinstance(wanted, str) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or isinstance(wanted, str):
        return None
    return {
        "at_least": value >= wanted, "at_most": value <= wanted,
        "more_than": value > wanted, "less_than": value < wanted,
    }[test.operator]  # fmt: skip


def _equal(left: Any, right: Any) -> bool:
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _value(fact: str, view: View) -> Any:
    seen, number = view.seen, view.number
    family, _, rest = fact.partition(".")
    if family in ("candidate", "job"):
        source = seen.profile.candidate if family == "candidate" else seen.profile.job
        return source.get(rest, _MISSING)
    if family == "attributes":
        return _inside(seen.profile.attributes, rest)
    if family in ("hours_since", "business_days_since"):
        return _since(family, rest, view)
    touches, replies = seen.touches(number, view.direction), seen.replies(number, view.direction)
    written = [one for one in touches if one not in [sent for _, sent in seen.planned]]
    if fact == "promised_by_passed":
        promises = seen.of_type(number, "decision_promised", view.direction)
        return seen.now > promised(promises[-1], view.place) if promises else _MISSING
    values = {
        "stage": seen.profile.stage if seen.profile.stage is not None else _MISSING,
        "status": seen.status[number],
        "interviews": len(seen.of_type(number, "interview_completed", view.direction)),
        "touches": len(written),
        "replies": len(replies),
        "unanswered_touches": sum(not replies or one.at > replies[-1].at for one in written),
    }
    return values[fact]


def _since(family: str, event: str, view: View) -> Any:
    found = view.seen.of_type(view.number, event, view.direction)
    if not found:
        return _MISSING
    if family == "hours_since":
        return (view.seen.now - found[-1].at) / _HOUR
    zone = view.place.zone
    day, today = found[-1].at.astimezone(zone).date(), view.seen.now.astimezone(zone).date()
    dates = (day + timedelta(days=ahead) for ahead in range(1, (today - day).days + 1))
    return sum(is_business(view.place.country, view.place.region, one) for one in dates)


def _inside(attributes: dict[str, Any], name: str) -> Any:
    if name in attributes:
        return attributes[name]
    value: Any = attributes
    for key in name.split("."):
        if not isinstance(value, dict) or value.get(key) is None:
            return _MISSING
        value = value[key]
    return value


def _pattern(pattern: c.Pattern, view: View) -> bool | None:
    events = view.seen.events[view.number]
    if pattern.after is not None:
        before = view.seen.of_type(view.number, pattern.after, view.direction)
        if not before:
            return None
        events = [one for one in events if one.at > before[-1].at]
    return any(_looks_like(pattern, one, view) for one in events)


def _looks_like(pattern: c.Pattern, event: Past, view: View) -> bool:
    wanted = "message" if pattern.event == "reply" else pattern.event
    if event.type != wanted or event.auto != pattern.auto_reply:
        return False
    if pattern.event == "reply" and event.from_ != READER[view.direction]:
        return False
    if pattern.within is not None:
        end = plus(event.at, pattern.within, view.place)
        if end is not None and end <= view.seen.now:
            return False
    pairs = ((pattern.from_, event.from_), (pattern.channel, event.text), (pattern.to, event.text))
    return (
        all(asked is None or asked == given for asked, given in pairs)
        and (pattern.follow_up is None or pattern.follow_up == event.label)
        and (pattern.contact is None or pattern.contact in event.named)
    )
