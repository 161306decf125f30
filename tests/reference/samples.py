"""Applications and rules for the hand-computed tests, after the example of the contract."""

from __future__ import annotations

from typing import Any

from .clock import moment_of
from .evaluator import decide

Json = dict[str, Any]
EASTERN: Json = {"timezone": "America/New_York", "country": "US", "region": "NY"}
INTERVIEW: Json = {
    "id": "e2",
    "type": "interview_completed",
    "at": "2026-11-09T15:00:00-05:00",
    "contact": "u-3",
}


def application(*events: Json, **changes: Any) -> Json:
    """Application gh-104 of the contract with these events instead of its own."""
    return {
        "id": "gh-104",
        "candidate": {"id": "c-7", "timezone": "Europe/Berlin", "country": "DE"},
        "job": {"id": "j-9", "company": "Northwind", **EASTERN},
        "contacts": [{"id": "u-3", **EASTERN}, {"id": "u-4", **EASTERN}],
        "stage": "onsite",
        "status": "active",
        "events": list(events),
        **changes,
    }


def follow_up(rule_id: str = "status-check", **changes: Any) -> Json:
    return {
        "id": rule_id,
        "kind": "follow_up",
        "follow_up": "status_check",
        "direction": "candidate_to_employer",
        "after": "interview_completed",
        "expires": "30 days",
        **changes,
    }


def rule(kind: str, rule_id: str = "other", **changes: Any) -> Json:
    return {"id": rule_id, "kind": kind, **changes}


def message(name: str, at: str, side: str = "candidate", **changes: Any) -> Json:
    return {"id": name, "type": "message", "at": at, "from": side, **changes}


def at(now: str, applications: Json | list[Json], *rules: Json) -> list[Json]:
    several = applications if isinstance(applications, list) else [applications]
    return decide(several, list(rules), moment_of(now))


def only(now: str, applications: Json | list[Json], *rules: Json) -> Json:
    (decision,) = at(now, applications, *rules)
    return decision


def said(decision: Json) -> tuple[str, str, str]:
    return decision["decision"], decision["reason"], decision["decided_by"]


STOPS = rule("stop", "core", on=["reply", "rejected", "withdrawn", "hired", "opted_out"])
WORK = rule("send_window", "office", open="Mon-Fri 09:00-17:30")
TWO_STEPS = [
    {"opens": "5 business days", "due": "6 business days", "expires": "10 business days"},
    {"opens": "7 business days", "due": "8 business days", "expires": "12 business days"},
]
