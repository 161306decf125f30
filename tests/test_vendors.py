"""What every vendor's adapter promises: the contract of all adapters, against a fake that keeps what is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from vendor_fake import ROUTES, Fake, serving

from followup_rules.adapter import Order
from followup_rules.model.application import Candidate, Job
from followup_rules.model.words import Do
from followup_rules.testing.adapters import AdapterContract
from followup_rules.testing.samples import an_order
from followup_rules.vendors.catalogue import FILES, bundled_vendors
from followup_rules.vendors.engine import VendorAdapter

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
        bad = ("http://example.com", "https://user:word@example.com", "ftp://example.com", "no address", "https://a\r\nb")
        return [{}, *({**good, address: one} for one in bad)]

    def test_it_reads_applications_if_it_says_so(self, raw: dict[str, Any]) -> None:
        """What is read is tested in test_vendor_reads; here, that nothing is read without the capability."""
        if "read_applications" not in self.adapter.capabilities:
            super().test_it_reads_applications_if_it_says_so(raw)


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
