"""Sample decisions and actions, with ids as hostile as real ones."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Final, NamedTuple

from followup_rules.adapter import Order, orders
from followup_rules.judge.actions import actions
from followup_rules.model.decision import Action, Decision, Draft, Subject, Verdict
from followup_rules.model.words import Do, Outcome
from followup_rules.rules.follow_up import FollowUp

HOSTILE_IDS: Final = (
    "gh-104", "GH-104", "gh/104", "gh\\104", "gh-104 ", "../gh-104", "/etc/gh-104", "..", "-rf", "con",
    "a\"b'c", "{{ x }}", "=1+1", "näive ☂ 応募", "x" * 200, "x" * 199 + "y",
)  # fmt: skip
"""Ids of applications that are allowed and must be told apart: any printable text is an id."""

_NOW: Final = datetime(2026, 9, 15, 14, 0, tzinfo=timezone.utc)
_ZONE: Final = timezone(timedelta(hours=-4))
_DRAFT: Final = Draft("Thank you", "Dear Sam,\n\nthank you for the conversation.\n\nAda\n", "sam@example.com")


class _Evidence(NamedTuple):
    """What the sample decision rests on."""

    subject: Subject
    asked: tuple[Action, ...]
    step_number: int
    zone: tzinfo = _ZONE
    now: datetime = _NOW

    def due(self) -> datetime:
        return self.now + timedelta(hours=5)

    def expires(self) -> datetime:
        return self.now + timedelta(days=2)

    def shuts(self) -> None:
        return None

    def verdicts(self) -> tuple[Verdict, ...]:
        return ()

    def actions(self) -> tuple[Action, ...]:
        return self.asked


def a_decision(
    outcome: Outcome = "send",
    *,
    do: tuple[Do, ...] = ("draft_message",),
    application: str = "gh-104",
    occasion: str = "e2/u-3",
    step: int = 1,
    draft: Draft | None = _DRAFT,
) -> Decision:
    """A decision about one thank-you; the ids of its actions follow from its words, as real ones do."""
    rule = FollowUp.model_validate(
        {
            "id": "thank-you",
            "kind": "follow_up",
            "title": "Thank the interviewer within a day",
            "follow_up": "thank_you",
            "direction": "candidate_to_employer",
            "after": "interview_completed",
            "expires": "3 business days",
            "do": list(do),
        }
    )
    subject = Subject(application, rule.follow_up, rule.id, rule.direction, occasion, contact="u-3")
    return Decision(
        decision=outcome,
        reason="in_window" if outcome == "send" else "stopped",
        moment=_NOW,
        decided_by=rule,
        evidence=_Evidence(subject, actions(application, rule.id, occasion, step, do), step),
        draft=draft,
    )


def an_order(do: Do = "draft_message", **words: Any) -> Order:
    """One action that an adapter is asked for; `words` are those of `a_decision`."""
    return orders(a_decision(do=(do,), **words))[0]
