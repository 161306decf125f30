"""What to do now about every occasion. No I/O and no clock: the same input gives the same decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime
from functools import partial

from followup_rules.errors import Place as Spot
from followup_rules.facts import Timeline
from followup_rules.judge.admit import Register, read_application
from followup_rules.judge.drafts import Drafts
from followup_rules.judge.judgement import Judgement
from followup_rules.judge.occasions import Occasion, occasions
from followup_rules.judge.openings import Openings
from followup_rules.judge.portfolio import OptOut, Portfolio, Siblings, Touch
from followup_rules.judge.restrain import Counted
from followup_rules.judge.texts import Review
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Matcher, Truth
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Draft, Finding, Plan, Refusal, Verdict
from followup_rules.model.faults import Locate
from followup_rules.model.times import parse_time
from followup_rules.model.words import Direction
from followup_rules.policy import Policy
from followup_rules.timing.place import Place

Known = dict[datetime, dict[tuple[Place | int, ...], Openings]]
"""The openings of places under some windows, at some moments."""


def decide(
    applications: Iterable[Application | object],
    policy: Policy,
    now: datetime,
    *,
    matcher: Matcher | None = None,
) -> Plan:
    """Decide every occasion of every application.

    Args:
        applications: validated ones, or plain data in the form of the language page; what cannot be used is
            refused alone.
        now: the moment of deciding, with a time zone.
        matcher: the engine for conditions; plain Python where none is given.

    Raises:
        PydanticCustomError: FR205, when `now` has no time zone or is out of range.
    """
    now = parse_time(now)
    read = [
        (
            one if isinstance(one, Application) else read_application(one, _within(number)),
            partial(_within(number), (), False),
        )
        for number, one in enumerate(applications, 1)
    ]
    register = Register(now, policy.counts_across, policy.asks_for_names)
    for item, _ in read:
        register.enter(item)
    decider = Decider(policy, now, register.siblings(), matcher)
    decisions: list[Decision] = []
    refused: list[Refusal] = []
    for item, place in read:
        refusal = item if isinstance(item, Refusal) else register.refusal(item, place)
        if refusal is not None:
            refused.append(refusal)
        elif isinstance(item, Application):
            decisions += decider.decide(Timeline(item, now))
    return Plan(tuple(decisions), tuple(refused))


def _within(number: int) -> Locate:
    """Places in data that was never a file: the number of the application, and the path."""
    return lambda loc, key: Spot(": ".join([f"application {number}", *([".".join(map(str, loc))] if loc else [])]))


class Decider:
    """Decides applications one after the other. A touch that it plans counts for all that come later."""

    def __init__(
        self, policy: Policy, now: datetime, siblings: Siblings | Portfolio, matcher: Matcher | None = None
    ) -> None:
        self._policy, self._now, self._siblings = policy, now, siblings
        self._matcher = matcher or NativeMatcher(policy.conditions)
        self._portfolio = siblings if isinstance(siblings, Portfolio) else Portfolio()
        self._drafts = Drafts(policy.templates)
        self._openings: dict[tuple[Place | int, ...], Openings] = {}
        self._fine = {order: Verdict(rule, "send", "in_window") for order, rule in enumerate(policy.rules)}

    def at(self, now: datetime, siblings: Siblings | Portfolio, known: Known) -> Decider:
        """The same rules at another moment. `known` keeps what was worked out about a moment, for the next time."""
        other = copy(self)
        other._now, other._siblings = now, siblings
        other._portfolio = siblings if isinstance(siblings, Portfolio) else Portfolio()
        other._openings = known.setdefault(now, {})
        return other

    def decide(self, timeline: Timeline) -> Iterator[Decision]:
        """The decisions for one application, in order of rule and contact."""
        opt_out = self._siblings.opt_out(timeline)
        held = self._siblings.refused_candidate(timeline.application.candidate.id)
        planned: dict[Direction, tuple[Touch, ...]] = {}
        for occasion in occasions(self._policy, timeline, self._matcher):
            decision = self._judge(occasion, planned.get(occasion.direction, ()), opt_out, held)
            if decision.decision == "send":
                # A new tuple each time: what was decided before keeps what was planned before.
                planned[occasion.direction] = (*planned.get(occasion.direction, ()), self._plan(occasion))
            yield decision

    def _plan(self, occasion: Occasion) -> Touch:
        """The touch that a decision to send is from now on."""
        named = (occasion.contact,) if occasion.contact is not None else ()
        touch = Touch(self._now, named, occasion.lane.rule.follow_up)
        if self._policy.counts_across:
            self._portfolio.plan(occasion.timeline.application, touch, occasion.direction)
        return touch

    def _judge(self, occasion: Occasion, planned: Sequence[Touch], opt_out: OptOut | None, held: bool) -> Decision:
        across = self._policy.counts_across
        counted = partial(Counted, occasion, self._portfolio, planned, across)
        judgement = Judgement(occasion, counted, self._openings_of, opt_out, held, self._fine)
        decision, reason, moment, decided_by = judgement.settle()
        draft: Draft | None = None
        found: Callable[[], tuple[Finding, ...]] = tuple
        if decision == "send":
            draft, failed = self._drafts.draft(occasion, judgement.step.number)
            errors = failed
            if failed:
                found = partial(tuple, failed)
            elif draft is not None:
                review = Review(draft, occasion, self._policy, self._siblings.foreign_names)
                found, errors = review.findings, review.errors()
            if errors:
                decision, reason = "revise", "draft_has_errors"
                decided_by = errors[0].rule or decided_by
        made = Decision(decision, reason, moment, decided_by, judgement, found, draft)
        if across:
            # What is planned from here on counts in other applications too, and must not show in this evidence.
            _ = made.verdicts
        return made

    def _openings_of(self, occasion: Occasion, place: Place) -> Openings:
        truths = occasion.answer.truths
        applied: list[Place | int] = [place]
        for one in occasion.lane.scope.windows:
            if one.condition is None or truths[one.condition] is not Truth.FALSE:
                applied.append(one.order)
        key = tuple(applied)
        openings = self._openings.get(key)
        if openings is None:
            windows = [one.rule for one in occasion.lane.scope.windows if one.order in applied[1:]]
            openings = self._openings[key] = Openings(windows, place, self._now)
        return openings
