"""The facts that a condition can test, with their types."""

from __future__ import annotations

from typing import Final, Literal

from followup_rules.model.words import EVENT_TYPES

FactType = Literal["text", "status", "number", "truth", "anything"]

_OF_A_PERSON: Final = ("id", "name", "email", "timezone", "country", "region")
_OF_A_JOB: Final = ("id", "title", "company", "sector", "timezone", "country", "region")

FACTS: Final[dict[str, FactType]] = {
    "stage": "text",
    "status": "status",
    **{f"candidate.{key}": "text" for key in _OF_A_PERSON},
    **{f"job.{key}": "text" for key in _OF_A_JOB},
    "interviews": "number",
    "touches": "number",
    "replies": "number",
    "unanswered_touches": "number",
    **{f"hours_since.{event}": "number" for event in EVENT_TYPES},
    **{f"business_days_since.{event}": "number" for event in EVENT_TYPES},
    "promised_by_passed": "truth",
}


def type_of(fact: str) -> FactType | None:
    """The type of a fact's value; None for a fact that does not exist."""
    if fact.startswith("attributes.") and all(fact.split(".")):
        return "anything"
    return FACTS.get(fact)
