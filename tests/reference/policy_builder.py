"""Random small policies that are valid under the contract, resolved and in policy order."""

from __future__ import annotations

from typing import Any

from .choose import Choose, chance, pick, some
from .when_builder import FOLLOW_UPS, Json, build_when

DIRECTIONS = ("candidate_to_employer", "employer_to_candidate")
ANCHORS = (
    "interview_completed",
    "interview_completed",
    "interview_completed",
    "applied",
    "reply",
    "decision_promised",
    "decision_promised",
    "stage_changed",
    "offer_made",
    "interview_canceled",
    "note",
)
CADENCES: tuple[tuple[str, tuple[int, ...], int], ...] = (
    ("days", (0, 1, 2, 3, 5, 8), 12),
    ("business days", (0, 1, 2, 3, 5), 10),
    ("hours", (0, 1, 2, 24, 36, 48), 240),
    ("business hours", (0, 1, 4, 8, 12), 40),
    ("minutes", (0, 30, 90, 600), 6000),
    ("weeks", (0, 1), 2),
)
SPANS = (
    "Mon-Fri 09:00-17:30",
    "Mon-Fri 09:00-17:30",
    "Mon-Fri 08:00-18:00",
    "Mon-Sun 00:00-24:00",
    "Mon-Thu 10:00-16:00",
    "Sat-Tue 12:00-24:00",
    "Fri-Mon 00:00-13:00",
)
RARE_SPANS = (  # with these, business hours may never come, which takes long to find out minute by minute
    "Sat 10:00-12:00",
    "Sun-Sun 01:30-02:30",
    "Mon-Sun 02:00-03:00",
    "Mon-Sun 20:00-24:00",
)
WINDOW_ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
RESTING = (
    "3 business days",
    "1 business day",
    "2 days",
    "24 hours",
    "90 minutes",
    "6 business hours",
    "1 week",
)
ROLLING = ("30 days", "7 days", "2 weeks", "5 business days", "48 hours", "600 minutes", "16 business hours")
EXTRA_STOPS = (
    "meeting_booked",
    "offer_made",
    "stage_changed",
    "note",
    "bounced",
    "interview_canceled",
    "reply",
)
ALWAYS = ("reply", "rejected", "withdrawn", "hired", "opted_out")


def build_policy(choose: Choose) -> list[Json]:
    """One to three follow-ups, complete stops, and some restricting rules, shuffled."""
    follow_ups = _follow_ups(choose)
    rules = follow_ups + _complete_stops(choose)
    builders = (_window, _limit, _cooldown, _stop)
    for builder in builders:
        for number in range(1 + chance(choose, 35) if chance(choose, 55) else 0):
            rules.append(builder(choose, follow_ups, number))
    shuffled = some(choose, rules, len(rules), len(rules))
    _let_competitors_differ(choose, shuffled)
    return shuffled


def text(amount: int, unit: str) -> str:
    """`1 day`, `2 days`."""
    return f"{amount} {unit[:-1] if amount == 1 else unit}"


def _follow_ups(choose: Choose) -> list[Json]:
    built: list[Json] = []
    for number in range(choose.integer(1, 3)):
        rule: Json = {
            "id": f"follow-{number}",
            "kind": "follow_up",
            "title": f"Follow-up {number}",
            "follow_up": pick(choose, FOLLOW_UPS),
            "direction": pick(choose, DIRECTIONS),
            "after": pick(choose, ANCHORS),
            "do": ["draft_message"],
        }
        if built and chance(choose, 30):  # a competitor for the same occasion
            rule.update({key: built[0][key] for key in ("follow_up", "direction", "after")})
        if chance(choose, 35):
            rule["steps"] = [_timing(choose) for _ in range(choose.integer(1, 3))]
        else:
            rule.update(_timing(choose))
        if chance(choose, 35):
            rule["when"] = build_when(choose)
        built.append(rule)
    return built


def _timing(choose: Choose) -> Json:
    unit, amounts, longest = pick(choose, CADENCES)
    opens = pick(choose, amounts)
    expires = choose.integer(max(opens, 1), longest)
    timing = {"expires": text(expires, unit)}
    if chance(choose, 80):
        timing["opens"] = text(opens, unit)
    if chance(choose, 60):
        timing["due"] = text(choose.integer(opens, expires), unit)
    if chance(choose, 25):  # units may be mixed; these are always the longest
        timing["expires"] = pick(choose, ("3 weeks", "15 business days", "20 days"))
    return timing


def _let_competitors_differ(choose: Choose, rules: list[Json]) -> None:
    """Of several rules for one follow-up, direction and anchor all but the last get a `when`."""
    last: set[tuple[str, str, str]] = set()
    for rule in reversed(rules):
        if rule["kind"] == "follow_up":
            key = (rule["follow_up"], rule["direction"], rule["after"])
            if key in last and "when" not in rule:
                rule["when"] = build_when(choose)
            last.add(key)


def _base(choose: Choose, kind: str, number: int, follow_ups: list[Json]) -> Json:
    """Id, kind and title; sometimes narrowed to a follow-up of this policy, sometimes with a `when`."""
    rule: Json = {"id": f"{kind.replace('_', '-')}-{number}", "kind": kind, "title": f"{kind} {number}"}
    target = pick(choose, follow_ups)
    if chance(choose, 20):
        rule["direction"] = target["direction"]
    if chance(choose, 25):
        names = list(dict.fromkeys(f["follow_up"] for f in follow_ups))
        rule["follow_up"] = target["follow_up"] if chance(choose, 60) else names
    if chance(choose, 35):
        rule["when"] = build_when(choose)
    return rule


def _complete_stops(choose: Choose) -> list[Json]:
    """Stops without `when` for everything that the contract wants, in one rule or two."""
    parts: list[list[str]] = [list(ALWAYS)]
    if chance(choose, 40):
        parts = [list(ALWAYS[:2]), [*ALWAYS[2:], *some(choose, EXTRA_STOPS[:5], 0, 2)]]
    rules: list[Json] = []
    for number, names in enumerate(parts):
        rule: Json = {"id": f"always-{number}", "kind": "stop", "title": f"Always {number}", "on": names}
        if chance(choose, 25):
            rule["since"] = pick(choose, ("anchor", "anchor", "anchor", "ever"))
        rules.append(rule)
    return rules


def _stop(choose: Choose, follow_ups: list[Json], number: int) -> Json:
    rule = _base(choose, "stop", number, follow_ups)
    rule["on"] = some(choose, EXTRA_STOPS, 1, 3)
    if chance(choose, 50):
        rule["since"] = pick(choose, ("anchor", "ever"))
    return rule


def _window(choose: Choose, follow_ups: list[Json], number: int) -> Json:
    rule = _base(choose, "send_window", number, follow_ups)
    spans = RARE_SPANS if chance(choose, 5) else SPANS
    rule["open"] = some(choose, list(dict.fromkeys(spans)), 2, 3) if chance(choose, 30) else pick(choose, spans)
    if chance(choose, 25):
        rule["in"] = pick(choose, ("recipient", *WINDOW_ZONES))
    if chance(choose, 40):
        rule["skip_holidays"] = chance(choose, 80)
    if chance(choose, 35):
        rule["fallback_timezone"] = pick(choose, WINDOW_ZONES)
    return rule


def _limit(choose: Choose, follow_ups: list[Json], number: int) -> Json:
    rule = _base(choose, "limit", number, follow_ups)
    rule["at_most"] = choose.integer(1, 3)
    rule["per"] = pick(choose, ("application", "candidate", "recipient"))
    if chance(choose, 50):
        rule["within"] = pick(choose, ROLLING)
    if chance(choose, 40):
        rule["since"] = pick(choose, ("reply", "anchor"))
    return rule


def _cooldown(choose: Choose, follow_ups: list[Json], number: int) -> Json:
    rule = _base(choose, "cooldown", number, follow_ups)
    rule["at_least"] = pick(choose, RESTING)
    rule["per"] = pick(choose, ("application", "candidate", "recipient"))
    if chance(choose, 60):
        backoff: Any = pick(choose, (2, 1.5, 1, 1.25, 3, 1.1))
        rule["backoff"] = backoff
    return rule
