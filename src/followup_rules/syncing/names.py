"""The names of everybody in the store, kept in memory and brought up to date by what has changed."""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from followup_rules.judge.names import Named, Names, job_of
from followup_rules.model.application import Application
from followup_rules.outbox.changes import changed_since, everything
from followup_rules.outbox.ledger import Ledger

_AT_ONCE: Final = 5000
_OVERLAP: Final = timedelta(seconds=5)
"""What one process wrote a little earlier may be seen a little later than what another wrote."""


class StoredNames:
    """What `Names` knows, of a whole store. One for all threads of a process; a name that is gone stays known."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lock = ledger, threading.Lock()
        # What is only in memory needs no way back.
        db = sqlite3.connect(":memory:", check_same_thread=False)
        db.execute("pragma journal_mode = off")
        self._names = Names(db)
        self._since: datetime | None = None
        self._seen: dict[tuple[str, str], datetime] = {}

    def foreign(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications of which a text has something."""
        with self._lock:
            self._refresh()
            return self._names.foreign(application, text)

    def _refresh(self) -> None:
        since = self._since
        rows = everything(self._ledger) if since is None else changed_since(self._ledger, since - _OVERLAP, self._seen)
        seen, newest = dict(self._seen), since
        while some := list(islice(rows, _AT_ONCE)):
            self._names.enter_all(named for row in some if (named := _named(row.data)) is not None)
            newest = max(row.at for row in some) if newest is None else max(newest, *(row.at for row in some))
            seen |= {(row.source, row.key): row.at for row in some if row.at >= newest - 2 * _OVERLAP}
        self._since = newest
        self._seen = {place: at for place, at in seen.items() if newest is not None and at >= newest - 2 * _OVERLAP}


def _named(text: str | None) -> Named | None:
    """Whom stored data names. It was validated when it was stored; a refused one has names too."""
    try:
        data = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    candidate, job, contacts = _texts(data.get("candidate")), _texts(data.get("job")), data.get("contacts")
    company = job.get("company")
    people = [_texts(one).get("name") for one in contacts] if isinstance(contacts, list) else []
    return Named(
        str(data.get("id")), candidate.get("id"), candidate.get("name"),
        job_of(job.get("id"), company, job.get("title")), company, tuple(name for name in (company, *people) if name),
    )  # fmt: skip


def _texts(data: object) -> dict[str, str]:
    return {key: one for key, one in data.items() if isinstance(one, str)} if isinstance(data, dict) else {}
