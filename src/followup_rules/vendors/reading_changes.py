"""Reading applications, page by page; each page says from where to go on, also after a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from followup_rules.adapter import Page
from followup_rules.errors import Misconfigured, Place
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.times import parse_time
from followup_rules.vendors.asking import Asking
from followup_rules.vendors.fields import events_of, holds, person_of, status_of, text_of
from followup_rules.vendors.model_reads import Beside, Reads
from followup_rules.vendors.paging import pages
from followup_rules.vendors.paths import text_at
from followup_rules.vendors.wire import Asked

_OVERLAP: Final = timedelta(minutes=5)


class Reading:
    """One reading of everything, or of what has changed."""

    def __init__(self, name: str, reads: Reads, asking: Asking, plain: Mapping[str, Any]) -> None:
        self._name, self._reads, self._asking, self._plain = name, reads, asking, plain

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """Pages from a cursor on. The last page's cursor asks for what changes from the beginning of this reading on,
        a little earlier, because clocks differ."""
        state = self._state(cursor)
        asked = self._asked(state.get("since"), state.get("sync"))
        began = state.setdefault("began", (self._asking.now - _OVERLAP).isoformat())
        for records in pages(self._asking, asked, self._reads.paging, self._reads.items, state.get("next", "")):
            items = tuple(self._applications(records.items))
            after = {**state, "next": records.next} if records.next else self._later(began, records.data)
            yield Page(items, json.dumps(after, sort_keys=True))

    def _later(self, began: str, data: Any) -> dict[str, str]:
        sync = text_at(data, self._reads.sync) if self._reads.sync else None
        return {"since": began} if sync is None else {"since": began, "sync": sync}

    def _state(self, cursor: str | None) -> dict[str, str]:
        if not cursor:
            return {}
        try:
            state = json.loads(cursor)
            if isinstance(state, dict) and all(isinstance(one, str) for one in state.values()):
                return {key: state[key] for key in ("since", "sync", "began", "next") if key in state}
        except ValueError:
            pass
        raise Misconfigured(f"the adapter '{self._name}' cannot go on from this cursor; read everything anew")

    def _asked(self, since: str | None, sync: str | None) -> Asked:
        request = self._reads.request
        if sync is not None and self._reads.sync:
            request = request.model_copy(update={"body": {**(request.body or {}), self._reads.sync: _verbatim(sync)}})
        values: dict[str, Any] = {"settings": self._plain, "now": self._asking.now}
        if since is not None and self._reads.since:
            try:
                values["since"] = parse_time(since)
            except ValueError:
                raise Misconfigured(f"the adapter '{self._name}' cannot go on from this cursor") from None
            if self._reads.since_into == "query":
                request = request.model_copy(update={"query": {**request.query, **self._reads.since}})
            else:
                body = {**(request.body or {}), **{key: _leaf(text) for key, text in self._reads.since.items()}}
                request = request.model_copy(update={"body": body})
        return self._asking.asked(request, values)

    def _applications(self, records: list[Any]) -> Iterator[Application | Refusal]:
        reads, now = self._reads, self._asking.now
        kept = [one for one in records if not any(holds(test, one, self._plain) for test in reads.skip)]
        beside: dict[str, list[dict[str, Any]]] = {}
        ids = [one for record in kept if (one := text_at(record, reads.id))]
        for other in reads.beside:
            for key, events in self._beside(other, ids):
                beside.setdefault(key, []).extend(events)
        for record in kept:
            identity = text_at(record, reads.id)
            events = [*events_of(reads.own_events, record, self._plain, now), *beside.get(identity or "", ())]
            yield self._application(record, identity, events)

    def _application(self, record: Any, identity: str | None, events: list[dict[str, Any]]) -> Application | Refusal:
        reads = self._reads
        data: dict[str, Any] = {
            "id": identity,
            "status": status_of(reads.status, record, self._plain),
            "candidate": person_of(reads.candidate, record),
            "job": person_of(reads.job, record),
            "stage": text_of(reads.stage, record),
            "events": list({event["id"]: event for event in _whole(events)}.values()),
        }
        shown = f"{self._name}:{identity or 'unknown'}"
        known = {key: one for key, one in data.items() if one is not None}
        return read_application(known, lambda loc, _key: Place(f"{shown} {'.'.join(map(str, loc))}".rstrip()))

    def _beside(self, other: Beside, ids: list[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Events of records that are asked for beside the applications, by application."""
        for start in range(0, len(ids), other.batch):
            some = ids[start : start + other.batch]
            values = {"ids": ",".join(some), "id": some[0], "settings": self._plain, "now": self._asking.now}
            asked = self._asking.asked(other.request, values)
            for records in pages(self._asking, asked, other.paging, other.items):
                for record in records.items:
                    key = text_at(record, other.by) if other.by else some[0]
                    if key is not None:
                        yield key, list(events_of(other.events, record, self._plain, self._asking.now))


def _whole(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Events without the name of an interview that is not among them."""
    there = {event["id"] for event in events}
    for event in events:
        if event.get("interview") in there or "interview" not in event:
            yield event
        elif event["type"] == "interview_completed":
            yield {key: one for key, one in event.items() if key != "interview"}


def _verbatim(text: str) -> str:
    """A text from outside as a template that says just that."""
    if "{" in text:
        raise Misconfigured("the cursor cannot be used; read everything anew")
    return text


def _leaf(text: str) -> Any:
    """In a body, a time in milliseconds is a number."""
    return {"$integer": text} if "milliseconds" in text else text
