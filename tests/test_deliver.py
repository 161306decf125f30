"""The worker: each action once, whatever the other system does, and every failure is seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followup_rules.adapter import AdapterSettings, Order, Receipt, Secret
from followup_rules.delivering.ports import Limits
from followup_rules.delivering.running import run
from followup_rules.delivering.summary import Summary
from followup_rules.errors import Misconfigured, Refused, Retriable, Unsupported
from followup_rules.model.decision import Draft
from followup_rules.outbox.address import address
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.opening import open_outbox
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
    summary = Summary()
    for event in scene.seen:
        summary.note(event)
    (problem,) = summary.problems()
    assert problem.code == "FR911"
    assert "outbox confirm" in problem.hint
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


def test_after_many_failures_the_adapter_is_let_be(ledger: Ledger) -> None:
    """After five in a row nobody asks for half a minute; then one action tries, and what works opens the way."""
    scene = Scene(ledger)
    scene.adapter.deliveries = [raises(Retriable("out of reach", maybe_done=False))] * 6
    plan(ledger, *(order(number) for number in range(10)))
    scene.steps()
    assert len(scene.adapter.asked) == 5
    scene.clock.pass_(31)
    scene.worker.step()
    assert len(scene.adapter.asked) == 6, "one tries the way"
    scene.worker.step()
    assert len(scene.adapter.asked) == 6
    scene.clock.pass_(3600)
    scene.steps()
    assert ledger.counts() == {"confirmed": 10}


def test_no_faster_than_the_rate(ledger: Ledger) -> None:
    """So many requests a second, and so many at once after a pause; looking counts too."""
    scene = Scene(ledger, limits=Limits(rate=2.0, burst=3))
    plan(ledger, *(order(number) for number in range(10)))
    scene.steps()
    assert len(scene.adapter.asked) == 3
    wakes = scene.worker.wakes()
    assert wakes is not None
    assert timedelta(seconds=0.4) < wakes - scene.clock.now < timedelta(seconds=0.6)
    scene.clock.pass_(1.01)
    scene.steps()
    assert len(scene.adapter.asked) == 5
    scene.clock.pass_(60)
    scene.steps()
    assert len(scene.adapter.asked) == 8


@pytest.mark.parametrize("wrong", [None, "done", Receipt("another", "fake", "done")])
def test_a_receipt_that_is_none(ledger: Ledger, wrong: Any) -> None:
    """An adapter that answers something else has perhaps done it, so it is looked for."""
    scene = Scene(ledger)

    def act(order: Order) -> Receipt:
        scene.adapter.done(order)
        return wrong  # type: ignore[no-any-return]

    scene.adapter.deliveries = [act]
    plan(ledger, order(1))
    scene.steps()
    assert scene.state() == "emitted"
    scene.clock.pass_(60)
    scene.steps()
    assert (scene.state(), scene.adapter.records) == ("confirmed", [order(1).id])


def test_an_adapter_that_breaks(ledger: Ledger) -> None:
    """Whatever it raises, the others go on; one that cannot look either is for a person in the end."""
    scene = Scene(ledger)
    scene.adapter.deliveries = [raises(ZeroDivisionError("oops"))]
    scene.adapter.finds = [raises(KeyError("oops"))] * 5
    plan(ledger, order(1), order(2))
    for _ in range(10):
        scene.steps()
        scene.clock.pass_(3700)
    assert [scene.state(1), scene.state(2)] == ["unknown", "confirmed"]


def test_waits_grow_and_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """Each wait is about twice the last, with chance in it, and chance is told."""
    waits: list[list[float]] = []
    for name in ("a", "b"):
        ledger = opened(tmp_path / f"{name}.sqlite")
        scene = Scene(ledger, limits=Limits(failures=100))
        scene.adapter.deliveries = [raises(Retriable("away", maybe_done=False))] * 5
        plan(ledger, order(1))
        found = []
        for _ in range(5):
            scene.steps()
            row = ledger.row(order(1).id)
            assert row is not None
            found.append((row.next_try - scene.clock.now).total_seconds())
            scene.clock.now = row.next_try
        waits.append(found)
        ledger.close()
    assert waits[0] == waits[1]
    assert all(2**n <= wait <= 2 ** (n + 1) for n, wait in enumerate(waits[0]))


def test_no_secret_comes_into_the_ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter that repeats its secret in errors and receipts is covered up for."""
    monkeypatch.setenv("PLANTED", "planted-secret-51")

    class Settings(AdapterSettings):
        token: Secret

    scene = Scene(ledger)
    scene.adapter.settings = Settings.model_validate({"token": "env:PLANTED"})

    def receipt(order: Order) -> Receipt:
        return Receipt(order.id, "fake", "done", "planted-secret-51/7")

    long = "x" * 290 + " planted-secret-51"
    scene.adapter.deliveries = [raises(Refused(long)), raises(RuntimeError("planted-secret-51")), receipt]
    plan(ledger, order(1), order(2), order(3))
    scene.steps()
    told = [repr(row) for row in ledger.rows()] + [repr(event) for event in scene.seen]
    told += [repr(turn) for number in (1, 2, 3) for turn in ledger.history(order(number).id)]
    assert not any("planted" in text for text in told)


def test_stopping_finishes_the_action_in_hand(ledger: Ledger) -> None:
    """What is in hand is done to its end, and the rest is given back at once."""
    scene = Scene(ledger)

    def act(order: Order) -> Receipt:
        scene.worker.stop()
        return scene.adapter.done(order)

    scene.adapter.deliveries = [act]
    plan(ledger, order(1), order(2), order(3))
    scene.worker.step()
    assert [scene.state(number) for number in (1, 2, 3)] == ["confirmed", "planned", "planned"]


def test_the_newest_text_leaves(ledger: Ledger) -> None:
    """Where the newest decision has another text, that is what the adapter gets and what the outbox keeps."""
    scene = Scene(ledger)
    old = order(1)._replace(draft=Draft("Old", "old"))
    plan(ledger, old)
    scene.steps()
    assert scene.adapter.asked == [order(1)]
    row = ledger.row(order(1).id)
    assert row is not None
    assert row.order == order(1)


@pytest.mark.parametrize(("mode", "slept", "asked"), [("once", 0, 1), ("until_done", 1, 2)])
def test_how_long_it_goes_on(ledger: Ledger, mode: Any, slept: int, asked: int) -> None:
    """Once waits for nothing; otherwise a short wait is waited for, and a long one is not."""
    scene = Scene(ledger)
    busy = Retriable("busy", after=30, maybe_done=False)
    scene.adapter.deliveries = [raises(busy), raises(Retriable("busy", after=300, maybe_done=False))]
    plan(ledger, order(1))
    sleeps: list[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        scene.clock.pass_(seconds)

    run(scene.worker, mode, scene.clock, sleep)
    assert (len(sleeps), len(scene.adapter.asked)) == (slept, asked)


def test_watching_outlives_a_locked_database(tmp_path: Path) -> None:
    """With `--watch` a database that is held for a while is told and tried again."""
    ledger = opened(tmp_path / "o.sqlite")
    ledger.close()
    ledger = open_outbox(address(str(tmp_path / "o.sqlite")), START, patience=0.05)
    plan(ledger, order(1))
    scene = Scene(ledger)
    other = sqlite3.connect(tmp_path / "o.sqlite", isolation_level=None)
    other.execute("begin immediate")
    told: list[str] = []

    def sleep(seconds: float) -> None:
        if other.in_transaction:
            other.execute("rollback")
        elif scene.state() == "confirmed":
            scene.worker.stop()
        scene.clock.pass_(seconds)

    run(scene.worker, "watch", scene.clock, sleep, lambda fault: told.append(fault.code))
    assert (told, scene.state()) == (["FR903"], "confirmed")
    other.close()
    ledger.close()
