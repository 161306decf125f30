"""Applications for benchmarks: any number, ten events each, the same for the same seed.

They read like a backlog: applied in the last ten weeks, interviewed, written to, promised, some closed; over zones,
countries and sectors. No two share a timeline.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=timezone.utc)
_PLACES = [
    ("America/New_York", "US", "NY"), ("America/Los_Angeles", "US", "CA"), ("Europe/Berlin", "DE", "BE"),
    ("Europe/London", "GB", "ENG"), ("Asia/Kolkata", "IN", None), ("Australia/Sydney", "AU", "NSW"),
    ("Asia/Tokyo", "JP", None), ("America/Sao_Paulo", "BR", None), ("Asia/Dubai", "AE", None),
    ("Africa/Johannesburg", "ZA", None),
]  # fmt: skip
_SECTORS = ["technology", "academia", "government", "healthcare", "retail", "hospitality", "finance"]
_STATUS = ["active"] * 8 + ["rejected", "on_hold"]


def application(number: int, chance: random.Random) -> dict[str, Any]:
    """One application with ten events, plain data."""
    zone, country, region = chance.choice(_PLACES)
    place = {"timezone": zone, "country": country} | ({"region": region} if region else {})
    start = NOW - timedelta(days=chance.randint(4, 70), minutes=chance.randint(0, 1439))
    times = sorted(start + timedelta(minutes=chance.randint(0, 60 * 24 * 60)) for _ in range(8))
    kinds = ["stage_changed", "interview_scheduled", "interview_completed", "message", "note", "message"]
    kinds += [chance.choice(["message", "decision_promised", "note", "interview_completed"]) for _ in range(2)]
    events: list[dict[str, Any]] = [
        {"id": "e0", "type": "applied", "at": _text(start)},
        {
            "id": "e1",
            "type": "message",
            "at": _text(start + timedelta(minutes=5)),
            "from": "employer",
            "auto_reply": True,
        },
    ]
    for index, (kind, at) in enumerate(zip(kinds, times, strict=True), 2):
        events.append({"id": f"e{index}", "type": kind, "at": _text(at), **_details(kind, at, chance)})
    return {
        "id": f"app-{number}",
        "status": chance.choice(_STATUS),
        "stage": chance.choice(["screen", "onsite", "final"]),
        "candidate": {"id": f"c-{number}", "name": f"Ada Park {number}", "email": f"ada{number}@example.org", **place},
        "job": {"id": f"j-{number % 977}", "title": "Data Engineer", "company": "Northwind",
                "sector": chance.choice(_SECTORS), **place},
        "contacts": [{"id": f"u-{number}", "name": "Sam Reyes", "email": f"sam{number}@example.com", **place}],
        "notes": ["Sam described the move to event streams"],
        "skills": ["Python", "Kafka"],
        "events": events,
    }  # fmt: skip


def _details(kind: str, at: datetime, chance: random.Random) -> dict[str, Any]:
    if kind == "message":
        label = chance.choice([None, "thank_you", "status_check", "update", "none"])
        return {"from": chance.choice(["candidate", "employer"])} | ({"follow_up": label} if label else {})
    if kind == "decision_promised":
        return {"by": (at + timedelta(days=7)).date().isoformat()}
    return {"to": "onsite"} if kind == "stage_changed" else {}


def _text(at: datetime) -> str:
    return at.isoformat()


def applications(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """So many applications."""
    chance = random.Random(seed)
    for number in range(count):
        yield application(number, chance)


if __name__ == "__main__":
    for one in applications(int(sys.argv[1])):
        print(json.dumps(one))
