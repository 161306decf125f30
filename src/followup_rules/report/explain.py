"""The why in plain sentences: what each rule said, what decided, and what would have to change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Verdict
from followup_rules.report.words import moment, reason
from followup_rules.rules.base import Rule
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Cooldown, Limit, SendWindow, Stop


def headline(decision: Decision, application: Application) -> str:
    """What is to be done, in one sentence."""
    return f"{what(decision, application)}: {outcome(decision)}"


def what(decision: Decision, application: Application) -> str:
    """What it is about: the follow-up, to whom, and which step."""
    return f"{decision.follow_up} to {recipient(decision, application)}, step {decision.step}"


def outcome(decision: Decision) -> str:
    """What to do about it, in a few words."""
    match decision.decision:
        case "send":
            best = f", best by {moment(decision.due_at)}" if decision.due_at else ""
            return f"send now{best}" + (" (overdue)" if decision.overdue else "")
        case "wait":
            return f"wait until {moment(decision.at)}" if decision.at else "wait"
        case "revise":
            return "the draft must be mended before it is sent"
        case "hold":
            return f"hold ({reason(decision)})"
        case _:
            return f"do not send ({reason(decision)})"


def verdict_lines(decision: Decision) -> Iterator[tuple[Verdict, str]]:
    """Every verdict with its sentence, what decided first."""
    ranked = sorted(decision.verdicts, key=lambda one: one.rule is not decision.decided_by)
    for verdict in ranked:
        notes = [note for note in verdict.notes if verdict.rule.kind == "follow_up"]
        yield verdict, " ".join([_sentence(verdict, decision), *(f"({note})" for note in notes)])


def recipient(decision: Decision, application: Application) -> str:
    """Who would get it, by name where that is known."""
    if decision.direction == "employer_to_candidate":
        return application.candidate.name or "the candidate"
    contact = application.contact(decision.contact)
    return (contact.name or contact.id) if contact else application.job.company or "the employer"


def _local(instant: datetime | None, decision: Decision) -> str:
    if instant is None:
        return "never"
    known = next((one for one in (decision.at, decision.expires_at, decision.due_at) if one is not None), None)
    return moment(instant.astimezone(known.tzinfo if known else instant.tzinfo))


def _sentence(verdict: Verdict, decision: Decision) -> str:
    rule = verdict.rule
    if isinstance(rule, FollowUp):
        return _of_follow_up(verdict, decision)
    if verdict.reason == "unknown_timezone":
        return "Whether it applies depends on the recipient's time zone, which is not known."
    if isinstance(rule, SendWindow):
        if verdict.verdict == "send":
            return "Its hours are open now."
        return f"Its hours are closed now; they open {_local(verdict.at, decision)}."
    if isinstance(rule, Cooldown):
        if verdict.verdict == "send":
            return f"The last message, if any, is at least {rule.at_least} ago."
        nth = f", number {verdict.counted} without a reply" if (verdict.counted or 0) > 1 else ""
        grown = f", times {rule.backoff} for each before it" if rule.backoff != 1 else ""
        until = _local(verdict.at, decision)
        return f"{rule.at_least} must pass after the last message{nth}{grown}: until {until}."
    if isinstance(rule, Limit):
        return _of_limit(rule, verdict, decision)
    if isinstance(rule, Stop):
        if verdict.verdict == "send":
            when = "ever" if rule.since == "ever" else f"after {decision.occasion.partition('/')[0]}"
            return f"Nothing of {', '.join(rule.on)} happened {when}."
        event = f" (event {verdict.event})" if verdict.event else ""
        return f"{verdict.notes[0].replace('_', ' ')}{event} stops it."
    return rule.title


def _of_follow_up(verdict: Verdict, decision: Decision) -> str:
    ends = _local(decision.expires_at, decision)
    texts = {
        "in_window": f"Step {decision.step} is open, and stays so until {ends}.",
        "not_open_yet": f"Step {decision.step} does not open before {_local(verdict.at, decision)}.",
        "expired": f"Step {decision.step} went stale on {ends}." if decision.expires_at else "Its time never comes.",
        "done": "It has been sent." if decision.step == 1 else f"All {decision.step} steps have been sent.",
        "on_hold": "The application is on hold.",
        "unknown_timezone": "The recipient's time zone is not known, so no hour of the day is safe.",
        "refused_sibling": "Another application of this candidate was refused; what it knew is missing.",
        "engines_disagree": f"Two engines disagree: {'; '.join(verdict.notes)}.",
    }
    return texts[verdict.reason]


def _of_limit(rule: Limit, verdict: Verdict, decision: Decision) -> str:
    since = {"reply": " since the last reply", "anchor": " after the event it counts from", None: ""}[rule.since]
    within = f" within {rule.within}" if rule.within else ""
    allowed = f"{rule.at_most} per {rule.per}{within}{since}"
    if verdict.verdict == "send":
        return f"Fewer than the {allowed} that are allowed have been sent."
    until = f"; there is room again {_local(verdict.at, decision)}" if verdict.verdict == "wait" else ""
    return f"{verdict.counted} of {allowed} have been sent{until}."


def what_would_change(decision: Decision) -> str:
    """What would have to happen for another decision, with the place of the rule that decided."""
    by = decision.decided_by
    return f"{would_change(decision)} ({by.place.file}:{by.place.line})"


def missing(decision: Decision) -> str:
    """What is missing for a decision that is held or whose draft is to be mended; nothing for the others."""
    return would_change(decision) if decision.decision in ("hold", "revise") else ""


def would_change(decision: Decision) -> str:
    """What would have to happen for another decision."""
    by = decision.decided_by
    texts = {
        "in_window": "Send it, or it goes stale; an answer, a rejection or an opt-out before that stops it.",
        "not_open_yet": "Time alone; or a smaller 'opens' in the rule.",
        "outside_send_window": "Time alone; or wider hours in the rule.",
        "cooldown": "Time alone; or a smaller 'at_least' in the rule.",
        "limit_reached": _for_more(by, decision),
        "stopped": "Only a new event to count from, later than what stopped it, in an application that is still open.",
        "expired": "Only a new event to count from; what was missed is not made up for.",
        "done": "Only a new event to count from, or a further step in the rule.",
        "draft_has_errors": "Give the values that the draft needs, or change its template.",
        "unknown_timezone": "Give a valid timezone for the recipient, or a fallback_timezone in a send window.",
        "on_hold": "The application must be active again.",
        "refused_sibling": "Mend the refused application of this candidate.",
        "engines_disagree": "Report it; until it is mended, decide by hand or with --engine native.",
    }
    return texts[decision.reason]


def _for_more(rule: Rule, decision: Decision) -> str:
    if decision.decision == "wait":
        return "Time alone; or a higher 'at_most' in the rule."
    reply = "A reply, or a" if isinstance(rule, Limit) and rule.since == "reply" else "A"
    return f"{reply} higher 'at_most' in the rule."
