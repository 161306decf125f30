"""The changes that are tried on a rule: its numbers, its lengths, its stops, its limits, what it is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from followup_rules.model.faults import Loc
from followup_rules.model.words import ENDED
from followup_rules.rules.base import Rule
from followup_rules.rules.lengths import LONGEST, Length, Unit, parse_length
from followup_rules.testing.changing import GONE, Change
from followup_rules.testing.nudging_conditions import of_condition
from followup_rules.testing.nudging_windows import of_windows

OTHER_UNIT: Final[dict[Unit, Unit]] = {
    "minutes": "hours", "hours": "business hours", "days": "business days", "weeks": "days",
    "business hours": "hours", "business days": "days",
}  # fmt: skip
_OTHER_ANCHOR: Final = {"applied": "interview_completed", "interview_completed": "applied"}
_PERS: Final = ("application", "candidate", "recipient")


def changes_of(rule: Rule) -> Iterator[Change]:
    """Every change that is tried, in the order in which the rule is written."""
    for key, value in rule.written.items():
        if key in _OF_KEY:
            yield from _OF_KEY[key](key, value)
        elif key in ("direction", "follow_up") and rule.restricts:
            yield from _narrowing(key, value)
    yield from _left_out(rule)


def of_length(loc: Loc, value: Any) -> Iterator[Change]:
    """One unit more, one less, and another unit."""
    length = parse_length(value)
    for amount in (length.amount + 1, length.amount - 1):
        if 0 <= amount <= LONGEST[length.unit]:
            yield change_to(loc, value, str(Length(amount, length.unit)))
    if length.amount:
        yield change_to(loc, value, str(Length(length.amount, OTHER_UNIT[length.unit])))


def change_to(loc: Loc, was: Any, now: Any) -> Change:
    """A value put in place of another."""
    return Change(loc, now, f"`{loc[-1]}: {_text(was)}` changed to `{_text(now)}`", loc)


def taken_out(loc: Loc, value: Any) -> Change:
    """A key and its value, gone."""
    return Change(loc, GONE, f"`{loc[-1]}: {_text(value)}` taken out", loc)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(map(_text, value))}]" if isinstance(value, list) else str(value)


def _length(key: str, value: Any) -> Iterator[Change]:
    yield from of_length((key,), value)


def _within(key: str, value: Any) -> Iterator[Change]:
    yield from of_length((key,), value)
    yield taken_out((key,), value)


def _steps(key: str, value: Any) -> Iterator[Change]:
    for index, step in enumerate(value or ()):
        for name, length in step.items():
            yield from of_length((key, index, name), length)
        if len(value) > 1:
            loc = (key, index)
            yield Change(loc, GONE, f"step {index + 1} taken out", loc)


def _after(key: str, value: Any) -> Iterator[Change]:
    yield change_to((key,), value, _OTHER_ANCHOR.get(value, "applied"))


def _number(key: str, value: Any) -> Iterator[Change]:
    yield change_to((key,), value, value + 1)
    yield change_to((key,), value, value - 1)


def _per(key: str, value: Any) -> Iterator[Change]:
    for per in _PERS:
        if per != value:
            yield change_to((key,), value, per)


def _since(key: str, value: Any) -> Iterator[Change]:
    """Of a stop rule `anchor` or `ever`, of a limit `anchor` or `reply`: what is not valid is left out later."""
    for since in ("anchor", "ever", "reply"):
        if since != value:
            yield change_to((key,), value, since)
    yield taken_out((key,), value)


def _on(key: str, value: Any) -> Iterator[Change]:
    for index, word in enumerate(value):
        yield Change((key, index), GONE, f"`{word}` taken out of `on`", (key, index))


def _flag(key: str, value: Any) -> Iterator[Change]:
    yield change_to((key,), value, not value)


def _zone(key: str, value: Any) -> Iterator[Change]:
    yield change_to((key,), value, "Etc/UTC" if value == "recipient" else "recipient")


def _gone(key: str, value: Any) -> Iterator[Change]:
    yield taken_out((key,), value)


def _narrowing(key: str, value: Any) -> Iterator[Change]:
    yield taken_out((key,), value)
    for index, name in enumerate(value if isinstance(value, list) and len(value) > 1 else ()):
        yield Change((key, index), GONE, f"`{name}` taken out of `{key}`", (key, index))


def _left_out(rule: Rule) -> Iterator[Change]:
    """What a rule does not say holds too, and can be changed."""
    written = rule.written
    if rule.kind == "send_window":
        if "skip_holidays" not in written:
            yield Change(("skip_holidays",), True, "`skip_holidays: true` added", ())
        if "in" not in written:
            yield Change(("in",), "Etc/UTC", "`in: Etc/UTC` added", ())
    if rule.kind == "stop" and "since" not in written and set(written["on"]) - {*ENDED, "opted_out"}:
        yield Change(("since",), "ever", "`since: ever` added", ())


_OF_KEY: Final[dict[str, Callable[[str, Any], Iterator[Change]]]] = {
    "opens": _length, "due": _length, "expires": _length, "steps": _steps, "after": _after, "when": of_condition,
    "at_most": _number, "within": _within, "per": _per, "since": _since, "at_least": _length, "backoff": _number,
    "on": _on, "open": of_windows, "skip_holidays": _flag, "in": _zone, "fallback_timezone": _gone,
}  # fmt: skip
