"""The newest decision from the store: of one application, read with all others of its candidate just then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, Protocol

from followup_rules.adapter import Order
from followup_rules.delivering.ports import Fresh, Timelines
from followup_rules.delivering.rechecking import Newest
from followup_rules.facts import Timeline
from followup_rules.judge.admit import Register
from followup_rules.judge.decide import Decider
from followup_rules.load.applications import Read
from followup_rules.matching.native import NativeMatcher
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision, Refusal
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timelines import snapshot, told_of, version
from followup_rules.policy import Policy
from followup_rules.syncing.names import StoredNames
from followup_rules.syncing.stored import reads_of, stored_applications


class Settled(NamedTuple):
    """One application with its decisions as they are now."""

    application: Application
    decisions: tuple[Decision, ...]


class Deciding(Timelines, Protocol):
    """Decides single applications, whenever asked, on what is stored then."""

    def decided(self, application: str, now: datetime) -> Settled | Refusal | None:
        """An application with its decisions, or why it is refused; None where it is not there."""
        ...


def newest_in(ledger: Ledger, policy: Policy, names: StoredNames | None = None) -> Timelines:
    """What decides once more on the store.

    Raises:
        InvalidInput: FR957, nothing was ever read into the store.
    """
    with snapshot(ledger) as connection:
        stored_applications(ledger, connection)
    return deciding_on(ledger, policy, names)


def deciding_on(ledger: Ledger, policy: Policy, names: StoredNames | None = None) -> Deciding:
    """The same, whether anything was read or not. Where rules count across applications everything is read.

    `names` can be shared by several that decide on one store.
    """
    if policy.counts_across:
        return _Everything(ledger, policy)
    known = (names or StoredNames(ledger)) if policy.asks_for_names else None
    return _OneByOne(ledger, policy, known)


class _Everything(Newest):
    def __init__(self, ledger: Ledger, policy: Policy) -> None:
        super().__init__(policy, lambda: _everything(ledger), lambda: version(ledger))

    def decided(self, application: str, now: datetime) -> Settled | Refusal | None:
        found = self.newest(application, now)
        return found if found is None or isinstance(found, Refusal) else Settled(*found)


def _everything(ledger: Ledger) -> Iterator[Read]:
    with snapshot(ledger) as connection:
        yield from stored_applications(ledger, connection)()


class _OneByOne:
    def __init__(self, ledger: Ledger, policy: Policy, names: StoredNames | None) -> None:
        self._ledger, self._policy, self._names = ledger, policy, names
        self._matcher = NativeMatcher(policy.conditions)

    def recheck(self, order: Order, now: datetime) -> Fresh | None:
        found = self.decided(order.application, now)
        if not isinstance(found, Settled):
            return None
        for one in found.decisions:
            if (one.rule, one.occasion) == (order.rule, order.occasion):
                return Fresh(one, found.application)
        return None

    def decided(self, application: str, now: datetime) -> Settled | Refusal | None:
        with snapshot(self._ledger) as connection:
            told = told_of(connection, application)
            reads = list(reads_of(told, connection, self._ledger.shown))
        register = Register(now, False)
        for read in reads:
            register.enter(read.item)
        decider = Decider(self._policy, now, register.siblings(self._names), self._matcher)
        for item, where in reads:
            if isinstance(item, Application) and item.id == application:
                refusal = register.refusal(item, where.place)
                return refusal or Settled(item, tuple(decider.decide(Timeline(item, now))))
            if isinstance(item, Refusal) and item.application == application:
                return item
        return None
