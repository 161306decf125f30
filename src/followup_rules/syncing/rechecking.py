"""The newest decision from the store: of one application, read with all others of its candidate just then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from followup_rules.adapter import Order
from followup_rules.delivering.ports import Fresh, Timelines
from followup_rules.delivering.rechecking import Newest
from followup_rules.facts import Timeline
from followup_rules.judge.admit import Register
from followup_rules.judge.decide import Decider
from followup_rules.load.applications import Read
from followup_rules.matching.native import NativeMatcher
from followup_rules.model.application import Application
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timelines import snapshot, told_of, version
from followup_rules.policy import Policy
from followup_rules.syncing.stored import reads_of, stored_applications


def newest_in(ledger: Ledger, policy: Policy) -> Timelines:
    """What decides once more on the store.

    Where rules count across applications, or ask for names of others, everything is read, else one candidate at a time.

    Raises:
        InvalidInput: FR957, nothing was ever read into the store.
    """
    with snapshot(ledger) as connection:
        stored_applications(ledger, connection)
    if policy.counts_across or policy.asks_for_names:
        return Newest(policy, lambda: _everything(ledger), lambda: version(ledger))
    return _OneByOne(ledger, policy)


def _everything(ledger: Ledger) -> Iterator[Read]:
    with snapshot(ledger) as connection:
        yield from stored_applications(ledger, connection)()


class _OneByOne:
    def __init__(self, ledger: Ledger, policy: Policy) -> None:
        self._ledger, self._policy = ledger, policy
        self._matcher = NativeMatcher(policy.conditions)

    def recheck(self, order: Order, now: datetime) -> Fresh | None:
        with snapshot(self._ledger) as connection:
            told = told_of(connection, order.application)
            reads = list(reads_of(told, connection, self._ledger.shown))
        register = Register(now, False)
        for read in reads:
            register.enter(read.item)
        decider = Decider(self._policy, now, register.siblings(), self._matcher)
        for item, where in reads:
            if isinstance(item, Application) and item.id == order.application:
                if register.refusal(item, where.place) is not None:
                    return None
                for one in decider.decide(Timeline(item, now)):
                    if (one.rule, one.occasion) == (order.rule, order.occasion):
                        return Fresh(one, item)
        return None
