"""The works of a service: two threads that sleep until something is to be done.

One makes timelines of what came in and decides what is due; the other delivers. Neither asks for all rows ever: each
sleeps until the earliest moment, or until it is woken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Final

from followup_rules.delivering.ports import Fleet, Routing
from followup_rules.delivering.worker import Event, Worker
from followup_rules.errors import FollowupRulesError, InvalidInput, Problem
from followup_rules.outbox.inbox import forget_notices, next_notice
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timers import earliest, set_changed, set_now
from followup_rules.syncing.names import StoredNames
from followup_rules.syncing.rechecking import deciding_on
from followup_rules.timers.deciding import LEASE, Timers
from followup_rules.timers.hints import Hints
from followup_rules.timers.notices import add_events
from followup_rules.timers.rules import Rules

LOOK_AGAIN: Final = 30.0
"""So often, in seconds, what others have left behind or read into the store is looked for: by two small questions."""

_SHORTEST: Final = 0.01
_AFTER_FAULT: Final = 5.0
_BEGINNING: Final = datetime(1900, 1, 1, tzinfo=timezone.utc)
_MARGIN: Final = timedelta(seconds=5)
_KEEP_IDS: Final = timedelta(days=30)

Told = Callable[[str, str], None]
"""Takes a sort of event and one line about it, which holds no personal data."""


@dataclass
class Works:
    """Everything that goes on by itself. `arm` makes adapters: each thread has its own."""

    ledger: Ledger
    rules: Rules
    routing: Routing
    arm: Callable[[], Fleet]
    clock: Callable[[], datetime]
    name: str
    tell: Told = lambda event, line: None
    watch: Callable[[Event], None] = lambda event: None
    chance: Random = field(default_factory=Random)
    decided: Callable[[int], None] = lambda count: None
    lease: float = LEASE

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._reader, self._sender = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        self._names = StoredNames(self.ledger)
        self._worker: Worker | None = None

    def start(self) -> None:
        """Put the rules in force, find what was missed, and begin."""
        now = self.clock()
        self.rules.enter(self.ledger, now)
        set_changed(self.ledger, _BEGINNING, now)
        for part in (self._read, self._send):
            thread = threading.Thread(target=part, name=f"followup{part.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, patience: float = 10.0) -> None:
        """Finish what is in hand and end."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.stop()
        self.wake()
        for thread in self._threads:
            thread.join(patience)

    def wake(self) -> None:
        """Something has come in."""
        self._reader.set()
        self._sender.set()

    # reading and deciding

    def _read(self) -> None:
        hints = Hints(self.ledger, self.arm(), self.clock, self.chance, self._problems)
        fleet = self.arm()
        timers = Timers(
            self.ledger,
            self.rules,
            self.routing,
            self.clock,
            f"{self.name}:timers",
            self._problems,
            self._names,
            self.lease,
        )
        looked_at = self.clock()

        def step() -> int:
            nonlocal looked_at
            if not self.rules.count(self.ledger):
                self.tell("stands_down", "other rules are in force for this store")
                self._stopping.wait(_AFTER_FAULT)
                return 0
            now = self.clock()
            if now - looked_at > timedelta(seconds=LOOK_AGAIN):
                set_changed(self.ledger, looked_at - _MARGIN, now)
                self._tidy(now)
                looked_at = now
            done = add_events(self.ledger, fleet, self.clock)
            done += hints.step()
            decided = timers.step()
            if decided:
                self.decided(decided)
                self._sender.set()
            return done + decided

        self._loop(step, lambda: _first(earliest(self.ledger), next_notice(self.ledger)), self._reader)

    def _tidy(self, now: datetime) -> None:
        with self.ledger.writing(hasty=True) as connection:
            forget_notices(connection, now - _KEEP_IDS)

    # delivering

    def _send(self) -> None:
        fleet = self.arm()
        made_of = ""

        def step() -> int:
            nonlocal made_of
            if not self.rules.count(self.ledger):
                self._stopping.wait(_AFTER_FAULT)
                return 0
            rules = self.rules.now
            if self._worker is None:
                deciding = deciding_on(self.ledger, rules.policy, self._names)
                self._worker = Worker(
                    self.ledger, fleet, deciding, self.clock, self.name, self.chance, self._became
                )  # fmt: skip
            elif made_of != rules.fingerprint:
                self._worker.timelines = deciding_on(self.ledger, rules.policy, self._names)
            made_of = rules.fingerprint
            if self._stopping.is_set():
                self._worker.stop()
            return self._worker.step()

        self._loop(step, lambda: None if self._worker is None else self._worker.wakes(), self._sender)

    def _became(self, event: Event) -> None:
        if event.fate == "canceled":
            # It is not wanted now; whether it is later has to be decided again, and not only at the next news.
            with self.ledger.writing(hasty=True) as connection:
                set_now(connection, [event.row.application], self.clock())
            self._reader.set()
        self.watch(event)

    # both

    def _loop(self, step: Callable[[], int], wakes: Callable[[], datetime | None], woken: threading.Event) -> None:
        while not self._stopping.is_set():
            # Before the look, so that what comes in during it is not slept through.
            woken.clear()
            try:
                wait = 0.0 if step() else self._until(wakes())
            except FollowupRulesError as error:
                code = error.problems[0].code if isinstance(error, InvalidInput) else type(error).__name__
                self.tell("waits", code)
                wait = _AFTER_FAULT
            except Exception as error:
                # Whatever it was, nothing is lost: it stands in the store, and is tried again.
                self.tell("failed", type(error).__name__)
                wait = _AFTER_FAULT
            if wait and not self._stopping.is_set():
                woken.wait(wait)

    def _until(self, moment: datetime | None) -> float:
        if moment is None:
            return LOOK_AGAIN
        return min(LOOK_AGAIN, max(_SHORTEST, (moment - self.clock()).total_seconds()))

    def _problems(self, problems: Sequence[Problem]) -> None:
        for one in problems:
            # The code alone: what is wrong, and with whom, stands in the store.
            self.tell("problem", one.code)


def _first(*moments: datetime | None) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)
