"""One occasion judged: stop beats hold beats wait beats send.

What decides is looked for in that order, so that the rest need not be worked out; `verdicts` works out all of it for
the explanation, by the same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import TypeVar

from followup_rules.judge.actions import actions
from followup_rules.judge.occasions import Occasion
from followup_rules.judge.openings import Openings
from followup_rules.judge.portfolio import OptOut
from followup_rules.judge.restrain import (
    Counted,
    applies,
    cooldown_verdict,
    limit_verdict,
    nothing_stops,
    stop_verdict,
    truth_of,
)
from followup_rules.judge.steps import NextStep
from followup_rules.matching.truth import Truth
from followup_rules.model.decision import Action, Subject, Verdict
from followup_rules.model.words import Outcome, Reason
from followup_rules.policy import Conditioned
from followup_rules.rules.base import Restriction, Rule
from followup_rules.rules.restrictions import Cooldown, Limit, Stop
from followup_rules.timing.place import Place
from followup_rules.timing.schedule import Schedule

_Kind = TypeVar("_Kind", bound=Restriction)


Settled = tuple[Outcome, Reason, datetime | None, Rule]
"""What comes out: the decision, its reason, the moment to act in UTC, and the rule that decided."""


class Judgement:
    """All that is known about one occasion at one moment."""

    __slots__ = ("_ask_counted", "_fine", "_held", "_known", "_occasion", "_open", "_opt_out", "_seen", "_step", "now")

    def __init__(
        self, occasion: Occasion, counted: Callable[[], Counted], openings: Callable[[Occasion, Place], Openings],
        opt_out: OptOut | None, held: bool, fine: Mapping[int, Verdict],
    ) -> None:  # fmt: skip
        self._occasion, self._ask_counted, self._open = occasion, counted, openings
        self._opt_out, self._held, self._fine = opt_out, held, fine
        self._known: Openings | None = None
        self._seen: Counted | None = None
        self._step: NextStep | None = None
        self.now = occasion.timeline.now

    @property
    def _counted(self) -> Counted:
        """What rules count, looked at when it is first needed: a stopped occasion needs none of it."""
        if self._seen is None:
            self._seen = self._ask_counted()
        return self._seen

    @property
    def step(self) -> NextStep:
        """The next touch of the cadence."""
        if self._step is None:
            self._step = NextStep(self._occasion, self._counted)
        return self._step

    @property
    def step_number(self) -> int:
        """Its number; where all are sent, that of the last."""
        return self.step.number

    @property
    def occasion(self) -> Occasion:
        """What is judged."""
        return self._occasion

    @property
    def openings(self) -> Openings | None:
        """The send windows, worked out when they are first needed; None without a zone."""
        place = self._occasion.place
        if self._known is None and place is not None:
            self._known = self._open(self._occasion, place)
        return self._known

    def hours(self) -> Schedule:
        """What counts as business hours. Asked only where the recipient's zone is known."""
        openings = self.openings
        assert openings is not None  # noqa: S101
        return openings.hours

    def settle(self) -> Settled:
        """The decision, without the rest of the evidence."""
        stopped = self._stopped()
        if stopped is not None:
            return ("stop", "stopped", None, stopped)
        rule, step = self._occasion.lane.rule, self.step
        if step.done:
            return ("stop", "done", None, rule)
        limit = self._limit_reached()
        if limit is not None:
            return ("stop", "limit_reached", None, limit)
        if self._occasion.place is not None and self._is_over():
            return ("stop", "expired", None, rule)
        hold = self._hold()
        if hold is not None:
            return ("hold", hold[0], None, hold[1])
        return self._wait_or_send()

    def _wait_or_send(self) -> Settled:
        """The latest wait, moved into the send windows; what would be too late for the step is never."""
        rule, last, expires = self._occasion.lane.rule, self._last_wait(), self.step.expires(self.hours)
        openings = self.openings
        assert openings is not None and expires is not None  # noqa: S101  (else held or over)
        moment = openings.from_now
        if last is not None:
            moment = openings.next_open(last.at) if last.at is not None else None
        if moment is None or moment > expires:
            return ("stop", "expired", None, rule)
        if last is not None:
            return ("wait", last.reason, moment, last.rule)
        shut = openings.shut
        return ("wait", shut.reason, moment, shut.rule) if shut else ("send", "in_window", moment, rule)

    @property
    def subject(self) -> Subject:
        """What the decision is about."""
        lane, _, direction, _, name, contact, _, _, passed_over = self._occasion
        application = self._occasion.timeline.application.id
        return Subject(application, lane.rule.follow_up, lane.rule.id, direction, name, contact, passed_over)

    @property
    def zone(self) -> tzinfo | None:
        """The recipient's zone, where it is known."""
        return None if self._occasion.place is None else self._occasion.place.zone

    def opens(self) -> datetime | None:
        """Not before."""
        return self.step.opens(self.hours)

    def due(self) -> datetime | None:
        """Best by."""
        return self.step.due(self.hours)

    def expires(self) -> datetime | None:
        """Never after."""
        return self.step.expires(self.hours)

    def shuts(self) -> datetime | None:
        """Until when the send windows are certainly open, where they are open now and ever shut."""
        return None if self.openings is None else self.openings.shuts(self.now)

    def spent(self) -> tuple[datetime, ...]:
        """When the touches were sent that use up a step; one that this plan sends is at now."""
        return tuple(touch.at for touch in self._counted.of_occasion())

    def actions(self) -> tuple[Action, ...]:
        """What adapters are asked to do."""
        occasion, rule = self._occasion, self._occasion.lane.rule
        return actions(occasion.timeline.application.id, rule.id, occasion.name, self.step.number, rule.do)

    def verdicts(self) -> tuple[Verdict, ...]:
        """What every rule that applies says; the follow-up rule first, then each kind in rule order."""
        scope, openings = self._occasion.lane.scope, self.openings
        found = self._own()
        for stop in scope.stops:
            found += self._told(stop, self._stop)
        for limit in scope.limits:
            found += self._told(limit, self._limit if openings is not None or limit.rule.within is None else None)
        for cooldown in scope.cooldowns:
            found += self._told(cooldown, self._cooldown if openings is not None else None)
        if openings is not None:
            return (*found, *openings.verdicts)
        for window in scope.windows:
            found += self._told(window, None)
        return tuple(found)

    def _own(self) -> list[Verdict]:
        """What the follow-up rule itself says."""
        rule, place, step = self._occasion.lane.rule, self._occasion.place, self.step
        found = [Verdict(rule, "hold", "on_hold")] if self._occasion.timeline.application.status == "on_hold" else []
        if self._occasion.answer.disputed:
            found.append(Verdict(rule, "hold", "engines_disagree", notes=(self._occasion.answer.disputed,)))
        if self._held:
            found.append(Verdict(rule, "hold", "refused_sibling"))
        if step.done:
            found.append(Verdict(rule, "stop", "done", counted=step.number))
        if place is None:
            found.append(Verdict(rule, "hold", "unknown_timezone"))
        elif not step.done:
            notes = place.calendar.notes
            opening = self._opening()
            if self._is_over():
                found.append(Verdict(rule, "stop", "expired", step.expires(self.hours), notes=notes))
            else:
                found.append((opening or Verdict(rule, "send", "in_window"))._replace(notes=notes))
        return found

    def _told(
        self, one: Conditioned[_Kind], ask: Callable[[Conditioned[_Kind]], Verdict | None] | None
    ) -> list[Verdict]:
        """What a restricting rule says, nothing where it does not apply or cannot be asked without a zone."""
        truth = truth_of(one, self._occasion)
        if truth is Truth.NO_ZONE:
            return [Verdict(one.rule, "hold", "unknown_timezone")]
        if truth is Truth.FALSE or ask is None:
            return []
        return [ask(one) or self._fine[one.order]]

    def _stop(self, one: Conditioned[Stop]) -> Verdict | None:
        return stop_verdict(one.rule, self._occasion, self._opt_out)

    def _limit(self, one: Conditioned[Limit]) -> Verdict | None:
        return limit_verdict(one.rule, self._occasion, self._counted, self.hours)

    def _cooldown(self, one: Conditioned[Cooldown]) -> Verdict | None:
        return cooldown_verdict(one.rule, self._occasion, self._counted, self.hours)

    def _stopped(self) -> Rule | None:
        """The first stop rule that stops."""
        occasion, scope = self._occasion, self._occasion.lane.scope
        if self._opt_out is None and nothing_stops(scope, occasion):
            return None
        for one in scope.stops:
            if applies(one, occasion) and self._stop(one) is not None:
                return one.rule
        return None

    def _limit_reached(self) -> Rule | None:
        """The first limit without `within` that is reached."""
        if self._counted.none_at_all:
            return None
        for one in self._occasion.lane.scope.limits:
            if one.rule.within is None and applies(one, self._occasion) and self._limit(one) is not None:
                return one.rule
        return None

    def _is_over(self) -> bool:
        """True past the last moment, and where a moment of the step never comes."""
        step = self.step
        expires = step.expires(self.hours)
        return (
            expires is None or self.now > expires or step.opens(self.hours) is None or step.due_never_comes(self.hours)
        )

    def _opening(self) -> Verdict | None:
        opens = self.step.opens(self.hours)
        if opens is None or opens <= self.now:
            return None
        return Verdict(self._occasion.lane.rule, "wait", "not_open_yet", opens)

    def _hold(self) -> tuple[Reason, Rule] | None:
        """Why and by which rule it is held."""
        occasion = self._occasion
        lane, scope = occasion.lane, occasion.lane.scope
        rule: Rule
        if occasion.timeline.application.status == "on_hold":
            return "on_hold", lane.rule
        if occasion.place is None:
            order, rule = lane.order, lane.rule
            for one in scope.all:
                if one.order < order and truth_of(one, occasion) is Truth.NO_ZONE:
                    order, rule = one.order, one.rule
            return "unknown_timezone", rule
        if occasion.answer.disputed:
            return "engines_disagree", lane.rule
        return ("refused_sibling", lane.rule) if self._held else None

    def _last_wait(self) -> Verdict | None:
        """The latest wait, one for ever above all; of equal ones the opening, then rule order."""
        opening = self._opening()
        if self._counted.none_at_all:
            return opening
        scope, occasion = self._occasion.lane.scope, self._occasion
        found: list[tuple[int, Verdict]] = [(-1, opening)] if opening is not None else []
        for limit in scope.limits:
            if limit.rule.within is not None and applies(limit, occasion) and (verdict := self._limit(limit)):
                found.append((limit.order, verdict))
        for cooldown in scope.cooldowns:
            if applies(cooldown, occasion) and (verdict := self._cooldown(cooldown)):
                found.append((cooldown.order, verdict))
        found.sort(key=lambda one: one[0])
        last: Verdict | None = None
        for _, wait in found:
            if last is None or (last.at is not None and (wait.at is None or wait.at > last.at)):
                last = wait
        return last
