"""One slice of a policy, or the same slice of two, with one profile: what is decided, and at which moments to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from typing import Final, NamedTuple

from followup_rules.facts import Timeline
from followup_rules.judge.decide import Decider, Known
from followup_rules.judge.portfolio import Portfolio
from followup_rules.model.decision import Decision
from followup_rules.model.words import ENDED
from followup_rules.policy import Policy
from followup_rules.proving.clock import UTC
from followup_rules.proving.histories import Built, Happening, History, Profile, Symbol, status_of
from followup_rules.proving.profiles import START
from followup_rules.proving.residue import Eyes
from followup_rules.proving.slices import Sent
from followup_rules.rules.restrictions import SendWindow
from followup_rules.timing.zones import find_zone

_SECOND: Final = timedelta(seconds=1)
_MOST_LOOKS: Final = 16
_MOST_KNOWN: Final = 5_000


class Look(NamedTuple):
    """What one or two policies decide at a moment."""

    now: datetime
    plans: tuple[tuple[Decision, ...], ...]


class Field:
    """Where histories are made and decided."""

    def __init__(
        self, policies: Sequence[Policy], sent: frozenset[Sent], profile: Profile, symbols: tuple[Symbol, ...]
    ) -> None:
        self.policies, self.sent, self.profile, self.symbols = tuple(policies), sent, profile, symbols
        self._built = Built(profile)
        self._deciders = [Decider(policy, START, Portfolio()) for policy in policies]
        self._openings: list[Known] = [{} for _ in policies]
        self.windows = [rule for policy in policies for rule in policy.rules if isinstance(rule, SendWindow)]
        self.looks = 0
        self.eyes = Eyes(self.policies, sent)
        self.is_alike = not any(policy.counts_across for policy in policies)
        """True where it makes no difference which of several applications something happens to first."""

    def plans(self, history: History, now: datetime) -> tuple[tuple[Decision, ...], ...]:
        """What each policy decides."""
        self.looks += len(self.policies)
        timelines = [Timeline(one, now) for one in self._built.applications(history)]
        plans = []
        for policy, decider, known in zip(self.policies, self._deciders, self._openings, strict=True):
            if len(known) > _MOST_KNOWN:
                known.clear()
            judge = decider.at(now, Portfolio(timelines, across=policy.counts_across), known)
            plans.append(tuple(one for timeline in timelines for one in judge.decide(timeline)))
        return tuple(plans)

    def looks_at(self, history: History, until: datetime, *, closely: bool = True) -> list[Look]:
        """Every moment after the last event at which something changes; `closely`, just before it and each day too."""
        start = history[-1].at
        todo, known = [start], {start}
        found: list[Look] = []
        days: set[tuple[str, str, int]] = set()
        while todo and len(found) < _MOST_LOOKS:
            now = heappop(todo)
            plans = self.plans(history, now)
            found.append(Look(now, plans))
            for moment in self._next(now, plans, None if closely else days):
                if start < moment <= until and moment not in known:
                    known.add(moment)
                    heappush(todo, moment)
        return found

    def _next(
        self, now: datetime, plans: tuple[tuple[Decision, ...], ...], days: set[tuple[str, str, int]] | None
    ) -> Iterator[datetime]:
        """When something changes next. `days` are the steps of which one day was seen to its end; others are alike."""
        first = 0 if days is None else 1
        for plan in plans:
            for decision in plan:
                if decision.decision == "stop":
                    continue
                day = (decision.application, decision.occasion + decision.rule, decision.step)
                again = days is not None and day in days
                if decision.decision == "wait" and decision.moment is not None:
                    yield from (decision.moment - _SECOND, decision.moment)[first:]
                expires = decision.evidence.expires()
                if expires is not None:
                    yield from (expires, expires + _SECOND)[first:]
                if decision.decision == "send" and not again:
                    if days is not None:
                        days.add(day)
                    for shut in self._closings(now, decision):
                        yield from (shut - _SECOND, shut)[first:]

    def _closings(self, now: datetime, decision: Decision) -> Iterator[datetime]:
        for window in self.windows:
            zone = decision.evidence.zone if window.in_ is None else find_zone(window.in_)
            local = now.astimezone(zone)
            for start, end in window.open[local.weekday()]:
                if start <= local.hour * 60 + local.minute < end:
                    shut = datetime.combine(local.date(), time(), local.tzinfo) + timedelta(minutes=end)
                    yield shut.astimezone(UTC)

    def is_closed(self, history: History) -> bool:
        """True where nothing can be sent any more, whatever comes."""
        return all(status_of(history, number) in ENDED for number in range(self.profile.applications))

    def carried_out(self, look: Look) -> Iterator[Happening]:
        """The messages that are decided at a moment, as they will stand in the history."""
        for decision in look.plans[0]:
            if decision.decision == "send":
                side = "candidate" if decision.direction == "candidate_to_employer" else "employer"
                number = int(decision.application.partition("-")[2]) - 1
                contacts = (decision.contact,) if decision.contact else ()
                yield Happening(look.now, Symbol("message", side, decision.follow_up, contacts=contacts), number)
