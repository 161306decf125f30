"""Rows of a host's own table, one for each step: what is kept, what is written, and the touch of one that is done.

The key of a row is the id of its first action, so that the same step is the same row whoever decides it how often.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from followup_rules.model.application import Application
from followup_rules.model.decision import Action, Decision
from followup_rules.model.times import parse_time
from followup_rules.model.words import WRITER, Direction, Outcome
from followup_rules.report.explain import headline, verdict_lines, what_would_change

State = Literal["open", "ended", "done", "dismissed"]
"""What became of a row. `done` and `dismissed` are a person's word, and no decision changes them."""

_A_PERSONS_WORD: Final = ("done", "dismissed")


class FollowUp(NamedTuple):
    """One step of one follow-up as it is decided now. Moments are in the recipient's zone.

    `sentence` says what to do, `why` every reason with rule, file and line; `file` and `line` are those of the rule
    that decided. `subject` and `body` are the draft, empty where there is none; `findings` says what is wrong with it.
    """

    key: str
    application: str
    follow_up: str
    rule: str
    direction: Direction
    occasion: str
    contact: str | None
    step: int
    decision: Outcome
    reason: str
    at: datetime | None
    due_at: datetime | None
    expires_at: datetime | None
    overdue: bool
    sentence: str
    why: str
    decided_by: str
    file: str
    line: int
    to: str
    subject: str
    body: str
    findings: str
    actions: tuple[Action, ...]

    @property
    def state(self) -> State:
        """What a new row of it is: open, unless it is stopped."""
        return "ended" if self.decision == "stop" else "open"


class Changes(NamedTuple):
    """What a host writes into its table: new rows, rows with new values, and keys of rows that have ended."""

    add: tuple[FollowUp, ...] = ()
    refresh: tuple[FollowUp, ...] = ()
    end: tuple[str, ...] = ()


class Touch(NamedTuple):
    """A message that a person says was sent, as an event of the application. One for each key, ever."""

    key: str
    application: str
    event: Mapping[str, Any]


def row_of(decision: Decision, application: Application) -> FollowUp:
    """The row of a decision."""
    by, draft = decision.decided_by, decision.draft
    asked = decision.evidence.actions()
    findings = [f"{one.code} {one.severity}: {one.message}" + (f"; {one.hint}" if one.hint else "")
                for one in decision.findings]  # fmt: skip
    return FollowUp(
        key=asked[0].id,
        application=decision.application,
        follow_up=decision.follow_up,
        rule=decision.rule,
        direction=decision.direction,
        occasion=decision.occasion,
        contact=decision.contact,
        step=decision.step,
        decision=decision.decision,
        reason=decision.reason,
        at=decision.at,
        due_at=decision.due_at,
        expires_at=decision.expires_at,
        overdue=decision.overdue,
        sentence=headline(decision, application),
        why="\n".join(_why(decision)),
        decided_by=by.id,
        file=by.place.file,
        line=by.place.line,
        to=(draft.to or "") if draft is not None else "",
        subject=draft.subject if draft is not None else "",
        body=draft.body if draft is not None else "",
        findings="\n".join(findings),
        actions=decision.actions,
    )


def _why(decision: Decision) -> Iterable[str]:
    for verdict, sentence in verdict_lines(decision):
        mark = "-> " if verdict.rule is decision.decided_by else "   "
        yield f"{mark}{verdict.rule.id}: {sentence} ({verdict.rule.place.file}:{verdict.rule.place.line})"
    yield f"What would change it: {what_would_change(decision)}"


def settle(kept: Mapping[str, State], decided: Iterable[FollowUp]) -> Changes:
    """What must be written so that the table says what is decided now; nothing twice, however often it is asked.

    Args:
        kept: the rows of one application, by key.
        decided: what is decided for it now; nothing where it is refused, and then what is open ends.
    """
    rows = {row.key: row for row in decided}
    return Changes(
        tuple(row for key, row in rows.items() if key not in kept),
        tuple(row for key, row in rows.items() if kept.get(key) in ("open", "ended")),
        tuple(key for key, state in kept.items() if state == "open" and key not in rows),
    )


def takes_a_word(state: State) -> bool:
    """True where a person may still say what became of a row: the first word stands."""
    return state not in _A_PERSONS_WORD


def touch(
    key: str, application: str, follow_up: str, direction: Direction, contact: str | None, now: datetime
) -> Touch:
    """The touch of a row that a person has done at `now`. The host keeps one for each key and refuses a second.

    Raises:
        PydanticCustomError: FR205, when `now` has no time zone or is out of range.
    """
    event: dict[str, Any] = {
        "id": f"done-{key}",
        "type": "message",
        "at": parse_time(now).isoformat(),
        "from": WRITER[direction],
        "follow_up": follow_up,
    }
    return Touch(key, application, event if contact is None else {**event, "contact": contact})
