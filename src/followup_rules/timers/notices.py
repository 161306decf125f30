"""What webhooks have told becomes part of timelines: their own events at once, the rest by reading the source anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from followup_rules.delivering.ports import Fleet
from followup_rules.errors import Place
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.faults import Loc
from followup_rules.outbox.inbox import Waiting, settle, waiting
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.timelines import Kept, add_told, known_of
from followup_rules.outbox.timers import set_now, siblings
from followup_rules.syncing.merging import merged
from followup_rules.syncing.texts import kept_of, kept_refusal, text_of

_AT_ONCE: Final = 20


def reads(fleet: Fleet, source: str) -> bool:
    """True where a source can be read anew."""
    return source in fleet and "read_applications" in fleet[source].adapter.capabilities


def add_events(ledger: Ledger, fleet: Fleet, clock: Callable[[], datetime]) -> int:
    """Add what some notices say to their timelines, in one transaction: all of it, or they wait as they are."""
    now = clock()
    with ledger.reading() as connection:
        ready = _prepared(connection, waiting(connection, "new", now, _AT_ONCE))
    if not ready:
        return 0
    # Should a power cut undo it, the notices wait as they did.
    with ledger.writing(hasty=True) as connection:
        found = waiting(connection, "new", now, _AT_ONCE)
        usable = [one for one in found if one.application is not None]
        applications = sorted({one.application for one in usable if one.application is not None})
        candidates: set[str] = set()
        for source in sorted({one.source for one in usable}):
            mine = [one for one in usable if one.source == source]
            made = _Adding(mine, ready.get(source))
            add_told(connection, source, made.keys, made, now)
            candidates |= made.candidates
        set_now(connection, applications, now)
        if candidates:
            set_now(connection, sorted(siblings(connection, sorted(candidates)) - set(applications)), now)
        again = [one.seq for one in found if reads(fleet, one.source)]
        done = [one.seq for one in usable if not reads(fleet, one.source)]
        odd = [one.seq for one in found if one.application is None and not reads(fleet, one.source)]
        for seqs, state, why in (
            (again, "hint", ""), (done, "done", ""), (odd, "odd", "it names no application"),
        ):  # fmt: skip
            if seqs:
                settle(connection, seqs, state, now, why)  # type: ignore[arg-type]
    return len(found)


def _prepared(connection: Connection, found: Sequence[Waiting]) -> dict[str, _Adding]:
    """The same, worked out before anything is locked; it counts where nothing has changed until then."""
    made = {}
    for source in {one.source for one in found}:
        mine = [one for one in found if one.source == source]
        adding = made[source] = _Adding(mine)
        adding(known_of(connection, source, adding.keys))
    return made


class _Adding:
    """Makes of what is known and what was told what is to be kept."""

    def __init__(self, told: Sequence[Waiting], before: _Adding | None = None) -> None:
        self._told, self._before = told, before
        self._known: Mapping[str, Kept] = {}
        self._made: list[Kept] = []
        self.keys = [one.application for one in told if one.application is not None]
        self.candidates: set[str] = set()

    def __call__(self, known: Mapping[str, Kept]) -> list[Kept]:
        before = self._before
        same = before is not None and before._told == self._told and before._known == known
        self._made = before._made if before is not None and same else self._make(known)
        self._known = known
        self.candidates = {one.candidate for one in self._made if one.candidate is not None}
        return self._made

    def _make(self, known: Mapping[str, Kept]) -> list[Kept]:
        made: dict[str, dict[str, Any]] = {}
        for one in self._told:
            if one.application is None:
                continue
            old = made.get(one.application) or _data_of(known.get(one.application), one.application)
            made[one.application] = merged(old, {"events": _new_events(old, json.loads(one.data))})
        return [self._kept(key, data) for key, data in made.items()]

    def _kept(self, key: str, data: dict[str, Any]) -> Kept:
        def place(loc: Loc = (), _key: bool = False) -> Place:
            return Place(" ".join([f"webhook for {key}", ".".join(map(str, loc))]).rstrip())

        item = read_application(data, place)
        return kept_of(item) if isinstance(item, Application) else kept_refusal(item, text_of(data))._replace(key=key)


def _data_of(kept: Kept | None, application: str) -> dict[str, Any]:
    try:
        data = json.loads(kept.data) if kept is not None and kept.data else None
    except ValueError:
        data = None
    return data if isinstance(data, dict) else {"id": application}


def _new_events(old: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What a webhook tells of an event that is known already does not count: the source's own word is better."""
    known = {one.get("id") for one in old.get("events", ())}
    return [one for one in told if one.get("id") not in known]
