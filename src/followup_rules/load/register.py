"""The register of a stream: what the first look finds out, kept in a temporary file instead of in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

from followup_rules.errors import Place
from followup_rules.facts import Timeline
from followup_rules.judge.admit import doubled
from followup_rules.judge.names import Names
from followup_rules.judge.portfolio import OptOut
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal

_TABLES = """
create table ids (id text primary key, candidate text, doubled integer not null default 0) without rowid;
create table refused (candidate text primary key) without rowid;
create table opts (candidate text, application text, event text, type text, at text);
create index opts_by_candidate on opts (candidate);
"""


class DiskRegister:
    """Does what `judge.admit.Register` does for policies that count nothing across applications.

    The database has no name and is gone when the process ends, however it ends.
    """

    def __init__(self, now: datetime, names: bool = False) -> None:
        self._now = now
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(f"pragma journal_mode=off; pragma synchronous=off; begin; {_TABLES}")
        self._names = Names(self._db) if names else None
        self.count = 0

    def enter(self, item: Application | Refusal) -> None:
        """Take note of an application, or of one that is refused."""
        self.count += 1
        if isinstance(item, Refusal):
            refused = True
            identity, candidate = _storable(item.application), _storable(item.candidate)
        else:
            refused = False
            identity, candidate = item.id, item.candidate.id
        if identity is not None:
            refused = self._is_doubled(identity, candidate) or refused
        if refused:
            self._refuse(candidate)
        if isinstance(item, Application):
            self._note_opts(item)
            if self._names is not None:
                self._names.enter(item)

    def refusal(self, application: Application, place: Callable[[], Place]) -> Refusal | None:
        """Why an application that is well formed is refused all the same, if it is."""
        if not self._one("select doubled from ids where id = ? and doubled", application.id):
            return None
        return doubled(application, place())

    def siblings(self) -> DiskRegister:
        """What applications know of each other, once all are entered."""
        return self

    def refused_candidate(self, candidate: str | None) -> bool:
        """True where an application of this candidate was refused."""
        return candidate is not None and bool(self._one("select 1 from refused where candidate = ?", candidate))

    def opt_out(self, timeline: Timeline) -> OptOut | None:
        """The opt-out of the candidate that is in force now."""
        application = timeline.application
        candidate = application.candidate.id
        owner = "application" if candidate is None else "candidate"
        key = application.id if candidate is None else candidate
        query = f"select application, event, at from opts where {owner} = ? and type = ? order by at desc limit 1"  # noqa: S608  (one of two words)
        out = self._one(query, key, "opted_out")
        back = self._one(query, key, "opted_in")
        if out is None or (back is not None and back[2] > out[2]):
            return None
        return OptOut(out[0], out[1])

    def foreign_names(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications that a text has something of."""
        return self._names.foreign(application, text) if self._names is not None else ()

    def _is_doubled(self, identity: str, candidate: str | None) -> bool:
        first = self._one("select candidate from ids where id = ?", identity)
        if first is None:
            self._db.execute("insert into ids (id, candidate) values (?, ?)", (identity, candidate))
            return False
        self._db.execute("update ids set doubled = 1 where id = ?", (identity,))
        self._refuse(first[0])
        return True

    def _refuse(self, candidate: str | None) -> None:
        if candidate is not None:
            self._db.execute("insert or ignore into refused values (?)", (candidate,))

    def _note_opts(self, application: Application) -> None:
        if not any(event.type in ("opted_out", "opted_in") for event in application.events):
            return
        timeline = Timeline(application, self._now)
        for kind in ("opted_out", "opted_in"):
            event = timeline.latest.get(kind)
            if event is not None:
                row = (
                    application.candidate.id,
                    application.id,
                    event.id,
                    kind,
                    event.at.isoformat(timespec="microseconds"),
                )
                self._db.execute("insert into opts values (?, ?, ?, ?, ?)", row)

    def _one(self, query: str, *values: str) -> tuple[str, ...] | None:
        row: tuple[str, ...] | None = self._db.execute(query, values).fetchone()
        return row


def _storable(text: str | None) -> str | None:
    """None for what SQLite cannot store, a lone surrogate: no application that is admitted has such an id."""
    return None if text is None or any("\ud800" <= letter <= "\udfff" for letter in text) else text
