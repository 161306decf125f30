"""What applications know of each other: opt-outs, refused siblings, and touches counted across applications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from followup_rules.facts import Timeline
from followup_rules.judge.names import Foreign
from followup_rules.model.application import Application, Event
from followup_rules.model.words import DIRECTIONS, Direction

Scope = tuple[str, str]
"""What is counted over: ('application', id), ('candidate', id), ('contact', id) or ('job', id)."""


class Touch(NamedTuple):
    """A message that was sent, or will be in this plan: what limits, cooldowns and steps count."""

    at: datetime
    named: tuple[str, ...]
    follow_up: str | None


class OptOut(NamedTuple):
    """An opt-out that is in force, and where it stands."""

    application: str
    event: str


class Siblings(Protocol):
    """What must be known of all applications before the first one is decided."""

    def refused_candidate(self, candidate: str | None) -> bool:
        """True where an application of this candidate was refused: what it knew is not known."""
        ...

    def opt_out(self, timeline: Timeline) -> OptOut | None:
        """The opt-out of the candidate that is in force now, in whichever application it stands."""
        ...

    def foreign_names(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications that a text has something of."""
        ...


def opt_out_of(timelines: Iterable[Timeline]) -> OptOut | None:
    """The latest opt-out in some timelines of one candidate, unless a strictly later opt-in is in any of them."""
    out: tuple[datetime, str, str] | None = None
    back: datetime | None = None
    for timeline in timelines:
        left, returned = timeline.latest.get("opted_out"), timeline.latest.get("opted_in")
        if left and (out is None or left.at > out[0]):
            out = (left.at, timeline.application.id, left.id)
        if returned and (back is None or returned.at > back):
            back = returned.at
    return None if out is None or (back is not None and back > out[0]) else OptOut(out[1], out[2])


class Portfolio:
    """All applications of one plan in memory."""

    def __init__(
        self,
        timelines: Iterable[Timeline] = (),
        refused: Iterable[str] = (),
        names: Foreign | None = None,
        *,
        across: bool = False,
    ) -> None:
        self._refused = frozenset(refused)
        self._names = names
        self._of_candidate: dict[str, list[Timeline]] = {}
        self._touches: dict[tuple[Scope, Direction], list[Touch]] = {}
        self._replies: dict[tuple[Scope, Direction], list[Touch]] = {}
        for timeline in timelines:
            candidate = timeline.application.candidate.id
            if candidate is not None and ("opted_out" in timeline.latest or "opted_in" in timeline.latest):
                self._of_candidate.setdefault(candidate, []).append(timeline)
            if across:
                self._enter(timeline)
        for index in (self._touches, self._replies):
            for touches in index.values():
                touches.sort(key=lambda touch: touch.at)

    def refused_candidate(self, candidate: str | None) -> bool:
        """True where an application of this candidate was refused."""
        return candidate is not None and candidate in self._refused

    def opt_out(self, timeline: Timeline) -> OptOut | None:
        """The opt-out of the candidate that is in force now."""
        candidate = timeline.application.candidate.id
        if candidate is None:
            return opt_out_of((timeline,))
        known = self._of_candidate.get(candidate)
        return opt_out_of(known) if known else None

    def foreign_names(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications that a text has something of."""
        return self._names.foreign(application, text) if self._names is not None else ()

    def touches(self, scope: Scope, direction: Direction) -> list[Touch]:
        """Touches in a scope, oldest first; those planned so far included."""
        return self._touches.get((scope, direction), [])

    def replies(self, scope: Scope, direction: Direction) -> list[Touch]:
        """Replies in a scope, oldest first."""
        return self._replies.get((scope, direction), [])

    def plan(self, application: Application, touch: Touch, direction: Direction) -> None:
        """Count a touch that this plan sends now."""
        for scope in scopes_of(application, touch.named):
            self._touches.setdefault((scope, direction), []).append(touch)

    def _enter(self, timeline: Timeline) -> None:
        for direction in DIRECTIONS:
            for index, events in (
                (self._touches, timeline.touches(direction)),
                (self._replies, timeline.replies(direction)),
            ):
                for event in events:
                    for scope in scopes_of(timeline.application, event.named):
                        index.setdefault((scope, direction), []).append(as_touch(event))


def as_touch(event: Event) -> Touch:
    """What of a message is counted."""
    return Touch(event.at, event.named, event.follow_up)


def scopes_of(application: Application, named: tuple[str, ...]) -> list[Scope]:
    """Every scope that a message of an application counts in; one to nobody counts for all listed contacts."""
    contacts = named or tuple(contact.id for contact in application.contacts)
    scopes = [("contact", contact) for contact in contacts]
    scopes.append(job_scope(application))
    if application.candidate.id is not None:
        scopes.append(("candidate", application.candidate.id))
    return scopes


def job_scope(application: Application) -> Scope:
    """The recipient of an occasion without a contact: the job, or the application where the job has no id."""
    return ("job", application.job.id) if application.job.id is not None else ("application", application.id)


def scope_of(per: str, application: Application, direction: Direction, contact: str | None) -> Scope:
    """What a limit or cooldown `per` candidate or recipient counts over."""
    if per == "candidate" or direction == "employer_to_candidate":
        assert application.candidate.id is not None  # noqa: S101  (such applications are refused before)
        return ("candidate", application.candidate.id)
    return ("contact", contact) if contact is not None else job_scope(application)
