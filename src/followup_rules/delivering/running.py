"""How long a worker goes on: once over what is due, until nothing is left that can be done soon, or until stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from followup_rules.delivering.ports import Clock, Sleep
from followup_rules.delivering.worker import Worker
from followup_rules.outbox.faults import OutboxFault

Mode = Literal["once", "until_done", "watch"]

SOON: Final = 60.0
"""Without `--watch`, what can be done within so many seconds is waited for."""

_LOOK_AGAIN: Final = 5.0
_TEMPORARY: Final = ("FR901", "FR903", "FR904")


def run(
    worker: Worker, mode: Mode, clock: Clock, sleep: Sleep, tell: Callable[[OutboxFault], None] = lambda fault: None
) -> None:
    """Work until the mode says that it is enough.

    Raises:
        OutboxFault: the outbox cannot be used. With `watch` that is told, and tried again.
    """
    while not worker.stopping:
        try:
            looked = worker.step()
            wait = 0.0 if looked else _wait(worker.wakes(), clock())
        except OutboxFault as fault:
            if mode != "watch" or fault.code not in _TEMPORARY:
                raise
            tell(fault)
            looked, wait = 0, _LOOK_AGAIN
        if mode == "watch":
            wait = 0.0 if looked else min(_LOOK_AGAIN if wait is None else wait, _LOOK_AGAIN)
        elif (mode == "once" and not looked) or wait is None or wait > SOON:
            return
        if wait > 0 and not worker.stopping:
            sleep(wait)


def _wait(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.05, (moment - now).total_seconds())
