"""Messages beside the timelines: which there were, and by which links they are found again. No text is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from followup_rules.outbox.message_tables import LINKS, MESSAGES
from followup_rules.outbox.tables import ACTIONS

_AT_ONCE: Final = 400
_T = TypeVar("_T")


class KeptMessage(NamedTuple):
    """What is kept of one message: a key, data as JSON, and the links by which applications find it."""

    key: str
    data: str
    links: tuple[str, ...]


def keep_messages(
    connection: Connection, source: str, messages: Sequence[KeptMessage], now: datetime
) -> tuple[int, int, int]:
    """Keep some messages of a source; how many are new, changed and as before."""
    unique = {one.key: one for one in messages}
    known: dict[str, str] = {}
    for keys in _some(sorted(unique)):
        query = select(MESSAGES.c.key, MESSAGES.c.data).where(MESSAGES.c.source == source, MESSAGES.c.key.in_(keys))
        known |= {row.key: row.data for row in connection.execute(query)}
    changed = 0
    for one in unique.values():
        if known.get(one.key) == one.data:
            continue
        mine = (MESSAGES.c.source == source) & (MESSAGES.c.key == one.key)
        if one.key in known:
            changed += 1
            connection.execute(update(MESSAGES).where(mine).values(data=one.data, read_at=now))
            connection.execute(delete(LINKS).where(LINKS.c.source == source, LINKS.c.key == one.key))
        else:
            connection.execute(insert(MESSAGES).values(source=source, key=one.key, data=one.data, read_at=now))
        if one.links:
            rows = [{"source": source, "key": one.key, "link": link} for link in sorted(set(one.links))]
            connection.execute(insert(LINKS), rows)
    new = len(unique.keys() - known.keys())
    return new, changed, len(unique) - new - changed


def fingerprint(text: str) -> str:
    """What stands for an address or an id: the same for the same, and nothing that can be read."""
    return hashlib.blake2b(text.strip().casefold().encode("utf-8", "replace"), digest_size=16).hexdigest()


def drop_messages(connection: Connection, links: Collection[str]) -> int:
    """Take away the messages that are found by some links; how many."""
    count = 0
    for some in _some(sorted(links)):
        query = select(LINKS.c.source, LINKS.c.key).where(LINKS.c.link.in_(some)).distinct()
        for source, key in connection.execute(query).all():
            for table in (LINKS, MESSAGES):
                gone = connection.execute(delete(table).where(table.c.source == source, table.c.key == key)).rowcount
            count += gone
    return count


def any_messages(connection: Connection) -> bool:
    """Whether there is anything to look for."""
    return connection.execute(select(MESSAGES.c.key).limit(1)).first() is not None


def messages_by(connection: Connection, links: Collection[str]) -> dict[str, list[str]]:
    """The data of messages by link, in order of source and key."""
    found: dict[str, list[str]] = {}
    both = tuple_(MESSAGES.c.source, MESSAGES.c.key) == tuple_(LINKS.c.source, LINKS.c.key)
    for some in _some(sorted(links)):
        query = select(LINKS.c.link, MESSAGES.c.data).join_from(LINKS, MESSAGES, both).where(LINKS.c.link.in_(some))
        for row in connection.execute(query.order_by(MESSAGES.c.source, MESSAGES.c.key)):
            found.setdefault(row.link, []).append(row.data)
    return found


def all_messages(connection: Connection) -> list[tuple[str, KeptMessage]]:
    """Every message with its source, in order."""
    links: dict[tuple[str, str], list[str]] = {}
    for row in connection.execute(select(LINKS).order_by(LINKS.c.source, LINKS.c.key, LINKS.c.link)):
        links.setdefault((row.source, row.key), []).append(row.link)
    query = select(MESSAGES).order_by(MESSAGES.c.source, MESSAGES.c.key)
    return [
        (row.source, KeptMessage(row.key, row.data, tuple(links.get((row.source, row.key), ()))))
        for row in connection.execute(query)
    ]


def known_actions(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The applications of those of some actions that the outbox knows, by action."""
    found: dict[str, str] = {}
    for some in _some(sorted(ids)):
        query = select(ACTIONS.c.id, ACTIONS.c.application).where(ACTIONS.c.id.in_(some))
        found |= {row.id: row.application for row in connection.execute(query)}
    return found


def _some(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]
