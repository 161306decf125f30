"""What the tests of the pages share: a service over the example applications, decided, and listening for a browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import uvicorn

from followup_rules.model.application import Application
from followup_rules.outbox.timers import set_changed
from followup_rules.timers.deciding import Timers
from followup_rules.web.app import build
from followup_rules.web.service import Service
from outbox_helping import Hands
from real.processes import free_port
from service_helping import CONFIGURATION, service_on, stored

NOW = datetime(2026, 11, 12, 15, tzinfo=timezone.utc)
EXAMPLES = Path(__file__).parents[1] / "examples" / "applications.jsonl"
ASKING = CONFIGURATION.replace("to: hook}", "to: hook, approve: true}").replace(
    "degrade: {draft_message: create_task}\n", ""
)


def decided_service(folder: Path, text: str = ASKING, rules: tuple[str, ...] = ("default",)) -> Service:
    """A service that has read the examples and decided all of them; it does nothing by itself."""
    from service_helping import HookAdapter

    class Drafting(HookAdapter):
        capabilities = frozenset({"task", "draft", "webhook"})

    service = service_on(
        f"sqlite:///{folder / 'pages.sqlite'}", folder, rules, Hands(NOW), text, (Drafting,), works=False
    )
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
