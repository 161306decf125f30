"""The kit sees who mishears: each promise about webhooks, reading and tokens is kept by one, and broken by another."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Incoming, Notice, Order, Page, Receipt
from followup_rules.errors import Misconfigured, Place, Retriable
from followup_rules.judge.admit import read_application
from followup_rules.testing.hostile import Call, HostileServer, Reply, disordered
from followup_rules.testing.listening import (
    heard_otherwise,
    not_renewed,
    other_timelines,
    read_otherwise,
    taken_for_a_reply,
)
from followup_rules.testing.samples import an_order
from outbox_helping import START

TWO = ["gh-echo", "gh-2", "gh-3"]


class System:
    """Three applications on three pages, what was written, and tokens that are fetched from it."""

    def __init__(self) -> None:
        self.records: list[dict[str, str]] = []
        self.tokens = 0

    def serve(self, call: Call) -> Reply:
        if call.path == "/token":
            self.tokens += 1
            return Reply(200, json.dumps({"token": str(self.tokens)}).encode())
        if call.method == "POST":
            self.records.append(json.loads(call.body))
            return Reply(201)
        if call.path == "/records":
            return Reply(200, json.dumps(self.records).encode())
        page = int(call.query["page"])
        data: dict[str, Any] = {"id": TWO[page], "status": "active"}
        if page == 0:
            data["events"] = [
                {"id": f"m{n}", "type": "message", "at": START.isoformat(), "from": "employer", "body": one["text"]}
                for n, one in enumerate(self.records)
            ]
        return Reply(200, json.dumps(data).encode())


class Hearing(Adapter):
    """Does everything right."""

    name = "hearing"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"note", "read_applications", "webhook"})

    class Settings(AdapterSettings):
        url: str

    settings: Settings

    def __init__(self, settings: AdapterSettings) -> None:
        super().__init__(settings)
        self.token = ""

    def carry_out(self, order: Order) -> Receipt:
        if any(one["action"] == order.id for one in self.ask("GET", "/records")):
            return Receipt(order.id, self.name, "already_done", order.id)
        self.ask("POST", "/records", {"action": order.id, "text": self.text(order)})
        return Receipt(order.id, self.name, "done", order.id)

    def text(self, order: Order) -> str:
        return f"{order.title}\n[followup-rules:{order.id}]"

    def read_changes(self, since: str | None) -> Iterator[Page]:
        for page in range(int(since or 0), len(TWO)):
            yield self.page(page, str(page + 1))

    def page(self, page: int, cursor: str) -> Page:
        data = self.ask("GET", f"/?page={page}")
        return Page((read_application(data, lambda loc, key: Place("there")),), cursor)

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        data = json.loads(incoming.body)
        return (Notice(data["id"], data["of"], "moved"),)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        self.token = self.token or self.once("GET", "/token", None)[1]["token"]
        status, data = self.once(method, path, body)
        if status == 401:
            self.token = self.once("GET", "/token", None)[1]["token"]
            status, data = self.once(method, path, body)
        if status >= 500 or status == 429:
            raise Retriable(f"status {status}", 0.0)
        if status >= 300:
            raise Misconfigured(f"status {status}")
        return data

    def once(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(urlsplit(self.settings.url).netloc, timeout=5)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            text = response.read()
            return response.status, json.loads(text) if response.status < 300 else None
        except (OSError, ValueError, http.client.HTTPException):
            raise Retriable("no answer") from None
        finally:
            connection.close()


class Counting(Hearing):
    """Takes each delivery for something new."""

    numbers = count()

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        return (Notice(str(next(self.numbers)), "gh-2", "moved"),)


class Lumping(Hearing):
    """Takes two things for one."""

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        return (Notice("the one", "gh-2", "moved"),)


class Hasty(Hearing):
    """Says that a page is read before it is."""

    def read_changes(self, since: str | None) -> Iterator[Page]:
        for page in range(int(since or 0), len(TWO)):
            yield Page((), str(page + 1))
            yield self.page(page, str(page + 1))


class Unmarked(Hearing):
    """Writes so that nobody can tell who wrote it."""

    def text(self, order: Order) -> str:
        return order.title


class Stubborn(Hearing):
    """Asks again and again with tokens that nobody takes."""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        for _ in range(3):
            try:
                return super().ask(method, path, body)
            except Misconfigured as error:
                last = error
        raise last


class Vague(Hearing):
    """Takes a token that is too old for a failure that goes by."""

    def once(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        status, data = super().once(method, path, body)
        return 500 if status == 401 else status, data


def hook(number: int) -> Incoming:
    data = {"id": f"w{number}", "of": TWO[number]}
    return Incoming("POST", "https://x.example/", {}, json.dumps(data).encode(), START)


HOOKS = [hook(number) for number in range(3)]


@pytest.fixture
def server() -> Iterator[HostileServer]:
    system = System()
    with HostileServer(system.serve, lambda: len(system.records), signs_in=lambda call: call.path == "/token") as one:
        yield one


def making(kind: type[Adapter], server: HostileServer) -> Callable[[], Adapter]:
    return lambda: kind.configured({"url": server.url})


def numbered(number: int) -> Order:
    return an_order("add_note", application=f"gh-{number}")


def test_who_does_everything_right_keeps_every_promise(server: HostileServer, tmp_path: Path) -> None:
    """The promises can be kept."""
    made = making(Hearing, server)
    assert heard_otherwise(made(), HOOKS) is None
    assert other_timelines(made, HOOKS, tmp_path) is None
    assert read_otherwise(made, server, tmp_path) is None
    order = an_order("add_note", application="gh-echo")
    assert taken_for_a_reply(made, [order], lambda order, receipt: HOOKS[:1], tmp_path) is None
    assert not_renewed(Hearing, {"url": server.url}, server, numbered) is None


def test_who_mishears_is_told(server: HostileServer) -> None:
    """A repetition that is news, and two things that are taken for one."""
    assert "say something else" in str(heard_otherwise(making(Counting, server)(), HOOKS))
    assert "3 deliveries say 1 things" in str(heard_otherwise(making(Lumping, server)(), HOOKS))


def test_who_reads_hastily_is_told(server: HostileServer, tmp_path: Path) -> None:
    """What was announced and then broke off is missing."""
    assert "it is another timeline" in str(read_otherwise(making(Hasty, server), server, tmp_path))


def test_who_cannot_tell_his_own_writing_is_told(server: HostileServer, tmp_path: Path) -> None:
    """It would stop its own follow-ups."""
    order = an_order("add_note", application="gh-echo")
    why = taken_for_a_reply(making(Unmarked, server), [order], lambda order, receipt: (), tmp_path)
    assert why == "our own add_note is read as a reply"


@pytest.mark.parametrize(("kind", "told"), [(Stubborn, "asks 6 times"), (Vague, "it says Retriable")])
def test_who_does_not_know_when_a_token_ends_is_told(server: HostileServer, kind: type[Adapter], told: str) -> None:
    """Once is renewed, and no more; then a person has to look."""
    assert told in str(not_renewed(kind, {"url": server.url}, server, numbered))


def test_the_orders_of_webhooks() -> None:
    """The right one first; nothing is left out of any, and something comes twice."""
    given = [*disordered([1, 2, 3])]
    assert given[0] == [1, 2, 3] and given[1] == [3, 2, 1]
    assert all({*one} == {1, 2, 3} for one in given)
    assert any(len(one) > 3 for one in given)


def test_a_token_that_expires_is_still_fetched(server: HostileServer) -> None:
    """The sign-in goes on being answered, or renewing would not be tried."""
    server.expire()
    adapter = Hearing.configured({"url": server.url})
    with pytest.raises(Misconfigured):
        adapter.deliver(numbered(1))
    assert [call.path for call in server.calls] == ["/token", "/records", "/token", "/records"]
