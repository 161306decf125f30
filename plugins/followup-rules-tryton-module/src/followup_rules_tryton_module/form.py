"""What the fields of an opportunity mean, and the rules that trytond.conf names."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from trytond import config

from followup_rules.hosting import Desk, read_form, version_of

_STATES: Final = "follow_up_states"

FORM: Final[dict[str, Any]] = {
    "id": "id",
    "status": {
        "path": "state",
        "values": {
            "lead": "active", "opportunity": "active", "converted": "active",
            "won": "hired", "lost": "rejected", "cancelled": "withdrawn",
        },
    },
    "stage": "state",
    "timezone": "UTC",
    "candidate": {
        "id": "party.id", "name": "party.rec_name", "email": "party.email", "timezone": "party.follow_up_timezone",
        "country": "address.country.code",
    },
    "job": {"title": "description", "company": "company.rec_name", "timezone": "company.timezone"},
    "contacts": [{"id": "employee.id", "name": "employee.rec_name"}],
    "events": [
        {"type": "applied", "at": "create_date"},
        {"type": "stage_changed", "each": _STATES, "at": "at", "to": "state", "when": {"first": False}},
        {"type": "offer_made", "each": _STATES, "at": "at", "when": {"state": "converted"}},
        {"type": "hired", "each": _STATES, "at": "at", "when": {"state": "won"}},
        {"type": "rejected", "each": _STATES, "at": "at", "when": {"state": "lost"}},
        {"type": "withdrawn", "each": _STATES, "at": "at", "when": {"state": "cancelled"}},
        {"type": "note", "each": "follow_up_notes", "at": "create_date", "body": "message"},
        {"type": "message", "each": "follow_up_chats", "at": "at", "from": "writer", "body": "content"},
        {"type": "message", "each": "follow_up_emails", "at": "create_date", "id": "mark",
         "from": {"value": "employer"}, "channel": {"value": "email"}, "subject": "subject"},
    ],
}  # fmt: skip


def desk() -> Desk:
    """The rules that the server's configuration names; read again when their files have changed.

    Raises:
        InvalidInput: every fault of the rules.
    """
    rules = tuple(config.get("followup_rules", "rules", default="default").split())
    direction = config.get("followup_rules", "direction", default="employer_to_candidate")
    return _desk(rules, direction, version_of(rules))


@lru_cache(maxsize=4)
def _desk(rules: tuple[str, ...], direction: Any, _version: object) -> Desk:
    return Desk.open(rules, read_form(FORM), direction=None if direction == "both" else direction)
