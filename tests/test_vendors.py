"""What every vendor's adapter promises: the contract of all adapters, against a fake that keeps what is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from followup_rules.adapter import Order
from followup_rules.model.application import Candidate, Job
from followup_rules.model.words import Do
from followup_rules.testing import hostile
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.samples import an_order
from followup_rules.vendors.catalogue import FILES, bundled_vendors
from followup_rules.vendors.engine import VendorAdapter
from vendor_fake import ROUTES, Call, Fake, serving

pytest.importorskip("httpx", reason="comes with the extra http")

VENDORS = {one.name: one for one in bundled_vendors()}
SECRET = "canary-7f3a"


def settings_for(name: str, url: str) -> dict[str, Any]:
    """Settings that lead to a fake: every address is the fake's, every secret comes from the environment."""
    given: dict[str, Any] = {}
    for key, one in VENDORS[name].vendor.settings.items():
        if one.kind == "secret":
            given[key] = f"env:VENDOR_{key.upper()}"
        elif one.kind == "url":
            given[key] = f"{url}/token" if key == "token_url" else f"{url}/login" if key == "login_url" else url
        elif one.kind == "id" and one.default is None and not one.optional:
            given[key] = "7"
        elif one.kind == "text" and one.default is None and not one.optional:
            given[key] = "ada@example.com"
    return given


def digits(text: str) -> str:
    return str(int(hashlib.blake2b(text.encode(), digest_size=6).hexdigest(), 16) + 1)


def fitting(order: Order) -> Order:
    """An order for an application that the vendor itself has named: its ids are numbers."""
    number = digits(order.application)
    return order._replace(application=number, candidate=Candidate(id=number, name="Sam"), job=Job(id="9"))


class Contract(AdapterContract):
    """The contract against a fake."""

    @pytest.fixture(autouse=True)
    def _fake(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        for key, one in self.adapter.vendor.settings.items():  # type: ignore[attr-defined]
            if one.kind == "secret":
                monkeypatch.setenv(f"VENDOR_{key.upper()}", SECRET)
        self.fake = Fake(self.adapter.name)
        with serving(self.fake) as url:
            self.url = url
            yield

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings_for(self.adapter.name, self.url)

    def records(self, folder: Path) -> Sequence[str]:
        return [json.dumps(body) for body in self.fake.written]

    def order(self, do: Do, **words: Any) -> Order:
        return fitting(an_order(do, **words))

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good = settings_for(self.adapter.name, self.url)
        address = next(key for key, one in self.adapter.vendor.settings.items() if one.kind == "url")  # type: ignore[attr-defined]
        bad = (
            "http://example.com",
            "https://user:word@example.com",
            "ftp://example.com",
            "no address",
            "https://a\r\nb",
        )
        return [{}, *({**good, address: one} for one in bad)]

    def test_it_reads_applications_if_it_says_so(self, raw: dict[str, Any]) -> None:
        """What is read is tested in test_vendor_reads; here, that nothing is read without the capability."""
        if "read_applications" not in self.adapter.capabilities:
            super().test_it_reads_applications_if_it_says_so(raw)

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        server = faults.open(self._serve, lambda: len(self.fake.written))
        self.fake.url = server.url
        return settings_for(self.adapter.name, server.url)

    def _serve(self, call: hostile.Call) -> hostile.Reply:
        body = json.loads(call.body) if call.body[:1] in (b"{", b"[") else None
        status, headers, answer = self.fake.handle(
            Call(call.method, call.path, dict(call.query), dict(call.headers), body, call.body)
        )
        return hostile.Reply(status, answer, headers)

    @pytest.fixture(autouse=True)
    def _running(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """A clock that runs, where records are looked for: some vendors show what was written a little later."""
        if request.node.name.startswith(("test_it_finds", "test_each_action", "test_it_is_of_the_tier")):
            start, ticks = self.adapter.clock(), count()  # type: ignore[attr-defined]
            monkeypatch.setattr(self.adapter, "clock", staticmethod(lambda: start + timedelta(minutes=next(ticks))))

    def test_what_was_written_is_found(self, tmp_path: Path, raw: dict[str, Any]) -> None:
        """Deliver, find, deliver again with a new adapter: still one; what was never written is not found."""
        adapter = self.adapter.configured(raw)
        born = adapter.clock()  # type: ignore[attr-defined]
        adapter.clock = lambda: born + timedelta(minutes=2)  # type: ignore[attr-defined]
        for do in sorted(self.recognises & {*type(adapter).vendor.actions}):  # type: ignore[attr-defined]
            order, other = self.order(do), self.order(do, step=2)
            assert adapter.find(order) is None
            done = adapter.deliver(order)
            assert adapter.find(order) == done._replace(state="already_done")
            assert self.adapter.configured(raw).deliver(order).state == "already_done"
            assert [json.dumps(body).count(order.id) > 0 for body in self.fake.written].count(True) == 1
            adapter.clock = lambda: born + timedelta(minutes=4)  # type: ignore[attr-defined]
            assert adapter.find(other) is None


def _contract(one: type[VendorAdapter]) -> type[Contract]:
    known = frozenset(do for do, action in one.vendor.actions.items() if action.search is not None)
    words = {"adapter": one, "recognises": known, "__doc__": f"The contract, kept by {one.name}."}
    return type(f"Test{one.__name__}", (Contract,), words)


globals().update({f"Test{one.__name__}": _contract(one) for one in VENDORS.values()})


def test_the_list_of_vendors_is_what_the_files_say() -> None:
    """Each file is in the catalogue, with the capabilities that it has; each vendor has a fake."""
    assert sorted(VENDORS) == sorted(file.stem for file in FILES.glob("*.yaml")) == sorted(ROUTES)
    for name, one in VENDORS.items():
        assert one.capabilities == one.vendor.capabilities, name
        assert one.vendor.vendor == name
