"""The tables of the ledger. Moments are texts in UTC of one length, so that they can be compared and read."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment as `2026-11-10T15:00:00.000000Z`."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value[:-1]).replace(tzinfo=timezone.utc)


_NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")

METADATA: Final = MetaData()

VERSION: Final = Table("followup_version", METADATA, Column("version", Integer, primary_key=True))

ACTIONS: Final = Table(
    "followup_actions",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("application", Text, nullable=False),
    Column("follow_up", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("do", Text, nullable=False),
    Column("adapter", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("data", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("lease_owner", Text),
    Column("lease_until", Moment),
    Column("reference", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

HISTORY: Final = Table(
    "followup_history",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    Column("action", Text, ForeignKey("followup_actions.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("was", String(10)),
    Column("became", String(10), nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
)

_ORDERED: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""A text that every database sorts alike."""

TIMELINES: Final = Table(
    "followup_timelines",
    METADATA,
    Column("source", _ORDERED, primary_key=True),
    Column("key", _ORDERED, primary_key=True),
    Column("application", Text),
    Column("candidate", Text),
    Column("data", Text),
    Column("problems", Text, nullable=False),
    Column("round", _NUMBER, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

READINGS: Final = Table(
    "followup_readings",
    METADATA,
    Column("source", _ORDERED, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("round", _NUMBER, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("turn", _NUMBER, nullable=False),
    Column("read_at", Moment),
)

INBOX: Final = Table(
    "followup_inbox",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    Column("source", _ORDERED, nullable=False),
    Column("notice", _ORDERED, nullable=False),
    Column("application", Text),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try", Moment, nullable=False),
    Column("error", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("source", "notice"),
)

TIMERS: Final = Table(
    "followup_timers",
    METADATA,
    Column("application", _ORDERED, primary_key=True),
    Column("due", Moment, nullable=False),
    Column("turn", _NUMBER, nullable=False),
    Column("rules", Text, nullable=False),
    Column("owner", Text),
    Column("error", Text, nullable=False),
    Column("decided_at", Moment),
)

IN_FORCE: Final = Table(
    "followup_in_force",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    Column("fingerprint", Text, nullable=False),
    Column("since", Moment, nullable=False),
)

KEYS: Final = Table(
    "followup_keys",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)

ANSWERS: Final = Table(
    "followup_answers",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)

PAGES: Final = Table(
    "followup_pages",
    METADATA,
    Column("application", _ORDERED, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
)
"""By which word the page of an application is addressed: it says nothing about anybody."""

DECISIONS: Final = Table(
    "followup_decisions",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    Column("application", _ORDERED, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("follow_up", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("at", Moment),
    Column("due_at", Moment),
    Column("lacks", Text, nullable=False),
    Column("since", Moment, nullable=False),
)
"""What was decided last about each occasion, so that it can be listed without deciding everything anew."""
