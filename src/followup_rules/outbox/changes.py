"""What has changed in the timelines: everything at first, and then what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select, tuple_

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import TIMELINES

_AT_ONCE: Final = 500


class Changed(NamedTuple):
    """One row: its place, its data as JSON, and when it became so."""

    source: str
    key: str
    data: str | None
    at: datetime


_ALL: Final = tuple(TIMELINES.c[name] for name in ("source", "key", "data", "changed_at"))


def everything(ledger: Ledger) -> Iterator[Changed]:
    """Every row as it is now, in any order; read in one go and never held all at once."""
    with ledger.reading() as connection:
        rows = connection.execution_options(stream_results=True).execute(
            select(*_ALL).execution_options(yield_per=_AT_ONCE)
        )
        yield from (Changed(*row) for row in rows)


def changed_since(ledger: Ledger, since: datetime, known: Mapping[tuple[str, str], datetime]) -> Iterator[Changed]:
    """What has changed since a moment, but for what is known to have changed then."""
    query = select(TIMELINES.c.source, TIMELINES.c.key, TIMELINES.c.changed_at).where(TIMELINES.c.changed_at >= since)
    with ledger.reading() as connection:
        found = [row for row in connection.execute(query) if known.get((row[0], row[1])) != row[2]]
        for start in range(0, len(found), _AT_ONCE):
            some = [(row[0], row[1]) for row in found[start : start + _AT_ONCE]]
            place = tuple_(TIMELINES.c.source, TIMELINES.c.key).in_(some)
            yield from (Changed(*row) for row in connection.execute(select(*_ALL).where(place)))
