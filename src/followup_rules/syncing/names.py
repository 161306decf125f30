"""The names of everybody in the store, kept in memory and brought up to date by what has changed."""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from followup_rules.judge.names import Names
from followup_rules.model.application import Application, Candidate, Contact, Job
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timelines import changed_since

_BEGINNING: Final = datetime(1900, 1, 1, tzinfo=timezone.utc)
_OVERLAP: Final = timedelta(seconds=5)
"""What one process wrote a little earlier may be seen a little later than what another wrote."""


class StoredNames:
    """What `Names` knows, of a whole store. One for all threads of a process; a name that is gone stays known."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lock = ledger, threading.Lock()
        self._names = Names(sqlite3.connect(":memory:", check_same_thread=False))
        self._since = _BEGINNING
        self._seen: dict[tuple[str, str], datetime] = {}

    def foreign(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications of which a text has something."""
        with self._lock:
            self._refresh()
            return self._names.foreign(application, text)

    def _refresh(self) -> None:
        newest = self._since
        seen: dict[tuple[str, str], datetime] = {}
        for source, key, data, changed_at in changed_since(self._ledger, self._since - _OVERLAP, self._seen):
            if data is not None:
                self._enter(data)
            newest = max(newest, changed_at)
            seen[source, key] = changed_at
        if newest > self._since or seen:
            self._since = newest
            kept = {**self._seen, **seen}
            self._seen = {place: at for place, at in kept.items() if at >= newest - 2 * _OVERLAP}

    def _enter(self, text: str) -> None:
        try:
            data = json.loads(text)
        except ValueError:
            return
        self._names.enter(_named(data))


def _named(data: dict[str, Any]) -> Application:
    """As much of an application as has names. It was validated when it was stored; a refused one has names too."""
    candidate, job = _texts(data.get("candidate")), _texts(data.get("job"))
    contacts = [Contact.model_construct(**_texts(one)) for one in data.get("contacts") or ()]
    return Application.model_construct(
        id=str(data.get("id")), candidate=Candidate.model_construct(**candidate), job=Job.model_construct(**job),
        contacts=tuple(contacts),
        status="active",
    )  # fmt: skip


def _texts(data: object) -> dict[str, Any]:
    return {key: one for key, one in data.items() if isinstance(one, str)} if isinstance(data, dict) else {}
