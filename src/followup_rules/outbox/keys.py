"""The keys of people and programs beside the ledger: names, roles and salted hashes, never a key itself."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.tables import KEYS


class Key(NamedTuple):
    """One key, as far as anybody may know it."""

    name: str
    role: str
    salt: str
    hash: str

    def fits(self, given: str) -> bool:
        """True for the key itself. Keys are long and by chance, so that one round of a hash is enough."""
        return hmac.compare_digest(self.hash, _hash(self.salt, given))


def key_from(name: str, role: str, secret: str, salt: str = "") -> Key:
    """What is kept of a key."""
    salt = salt or secrets.token_hex(16)
    return Key(name, role, salt, _hash(salt, secret))


def new_key(ledger: Ledger, name: str, role: str, now: datetime) -> str:
    """Make a key; it is given out here and can never be read again.

    Raises:
        OutboxFault: FR971, there is a key of that name.
    """
    secret = f"fr-{secrets.token_urlsafe(32)}"
    with ledger.writing() as connection:
        known = connection.execute(select(KEYS.c.name).where(KEYS.c.name == name)).first()
        if known is None:
            connection.execute(insert(KEYS).values(**key_from(name, role, secret)._asdict(), made_at=now))
    if known is not None:
        raise OutboxFault("FR971", f"there is a key '{name}'", ledger.shown, "take another name, or revoke that one")
    return secret


def keys_in(ledger: Ledger) -> list[Key]:
    """All keys, in the order of their names."""
    query = select(KEYS.c.name, KEYS.c.role, KEYS.c.salt, KEYS.c.hash).order_by(KEYS.c.name)
    with ledger.reading() as connection:
        return [Key(*one) for one in connection.execute(query)]


def revoke(ledger: Ledger, name: str) -> bool:
    """Take a key back; False where there is none."""
    with ledger.writing() as connection:
        return connection.execute(delete(KEYS).where(KEYS.c.name == name)).rowcount == 1


def _hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()
