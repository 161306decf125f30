"""The kit for authors: the hostile server, the twin, and tiers that follow from what was seen."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Incoming, Order, Receipt, Secret
from followup_rules.errors import Misconfigured, Retriable
from followup_rules.model.application import Application
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.hostile import COMMITTED, FAULTS, Call, Fault, HostileServer, Reply
from followup_rules.testing.samples import an_order
from followup_rules.testing.tiers import not_once, tier_of
from followup_rules.testing.twin import Memory, twin
from outbox_helping import START


class System:
    """Keeps what is posted, and tells whether it has an action. It makes a second record when it is asked twice."""

    def __init__(self) -> None:
        self.records: list[str] = []

    def serve(self, call: Call) -> Reply:
        if call.method == "GET":
            return Reply(200, json.dumps({"found": call.query["action"] in self.records}).encode())
        self.records.append(json.loads(call.body)["action"])
        return Reply(201, b'{"id": "1"}')


class Plain(Adapter):
    """The plainest adapter over HTTP that does everything right."""

    name = "plain"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task", "note"})
    tier = "gold"

    class Settings(AdapterSettings):
        url: str
        token: Secret

    settings: Settings
    cautious: ClassVar[bool] = True

    def carry_out(self, order: Order) -> Receipt:
        if self.cautious and (known := self.find(order)) is not None:
            return known
        self.ask("POST", "/", json.dumps({"action": order.id}))
        return Receipt(order.id, self.name, "done", order.id)

    def find(self, order: Order) -> Receipt | None:
        found = self.ask("GET", f"/?action={order.id}")["found"]
        return Receipt(order.id, self.name, "already_done", order.id) if found else None

    def ask(self, method: str, path: str, body: str | None = None) -> Any:
        connection = http.client.HTTPConnection(urlsplit(self.settings.url).netloc, timeout=5)
        try:
            token = self.settings.token.get_secret_value()
            connection.request(method, path, body, {"Authorization": f"Bearer {token}"})
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            raise Retriable("no answer") from None
        finally:
            connection.close()
        if response.status == 429:
            raise Retriable("too busy", float(response.headers["Retry-After"]), maybe_done=False)
        if response.status >= 500:
            raise Retriable(f"status {response.status}")
        if response.status >= 300:
            raise Misconfigured(f"status {response.status}")
        return json.loads(text)


class TestPlain(AdapterContract):
    """It is gold."""

    adapter = Plain

    @pytest.fixture(autouse=True)
    def _system(self) -> Iterator[None]:
        self.system = System()
        with HostileServer(self.system.serve, lambda: len(self.system.records)) as server:
            self.url = server.url
            yield

    def settings(self, folder: Path) -> dict[str, Any]:
        return {"url": self.url, "token": "env:PLAIN_TOKEN"}

    def records(self, folder: Path) -> Sequence[str]:
        return self.system.records

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        server = faults.open(self.system.serve, lambda: len(self.system.records))
        return {"url": server.url, "token": "env:PLAIN_TOKEN"}


class TestTwin(AdapterContract):
    """The twin keeps every promise."""

    @pytest.fixture(autouse=True)
    def _memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.memory = Memory(applications=[Application(id="gh-echo", status="active")])
        monkeypatch.setattr(type(self), "adapter", twin(self.memory), raising=False)

    def settings(self, folder: Path) -> dict[str, Any]:
        return {}

    def records(self, folder: Path) -> Sequence[str]:
        return [*self.memory.records]

    def deliveries(self, folder: Path) -> Sequence[Incoming]:
        return [told(number) for number in range(3)]

    def echoes(self, order: Order, receipt: Receipt) -> Sequence[Incoming]:
        return [told(9, order.application)]


def told(number: int, application: str = "gh-1") -> Incoming:
    """A webhook of the twin."""
    data = {"id": f"w-{number}", "application": application, "kind": "moved"}
    return Incoming("POST", "https://x.example/hook", {}, json.dumps(data).encode(), START)


def test_the_twin_loses_answers() -> None:
    """The record is there, nobody was told, and it can be found."""
    memory = Memory()
    adapter = twin(memory).configured({})
    memory.lose_the_answer()
    with pytest.raises(Retriable) as raised:
        adapter.deliver(an_order())
    assert raised.value.maybe_done
    assert adapter.find(an_order()) is not None


class Careless(Plain):
    """Takes every lost answer for a certain failure, and does not look before it writes."""

    cautious = False

    def ask(self, method: str, path: str, body: str | None = None) -> Any:
        try:
            return super().ask(method, path, body)
        except Retriable as error:
            raise Retriable(str(error), error.after, maybe_done=False) from None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_careless_adapter_is_no_gold(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does twice is seen, fault by fault; a careful one passes each."""
    monkeypatch.setenv("T", "x")
    for kind in (Plain, Careless):
        system = System()
        with HostileServer(system.serve, lambda system=system: len(system.records)) as server:  # type: ignore[misc]
            why = not_once(kind, {"url": server.url, "token": "env:T"}, server, fault, [an_order("add_note")])
        assert (why is None) is (kind is Plain or fault not in COMMITTED), why


def test_the_tier_follows_from_what_was_seen() -> None:
    """Each step needs the one before."""
    assert tier_of(finds=False, reads=True, once=True) == "bronze"
    assert tier_of(finds=True, reads=False, once=True) == "bronze"
    assert tier_of(finds=True, reads=True, once=False) == "silver"
    assert tier_of(finds=True, reads=True, once=True) == "gold"


def test_a_claim_that_is_too_high_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who claims gold and does things twice is told what was shown."""
    monkeypatch.setattr(Careless, "tier", "gold")
    contract = TestPlain()
    monkeypatch.setattr(TestPlain, "adapter", Careless)
    monkeypatch.setattr(TestPlain, "shown", {})
    monkeypatch.setenv("PLAIN_TOKEN", "x")
    contract.system = System()
    from contextlib import ExitStack

    with HostileServer(contract.system.serve, lambda: len(contract.system.records)) as server, ExitStack() as stack:
        contract.url = server.url
        with pytest.raises(pytest.fail.Exception, match="claims gold and shows silver"):
            contract.test_it_is_of_the_tier_that_it_claims(
                tmp_path, contract.settings(tmp_path), Hostile(stack), monkeypatch
            )
