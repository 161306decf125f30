"""Timers whose moment has come: each application is decided anew, and what comes of it goes into the outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from followup_rules.delivering.planned import Saver
from followup_rules.delivering.ports import Routing
from followup_rules.errors import Problem
from followup_rules.model.decision import Refusal
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.listing import Listed, list_anew
from followup_rules.outbox.timers import NEVER, Looked, Timer, lease_due, looked_after
from followup_rules.syncing.names import StoredNames
from followup_rules.syncing.rechecking import Deciding, deciding_on
from followup_rules.timers.listing import listing, refused
from followup_rules.timers.looking import next_look
from followup_rules.timers.rules import Rules

LEASE: Final = 60.0
"""So many seconds is an application one process's alone; longer than a batch takes to decide."""

BATCH: Final = 20
_AGAIN: Final = timedelta(minutes=10)
_LONGEST: Final = 500


class Timers:
    """Decides what is due. Several on one store share the work: nobody gets what another has in hand."""

    def __init__(
        self, ledger: Ledger, rules: Rules, routing: Routing, clock: Callable[[], datetime], name: str,
        tell: Callable[[Sequence[Problem]], None], names: StoredNames | None = None,
        lease: float = LEASE,
    ) -> None:  # fmt: skip
        self._ledger, self._rules, self._routing, self._clock, self._name = ledger, rules, routing, clock, name
        self._tell, self._lease = tell, timedelta(seconds=lease)
        self._names = names or StoredNames(ledger)
        self._deciding: Deciding | None = None
        self._made_of = ""

    def step(self, limit: int = BATCH) -> int:
        """Decide some applications whose moment has come; how many there were."""
        now = self._clock()
        timers = lease_due(self._ledger, self._name, now, now + self._lease, limit)
        if not timers:
            return 0
        rules = self._rules.now
        if self._deciding is None or self._made_of != rules.fingerprint:
            self._deciding = deciding_on(self._ledger, rules.policy, self._names)
            self._made_of = rules.fingerprint
        saver = Saver(self._ledger, self._routing, now, self._clock, lambda one: self._tell([one]))
        listed: dict[str, list[Listed]] = {}
        looked = [self._look(self._deciding, saver, timer, now, listed) for timer in timers]
        # First into the outbox, then the timer: who dies in between decides the same once more.
        saver.finish()
        list_anew(self._ledger, listed)
        looked_after(self._ledger, self._name, looked, rules.fingerprint, now)
        return len(timers)

    def _look(
        self, deciding: Deciding, saver: Saver, timer: Timer, now: datetime, listed: dict[str, list[Listed]]
    ) -> Looked:
        try:
            found = deciding.decided(timer.application, now)
            if found is None or isinstance(found, Refusal):
                why = "" if found is None else "\n".join(map(str, found.problems))[:_LONGEST]
                listed[timer.application] = [] if found is None else [refused(timer.application, found, now)]
                return Looked(timer, NEVER, why)
            saver.add(found.application, found.decisions)
            listed[timer.application] = [listing(one, now) for one in found.decisions]
            due = next_look(found.application, found.decisions, self._rules.now.policy, now)
        except (ArithmeticError, LookupError, TypeError, ValueError, RuntimeError) as error:
            # One application that cannot be decided holds up no other. It is looked at again, and sends nothing.
            return Looked(timer, now + _AGAIN, f"it could not be decided: {type(error).__name__}")
        return Looked(timer, NEVER if due is None else due)
