"""A site of Frappe: its documents over REST (version 1), asked with a token."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from followup_rules.errors import Misconfigured, Retriable
from followup_rules.vendors.calling import Calls
from followup_rules.vendors.model import Success
from followup_rules.vendors.wire import Answer, Asked

_DONE: Final = Success(status=(200, 201), fault="exc_type")
_PAGE: Final = 200
_NONE: Final = timedelta()

Filters = Sequence[Sequence[Any]]
Document = Mapping[str, Any]


class Site:
    """Lists and makes documents.

    Raises:
        Retriable, Misconfigured, Refused: everywhere, as `Adapter.deliver` promises.
    """

    def __init__(self, url: str, key: str, secret: str, zone: ZoneInfo, timeout: float) -> None:
        self._url, self.zone = url, zone
        self.calls = Calls("frappe", timeout=timeout, secrets=[secret])
        self._proof = {"authorization": f"token {key}:{secret}"}
        self.seen: datetime | None = None
        """The moment of the last answer, by the site's own clock."""

    def create(self, doctype: str, document: Document) -> str:
        """Make a document; its name."""
        data = self._ask(self.creation(doctype, document))
        name = data.get("name")
        if not isinstance(name, str):
            raise Retriable("frappe: it was answered without the name of what was made")
        return name

    def creation(self, doctype: str, document: Document) -> Asked:
        """The request that makes a document."""
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        return self._asked("POST", doctype, body=body)

    def page(
        self, doctype: str, filters: Filters, fields: Sequence[str], start: int = 0, size: int = _PAGE
    ) -> list[Document]:
        """Some of the documents that pass all filters, in order of their names."""
        found = self._ask(self.listing(doctype, filters, fields, start, size))
        return [one for one in found if isinstance(one, dict) and one.get("name")] if isinstance(found, list) else []

    def every(self, doctype: str, filters: Filters, fields: Sequence[str]) -> Iterator[Document]:
        """All of them, page by page."""
        last = ""
        while True:
            # Names instead of numbers, so that nothing is passed over when something comes in between.
            found = self.page(doctype, [*filters, ["name", ">", last]] if last else filters, fields)
            yield from found
            if len(found) < _PAGE:
                return
            last = str(found[-1]["name"])

    def listing(self, doctype: str, filters: Filters, fields: Sequence[str], start: int, size: int) -> Asked:
        """The request that lists documents."""
        asked = {"filters": json.dumps(filters), "fields": json.dumps(["name", *fields]), "order_by": "name asc"}
        return self._asked("GET", doctype, {**asked, "limit_start": str(start), "limit_page_length": str(size)})

    def user(self) -> str:
        """Who asks, as the site knows them."""
        asked = Asked(
            "GET", f"{self._url}/api/method/frappe.auth.get_logged_user", headers={"accept": "application/json"}
        )
        data = self.calls.ask(_proven(asked, self._proof), _DONE)
        return str(data.get("message")) if isinstance(data, dict) else ""

    def moment(self, given: object) -> datetime | None:
        """A moment of the site, which writes them in its own zone and without it."""
        try:
            return datetime.fromisoformat(str(given)).replace(tzinfo=self.zone).astimezone(timezone.utc)
        except (ValueError, OverflowError):
            return None

    def written(self, moment: datetime) -> str:
        """A moment as the site writes it; earlier where clocks were put back since, so that no later one is less."""
        then, now = moment.astimezone(self.zone), self.calls.now.astimezone(self.zone)
        back = (then.utcoffset() or _NONE) - (now.utcoffset() or _NONE)
        return (then.replace(tzinfo=None) - max(back, _NONE)).strftime("%Y-%m-%d %H:%M:%S.%f")

    def shown(self, asked: Asked) -> str:
        """A request as a person may see it."""
        query = "&".join(f"{key}={value}" for key, value in asked.query.items())
        return self.calls.shown(asked._replace(url=f"{asked.url}?{query}".rstrip("?")), {"authorization": "token ***"})

    def _asked(
        self, method: str, doctype: str, query: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Asked:
        headers = {"accept": "application/json", **({"content-type": "application/json"} if body is not None else {})}
        return Asked(method, f"{self._url}/api/resource/{quote(doctype)}", query or {}, headers, body)

    def _ask(self, asked: Asked) -> Any:
        answer = self.calls.send(_proven(asked, self._proof))
        self.seen = self.calls.time_of(answer)
        if answer.status == 404 and asked.method == "GET":
            raise Misconfigured(f"frappe: there is no {asked.url}: the address is wrong, or the app is not installed")
        return self._data(answer)

    def _data(self, answer: Answer) -> Any:
        data = self.calls.judge.check(answer, _DONE, self.calls.now)
        if not isinstance(data, dict) or "data" not in data:
            raise Retriable("frappe: the answer does not hold what it should")
        return data["data"]


def _proven(asked: Asked, proof: Mapping[str, str]) -> Asked:
    return asked._replace(headers={**asked.headers, **proof})
