"""Random conditions, valid under the contract: every operator, nesting, patterns, mixed attributes."""

from __future__ import annotations

from typing import Any

from .choose import Choose, chance, pick, some

Json = dict[str, Any]
FOLLOW_UPS = ("thank_you", "status_check", "nudge")
CONTACTS = ("u-1", "u-2", "u-3")
STAGES = ("onsite", "screen", "offer", "site")
STATUSES = ("active", "on_hold", "rejected", "withdrawn", "hired")
CHANNELS = ("email", "phone")
EVENT_TYPES = (
    "message",
    "interview_completed",
    "applied",
    "interview_scheduled",
    "interview_canceled",
    "decision_promised",
    "stage_changed",
    "meeting_booked",
    "offer_made",
    "rejected",
    "withdrawn",
    "hired",
    "opted_out",
    "opted_in",
    "bounced",
    "note",
)
TEXT_FACTS: dict[str, tuple[str, ...]] = {
    "stage": STAGES,
    "job.sector": ("technology", "health"),
    "job.company": ("Northwind", "Contoso"),
    "job.country": ("US", "DE"),
    "candidate.country": ("US", "DE", "IN"),
    "candidate.timezone": ("Europe/Berlin", "Asia/Kolkata"),
    "candidate.id": ("c-1", "c-2"),
}
COUNTS = ("touches", "replies", "unanswered_touches", "interviews")
ATTRIBUTES = ("referral", "score", "tier", "tags", "meta", "gone")
ATTRIBUTE_VALUES: tuple[Any, ...] = (True, False, 0, 1, 2.5, 7, "gold", "go", "1", "")
ORDERING = ("at_least", "at_most", "more_than", "less_than")
WITHINS = (
    "0 days",
    "90 minutes",
    "1 hour",
    "24 hours",
    "1 day",
    "3 days",
    "1 week",
    "2 business days",
    "1 business day",
    "4 business hours",
    "10 business hours",
)


def build_when(choose: Choose, depth: int = 2) -> Json:
    """A mapping of one to three entries."""
    when: Json = {}
    for _ in range(1 + chance(choose, 30) + chance(choose, 10)):
        key, test = _entry(choose, depth)
        when[key] = test
    return when


def _entry(choose: Choose, depth: int) -> tuple[str, Any]:
    if depth and chance(choose, 35):
        key = pick(choose, ("not", "all", "any"))
        if key == "not":
            return key, build_when(choose, depth - 1)
        return key, [build_when(choose, depth - 1) for _ in range(choose.integer(1, 3))]
    if chance(choose, 30):
        key = pick(choose, ("happened", "not_happened"))
        if chance(choose, 20):
            return key, [build_pattern(choose) for _ in range(choose.integer(1, 2))]
        return key, build_pattern(choose)
    return pick(choose, (_text, _status, _count, _since, _promised, _attribute))(choose)


def _test(choose: Choose, constants: tuple[Any, ...], operators: tuple[str, ...]) -> Any:
    """A value, a list, or one or two operators."""
    form = choose.integer(0, 3)
    if form == 0:
        return pick(choose, constants)
    if form == 1:
        return some(choose, constants, 1, 3)
    return {operator: _constant(choose, operator, constants) for operator in some(choose, operators, 1, 2)}


def _constant(choose: Choose, operator: str, constants: tuple[Any, ...]) -> Any:
    if operator == "present":
        return chance(choose, 50)
    if operator in ("one_of", "none_of"):
        return some(choose, constants, 1, 3)
    if operator in ORDERING:
        return pick(choose, tuple(c for c in constants if type(c) in (int, float)) or (1,))
    return pick(choose, constants)


EQUALITY = ("is", "is_not", "one_of", "none_of", "present")


def _text(choose: Choose) -> tuple[str, Any]:
    name = pick(choose, tuple(TEXT_FACTS))
    return name, _test(choose, TEXT_FACTS[name], (*EQUALITY, "contains"))


def _status(choose: Choose) -> tuple[str, Any]:
    return "status", _test(choose, STATUSES, EQUALITY)


def _count(choose: Choose) -> tuple[str, Any]:
    return pick(choose, COUNTS), _test(choose, (0, 1, 2, 3), (*EQUALITY, *ORDERING))


def _since(choose: Choose) -> tuple[str, Any]:
    fact = pick(choose, ("hours_since", "business_days_since"))
    constants = (24, 1, 48, 72, 2, 200) if fact == "hours_since" else (1, 0, 2, 3, 5)
    return f"{fact}.{pick(choose, EVENT_TYPES)}", _test(choose, constants, (*ORDERING, *EQUALITY))


def _promised(choose: Choose) -> tuple[str, Any]:
    return "promised_by_passed", _test(choose, (True, False), ("is", "is_not", "present"))


def _attribute(choose: Choose) -> tuple[str, Any]:
    name = f"attributes.{pick(choose, ATTRIBUTES)}"
    return name, _test(choose, ATTRIBUTE_VALUES, (*EQUALITY, *ORDERING, "contains"))


def build_pattern(choose: Choose) -> Json:
    """A pattern with the keys that suit its event."""
    event = pick(choose, ("message", "reply", *EVENT_TYPES[:8], "opted_out", "note"))
    pattern: Json = {"event": event}
    if event == "message":
        pattern.update(_message_keys(choose))
    if event == "stage_changed" and chance(choose, 50):
        pattern["to"] = pick(choose, STAGES)
    if chance(choose, 12):
        pattern["contact"] = pick(choose, CONTACTS)
    if chance(choose, 30):
        pattern["after"] = pick(choose, EVENT_TYPES[:8])
    if chance(choose, 40):
        pattern["within"] = pick(choose, WITHINS)
    return pattern


def _message_keys(choose: Choose) -> Json:
    keys: Json = {}
    if chance(choose, 60):
        keys["from"] = pick(choose, ("candidate", "employer"))
    if chance(choose, 15):
        keys["channel"] = pick(choose, CHANNELS)
    if chance(choose, 15):
        keys["follow_up"] = pick(choose, (*FOLLOW_UPS, "none"))
    if chance(choose, 15):
        keys["auto_reply"] = chance(choose, 60)
    return keys
