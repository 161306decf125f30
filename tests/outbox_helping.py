"""What the tests of the outbox share: a ledger in a folder, orders by number, and a clock that is set by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, ClassVar

from followup_rules.adapter import Adapter, Capability, Order, Receipt, orders
from followup_rules.delivering.ports import Configured, Fresh, Limits
from followup_rules.delivering.worker import Event, Worker
from followup_rules.model.application import Application
from followup_rules.outbox.address import address
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.opening import open_outbox
from followup_rules.outbox.saving import Entry, Saved, Wanted, save
from followup_rules.testing.samples import a_decision

START = datetime(2026, 9, 15, 14, 0, tzinfo=timezone.utc)


@dataclass
class Hands:
    """A clock that stands still until it is set."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def opened(where: str | Path, now: datetime = START, *, create: bool = True) -> Ledger:
    return open_outbox(address(str(where)), now, create=create)


def order(number: int = 1, do: Any = "create_task") -> Order:
    application = Application(id=f"app-{number}", status="active")
    return orders(a_decision(do=(do,), application=application.id), application)[0]


def plan(
    ledger: Ledger, *wanted: Order, adapter: str = "fake", at: datetime = START, now: datetime | None = None
) -> Saved:
    """Save some orders, each of an application of its own."""
    return save(ledger, [Wanted(one.application, [Entry(one, adapter)]) for one in wanted], at, now or at)


class FakeAdapter(Adapter):
    """Keeps its records in a list; `behave` decides what happens instead, where it is set."""

    name = "fake"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task", "draft", "note"})

    def __init__(self) -> None:
        super().__init__(self.Settings())
        self.records: list[str] = []
        self.asked: list[Order] = []
        self.deliveries: list[Callable[[Order], Receipt]] = []
        self.finds: list[Callable[[Order], Receipt | None]] = []

    def carry_out(self, order: Order) -> Receipt:
        self.asked.append(order)
        if self.deliveries:
            return self.deliveries.pop(0)(order)
        return self.done(order)

    def done(self, order: Order) -> Receipt:
        self.records.append(order.id)
        return Receipt(order.id, self.name, "done", f"r-{len(self.records)}")

    def find(self, order: Order) -> Receipt | None:
        if self.finds:
            return self.finds.pop(0)(order)
        if order.id in self.records:
            return Receipt(order.id, self.name, "already_done", f"r-{self.records.index(order.id) + 1}")
        return None


class Agreeing:
    """Timelines that go on asking for everything, but for the applications in `changed`."""

    def __init__(self, changed: Mapping[str, Any] | None = None) -> None:
        self.changed = dict(changed or {})

    def recheck(self, order: Order, now: datetime) -> Fresh | None:
        outcome = self.changed.get(order.application, "send")
        if outcome is None:
            return None
        application = Application(id=order.application, status="active")
        return Fresh(a_decision(outcome, do=(order.do,), application=order.application), application)


@dataclass
class Scene:
    """One worker with everything around it."""

    ledger: Ledger
    adapter: FakeAdapter = field(default_factory=FakeAdapter)
    timelines: Agreeing = field(default_factory=Agreeing)
    clock: Hands = field(default_factory=Hands)
    limits: Limits = field(default_factory=Limits)
    name: str = "worker"

    def __post_init__(self) -> None:
        self.seen: list[Event] = []
        fleet = {"fake": Configured(self.adapter, self.limits)}
        self.worker = Worker(
            self.ledger, fleet, self.timelines, self.clock, self.name, random.Random(1), self.seen.append
        )

    def state(self, number: int = 1) -> str:
        row = self.ledger.row(order(number).id)
        assert row is not None
        return row.state

    def steps(self, most: int = 100) -> None:
        """Work until there is nothing left to do now."""
        for _ in range(most):
            if not self.worker.step():
                return
        raise AssertionError("there is no end to it")
