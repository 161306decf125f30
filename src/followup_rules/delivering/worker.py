"""The worker: takes what is planned, asks once more whether it is wanted, and has it done, each action once.

    planned -> leased -> emitted -> confirmed

`emitted` is written down and committed before an adapter is asked. What is found in that state without a worker is
looked for in the other system before anything else happens to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, Literal, NamedTuple

from followup_rules.adapter import Order
from followup_rules.delivering.asking import Answer, ask_to_deliver, ask_to_find
from followup_rules.delivering.gate import Gate
from followup_rules.delivering.judging import expired, still_wanted
from followup_rules.delivering.ports import Clock, Fleet, Timelines
from followup_rules.errors import InvalidInput
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.rows import Row

Fate = Literal["confirmed", "refused", "canceled", "unknown", "put_off", "set_aside", "lost"]

BATCH: Final = 20
_FIRST_WAIT: Final = 2.0
_LONGEST_WAIT: Final = 3600.0
_UNREADABLE_WAIT: Final = 30.0
_MOST_BROKEN_LOOKS: Final = 5
_UNREADABLE: Final = "what the outbox holds of this action cannot be read"


class Event(NamedTuple):
    """What became of one action, for whoever watches. `lost` is one that another worker took over."""

    row: Row
    fate: Fate
    said: str = ""


@dataclass
class Worker:
    """One worker of one outbox. It has no clock of its own and decides by chance only through `chance`."""

    ledger: Ledger
    fleet: Fleet
    timelines: Timelines
    clock: Clock
    name: str
    chance: Random
    watch: Callable[[Event], None] = lambda event: None
    stopping: bool = False
    batch: int = BATCH
    _gates: dict[str, Gate] = field(default_factory=dict)
    _broken: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        now = self.clock()
        self._gates = {name: Gate(one.limits, now) for name, one in sorted(self.fleet.items())}

    def stop(self) -> None:
        """Finish the action in hand, give the others back, and do no more."""
        self.stopping = True

    def step(self) -> int:
        """Do what is due now, a batch of each adapter at most; how many actions were looked at."""
        self.ledger.reclaim(self.clock())
        return sum(self._serve(name) for name in self._gates)

    def wakes(self) -> datetime | None:
        """When there is something to do again; None where that is never."""
        now = self.clock()
        opening = {name: moment for name, gate in self._gates.items() if (moment := gate.opens(now)) is not None}
        moments = []
        for name, moment in opening.items():
            due = self.ledger.next_moment([name])
            if due is not None:
                moments.append(max(moment, due))
        return min(moments, default=None)

    def set_aside(self) -> dict[str, str]:
        """The adapters that cannot be used as they are configured, and why."""
        return {name: gate.set_aside for name, gate in self._gates.items() if gate.set_aside is not None}

    # one adapter

    def _serve(self, name: str) -> int:
        looked = 0
        for row in self._lookups(name):
            looked += 1
            self._look(row)
        for row in self._leased(name):
            looked += 1
            self._carry_out(row)
        return looked

    def _lookups(self, name: str) -> Iterator[Row]:
        """One at a time: whoever dies over one holds up no other."""
        for _ in range(self.batch):
            now = self.clock()
            if self.stopping or not self._gates[name].room(now):
                return
            rows = self.ledger.lease_lookups(self.name, now, self._until(name, now), name, 1)
            if not rows:
                return
            yield rows[0]

    def _leased(self, name: str) -> Iterator[Row]:
        now = self.clock()
        gate = self._gates[name]
        room = min(self.batch, gate.room(now))
        if self.stopping or not room:
            return
        for row in self.ledger.lease(self.name, now, self._until(name, now), name, room):
            if self.stopping or not gate.room(self.clock()):
                self.ledger.move(row, "planned", self.clock(), self.name, "given back")
            else:
                yield row

    def _until(self, name: str, now: datetime) -> datetime:
        return now + timedelta(seconds=self.fleet[name].limits.lease)

    # one action

    def _carry_out(self, row: Row) -> None:
        now = self.clock()
        try:
            wanted = self._wanted(row, now)
        except InvalidInput as error:
            self._back(row, now, _UNREADABLE_WAIT, str(error.problems[0]))
            return
        if isinstance(wanted, str):
            self._cancel(row, now, wanted)
            return
        now = self.clock()
        emitted = self.ledger.emit(row, now, self._until(row.adapter, now), wanted if wanted != row.order else None)
        if emitted is None:
            self.watch(Event(row, "lost", "canceled or taken over meanwhile"))
            return
        late = expired(wanted, self.clock())
        if late is not None:
            # It took so long to write it down. Nothing was asked of anybody.
            if self.ledger.move(emitted, "planned", self.clock(), self.name, late):
                self._cancel(emitted._replace(state="planned", lease_owner=None), self.clock(), late)
            return
        self._gates[row.adapter].take(now)
        answer = ask_to_deliver(self.fleet[row.adapter].adapter, wanted)
        self._conclude(emitted, answer)

    def _wanted(self, row: Row, now: datetime) -> Order | str:
        try:
            order = row.order
        except (ValueError, TypeError, KeyError):
            return _UNREADABLE
        late = expired(order, now)
        return late or still_wanted(order, self.timelines.recheck(order, now), now)

    def _look(self, row: Row) -> None:
        """Find out whether an action was done whose answer never came."""
        now = self.clock()
        self._gates[row.adapter].take(now)
        try:
            order = row.order
        except (ValueError, TypeError, KeyError):
            self._settle(row, "unknown", _UNREADABLE)
            return
        answer = ask_to_find(self.fleet[row.adapter].adapter, order)
        if answer.meaning == "absent":
            self._gates[row.adapter].succeeded()
            self._back(row, self.clock(), 0.0, "looked for and certainly not there")
        elif answer.meaning in ("unable", "refused") or (answer.meaning == "broken" and self._too_often_broken(row)):
            self._settle(row, "unknown", answer.said)
        else:
            self._conclude(row, answer, looking=True)

    def _too_often_broken(self, row: Row) -> bool:
        self._broken[row.id] = self._broken.get(row.id, 0) + 1
        return self._broken[row.id] >= _MOST_BROKEN_LOOKS

    def _conclude(self, row: Row, answer: Answer, *, looking: bool = False) -> None:
        """Write down what came of asking. Whatever went wrong with looking, the action may still have been done."""
        gate, now = self._gates[row.adapter], self.clock()
        limits = self.fleet[row.adapter].limits
        if answer.meaning in ("done", "refused", "unable"):
            gate.succeeded()
            to: Literal["confirmed", "refused"] = "confirmed" if answer.meaning == "done" else "refused"
            self._settle(row, to, answer.said, answer.reference)
        elif answer.meaning == "misconfigured":
            gate.set_aside = answer.said
            if looking:
                self.ledger.put_off(row, now, now, answer.said)
            else:
                self.ledger.move(row, "planned", now, self.name, answer.said, error=answer.said, next_try=now)
            self.watch(Event(row, "set_aside", answer.said))
        elif answer.meaning == "not_done" and not looking:
            gate.failed(now, answer.after)
            self._back(row, now, self._wait(row, answer), answer.said)
        else:
            gate.failed(now, answer.after)
            moment = now + timedelta(seconds=max(limits.settle, self._wait(row, answer)))
            held = self.ledger.put_off(row, now, moment, answer.said)
            self.watch(Event(row, "put_off" if held else "lost", answer.said))

    def _wait(self, row: Row, answer: Answer) -> float:
        """Longer after each try, and never the same for all who wait; what the other system says comes first."""
        if answer.after is not None:
            return answer.after * (1 + self.chance.random() / 10)
        wait: float = min(_FIRST_WAIT * 2 ** min(row.attempts - 1, 20), _LONGEST_WAIT)
        return wait * (0.5 + self.chance.random() / 2)

    # the ledger

    def _settle(self, row: Row, to: Literal["confirmed", "refused", "unknown"], said: str, reference: str = "") -> None:
        kept: dict[str, Any] = {"reference": reference} if to == "confirmed" else {"error": said}
        moved = self.ledger.move(row, to, self.clock(), self.name, said, **kept)
        self.watch(Event(row, to if moved else "lost", said))

    def _back(self, row: Row, now: datetime, wait: float, said: str) -> None:
        changes: dict[str, Any] = {"error": said, "next_try": now + timedelta(seconds=wait)}
        moved = self.ledger.move(row, "planned", now, self.name, said, **changes)
        self.watch(Event(row, "put_off" if moved else "lost", said))

    def _cancel(self, row: Row, now: datetime, why: str) -> None:
        moved = self.ledger.move(row, "canceled", now, self.name, why, error=why)
        self.watch(Event(row, "canceled" if moved else "lost", why))
