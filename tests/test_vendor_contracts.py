"""Every request of the adapters is one that the vendor's contract takes: Prism answers for the vendors.

Prism is installed once into a cache folder (`FOLLOWUP_RULES_CACHE`, else one of the user's) and started for each
contract on a free port of this machine. It keeps nothing, so it shows the shape of requests and no more.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from followup_rules.adapter import Order
from followup_rules.model.application import Candidate
from followup_rules.testing.samples import an_order
from followup_rules.vendors.engine import VendorAdapter
from followup_rules.vendors.wire import Answer
from test_vendor_wire import made
from test_vendors import VENDORS, fitting

pytestmark = pytest.mark.real

HERE = Path(__file__).parents[1]
SHARED = Path(os.environ.get("FOLLOWUP_RULES_SHARED", HERE.parent / "shared"))
SPECS = found if (found := SHARED / "contracts" / "specs").is_dir() else None
# Nobody can install them: the vendors' own files stand beside the repository, where somebody has put them.
NO_SPECS = "NOT TESTED, because it is not here: shared/contracts/specs, the vendors' contracts"
WITH = ("bamboohr", "bullhorn", "greenhouse", "hubspot", "lever", "recruitee", "salesforce", "smartrecruiters",
        "teamtailor", "workable")  # fmt: skip


def missing(what: str) -> Any:
    if os.environ.get("FOLLOWUP_RULES_REQUIRE_REAL") == "1":
        pytest.fail(f"needed and not here: {what}", pytrace=False)
    return pytest.skip(f"NOT TESTED, because it is not here: {what}")


@pytest.fixture(scope="session")
def prism() -> Path:
    """The program, installed into the cache folder if it is not there."""
    cache = Path(os.environ.get("FOLLOWUP_RULES_CACHE") or Path.home() / ".cache" / "followup-rules-tests") / "prism"
    program = cache / "node_modules" / ".bin" / "prism"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("npm, which installs Prism")
        cache.mkdir(parents=True, exist_ok=True)
        command = [str(npm), "install", "--no-audit", "--no-fund", "--prefix", str(cache), "@stoplight/prism-cli@5"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode or not program.exists():
            missing("Prism, which npm could not install")
    return program


@contextmanager
def mocking(program: Path, spec: Path) -> Iterator[str]:
    """The address of a Prism that answers by a contract; it is stopped by its own id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "mock", "-h", "127.0.0.1", "-p", str(port), "--errors", str(spec)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("Prism did not start within 30 seconds")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module", params=WITH)
def mocked(request: pytest.FixtureRequest, prism: Path) -> Iterator[tuple[str, str]]:
    if SPECS is None:
        pytest.skip(NO_SPECS)
    (spec,) = (SPECS / request.param).glob("*.yaml")  # type: ignore[operator]
    with mocking(prism, spec) as url:
        yield request.param, url


def _one_page(body: bytes) -> bytes:
    """An answer that names no next page: Prism makes them up."""
    data = json.loads(body) if body else None
    if isinstance(data, dict):
        for key in ("paging", "nextRecordsUrl", "nextPageUrl", "next", "hasNext"):
            data.pop(key, None)
    return json.dumps(data).encode()


class Stripping:
    """Prism knows paths without what stands before them in the address of the server, so that is taken off."""

    def __init__(self, adapter: VendorAdapter, url: str, before: str) -> None:
        self.adapter, self.asked = adapter, []
        wire = adapter._asking._wire
        send = wire.send

        def through(asked: Any) -> Any:
            if asked.url.endswith(("/token", "/oauth2/token", "/login")):
                data = {"access_token": "t0ken", "expires_in": 60, "BhRestToken": "t0ken", "restUrl": url}
                return Answer(200, {}, json.dumps(data).encode(), asked.url)
            asked = asked._replace(url=asked.url.replace(f"{url}{before}", url, 1))
            answer = send(asked)
            self.asked.append((asked, answer))
            return answer._replace(body=_one_page(answer.body), headers={**answer.headers, "link": ""})

        wire.send = through  # type: ignore[method-assign]


BEFORE = {"salesforce": "/services/data/v60.0", "recruitee": "/c/7"}


def served(name: str, url: str, monkeypatch: pytest.MonkeyPatch) -> Stripping:
    return Stripping(made(name, url, monkeypatch), url, BEFORE.get(name, ""))


def orders(adapter: VendorAdapter) -> list[Order]:
    return [fitting(an_order(do)) for do in adapter._vendor.actions]


def test_every_write_is_taken(mocked: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each action, and the look before it: neither a 401 nor a 422 nor a path that is not there."""
    name, url = mocked
    through = served(name, url, monkeypatch)
    for order in orders(through.adapter):
        assert through.adapter.deliver(order).state == "done"
    assert through.asked
    for asked, answer in through.asked:
        assert answer.status < 300, f"{asked.method} {asked.url}: {answer.status} {answer.body[:400]!r}"


def test_every_read_is_taken(mocked: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page of everything and of what has changed, and what is read beside."""
    name, url = mocked
    through = served(name, url, monkeypatch)
    vendor = through.adapter._vendor
    if vendor.reads is None:
        pytest.skip(f"{name} is not read")
    for since in (None, '{"since": "2026-11-01T00:00:00Z"}'):
        next(iter(through.adapter.read_changes(since)))
    for other in vendor.reads.beside:
        asking = through.adapter._asking
        asking.ask(asking.asked(other.request, {"id": "5", "ids": "5,6", "settings": through.adapter._plain}))
    for asked, answer in through.asked:
        assert answer.status < 300, f"{asked.method} {asked.url}: {answer.status} {answer.body[:400]!r}"


def test_the_connection_test_is_taken(mocked: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The harmless question is one that the contract knows."""
    name, url = mocked
    through = served(name, url, monkeypatch)
    if through.adapter._vendor.test is None:
        pytest.skip(f"{name} has no harmless question")
    assert "answers with status 200" in through.adapter.test_connection()


def test_what_a_contract_refuses_is_refused(mocked: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Prism does look: the same request without its body is not taken."""
    name, url = mocked
    through = served(name, url, monkeypatch)
    action = next(iter(through.adapter._vendor.actions.values()))
    order = orders(through.adapter)[0]._replace(candidate=Candidate(id="5"))
    asked = through.adapter._asked(action, order)._replace(body=b"{}")
    headers = {**asked.headers, **through.adapter._asking._signing.headers(through.adapter._asking._wire.send)}
    path = asked.url.replace(BEFORE.get(name, "~"), "", 1)
    found = httpx.request(asked.method, f"{url}{path}", content=asked.body, headers=headers, params=asked.query)
    # A contract that has an answer 400 gives that instead of 422.
    assert found.status_code >= 400, (found.status_code, found.text)


def test_every_vendor_with_a_contract_is_tried() -> None:
    """A contract for one of our vendors that nobody tries would be forgotten."""
    if SPECS is None:
        pytest.skip(NO_SPECS)
    assert {one.name for one in SPECS.iterdir()} & {*VENDORS} == {*WITH}  # type: ignore[union-attr]
