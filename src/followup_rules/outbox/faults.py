"""What databases complain about, told plainly: one problem with a code, and never a password."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from followup_rules.errors import InvalidInput, Place, Problem

_SQLITE: Final = (
    (("database is locked", "table is locked", "busy"), "FR903"),
    (("disk is full", "disk i/o error", "too big", "no space"), "FR904"),
)
_POSTGRES: Final = {"53100": "FR904", "55P03": "FR903", "40P01": "FR903", "40001": "FR903", "57014": "FR903"}
_TOLD: Final = {
    "FR901": ("the outbox cannot be used", "name another one with --store, or mend what is said"),
    "FR903": ("another program holds the outbox", "try again; nothing was changed"),
    "FR904": ("the outbox cannot be written", "make room and run it again; what was not confirmed is looked up"),
}


class OutboxFault(InvalidInput):
    """The outbox cannot be used now; nothing of what was asked for was done."""

    def __init__(self, code: str, message: str, shown: str, hint: str = "") -> None:
        self.code = code
        super().__init__([Problem(code, message, Place(shown), hint)])


@contextmanager
def told_plainly(shown: str, secret: str = "") -> Iterator[None]:
    """Turn whatever the database raises into an `OutboxFault`; `secret` is a text that nobody may see."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        code, said = _read(error)
    except OSError as error:
        code, said = "FR904" if error.errno == errno.ENOSPC else "FR901", error.strerror or type(error).__name__
    else:
        return
    # Outside the handler: the error itself may hold the address with its password.
    message, hint = _TOLD[code]
    said = said.replace(secret, "***") if secret else said
    raise OutboxFault(code, f"{message}: {said}", shown, hint)


def _read(error: Exception) -> tuple[str, str]:
    cause = error if isinstance(error, sqlite3.Error) else error.orig if isinstance(error, DBAPIError) else None
    if cause is None:
        return "FR901", " ".join(str(error).split("\n", 1)[0].split())[:200]
    lines = [line for line in str(cause).splitlines() if line.strip()]
    said = " ".join(lines[0].split())[:200] if lines else type(cause).__name__
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _POSTGRES.get(state, "FR901"), said
    low = said.lower()
    return next((code for marks, code in _SQLITE if any(mark in low for mark in marks)), "FR901"), said
