"""What the tests of the pages share: a service over the example applications, decided, and listening for a browser."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from followup_rules.model.application import Application
from followup_rules.outbox.listing import to_approve, tokens_of
from followup_rules.outbox.timers import set_changed
from followup_rules.timers.deciding import Timers
from followup_rules.web.app import build
from followup_rules.web.service import Service
from outbox_helping import Hands
from real.processes import free_port
from service_helping import CONFIGURATION, KEYS, database_of_its_own, service_on, stored

NOW = datetime(2026, 11, 12, 15, tzinfo=timezone.utc)
EXAMPLES = Path(__file__).parents[1] / "examples" / "applications.jsonl"
ASKING = CONFIGURATION.replace("to: hook}", "to: hook, approve: true}").replace(
    "degrade: {draft_message: create_task}\n", ""
)


def decided_service(
    folder: Path, text: str = ASKING, rules: tuple[str, ...] = ("default",), store: str | None = None
) -> Service:
    """A service that has read the examples and decided all of them; it does nothing by itself."""
    from service_helping import HookAdapter

    class Drafting(HookAdapter):
        capabilities = frozenset({"task", "draft", "webhook"})

    store = store or f"sqlite:///{folder / 'pages.sqlite'}"
    service = service_on(store, folder, rules, Hands(NOW), text, (Drafting,), works=False)
    lines = EXAMPLES.read_text("utf-8").splitlines()
    stored(service.ledger, NOW, [Application.model_validate_json(line) for line in lines])
    decide_all(service)
    return service


def decide_all(service: Service) -> None:
    """Decide everything whose moment has come."""
    set_changed(service.ledger, datetime(1900, 1, 1, tzinfo=timezone.utc), service.clock())
    timers = Timers(
        service.ledger, service.rules, service.routing, service.clock, "test", lambda problems: None, service.names
    )
    while timers.step():
        pass


@contextmanager
def listening(service: Service) -> Iterator[str]:
    """The service on a port of the loopback, as long as the block lasts."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(build(service), "127.0.0.1", port, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < end, "the service does not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def database(request: pytest.FixtureRequest) -> Callable[[], str | None]:
    """A new store on each database; None is a file of SQLite in the folder of the service."""
    if request.param == "sqlite":
        return lambda: None
    url = request.getfixturevalue("postgres")
    return lambda: database_of_its_own(url)


@pytest.fixture
def fresh(tmp_path: Path, database: Callable[[], str | None]) -> Iterator[Service]:
    made = decided_service(tmp_path, store=database())
    yield made
    made.ledger.close()


def client(service: Service, role: str | None) -> TestClient:
    made = TestClient(build(service), follow_redirects=False)
    if role is not None:
        assert made.post("/login", data={"key": KEYS[role]}).status_code == 303
    return made


def token_in(text: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', text)
    assert found is not None
    return found[1]


def waiting(service: Service) -> tuple[str, Any]:
    row = next(row for row in to_approve(service.ledger, 200) if row.order.draft is not None)
    return tokens_of(service.ledger, [row.application])[row.application], row


def form_of(text: str, row: Any) -> dict[str, str]:
    """What a browser would send of the form of an action."""
    part = text[text.index(f"/actions/{row.id}") :]
    seen = re.search(r'name="seen" value="([^"]+)"', part)
    assert seen is not None
    draft = row.order.draft
    return {"csrf": token_in(part), "seen": seen[1], "subject": draft.subject, "body": draft.body}
