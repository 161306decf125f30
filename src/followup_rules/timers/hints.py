"""Sources that webhooks have hinted at are read anew: once for all hints that had come by then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from followup_rules.delivering.ports import Fleet
from followup_rules.errors import Problem
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.inbox import hinted, hints_read, put_off
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timers import set_changed
from followup_rules.syncing.reading import FromAdapter, sync

_MARGIN: Final = timedelta(seconds=5)
_FIRST_WAIT: Final = 2.0
_LONGEST_WAIT: Final = 600.0


class Hints:
    """Reads sources anew. What cannot be read now is tried again, later and later."""

    def __init__(
        self, ledger: Ledger, fleet: Fleet, clock: Callable[[], datetime], chance: Random,
        tell: Callable[[Sequence[Problem]], None],
    ) -> None:  # fmt: skip
        self._ledger, self._fleet, self._clock, self._chance, self._tell = ledger, fleet, clock, chance, tell
        self._failures: dict[str, int] = {}

    def step(self) -> int:
        """Read every source that has hints whose time has come; how many there were."""
        found = hinted(self._ledger, self._clock())
        for source, newest in found.items():
            self._read(source, newest)
        return len(found)

    def _read(self, source: str, newest: int) -> None:
        began = self._clock()
        if source not in self._fleet:
            self._wait(source, "its adapter cannot be used")
            return
        try:
            _, ended = sync(
                self._ledger, FromAdapter(source, self._fleet[source].adapter), self._clock, tell=self._tell
            )
        except OutboxFault as fault:
            if fault.code != "FR903":
                raise
            # Somebody else reads it. He may have begun before the hint came, so it is read once more after him.
            self._wait(source, "another program reads it")
            return
        finally:
            set_changed(self._ledger, began - _MARGIN, self._clock())
        if ended:
            self._failures.pop(source, None)
            hints_read(self._ledger, source, newest, self._clock())
        else:
            self._wait(source, "it could not be read to its end")

    def _wait(self, source: str, why: str) -> None:
        failures = self._failures[source] = self._failures.get(source, 0) + 1
        wait: float = min(_FIRST_WAIT * 2 ** min(failures - 1, 20), _LONGEST_WAIT)
        now = self._clock()
        until = now + timedelta(seconds=wait * (0.5 + self._chance.random() / 2))
        put_off(self._ledger, source, until, why, now)
