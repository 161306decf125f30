"""Moments and reasons as people say them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from followup_rules.model.decision import Decision

TITLES: Final = {
    "send": "Due now",
    "revise": "Due now, but the draft has errors",
    "wait": "Waiting",
    "hold": "Held until something is known or decided",
    "stop": "Never (again)",
}


def moment(when: datetime) -> str:
    """A moment on the recipient's clock, with the zone: 'Tue 17 Nov 2026 15:00 EST'."""
    return f"{when:%a} {when.day} {when:%b} {when.year} {when:%H:%M} {zone_name(when)}"


def short_moment(when: datetime, now: datetime) -> str:
    """The same without the year, where it is this year's."""
    year = "" if when.year == now.year else f" {when.year}"
    return f"{when:%a} {when.day} {when:%b}{year} {when:%H:%M} {zone_name(when)}"


def zone_name(when: datetime) -> str:
    """EST, CET, or where the zone has no letters UTC+05:45."""
    name = when.tzname() or ""
    return f"UTC{name[:3]}:{name[3:] or '00'}" if name[:1] in "+-" else name


def reason(decision: Decision) -> str:
    """Why, in a few words."""
    event = next((one.event for one in decision.verdicts if one.rule is decision.decided_by and one.event), None)
    note = next((one.notes[0] for one in decision.verdicts if one.rule is decision.decided_by and one.notes), "")
    texts = {
        "in_window": "overdue" if decision.overdue else "it is time",
        "not_open_yet": "too early",
        "outside_send_window": "outside the recipient's hours",
        "cooldown": "too soon after the last message",
        "limit_reached": "as many messages as the limit allows",
        "stopped": f"{note.replace('_', ' ')}, event {event}" if event else note.replace("status ", "its status is "),
        "expired": "too late",
        "done": "all steps are sent",
        "draft_has_errors": "; ".join(finding.message for finding in decision.findings),
        "unknown_timezone": "the recipient's time zone is not known",
        "on_hold": "the application is on hold",
        "refused_sibling": "another application of the candidate was refused",
        "engines_disagree": "two engines disagree about a condition",
    }
    return texts[decision.reason]
