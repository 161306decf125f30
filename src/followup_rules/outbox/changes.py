"""What has changed in the timelines: everything at first, and then what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, Select, select, tuple_

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
        yield from _streamed(connection, select(*_ALL))


def changed_since(ledger: Ledger, since: datetime, known: Mapping[tuple[str, str], datetime]) -> Iterator[Changed]:
    """What has changed since a moment, but for what is known to have changed then."""
    late = TIMELINES.c.changed_at >= since
    query = select(TIMELINES.c.source, TIMELINES.c.key, TIMELINES.c.changed_at).where(late)
    with ledger.reading() as connection:
        found = [row for row in connection.execute(query) if known.get((row[0], row[1])) != row[2]]
        if len(found) > _AT_ONCE:
            # To ask for each by its place would take longer than to read also what is known.
            rows = _streamed(connection, select(*_ALL).where(late))
            yield from (row for row in rows if known.get((row.source, row.key)) != row.at)
        elif found:
            place = tuple_(TIMELINES.c.source, TIMELINES.c.key).in_([(row[0], row[1]) for row in found])
            yield from map(Changed._make, connection.execute(select(*_ALL).where(place)))


def _streamed(connection: Connection, query: Select[tuple[str, str, str | None, datetime]]) -> Iterator[Changed]:
    rows = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    return map(Changed._make, rows)
