"""What a counterexample is, and where one is seen in a history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from followup_rules.model.decision import Decision
from followup_rules.model.words import Direction
from followup_rules.policy import Policy
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.histories import History, Profile, application_id
from followup_rules.proving.lasting import Plans, omissions
from followup_rules.proving.monitor import Breach, breaches
from followup_rules.rules.base import Rule
from followup_rules.rules.properties import Property


class Counterexample(NamedTuple):
    """A history at a moment, and what goes wrong then."""

    code: str
    rule: Rule | Property
    """The rule or property that is broken."""
    text: str
    profile: Profile
    history: History
    now: datetime
    application: str
    follow_up: str
    direction: Direction
    decision: str
    """What is decided: the name of an outcome, or `none`."""
    decided_by: Rule | None
    wanted: str
    """What ought to be decided: `not_sent`, `sent`, or `no_wait`."""
    replayed: bool = False
    """True once the whole policy decided the same for the same history, read like anybody's application."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Two of one key show the same fault."""
        return self.code, self.rule.id, self.follow_up, self.direction


def at_moment(
    policy: Policy, profile: Profile, history: History, now: datetime, plan: Sequence[Decision]
) -> list[Counterexample]:
    """What the decisions of a moment break."""
    return [told(profile, history, now, breach, "not_sent") for breach in breaches(policy, profile, history, now, plan)]


def told(profile: Profile, history: History, now: datetime, breach: Breach, wanted: str) -> Counterexample:
    """A breach as a counterexample."""
    decision = breach.decision
    return Counterexample(
        breach.code, breach.rule, breach.text, profile, history, now, decision.application, decision.follow_up,
        decision.direction, decision.decision, decision.decided_by, wanted,
    )  # fmt: skip


def omitted(
    policy: Policy, bounds: Bounds, profile: Profile, history: History, plans: Plans, *, closely: bool = False
) -> Iterator[Counterexample]:
    """What an `always` property demands and nobody sends."""
    for lack in omissions(policy, profile, history, bounds.until, plans, closely=closely):
        claim, application = lack.claim, application_id(lack.number)
        plan = [
            one
            for one in plans(history, lack.deadline)
            if (one.application, one.direction) == (application, lack.direction) and one.follow_up in claim.send
        ]
        came, by = (plan[0].decision, plan[0].decided_by) if plan else ("none", None)
        event = lack.event
        text = f"nothing is sent within {claim.within} after {event.type} ({event.id}): {lack.item.title}"
        yield Counterexample(
            "FR809", lack.item, text, profile, history, lack.deadline, application, claim.send[0], lack.direction,
            came, by, "sent",
        )  # fmt: skip
