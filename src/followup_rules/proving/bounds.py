"""How far a search goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from followup_rules.proving.profiles import START


class Bounds(NamedTuple):
    """The longest history, the longest time, and how many histories in all."""

    events: int = 12
    days: int = 60
    histories: int = 90_000

    @property
    def until(self) -> datetime:
        """The last moment that is looked at."""
        return START + timedelta(days=self.days)
