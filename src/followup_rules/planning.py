"""From files to decisions: every application is looked at twice, first together and then one by one.

The first look finds what one application cannot know: doubles, refused siblings, opt-outs. Where no rule counts
across applications nothing is kept in memory between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from followup_rules.facts import Timeline
from followup_rules.judge.admit import Register
from followup_rules.judge.decide import Decider
from followup_rules.load.applications import Read
from followup_rules.load.register import DiskRegister
from followup_rules.matching.truth import Matcher
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Refusal
from followup_rules.policy import Policy


class Decided(NamedTuple):
    """One application with its decisions; none where no follow-up has an occasion."""

    application: Application
    decisions: tuple[Decision, ...]


class Planning:
    """The first look at all applications, done; `count` says how many there are."""

    def __init__(self, read: Callable[[], Iterable[Read]], policy: Policy, now: datetime) -> None:
        self._policy, self._now = policy, now
        names = policy.asks_for_names
        register: Register | DiskRegister
        register = Register(now, True, names) if policy.counts_across else DiskRegister(now, names)
        self._again: Callable[[], Iterable[Read]] = read
        first = read()
        if policy.counts_across:
            kept = tuple(first)
            first, self._again = kept, lambda: kept
        for one in first:
            register.enter(one.item)
        self._register = register
        self.count = register.count

    def decide(self, matcher: Matcher | None = None) -> Iterator[Decided | Refusal]:
        """Every application in the order of the input: its decisions, or why it is refused."""
        decider = Decider(self._policy, self._now, self._register.siblings(), matcher)
        for item, where in self._again():
            if isinstance(item, Refusal):
                yield item
                continue
            refusal = self._register.refusal(item, where.place)
            if refusal is not None:
                yield refusal
            else:
                yield Decided(item, tuple(decider.decide(Timeline(item, self._now))))
