"""`insert` with `on conflict`, which both databases have and SQLAlchemy names twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table


def inserting(connection: Connection, table: Table) -> Any:
    """An insert of this connection's dialect, to which `on_conflict_do_nothing` or `_update` can be said."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as there

        return there(table)
    from sqlalchemy.dialects.sqlite import insert as here

    return here(table)
