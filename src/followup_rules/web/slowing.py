"""How often an address may try what it does not know: keys and signatures.

tries.may(kind, origin, now)      Slow where it has to wait, whatever it brings: an answer would say what is right
tries.wrong(kind, origin, now)    it was wrong
tries.right(kind, origin, now)    it was right, so that wrong ones of the same sender hold up nothing for an hour

Counted in memory and for each process alone. Libraries for limits go by clocks of their own, and
keep any number of addresses.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

MOST: Final = 10
WINDOW: Final = timedelta(minutes=1)
_PROVED: Final = timedelta(hours=1)
_ADDRESSES: Final = 10_000


class Slow(Exception):
    """Too many wrong tries. `wait` is in whole seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"too many wrong tries came from here; wait {wait} seconds")
        self.wait = wait


class Tries:
    """The moments of the last wrong tries, by kind and origin; of those that were tried last, so many are kept."""

    def __init__(self, most: int = MOST, addresses: int = _ADDRESSES) -> None:
        self._most, self._addresses, self._lock = most, addresses, threading.Lock()
        self._wrong: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()
        self._right: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def __len__(self) -> int:
        return len(self._wrong) + len(self._right)

    def may(self, kind: str, origin: str, now: datetime) -> None:
        """Let a try through.

        Raises:
            Slow: it has to wait.
        """
        with self._lock:
            proved = self._right.get((kind, origin))
            if proved is not None and timedelta() <= now - proved < _PROVED:
                return
            wrong = self._wrong.get((kind, origin), ())
            # A moment that lies ahead was counted by a clock that has been set back.
            counted = [at for at in wrong if timedelta() <= now - at < WINDOW]
            if len(counted) >= self._most:
                # Who goes on is not forgotten for the sake of those who come anew.
                self._wrong.move_to_end((kind, origin))
                raise Slow(max(1, math.ceil((counted[0] + WINDOW - now).total_seconds())))

    def wrong(self, kind: str, origin: str, now: datetime) -> None:
        """Count a wrong try."""
        with self._lock:
            self._wrong.setdefault((kind, origin), deque(maxlen=self._most)).append(now)
            self._wrong.move_to_end((kind, origin))
            while len(self._wrong) > self._addresses:
                self._wrong.popitem(last=False)

    def right(self, kind: str, origin: str, now: datetime) -> None:
        """Remember that this sender knows the key."""
        with self._lock:
            self._right[kind, origin] = now
            self._right.move_to_end((kind, origin))
            while len(self._right) > self._addresses:
                self._right.popitem(last=False)
