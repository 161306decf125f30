"""Where an outbox is: a file of SQLite, or a URL of PostgreSQL whose password nobody is shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem

VARIABLE: Final = "FOLLOWUP_RULES_STORE"
DEFAULT: Final = "followup.sqlite"
_POSTGRES: Final = ("postgresql", "postgres", "postgresql+psycopg")


class Address(NamedTuple):
    """One outbox: the file, or the URL for SQLAlchemy; `shown` is what people see, `secret` what they must not."""

    url: str
    shown: str
    file: Path | None = None
    secret: str = ""

    def __repr__(self) -> str:
        return f"<outbox {self.shown}>"


def address(given: str | None, environ: Mapping[str, str] | None = None) -> Address:
    """The outbox that a word on the command line means; without one the environment's, else a file in this folder.

    Raises:
        InvalidInput: FR901, it is no path and no URL of PostgreSQL.
    """
    text = given or (os.environ if environ is None else environ).get(VARIABLE) or DEFAULT
    scheme, mark, rest = text.partition("://")
    if not mark:
        return _file(text)
    if scheme == "sqlite":
        return _file(rest[1:] if rest.startswith("/") else rest)
    if scheme not in _POSTGRES:
        raise _fault("an outbox is a file or a URL that begins with postgresql://", f"{scheme}://...")
    return _postgres(f"postgresql+psycopg://{rest}")


def _file(text: str) -> Address:
    if not text or "\0" in text:
        raise _fault("this is no name of a file", repr(text))
    return Address("sqlite://", text, Path(text))


def _postgres(text: str) -> Address:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None:
        raise _fault("this URL cannot be read", "postgresql://...", "write postgresql://USER@HOST:PORT/DATABASE")
    words = {key: "***" if "pass" in key.lower() else value for key, value in url.query.items()}
    shown = url.set(drivername="postgresql", query=words).render_as_string(hide_password=True)
    hidden = url.query.get("password", url.password or "")
    return Address(text, shown, None, hidden if isinstance(hidden, str) else "")


def _fault(message: str, shown: str, hint: str = "") -> InvalidInput:
    return InvalidInput([Problem("FR901", message, Place(shown), hint)])
