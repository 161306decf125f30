"""When an adapter may be asked: a token bucket, pauses that it asked for, and a breaker that opens after failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from followup_rules.delivering.ports import Limits

_LONGEST_PAUSE: Final = 600.0
_MANY: Final = 1_000


class Gate:
    """The gate before one adapter. It looks at no clock: every moment is told."""

    def __init__(self, limits: Limits, now: datetime) -> None:
        self._limits = limits
        self._tokens, self._filled = float(limits.burst), now
        self._shut_until: datetime | None = None
        self._failures, self._trips = 0, 0
        self.trial = False
        self.set_aside: str | None = None

    def room(self, now: datetime) -> int:
        """How many requests may be made now."""
        if self.set_aside is not None or (self._shut_until is not None and now < self._shut_until):
            return 0
        if self.trial:
            return 1
        self._fill(now)
        return _MANY if self._limits.rate is None else int(self._tokens)

    def opens(self, now: datetime) -> datetime | None:
        """The moment from which there is room; None where that is never."""
        if self.set_aside is not None:
            return None
        opens = max(now, self._shut_until or now)
        self._fill(now)
        if self._limits.rate is not None and self._tokens < 1:
            # A little more than is needed, so that nobody comes a microsecond early.
            opens = max(opens, now + timedelta(seconds=(1 - self._tokens) / self._limits.rate + 0.001))
        return opens

    def take(self, now: datetime) -> None:
        """A request is made."""
        self._fill(now)
        self._tokens -= 1

    def succeeded(self) -> None:
        """The other system has answered: whatever it said, it is there."""
        self._failures, self._trips, self.trial = 0, 0, False

    def failed(self, now: datetime, after: float | None) -> None:
        """The other system is busy or out of reach. After several times in a row, or where it says so, it is let be."""
        self._failures += 1
        if after is not None:
            self._shut(now, after)
        if self.trial or self._failures >= self._limits.failures:
            self._shut(now, min(self._limits.pause * 2**self._trips, _LONGEST_PAUSE))
            self._trips += 1
            self._failures, self.trial = 0, True

    def _shut(self, now: datetime, seconds: float) -> None:
        until = now + timedelta(seconds=max(0.0, min(seconds, 86_400.0)))
        self._shut_until = until if self._shut_until is None else max(until, self._shut_until)

    def _fill(self, now: datetime) -> None:
        passed = (now - self._filled).total_seconds()
        if passed > 0 and self._limits.rate is not None:
            self._tokens = min(float(max(1, self._limits.burst)), self._tokens + passed * self._limits.rate)
        self._filled = max(now, self._filled)
