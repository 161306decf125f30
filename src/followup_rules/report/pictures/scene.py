"""What a picture shows, as plain data: when things happened, when a follow-up may go, and what keeps it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from followup_rules.judge.judgement import Judgement
from followup_rules.model.application import Application, Event
from followup_rules.model.decision import Decision
from followup_rules.model.words import Outcome
from followup_rules.report.explain import outcome, what
from followup_rules.report.pictures.shades import Shade, shades
from followup_rules.report.pictures.stretch import Stretch, stretch_of
from followup_rules.report.words import moment, reason, short_moment


class Happening(NamedTuple):
    """One event on the line; `weight` says how much it matters where there is no room for all."""

    at: datetime
    label: str
    weight: int


class Row(NamedTuple):
    """One decision. Moments are in UTC; None where they are not known."""

    about: str
    outcome: Outcome
    overdue: bool
    told: tuple[str, ...]
    anchor: datetime | None
    opens: datetime | None
    due: datetime | None
    expires: datetime | None
    at: datetime | None
    touches: tuple[datetime, ...]
    shades: tuple[Shade, ...]


class Scene(NamedTuple):
    """One application at one moment. `description` says in words what the picture shows."""

    title: str
    description: str
    now: datetime
    zone_name: str
    stretch: Stretch
    happenings: tuple[Happening, ...]
    earlier: int
    rows: tuple[Row, ...]


def scene_of(application: Application, decisions: Sequence[Decision], now: datetime) -> Scene:
    """The picture of one application: its events up to now and what is decided about it."""
    seen = tuple(event for event in application.events if event.at <= now)
    judged = [(one, one.evidence) for one in decisions if isinstance(one.evidence, Judgement)]
    zone = next((evidence.zone for _, evidence in judged if evidence.zone is not None), None)
    stretch = stretch_of(now, [*_ends(judged)], [event.at for event in seen], zone)
    shown = [event for event in seen if event.at >= stretch.start]
    anchors = {evidence.occasion.anchor.id for _, evidence in judged}
    return Scene(
        title_of(application),
        _description(application, decisions, seen, now),
        now,
        _zone_name(now, stretch),
        stretch,
        tuple(Happening(event.at, label_of(event), _weight(event, anchors)) for event in shown),
        len(seen) - len(shown),
        tuple(_row(one, evidence, application, stretch) for one, evidence in judged),
    )


def title_of(application: Application) -> str:
    """The application in one line: its id, who, and for what."""
    job = application.job
    about = " at ".join(part for part in (job.title, job.company) if part)
    name = application.candidate.name or application.candidate.id or "a candidate"
    return f"{application.id}: {name}{f', {about}' if about else ''}"


def label_of(event: Event) -> str:
    """An event in a few words."""
    text = event.type.replace("_", " ")
    if event.type == "message":
        text = f"{event.from_} wrote"
        text += " (auto-reply)" if event.auto_reply else f": {event.follow_up}" if event.follow_up else ""
    if event.type == "stage_changed":
        text = f"stage: {event.to}"
    return text if len(text) <= 40 else f"{text[:39]}…"


def _weight(event: Event, anchors: set[str]) -> int:
    return 3 if event.id in anchors else 1 if event.type in ("note", "stage_changed") else 2


def _ends(judged: Sequence[tuple[Decision, Judgement]]) -> list[tuple[datetime, bool]]:
    """The moments that should be seen, and whether they must: those of what is over need not."""
    found: list[tuple[datetime, bool]] = []
    for decision, evidence in judged:
        must = decision.decision != "stop"
        moments = (evidence.occasion.anchor.at, evidence.opens(), evidence.due(), evidence.expires(), decision.moment)
        found += [(one, must) for one in moments if one is not None]
    return found


def _row(decision: Decision, evidence: Judgement, application: Application, stretch: Stretch) -> Row:
    steps = len(evidence.occasion.lane.rule.cadence)
    about = f"{what(decision, application)} of {steps}" if steps > 1 else what(decision, application)
    return Row(
        about,
        decision.decision,
        decision.overdue,
        tuple(_told(decision, evidence)),
        evidence.occasion.anchor.at,
        evidence.opens(),
        evidence.due(),
        evidence.expires(),
        decision.moment,
        evidence.spent(),
        shades(evidence, stretch),
    )


def _told(decision: Decision, evidence: Judgement) -> list[str]:
    """What stands beneath the row: the decision and its reason, who decided, and the dates."""
    by = decision.decided_by
    first = outcome(decision)
    why = reason(decision)
    if decision.decision in ("wait", "send") and why not in first:
        first = f"{first}: {why}"
    lines = [f"{first} [{by.id}, {by.place.file}:{by.place.line}]"]
    zone, opens = evidence.zone, evidence.opens()
    dates = []
    if zone is not None and opens is not None:
        dates.append(f"opens {short_moment(opens.astimezone(zone), evidence.now)}")
    if decision.due_at is not None:
        dates.append(f"best by {short_moment(decision.due_at, evidence.now)}")
    if decision.expires_at is not None:
        dates.append(f"stale after {short_moment(decision.expires_at, evidence.now)}")
    return [*lines, " · ".join(dates)] if dates else lines


def _zone_name(now: datetime, stretch: Stretch) -> str:
    local = now.astimezone(stretch.zone)
    return str(getattr(stretch.zone, "key", "")) or local.tzname() or "UTC"


def _description(application: Application, decisions: Sequence[Decision], seen: Sequence[Event], now: datetime) -> str:
    newest = f"; the latest is {label_of(seen[-1])}" if seen else ""
    told = "; ".join(f"{what(one, application)}: {outcome(one)}" for one in decisions) or "no follow-up has an occasion"
    return f"As of {moment(now)}. {len(seen)} events{newest}. {told}."
