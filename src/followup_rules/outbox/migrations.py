"""The schema, step by step: forward only. A step that was once released is never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text, update

from followup_rules.outbox.message_tables import LINKS, MESSAGES
from followup_rules.outbox.tables import (
    ACTIONS,
    ANSWERS,
    DECISIONS,
    HISTORY,
    IN_FORCE,
    INBOX,
    KEYS,
    PAGES,
    READINGS,
    TIMELINES,
    TIMERS,
    VERSION,
)

_LOCK: Final = 7_265_021_994
"""The advisory lock of PostgreSQL under which one process migrates and the others wait."""


def _tables(connection: Connection) -> None:
    for table in (ACTIONS, HISTORY):
        table.create(connection)


def _indexes(connection: Connection) -> None:
    for name, columns in (
        ("followup_actions_due", "followup_actions (state, adapter, next_try)"),
        ("followup_actions_application", "followup_actions (application)"),
        ("followup_history_action", "followup_history (action)"),
    ):
        connection.execute(text(f"create index {name} on {columns}"))


def _append_only(connection: Connection) -> None:
    """The database itself keeps the history from being rewritten."""
    if connection.dialect.name == "sqlite":
        for deed in ("update", "delete"):
            connection.exec_driver_sql(
                f"create trigger followup_history_no_{deed} before {deed} on followup_history "
                "begin select raise(abort, 'the history is only added to'); end"
            )
        return
    connection.exec_driver_sql(
        "create function followup_history_is_kept() returns trigger language plpgsql as "
        "$$ begin raise exception 'the history is only added to'; end $$"
    )
    connection.exec_driver_sql(
        "create trigger followup_history_is_kept before update or delete on followup_history "
        "for each row execute function followup_history_is_kept()"
    )


def _timelines(connection: Connection) -> None:
    """What `sync` has read stands beside the actions."""
    for table in (TIMELINES, READINGS):
        table.create(connection)
    for column in ("candidate", "application"):
        connection.execute(text(f"create index followup_timelines_{column} on followup_timelines ({column})"))


def _service(connection: Connection) -> None:
    """What a service needs: what came in, when to look again, which rules count, who may come in."""
    for table in (INBOX, TIMERS, IN_FORCE, KEYS, ANSWERS):
        table.create(connection)
    for name, columns in (
        ("followup_inbox_due", "followup_inbox (state, next_try)"),
        ("followup_inbox_application", "followup_inbox (application)"),
        ("followup_timers_due", "followup_timers (due)"),
        ("followup_timelines_changed", "followup_timelines (changed_at)"),
    ):
        connection.execute(text(f"create index {name} on {columns}"))


def _erasing(connection: Connection) -> None:
    """A line of the history can be emptied of its reason, which may name somebody; of nothing else."""
    kept = ("seq", "action", "at", "was", "became", "by")
    same = " and ".join(f'new."{name}" is not distinct from old."{name}"' for name in kept)
    if connection.dialect.name == "sqlite":
        same = " and ".join(f'new."{name}" is old."{name}"' for name in kept)
        connection.exec_driver_sql("drop trigger followup_history_no_update")
        connection.exec_driver_sql(
            "create trigger followup_history_no_update before update on followup_history "
            f"when not ({same} and new.why = 'erased') "
            "begin select raise(abort, 'the history is only added to'); end"
        )
        return
    connection.exec_driver_sql(
        "create or replace function followup_history_is_kept() returns trigger language plpgsql as "
        f"$$ begin if tg_op = 'UPDATE' then if {same} and new.why = 'erased' then return new; end if; end if; "
        "raise exception 'the history is only added to'; end $$"
    )


def _messages(connection: Connection) -> None:
    """What mailboxes have told of stands beside the timelines, found by links."""
    for table in (MESSAGES, LINKS):
        table.create(connection)
    connection.execute(text("create index followup_message_links_link on followup_message_links (link)"))


def _pages(connection: Connection) -> None:
    """What pages list. Everything is decided anew once, because nothing was listed before."""
    for table in (PAGES, DECISIONS):
        table.create(connection)
    # SQLite has them first by itself, and takes no word for it.
    first = "" if connection.dialect.name == "sqlite" else " nulls first"
    for name, columns in (
        ("followup_decisions_due", f"followup_decisions (outcome, due_at{first}, seq)"),
        ("followup_decisions_at", f"followup_decisions (outcome, at{first}, seq)"),
        ("followup_decisions_application", "followup_decisions (application)"),
        ("followup_decisions_by", "followup_decisions (decided_by, since)"),
        ("followup_actions_rule", "followup_actions (rule, created_at)"),
        ("followup_actions_state", "followup_actions (state, changed_at)"),
    ):
        connection.execute(text(f"create index {name} on {columns}"))
    connection.execute(update(TIMERS).values(rules=""))


STEPS: Final[tuple[Callable[[Connection], None], ...]] = (
    _tables,
    _indexes,
    _append_only,
    _timelines,
    _service,
    _erasing,
    _messages,
    _pages,
)
"""Step 1 makes version 1 out of nothing, step 2 version 2 out of version 1, and so on."""

KNOWN: Final = len(STEPS)


def version_of(connection: Connection) -> int:
    """The version of the ledger in a database; 0 where there is none. Nothing is touched."""
    if not inspect(connection).has_table(VERSION.name):
        return 0
    version: int = connection.execute(select(VERSION.c.version)).scalar_one()
    return version


def migrate(connection: Connection, to: int = KNOWN) -> None:
    """Bring a ledger to a version, inside the transaction of the caller: all of it or nothing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    version = version_of(connection)
    if version >= to:
        return
    if version == 0:
        VERSION.create(connection)
        connection.execute(insert(VERSION).values(version=0))
    for step in STEPS[version:to]:
        step(connection)
    connection.execute(update(VERSION).values(version=to))
