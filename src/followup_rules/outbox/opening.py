"""Opening an outbox: connection, version, migrations. A ledger from a newer program is not touched."""

from __future__ import annotations

import sqlite3
import time
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import QueuePool

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.outbox.address import Address
from followup_rules.outbox.faults import OutboxFault, told_plainly
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.migrations import KNOWN, migrate, version_of

PATIENCE: Final = 30.0
"""For so many seconds somebody else may hold the database before it is called locked."""

_NAP: Final = 0.0005


def open_outbox(where: Address, now: datetime | None, *, create: bool = False, patience: float = PATIENCE) -> Ledger:
    """The ledger at an address, brought to the version of this program. Who only reads has no `now`.

    Raises:
        InvalidInput: FR901 to FR905: it is not there or no outbox, newer, locked, full, or this clock is wrong.
    """
    if where.file is not None and not create and not where.file.exists():
        raise OutboxFault("FR901", "there is no outbox", where.shown, "make one with: plan --save")
    engine = _sqlite(where, patience) if where.file is not None else _postgres(where, patience)
    try:
        with told_plainly(where.shown, where.secret):
            _prepare(engine, where, create)
        ledger = Ledger(engine, where)
        if now is not None:
            ledger.check_clock(now)
    except BaseException:
        engine.dispose()
        raise
    return ledger


def _prepare(engine: Engine, where: Address, create: bool) -> None:
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        version = version_of(connection)
        tables = inspect(connection).get_table_names() if where.file is not None and version == 0 else []
    if version > KNOWN:
        text = f"the outbox has version {version}, and this program knows {KNOWN}; nothing was touched"
        raise OutboxFault("FR902", text, where.shown, "install the newer followup-rules")
    if version == 0 and (tables or not create):
        text = "this database is something else, not an outbox" if tables else "there is no outbox"
        raise OutboxFault("FR901", text, where.shown, "make one with: plan --save")
    if where.file is not None:
        _keep_wal(engine)
    if version < KNOWN:
        with engine.begin() as connection:
            migrate(connection)


def _keep_wal(engine: Engine) -> None:
    """Readers and one writer at a time do not wait for each other. It is written into the file, once."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if cursor.execute("pragma journal_mode").fetchone() != ("wal",):
            cursor.execute("pragma journal_mode=wal")
        cursor.close()
    finally:
        raw.close()


def _sqlite(where: Address, patience: float) -> Engine:
    assert where.file is not None  # noqa: S101
    name = str(where.file)

    def connected() -> sqlite3.Connection:
        made = sqlite3.connect(name, timeout=patience, isolation_level=None, check_same_thread=False)
        made.execute("pragma foreign_keys=on")
        return made

    engine = create_engine("sqlite://", creator=connected, poolclass=QueuePool, pool_size=2)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Whoever is going to write takes the lock first, so that no two wait for each other.

    With WAL `full` is one fsync for each commit, and `normal` is none: what a power cut takes away then is the last
    words about what was emitted, which is looked for, never that it was emitted.
    """
    options = connection.get_execution_options()
    raw: Any = connection.connection.dbapi_connection
    raw.execute("pragma synchronous=" + ("normal" if options.get("reading") or options.get("hasty") else "full"))
    if options.get("reading"):
        raw.execute("begin")
    else:
        _take_turn(raw)


def _take_turn(raw: Any) -> None:
    """Begin to write, as soon as whoever writes now has ended: SQLite itself sleeps for up to a tenth of a second."""
    (patience,) = raw.execute("pragma busy_timeout").fetchone()
    end = time.monotonic() + patience / 1000
    raw.execute("pragma busy_timeout=0")
    try:
        while True:
            try:
                raw.execute("begin immediate")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() >= end:
                    raise
                time.sleep(_NAP)
            else:
                return
    finally:
        raw.execute(f"pragma busy_timeout={patience}")


def _postgres(where: Address, patience: float) -> Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError:
        missing = Problem("FR912", "an outbox in PostgreSQL needs psycopg", Place(where.shown), _INSTALL)
        raise InvalidInput([missing]) from None
    engine = create_engine(where.url, connect_args={"connect_timeout": max(2, int(patience))}, hide_parameters=True)

    def patient(made: Any, _record: object) -> None:
        made.autocommit = True
        made.execute(f"set lock_timeout = {int(patience * 1000)}")
        made.autocommit = False

    event.listen(engine, "connect", patient)
    event.listen(engine, "begin", _begin_there)
    return engine


def _begin_there(connection: Connection) -> None:
    """As with SQLite: only the mark `emitted`, plans and people's words wait for the disk of the server."""
    if connection.get_execution_options().get("hasty"):
        raw: Any = connection.connection.dbapi_connection
        raw.execute("set local synchronous_commit to off")


_INSTALL: Final = "install it with: pip install 'followup-rules[postgres]'"
