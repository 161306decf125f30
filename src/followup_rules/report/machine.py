"""The machine form of decisions, as the language page defines it."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from typing import Any

from followup_rules.model.decision import Decision, Finding, Verdict


def as_dict(decision: Decision) -> dict[str, Any]:
    """One decision as plain data, in the stable order of keys of the language page."""
    by = decision.decided_by
    return {
        "application": decision.application,
        "follow_up": decision.follow_up,
        "rule": decision.rule,
        "direction": decision.direction,
        "step": decision.step,
        "occasion": decision.occasion,
        "decision": decision.decision,
        "reason": decision.reason,
        "at": _time(decision.at),
        "due_at": _time(decision.due_at),
        "expires_at": _time(decision.expires_at),
        "overdue": decision.overdue,
        "decided_by": {"rule": by.id, "file": by.place.file, "line": by.place.line},
        "verdicts": [_verdict(verdict, decision.evidence.zone) for verdict in decision.verdicts],
        "findings": [finding_dict(finding) for finding in decision.findings],
        "actions": [{"id": action.id, "do": action.do} for action in decision.actions],
    }


def as_line(decision: Decision) -> str:
    """The same as one line of JSON."""
    return json.dumps(as_dict(decision), ensure_ascii=False, separators=(", ", ": "))


def _verdict(verdict: Verdict, zone: tzinfo | None) -> dict[str, Any]:
    rule = verdict.rule
    told: dict[str, Any] = {
        "rule": rule.id,
        "kind": rule.kind,
        "file": rule.place.file,
        "line": rule.place.line,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
    }
    extra = {
        "at": _time(verdict.at.astimezone(zone) if verdict.at is not None else None),
        "event": verdict.event,
        "counted": verdict.counted,
        "notes": list(verdict.notes),
    }
    return told | {key: value for key, value in extra.items() if value not in (None, [])}


def finding_dict(finding: Finding) -> dict[str, Any]:
    """One finding as plain data; what is not known is left out."""
    told: dict[str, Any] = {"code": finding.code, "severity": finding.severity, "message": finding.message}
    if finding.line is not None:
        told |= {"part": finding.part, "line": finding.line, "column": finding.column, "excerpt": finding.excerpt}
        told |= {"start": finding.start, "end": finding.end}
    if finding.hint:
        told["hint"] = finding.hint
    if finding.fix is not None:
        told["fix"] = finding.fix
    if finding.rule is not None:
        place = finding.rule.place
        told["asked_by"] = {"rule": finding.rule.id, "file": place.file, "line": place.line}
    return told


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
