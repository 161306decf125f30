"""The tables of messages that mailboxes have told of, and of what each may have to do with."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Table, Text

from followup_rules.outbox.tables import METADATA, Moment

MESSAGES: Final = Table(
    "followup_messages",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("data", Text, nullable=False),
    Column("read_at", Moment, nullable=False),
)

LINKS: Final = Table(
    "followup_message_links",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("link", Text, primary_key=True),
)
