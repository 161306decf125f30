"""Any order of what can happen to the outbox: nothing is emitted twice without a look in between, nothing is lost."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from followup_rules.outbox.by_hand import decide_by_hand
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.rows import Row
from followup_rules.outbox.states import MOVES
from outbox_helping import START, opened, order, plan

NUMBERS = st.integers(1, 3)
LEASE = 60.0


class LedgerMachine(RuleBasedStateMachine):
    """Two workers that can die at any point, a person, a planner and a clock, all at one ledger.

    `made` is what the other system holds. `may_be_there` are the actions that were emitted and of which nobody has
    found out yet; to emit one of these again would be the fault that the outbox is there to prevent.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="ledger-")
        self.ledger = opened(Path(self.folder.name) / "outbox.sqlite")
        self.now = START
        self.orders = {order(number).id: order(number) for number in (1, 2, 3)}
        self.saved: set[str] = set()
        self.made: list[str] = []
        self.may_be_there: set[str] = set()
        self.hands: dict[str, list[Row]] = {"one": [], "two": []}

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def until(self) -> Any:
        return self.now + timedelta(seconds=LEASE)

    @rule(number=NUMBERS)
    def save(self, number: int) -> None:
        plan(self.ledger, order(number), at=self.now)
        self.saved.add(order(number).id)

    @rule(seconds=st.sampled_from([1, 30, 61, 200]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(worker=st.sampled_from(["one", "two"]), limit=st.integers(1, 3))
    def lease(self, worker: str, limit: int) -> None:
        self.ledger.reclaim(self.now)
        rows = self.ledger.lease(worker, self.now, self.until(), "fake", limit)
        held = {row.id for other in self.hands.values() for row in other if row.state == "leased" and alive(row, self)}
        assert not held & {row.id for row in rows}, "two workers hold one action"
        self.hands[worker] += rows

    @rule(worker=st.sampled_from(["one", "two"]), answered=st.sampled_from(["done", "refused", "busy", "nothing"]),
          commits=st.booleans())  # fmt: skip
    def emit(self, worker: str, answered: str, commits: bool) -> None:
        row = self.take(worker, "leased")
        emitted = self.ledger.emit(row, self.now, self.until()) if row else None
        if emitted is None:
            return
        assert emitted.id not in self.may_be_there, "emitted again, and nobody has looked"
        assert emitted.id not in self.made, "done twice"
        if answered == "done" or (answered == "nothing" and commits):
            self.made.append(emitted.id)
        if answered == "done":
            assert self.ledger.move(emitted, "confirmed", self.now, worker, reference="r")
        elif answered == "refused":
            assert self.ledger.move(emitted, "refused", self.now, worker, "no")
        elif answered == "busy":
            assert self.ledger.move(emitted, "planned", self.now, worker, "busy", next_try=self.now)
        else:
            self.may_be_there.add(emitted.id)
            self.hands[worker].append(emitted)

    @rule(worker=st.sampled_from(["one", "two"]))
    def put_off(self, worker: str) -> None:
        row = self.take(worker, "emitted")
        if row:
            self.ledger.put_off(row, self.now, self.now, "timed out")

    @rule(worker=st.sampled_from(["one", "two"]))
    def crash(self, worker: str) -> None:
        self.hands[worker] = []

    @rule(worker=st.sampled_from(["one", "two"]), able=st.booleans())
    def look(self, worker: str, able: bool) -> None:
        for row in self.ledger.lease_lookups(worker, self.now, self.until(), "fake", 1):
            if not able:
                assert self.ledger.move(row, "unknown", self.now, worker, "cannot look")
            elif row.id in self.made:
                assert self.ledger.move(row, "confirmed", self.now, worker, "found")
            else:
                assert self.ledger.move(row, "planned", self.now, worker, "not there", next_try=self.now)
                self.may_be_there.discard(row.id)

    @rule(number=NUMBERS, deed=st.sampled_from(["cancel", "retry", "confirm"]))
    def person(self, number: int, deed: str) -> None:
        row = self.ledger.row(order(number).id)
        if row is None or (deed == "retry" and row.id in self.made):
            return  # a person looks before saying that something was not done
        try:
            after = decide_by_hand(self.ledger, deed, row.id, "because", "ada", self.now)
        except OutboxFault as fault:
            assert fault.code == "FR907"
        else:
            self.may_be_there.discard(row.id)
            assert after.state in MOVES[row.state]

    @rule()
    def stop(self) -> None:
        for row in self.ledger.rows(("planned",)):
            assert self.ledger.move(row, "canceled", self.now, "plan", "stopped")

    @precondition(lambda self: self.saved)
    @rule()
    def the_program_starts_anew(self) -> None:
        self.ledger.close()
        self.hands = {"one": [], "two": []}
        self.ledger = opened(Path(self.folder.name) / "outbox.sqlite", self.now)

    @invariant()
    def nothing_is_lost_and_nothing_twice(self) -> None:
        rows = {row.id: row for row in self.ledger.rows()}
        assert set(rows) == self.saved
        assert len(self.made) == len(set(self.made))
        for action in self.made:
            assert rows[action].state in ("emitted", "confirmed", "unknown", "canceled")
        for action, row in rows.items():
            turns = self.ledger.history(action)
            assert turns[-1].became == row.state
            for before, after in pairwise(turns):
                assert after.was == before.became
                assert after.was == after.became == "planned" or after.became in MOVES[after.was]

    def take(self, worker: str, state: str) -> Row | None:
        for row in self.hands[worker]:
            if row.state == state:
                self.hands[worker].remove(row)
                return row
        return None


def alive(row: Row, machine: LedgerMachine) -> bool:
    """True while the lease that a worker believes in lasts and nobody has taken the action out of its hands."""
    now = machine.ledger.row(row.id)
    return row.lease_until is not None and row.lease_until > machine.now and now is not None and now.state == "leased"


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
