"""Reading what has changed, page by page; each page says from where to go on, also after a crash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from followup_rules.adapter import Page
from followup_rules.errors import Misconfigured, Place
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules_odoo.beside import Beside
from followup_rules_odoo.calling import Call
from followup_rules_odoo.records import number_of
from followup_rules_odoo.settings import OdooSettings

_OVERLAP: Final = timedelta(minutes=5)
_KEYS: Final = ("since", "began", "model", "after")
_MANY: Final = 2000
_ALSO_ARCHIVED: Final = {"active_test": False}


class _At(NamedTuple):
    """How far a reading has come."""

    since: str | None
    began: str
    model: int = 0
    after: int = 0


class Reading:
    """One reading of everything, or of what has changed. Moments are those of Odoo's own clock, as far as it tells."""

    def __init__(self, settings: OdooSettings, call: Callable[[Call], Any]) -> None:
        self._settings, self._call = settings, call
        self._beside = Beside(settings, call)

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """Pages from a cursor on. The last one's cursor asks for what changes from the beginning of this reading on,
        a little earlier: clocks differ, and what a long transaction has written shows late."""
        now = datetime.now(timezone.utc)
        at = _state(cursor, now)
        while at.model < len(self._settings.read):
            model = self._settings.read[at.model]
            numbers = self._changed(model, at, now)
            more = len(numbers) == self._settings.page
            after = at._replace(after=numbers[-1]) if more else at._replace(model=at.model + 1, after=0)
            items = tuple(self._applications(model, numbers, now))
            at = after
            yield Page(items, self._cursor(after))

    def _cursor(self, at: _At) -> str:
        if at.model < len(self._settings.read):
            return json.dumps(at._asdict(), sort_keys=True)
        return json.dumps({"since": at.began}, sort_keys=True)

    def _changed(self, model: str, at: _At, now: datetime) -> list[int]:
        """The numbers of the next records, in order, at most a page of them."""
        size = self._settings.page
        if at.since is None:
            return self._search(model, [["id", ">", at.after]], size)
        since, until = _odoo_time(datetime.fromisoformat(at.since)), _odoo_time(now)
        own = ["|", ["write_date", ">=", since], ["is_blacklisted", "=", True]]
        if "is_blacklisted" not in self._beside.fields_of(model):
            own = own[1:2]
        found = [(self._search(model, [["id", ">", at.after], *own], size), size)]
        found.append((self._said(model, since, at.after), _MANY))
        found.append((self._met(model, since, until, at.after), 0))
        # Beyond the last one of a list that was cut off nothing is known yet.
        horizon = min((numbers[-1] for numbers, most in found if most and len(numbers) >= most), default=None)
        numbers = sorted({one for some, _ in found for one in some if horizon is None or one <= horizon})
        if horizon is not None and len(numbers) < size:
            # Shorter than a page is the sign of the end, so the rest is looked for from there on.
            return [*numbers, *self._changed(model, at._replace(after=horizon), now)][:size]
        return numbers[:size]

    def _search(self, model: str, domain: list[Any], limit: int) -> list[int]:
        asked = {"domain": domain, "order": "id", "limit": limit, "context": _ALSO_ARCHIVED}
        found = self._call(Call(model, "search", (), asked))
        return sorted(int(one) for one in found)

    def _said(self, model: str, since: str, after: int) -> list[int]:
        """Records about which something was said or written down."""
        domain = [["model", "=", model], ["res_id", ">", after], ["write_date", ">=", since]]
        asked = {"domain": domain, "fields": ["res_id"], "order": "res_id", "limit": _MANY}
        return [int(one["res_id"]) for one in self._call(Call("mail.message", "search_read", (), asked))]

    def _met(self, model: str, since: str, until: str, after: int) -> list[int]:
        """Records whose meetings were entered or changed, or have come to their end since then."""
        key = self._beside.meeting_key(model)
        if key is None:
            return []
        ended = ["&", ["stop", ">=", since], ["stop", "<=", until]]
        domain = [[key, "!=", False], "|", ["write_date", ">=", since], *ended]
        met = {number_of(one[key]) or 0 for one in self._beside.all_of("calendar.event", domain, [key])}
        return sorted(one for one in met if one > after)

    def _applications(self, model: str, numbers: list[int], now: datetime) -> Iterator[Application | Refusal]:
        if not numbers:
            return
        for number, data in self._beside.data_of(model, numbers, now):
            yield _read(f"odoo:{model}:{number}", data)


def _read(shown: str, data: Mapping[str, Any]) -> Application | Refusal:
    return read_application(data, lambda loc, _key: Place(f"{shown} {'.'.join(map(str, loc))}".rstrip()))


def _odoo_time(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def _state(cursor: str | None, now: datetime) -> _At:
    began = (now - _OVERLAP).isoformat()
    if not cursor:
        return _At(None, began)
    try:
        given = json.loads(cursor)
        state = _At(**{"began": began, **{key: given[key] for key in _KEYS if key in given}})
        for text in (state.since, state.began):
            if text is not None and datetime.fromisoformat(text).tzinfo is None:
                raise ValueError
        if isinstance(state.model, int) and isinstance(state.after, int) and state.model >= 0:
            return state
    except (ValueError, TypeError, KeyError):
        pass
    raise Misconfigured("odoo: it cannot go on from this cursor; read everything anew")
