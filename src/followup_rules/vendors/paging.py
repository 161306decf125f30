"""Page after page, by whatever way a vendor has; never to another host, and never in a circle."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin

from followup_rules.errors import Retriable
from followup_rules.vendors.asking import Asking
from followup_rules.vendors.model_reads import Paging
from followup_rules.vendors.paths import at, list_at, text_at
from followup_rules.vendors.wire import Answer, Asked

_MOST_PAGES: Final = 100_000
_LINK: Final = re.compile(r"<([^<>]*)>\s*;[^<]*?\brel\s*=\s*\"?next\"?", re.IGNORECASE)


class Records(NamedTuple):
    """The records of one page, and where the next begins: a text, empty after the last."""

    items: list[Any]
    next: str
    data: Any = None


def pages(asking: Asking, asked: Asked, paging: Paging, items: str, start: str = "") -> Iterator[Records]:
    """The pages of an answer, from the beginning or from where an earlier reading stopped.

    Raises:
        Retriable: a page has no list of records, or the pages go in a circle.
    """
    position, seen = start, {start}
    for _ in range(_MOST_PAGES):
        data, answer = asking.ask(_page(asked, paging, position))
        none = data is None or (paging.null and isinstance(data, dict) and at(data, items) is None)
        found = [] if none else list_at(data, items)
        if found is None:
            raise Retriable("the answer has no list of records where one belongs")
        position = _next(data, answer, paging, position, len(found))
        yield Records(found, position, data)
        if not position:
            return
        if position in seen:
            raise Retriable("the pages go in a circle")
        seen.add(position)


def _page(asked: Asked, paging: Paging, position: str) -> Asked:
    if paging.by in ("link", "next_url"):
        return asked._replace(url=position, query={}) if position else asked
    if paging.by in ("offset", "page") and not position:
        position = str(paging.start)
    if paging.by == "none" or not position:
        return asked
    if paging.into == "query":
        return asked._replace(query={**asked.query, paging.send: position})
    body = json.loads(asked.body or b"{}")
    return asked._replace(body=json.dumps({**body, paging.send: position}, ensure_ascii=False).encode())


def _next(data: Any, answer: Answer, paging: Paging, position: str, count: int) -> str:
    """Where the next page begins; empty where this was the last."""
    if data is None or (paging.more and at(data, paging.more) is not True):
        return ""
    if paging.done and at(data, paging.done) is not False:
        return ""
    if paging.by == "link":
        found = _LINK.search(answer.headers.get("link", ""))
        return urljoin(answer.url, found[1]) if found else ""
    if paging.by == "next_url":
        address = text_at(data, paging.next)
        return urljoin(answer.url, address) if address else ""
    if paging.by == "cursor":
        return text_at(data, paging.next) or ""
    if paging.by in ("offset", "page") and count:
        number = int(position or paging.start)
        if paging.by == "page":
            return str(number + 1) if count >= paging.size or paging.more or paging.done else ""
        return str(number + count) if count >= paging.size or paging.more else ""
    return ""
