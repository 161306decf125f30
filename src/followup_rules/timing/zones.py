"""Time zones by IANA name, always from the `tzdata` package: the same data on every machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from followup_rules.model.times import UTC

_SECOND: Final = timedelta(seconds=1)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone name that can be used, upper and lower case as IANA writes it."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split()) - {"Factory"}


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone of that name, or None where there is none."""
    if name not in zone_names():
        return None
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time: one that is skipped moves forward by the gap, of two it is the first."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


@lru_cache(maxsize=65536)
def offset_changes(zone: ZoneInfo, start: datetime, end: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """The spans of one offset between two UTC instants, in order: where each starts, and its offset."""
    first, last = _offset(zone, start), _offset(zone, end - _SECOND)
    if first == last:
        return ((start, first),)
    low, high = start, end
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == first:
            low = middle
        else:
            high = middle
    return ((start, first), *offset_changes(zone, high, end)) if high < end else ((start, first),)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
