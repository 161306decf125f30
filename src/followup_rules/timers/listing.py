"""Decisions as pages list them: without anything personal. Pure."""

from __future__ import annotations

from datetime import datetime

from followup_rules.model.decision import Decision, Refusal
from followup_rules.outbox.listing import Listed
from followup_rules.report.explain import missing


def listing(decision: Decision, now: datetime) -> Listed:
    """One decision. What is missing in a draft is said by the codes of its findings; a text may name somebody."""
    lacks = missing(decision)
    if decision.decision == "revise":
        codes = dict.fromkeys(one.code for one in decision.findings if one.severity == "error")
        lacks = f"{lacks} {', '.join(codes)}"
    return Listed(
        decision.application, decision.decision, decision.reason, decision.follow_up, decision.rule,
        decision.occasion, decision.step, decision.decided_by.id, decision.at, decision.due_at, lacks, now,
    )  # fmt: skip


def refused(application: str, refusal: Refusal, now: datetime) -> Listed:
    """An application that cannot be decided: which faults it has."""
    codes = ", ".join(dict.fromkeys(one.code for one in refusal.problems))
    return Listed(application, "refused", codes, "", "", "", 0, "", None, None, f"Mend the application: {codes}.", now)
