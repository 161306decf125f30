"""Reading opportunities, page by page; each page says from where to go on, also after a crash."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from followup_rules.adapter import Page
from followup_rules.errors import Misconfigured
from followup_rules.model.times import parse_time
from followup_rules_tryton.session import Session, moment_of
from followup_rules_tryton.timeline import Known, Record, application_of

MODEL: Final = "sale.opportunity"
_PAGE: Final = 100
_MANY: Final = 1000
_OVERLAP: Final = timedelta(minutes=5)
_FIELDS: Final = (
    "state", "description", "party.name", "party.rec_name", "employee.rec_name", "company.rec_name", "company.timezone",
)  # fmt: skip
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {"ir.note": ("message",), "ir.email": ("subject",)}
"""What hangs on an opportunity by its field `resource`, and what of it is read."""

_OPEN: Final = ("lead", "opportunity", "converted")


class Reading:
    """One reading of everything, or of what has changed. The clock that counts is the server's."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """Pages from a cursor on; the last one's cursor asks for what changes from the beginning of this reading on."""
        state = _state(cursor)
        since = _moment(state.get("since"))
        began = _moment(state.get("began")) or self._session.server_time()
        after = int(state.get("after", 0))
        while True:
            ids = self._ids(since, after)
            items = tuple(application_of(one) for one in self._known(ids))
            if len(ids) < _PAGE:
                # A transaction that is still open then shows moments from before its end.
                yield Page(items, _cursor(since=began - _OVERLAP))
                return
            after = ids[-1]
            yield Page(items, _cursor(since=since, began=began, after=str(after)))

    def _ids(self, since: datetime | None, after: int) -> list[int]:
        order = [["id", "ASC"]]
        if since is None:
            first: list[int] = self._session.model(MODEL, "search", [["id", ">", after]], 0, _PAGE, order)
            return first
        changed = {one["id"] for one in self._all(MODEL, [["id", ">", after], _later(since)], ["state"])}
        everything = [one["id"] for one in self._all(MODEL, [["id", ">", after]], ["state"])]
        for start in range(0, len(everything), _MANY):
            some = [f"{MODEL},{one}" for one in everything[start : start + _MANY]]
            for model in _BESIDE:
                # Who is no administrator may only look for what hangs on records that are named.
                found = self._all(model, [["resource", "in", some], _later(since)], ["resource"])
                changed |= {_resource(record) for record in found}
        open_ones = self._all(MODEL, [["id", ">", after], ["state", "in", list(_OPEN)]], ["state"])
        changed |= {one["id"] for one in open_ones if self._talked(one["id"], since)}
        return sorted(changed)[:_PAGE]

    def _talked(self, one: int, since: datetime) -> bool:
        moments = (moment_of(chat.get("timestamp")) for chat in self._chats(one))
        return any(moment is not None and moment >= since for moment in moments)

    def _chats(self, one: int) -> list[Record]:
        """What was said about an opportunity; the messages themselves may be read by administrators alone."""
        found: list[Record] = self._session.model("ir.chat.channel", "get", f"{MODEL},{one}")
        return found

    def _all(self, model: str, domain: Sequence[Any], fields: Sequence[str]) -> Iterator[Record]:
        last = 0
        while True:
            some = [*domain, ["id", ">", last]]
            found = self._session.model(model, "search_read", some, 0, _MANY, [["id", "ASC"]], list(fields))
            yield from found
            if len(found) < _MANY:
                return
            last = found[-1]["id"]

    def _known(self, ids: Sequence[int]) -> Iterator[Known]:
        if not ids:
            return
        records = {one["id"]: one for one in self._all(MODEL, [["id", "in", list(ids)]], _FIELDS)}
        beside = {model: self._beside(model, list(records)) for model in _BESIDE}
        states, emails = self._states(list(records)), self._emails(records.values())
        for one, record in records.items():
            party = (record.get("party.") or {"id": 0})["id"]
            notes, mails = (tuple(found[one]) for found in beside.values())
            yield Known(record, tuple(states[one]), emails.get(party), notes, tuple(self._chats(one)), mails)

    def _beside(self, model: str, ids: Sequence[int]) -> dict[int, list[Record]]:
        found: dict[int, list[Record]] = defaultdict(list)
        domain = [["resource", "in", [f"{MODEL},{one}" for one in ids]]]
        for record in self._all(model, domain, [*_BESIDE[model], "resource", "create_date"]):
            found[_resource(record)].append(record)
        return found

    def _states(self, ids: Sequence[int]) -> dict[int, list[tuple[datetime, str]]]:
        """Each opportunity's states, by the history that Tryton keeps of it."""
        found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        for stamp, one, _ in sorted(self._session.model(MODEL, "history_revisions", list(ids)), key=_when):
            moment = moment_of(stamp)
            seen = self._session.model(MODEL, "read", [one], ["state"], context={"_datetime": stamp})
            if moment is not None and seen and seen[0].get("state"):
                found[one].append((moment, str(seen[0]["state"])))
        return found

    def _emails(self, records: Any) -> dict[int, str]:
        parties = sorted({one["party."]["id"] for one in records if one.get("party.")})
        domain = [["party", "in", parties], ["type", "=", "email"]]
        mechanisms = list(self._all("party.contact_mechanism", domain, ["party", "value"])) if parties else []
        # The first one counts.
        return {one["party"]: str(one["value"]) for one in reversed(mechanisms) if one.get("value")}


def _later(since: datetime) -> list[Any]:
    return ["OR", ["create_date", ">=", since], ["write_date", ">=", since]]


def _resource(record: Record) -> int:
    """The number of the opportunity that a record hangs on."""
    return int(str(record["resource"]).rpartition(",")[2])


def _when(revision: Sequence[Any]) -> tuple[Any, ...]:
    moment = moment_of(revision[0])
    return (moment is not None, moment.timestamp() if moment is not None else 0.0, revision[1])


def _cursor(**given: datetime | str | None) -> str:
    known = {
        key: one.isoformat() if isinstance(one, datetime) else one for key, one in given.items() if one is not None
    }
    return json.dumps(known, sort_keys=True)


def _state(cursor: str | None) -> dict[str, str]:
    if not cursor:
        return {}
    try:
        state = json.loads(cursor)
        if isinstance(state, dict) and all(isinstance(one, str) for one in state.values()):
            known = {key: state[key] for key in ("since", "began", "after") if key in state}
            int(known.get("after", "0"))
            return known
    except ValueError:
        pass
    raise Misconfigured("the adapter 'tryton' cannot go on from this cursor; read everything anew")


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_time(text)
    except ValueError:
        raise Misconfigured("the adapter 'tryton' cannot go on from this cursor; read everything anew") from None
