"""A worker process for the crash test: works until nothing is left, or until it is killed."""

from __future__ import annotations

import http.client
import json
import os
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlencode, urlparse

from followup_rules.adapter import Adapter, Capability, Order, Receipt
from followup_rules.delivering.ports import Configured, Limits
from followup_rules.delivering.running import run
from followup_rules.delivering.worker import Worker
from followup_rules.errors import Retriable
from outbox_helping import START, Agreeing, opened

LEASE, SETTLE, PATIENCE = 4.0, 1.0, 1.0


class HostileAdapter(Adapter):
    """Speaks to the hostile server, as plainly as an adapter can."""

    name = "fake"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task"})

    def __init__(self, url: str) -> None:
        super().__init__(self.Settings())
        self._host = urlparse(url).netloc

    def carry_out(self, order: Order) -> Receipt:
        answer = self._ask("POST", "/", json.dumps({"action": order.id}))
        return Receipt(order.id, self.name, "done", str(answer["id"]))

    def find(self, order: Order) -> Receipt | None:
        answer = self._ask("GET", f"/?{urlencode({'action': order.id})}")
        return Receipt(order.id, self.name, "already_done", "found") if answer["found"] else None

    def _ask(self, method: str, path: str, body: str | None = None) -> dict[str, object]:
        connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Retriable(f"no answer: {type(error).__name__}") from None
        finally:
            connection.close()
        if response.status == 429:
            raise Retriable("too busy", float(response.headers["Retry-After"]), maybe_done=False)
        if response.status >= 500:
            raise Retriable(f"status {response.status}")
        found: dict[str, object] = json.loads(text)
        return found


def clock_since(base: float) -> Callable[[], datetime]:
    """A clock for all processes that stood at `START` when the machine's stood at `base`."""
    return lambda: START + timedelta(seconds=time.time() - base)


def work(store: str, url: str, seed: int, base: float) -> None:
    """Work until nothing is left to do."""
    now = clock_since(base)
    chance = random.Random(seed)
    fleet = {"fake": Configured(HostileAdapter(url), Limits(lease=LEASE, settle=SETTLE, failures=20, pause=0.2))}
    ledger = opened(store, now(), create=False)
    worker = Worker(ledger, fleet, Agreeing(), now, f"{os.getpid()}:{seed}", chance, batch=5)
    run(worker, "until_done", now, time.sleep)
    ledger.close()
