"""What to do about one occasion now, and why: plain data, the same for the same input."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from followup_rules.model.words import Direction, Do, Outcome, Reason, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from followup_rules.errors import Problem
    from followup_rules.rules.base import Rule


class Verdict(NamedTuple):
    """What one rule says of an occasion.

    `at` is the moment before which it will not send (UTC), `event` names what it rests on, `counted`
    how many touches it counted, `notes` what had to be assumed (an unknown country, say).
    """

    rule: Rule
    verdict: Outcome
    reason: Reason
    at: datetime | None = None
    event: str | None = None
    counted: int | None = None
    notes: tuple[str, ...] = ()


class Finding(NamedTuple):
    """One fault in a text, with a code, a severity and, where known, a place in it.

    `line` and `column` are counted from 1 in the `part` it stands in; `excerpt` is what stands there. `rule` asked for
    the check; `hint` says how to mend it, and `fix` is what can be put in the place of the excerpt unseen. `start` and
    `end` are the same place in characters, for programs.
    """

    code: str
    severity: Severity
    message: str
    line: int | None = None
    column: int | None = None
    part: str = "body"
    excerpt: str = ""
    hint: str = ""
    fix: str | None = None
    rule: Rule | None = None
    start: int = 0
    end: int = 0


class Action(NamedTuple):
    """What an adapter is asked to do. `id` is its identity: the same decision twice is the same action."""

    id: str
    do: Do


class Draft(NamedTuple):
    """A rendered message. `to` is an address, where the application knows one."""

    subject: str
    body: str
    to: str | None = None


class Evidence(Protocol):
    """What a decision is about and rests on, worked out when it is asked for. Moments are in UTC."""

    @property
    def subject(self) -> Subject:
        """What it is about."""
        ...

    @property
    def zone(self) -> tzinfo | None:
        """The recipient's zone, where it is known."""
        ...

    @property
    def now(self) -> datetime:
        """The moment of deciding."""
        ...

    @property
    def step_number(self) -> int:
        """Which touch of the cadence it is about."""
        ...

    def due(self) -> datetime | None:
        """Best by."""
        ...

    def expires(self) -> datetime | None:
        """Never after."""
        ...

    def shuts(self) -> datetime | None:
        """Until when the send windows are certainly open, where they are open now and ever shut."""
        ...

    def verdicts(self) -> tuple[Verdict, ...]:
        """What every rule that applies says; the follow-up rule first, then each kind in rule order."""
        ...

    def actions(self) -> tuple[Action, ...]:
        """What adapters are asked to do."""
        ...


class Subject(NamedTuple):
    """What a decision is about: one follow-up rule meeting one event of an application, and one contact of it."""

    application: str
    follow_up: str
    rule: str
    direction: Direction
    occasion: str
    contact: str | None = None
    passed_over: tuple[str, ...] = ()


class Decision:
    """What to do now about one occasion of one follow-up. Moments are in the recipient's zone.

    What decided is worked out at once; the rest of the evidence (other verdicts, dates, ids of actions) when it is
    looked at. It depends on nothing that can change in between.
    """

    __slots__ = ("__dict__", "_found", "decided_by", "decision", "draft", "evidence", "moment", "reason")

    def __init__(
        self, decision: Outcome, reason: Reason, moment: datetime | None, decided_by: Rule, evidence: Evidence,
        found: Callable[[], tuple[Finding, ...]] = tuple, draft: Draft | None = None,
    ) -> None:  # fmt: skip
        self.decision, self.reason, self.moment, self.decided_by = decision, reason, moment, decided_by
        self.evidence, self._found, self.draft = evidence, found, draft

    def __repr__(self) -> str:
        return f"<{self.decision} ({self.reason}) {self.application} {self.rule} {self.occasion} step {self.step}>"

    @cached_property
    def _subject(self) -> Subject:
        return self.evidence.subject

    @property
    def application(self) -> str:
        """The application's id."""
        return self._subject.application

    @property
    def follow_up(self) -> str:
        """The name of what is sent."""
        return self._subject.follow_up

    @property
    def rule(self) -> str:
        """The id of the follow-up rule."""
        return self._subject.rule

    @property
    def direction(self) -> Direction:
        """Who writes to whom."""
        return self._subject.direction

    @property
    def occasion(self) -> str:
        """The anchor's id, and the contact's where there are several."""
        return self._subject.occasion

    @property
    def contact(self) -> str | None:
        """The contact it is written to, if one is named."""
        return self._subject.contact

    @property
    def passed_over(self) -> tuple[str, ...]:
        """The rules that would have come after this one for the same occasion."""
        return self._subject.passed_over

    @property
    def step(self) -> int:
        """Which touch of the cadence it is about; where all are sent, the last."""
        return self.evidence.step_number

    @cached_property
    def at(self) -> datetime | None:
        """The moment to act; None for stop and hold."""
        return self._local(self.moment)

    @cached_property
    def due_at(self) -> datetime | None:
        """Best by, where it is known."""
        return self._local(self.evidence.due())

    @cached_property
    def expires_at(self) -> datetime | None:
        """Never after, where it is known."""
        return self._local(self.evidence.expires())

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What every rule that applies says; of those about texts, the ones that want the draft mended."""
        wanting = {one.rule.id: one.rule for one in self.findings if one.rule is not None and one.severity == "error"}
        return (
            *self.evidence.verdicts(),
            *(Verdict(rule, "revise", "draft_has_errors") for rule in wanting.values()),
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the draft."""
        return self._found()

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """What adapters are asked to do, now or at `at`; nothing for stop and hold."""
        return () if self.decision in ("stop", "hold") else self.evidence.actions()

    @cached_property
    def overdue(self) -> bool:
        """True where it should have been sent by now and still can be."""
        due = self.evidence.due()
        return self.decision != "stop" and due is not None and self.evidence.now > due

    def _local(self, instant: datetime | None) -> datetime | None:
        zone = self.evidence.zone
        return None if instant is None or zone is None else instant.astimezone(zone)


class Refusal(NamedTuple):
    """An application that cannot be decided, and why. `candidate` is the id of its candidate, where readable."""

    application: str | None
    problems: tuple[Problem, ...]
    candidate: str | None = None


class Plan(NamedTuple):
    """Everything one call of `decide` found out, in the order of the input."""

    decisions: tuple[Decision, ...]
    refused: tuple[Refusal, ...]
