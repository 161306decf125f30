"""What pages show of an application: plain texts and pictures, ready to be put into a template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, NamedTuple

from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Draft, Finding
from followup_rules.report.explain import outcome, verdict_lines, what, what_would_change
from followup_rules.report.pictures.drawing import NARROW, WIDE, drawing
from followup_rules.report.pictures.scene import label_of, scene_of, title_of
from followup_rules.report.words import moment

GROUPS: Final = {
    "overdue": "Overdue",
    "send": "Due now",
    "revise": "Due now, but the draft has errors",
    "hold": "Held until something is known or decided",
    "wait": "Waiting",
    "stop": "Never (again)",
}
"""The groups of decisions in the order in which they are shown."""


class Said(NamedTuple):
    """What one rule says: a sign, the rule with its place, and a sentence."""

    verdict: str
    rule: str
    place: str
    sentence: str
    decides: bool


class Piece(NamedTuple):
    """A part of a draft, with the numbers of the findings that are about it."""

    text: str
    findings: tuple[int, ...] = ()
    severity: str = ""


class Letter(NamedTuple):
    """A draft, with what is wrong in it underlined."""

    to: str
    subject: tuple[Piece, ...]
    body: tuple[Piece, ...]


class Judged(NamedTuple):
    """One decision."""

    key: str
    group: str
    about: str
    told: str
    change: str
    said: tuple[Said, ...]
    letter: Letter | None
    findings: tuple[Finding, ...]


class View(NamedTuple):
    """One application: its pictures, its events and what is decided about it."""

    key: str
    id: str
    title: str
    status: str
    stage: str
    wide: str
    narrow: str
    events: tuple[tuple[str, str], ...]
    judged: tuple[Judged, ...]


def group_of(decision: Decision) -> str:
    """Where a decision is listed."""
    return "overdue" if decision.decision == "send" and decision.overdue else decision.decision


def view_of(application: Application, decisions: Sequence[Decision], now: datetime, key: str) -> View:
    """Everything that a page shows of one application. `key` begins the ids in the page."""
    scene = scene_of(application, decisions, now)
    seen = [event for event in application.events if event.at <= now]
    return View(
        key,
        application.id,
        title_of(application),
        application.status.replace("_", " "),
        application.stage or "",
        drawing(scene, WIDE, f"{key}-wide"),
        drawing(scene, NARROW, f"{key}-narrow"),
        tuple((moment(event.at.astimezone(scene.stretch.zone)), label_of(event)) for event in reversed(seen)),
        tuple(_judged(one, application, f"{key}-{number}") for number, one in enumerate(decisions, 1)),
    )


def _judged(decision: Decision, application: Application, key: str) -> Judged:
    return Judged(
        key,
        group_of(decision),
        what(decision, application),
        outcome(decision),
        what_would_change(decision),
        tuple(
            Said(one.verdict, one.rule.id, f"{one.rule.place.file}:{one.rule.place.line}", text, one.rule is by)
            for by in (decision.decided_by,)
            for one, text in verdict_lines(decision)
        ),
        letter_of(decision.draft, decision.findings) if decision.draft is not None else None,
        decision.findings,
    )


def letter_of(draft: Draft, findings: Sequence[Finding]) -> Letter:
    """A draft in pieces, so that what is wrong can be shown where it stands."""
    subject, body = (
        tuple(_pieces(text, [(number, one) for number, one in enumerate(findings, 1) if one.part == part]))
        for part, text in (("subject", draft.subject), ("body", draft.body))
    )
    return Letter(draft.to or "", subject, body)


def _pieces(text: str, findings: Sequence[tuple[int, Finding]]) -> Iterator[Piece]:
    """A text, cut where a finding begins or ends."""
    placed = [(number, one) for number, one in findings if one.line is not None and one.start < one.end <= len(text)]
    edges = sorted({0, len(text), *(edge for _, one in placed for edge in (one.start, one.end))})
    for start, end in pairwise(edges):
        here = [(number, one) for number, one in placed if one.start <= start and end <= one.end]
        # A finding is named where it ends, so that its number stands once.
        numbers = tuple(number for number, one in here if one.end == end)
        grave = next(
            (name for name in ("error", "warning", "suggestion") for _, one in here if one.severity == name), ""
        )
        yield Piece(text[start:end], numbers, grave)
