"""From decisions to the outbox: orders, routed to adapters and saved some applications at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from followup_rules.adapter import Order, orders
from followup_rules.delivering.ports import Clock, Routed, Routing
from followup_rules.errors import Place, Problem
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.saving import Entry, Saved, Wanted, save

_AT_ONCE: Final = 200


class Saver:
    """Takes decided applications one by one, and saves what they ask for in groups."""

    def __init__(
        self, ledger: Ledger, routing: Routing, decided_at: datetime, clock: Clock, tell: Callable[[Problem], None]
    ) -> None:
        self._ledger, self._routing, self._decided_at, self._clock = ledger, routing, decided_at, clock
        self._tell = tell
        self._waiting: list[Wanted] = []
        self.saved, self.unrouted = Saved(), 0

    def add(self, application: Application, decisions: Iterable[Decision]) -> None:
        """Take one application; what no adapter does is told and left out."""
        entries: list[Entry] = []
        reasons: dict[tuple[str, str], str] = {}
        for decision in decisions:
            if decision.decision != "send":
                why = f"{decision.decision}: {decision.reason}, by {decision.decided_by.id}"
                reasons[decision.rule, decision.occasion] = why
            for order in orders(decision, application):
                routed = self._routing.route(order)
                if isinstance(routed, Routed):
                    entries.append(Entry(routed.order, routed.adapter))
                else:
                    self._refuse(order, routed)
        self._waiting.append(Wanted(application.id, entries, reasons))
        if len(self._waiting) >= _AT_ONCE:
            self.finish()

    def finish(self) -> None:
        """Save what is waiting."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self.saved = self.saved.plus(save(self._ledger, waiting, self._decided_at, self._clock()))

    def _refuse(self, order: Order, why: str) -> None:
        self.unrouted += 1
        text = f"the action {order.do} of '{order.application}' by {order.rule} goes nowhere: {why}"
        self._tell(Problem("FR909", text, Place(order.application), "write a route to an adapter that can do it"))
