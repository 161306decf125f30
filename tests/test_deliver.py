"""The worker: each action once, whatever the other system does, and every failure is seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followup_rules.adapter import Order, Receipt
from followup_rules.errors import Misconfigured, Refused, Retriable, Unsupported
from followup_rules.outbox.ledger import Ledger
from outbox_helping import START, Agreeing, Scene, opened, order, plan


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = opened(tmp_path / "outbox.sqlite")
    yield made
    made.close()


def raises(error: Exception) -> Any:
    def act(order: Order) -> Receipt:
        raise error

    return act


def test_what_is_planned_is_done_once(ledger: Ledger) -> None:
    """An action goes from planned to confirmed, with its receipt and its whole history; working again does nothing."""
    scene = Scene(ledger)
    plan(ledger, order(1), order(2))
    scene.steps()
    scene.steps()
    assert scene.adapter.records == [order(1).id, order(2).id]
    row = ledger.row(order(1).id)
    assert row is not None
    assert (row.state, row.reference, row.attempts) == ("confirmed", "r-1", 1)
    assert [turn.became for turn in ledger.history(row.id)] == ["planned", "leased", "emitted", "confirmed"]


@pytest.mark.parametrize("outcome", ["wait", "revise", "hold", "stop", None])
def test_the_decision_is_taken_once_more(ledger: Ledger, outcome: Any) -> None:
    """A rejection five seconds ago wins: what is not the same send any more is canceled, with the reason."""
    scene = Scene(ledger, timelines=Agreeing({"app-1": outcome}))
    plan(ledger, order(1), order(2))
    scene.steps()
    assert scene.adapter.records == [order(2).id]
    row = ledger.row(order(1).id)
    assert row is not None
    assert row.state == "canceled"
    assert (outcome or "not there") in row.error


def test_what_was_emitted_when_the_worker_died_is_looked_for(ledger: Ledger) -> None:
    """Found is confirmed; certainly not there is done again; nothing is twice."""
    scene = Scene(ledger)
    plan(ledger, order(1), order(2))
    for row in ledger.lease("dead", START, START + timedelta(seconds=300), "fake", 2):
        ledger.emit(row, START, START + timedelta(seconds=300))
    scene.adapter.done(order(1))
    scene.steps()
    assert [scene.state(1), scene.state(2)] == ["emitted", "emitted"], "the lease has not ended"
    scene.clock.pass_(301)
    scene.steps()
    assert [scene.state(1), scene.state(2)] == ["confirmed", "confirmed"]
    assert scene.adapter.records == [order(1).id, order(2).id]
    assert scene.adapter.asked == [order(2)]


def test_what_cannot_be_looked_for_is_unknown(ledger: Ledger) -> None:
    """An adapter without a way to look leaves it to a person, and it is never repeated."""
    scene = Scene(ledger)
    scene.adapter.deliveries = [raises(Retriable("timed out"))]
    scene.adapter.finds = [raises(Unsupported("cannot look"))]
    plan(ledger, order(1))
    scene.steps()
    assert scene.state() == "emitted"
    scene.clock.pass_(60)
    scene.steps()
    assert scene.state() == "unknown"
    scene.clock.pass_(86400)
    scene.steps()
    assert len(scene.adapter.asked) == 1


def test_what_was_leased_by_a_dead_worker_comes_back(ledger: Ledger) -> None:
    """A lease that has ended gives the action back; nothing of it was emitted."""
    plan(ledger, order(1))
    ledger.lease("dead", START, START + timedelta(seconds=300), "fake", 1)
    scene = Scene(ledger)
    scene.steps()
    assert scene.state() == "leased"
    scene.clock.pass_(300)
    scene.steps()
    assert scene.state() == "confirmed"


def test_refused_is_refused(ledger: Ledger) -> None:
    """What the other system will not take, or the adapter cannot do, is not tried again."""
    scene = Scene(ledger)
    scene.adapter.deliveries = [raises(Refused("no such candidate")), raises(Unsupported("no tasks"))]
    plan(ledger, order(1), order(2), order(3))
    scene.steps()
    assert [scene.state(n) for n in (1, 2, 3)] == ["refused", "refused", "confirmed"]


def test_busy_is_tried_later(ledger: Ledger) -> None:
    """What was certainly not done is planned again, after the wait that the other system names."""
    scene = Scene(ledger)
    scene.adapter.deliveries = [raises(Retriable("429", after=120, maybe_done=False))]
    plan(ledger, order(1), order(2))
    scene.steps()
    assert [scene.state(1), scene.state(2)] == ["planned", "planned"]
    assert len(scene.adapter.asked) == 1, "the whole adapter waits"
    scene.clock.pass_(119)
    scene.steps()
    assert len(scene.adapter.asked) == 1
    scene.clock.pass_(20)
    scene.steps()
    assert [scene.state(1), scene.state(2)] == ["confirmed", "confirmed"]


def test_expired_is_never_sent_late(ledger: Ledger) -> None:
    """An action whose last moment has passed while it waited is canceled."""
    scene = Scene(ledger)
    plan(ledger, order(1))
    scene.clock.now = order(1).expires_at + timedelta(seconds=1)  # type: ignore[operator]
    scene.steps()
    assert (scene.state(), scene.adapter.asked) == ("canceled", [])


def test_misconfigured_sets_the_adapter_aside(ledger: Ledger) -> None:
    """Its actions stay as they were, for a person to mend the settings."""
    scene = Scene(ledger)
    scene.adapter.deliveries = [raises(Misconfigured("the key is wrong"))]
    plan(ledger, order(1), order(2))
    scene.steps()
    assert [scene.state(1), scene.state(2)] == ["planned", "planned"]
    assert scene.worker.set_aside() == {"fake": "the key is wrong"}
