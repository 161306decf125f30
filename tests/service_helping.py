"""What the tests of the service share: a service over a store of its own, and an adapter that takes webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, ClassVar

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Incoming, Notice, Order, Receipt
from followup_rules.delivering.routing import Routes, fleet_of, kinds_of
from followup_rules.errors import Refused
from followup_rules.load.configuration import Read, read_configuration
from followup_rules.load.rulefiles import load_policy
from followup_rules.model.application import Application
from followup_rules.outbox.address import address
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.opening import open_outbox
from followup_rules.outbox.timelines import Counts, State, finish, keep_page, state_of
from followup_rules.plugins import load_plugins
from followup_rules.syncing.texts import kept_of
from followup_rules.web.access import Gatekeeper
from followup_rules.web.service import Rules, Service, Settings
from outbox_helping import Hands

KEYS = {"viewer": "viewer-" + "v" * 20, "editor": "editor-" + "e" * 20, "admin": "admin-" + "a" * 20}
SECRET = b"planted-signing-key"
AGE = 300.0

CONFIGURATION = """\
schema: followup-configuration/1
adapters:
  hook: {kind: hook}
routes:
  - {do: [create_task, draft_message], to: hook}
degrade: {draft_message: create_task}
serve:
  keys:
"""

RULES = """\
schema: followup-rules/1
pack: asking
rules:
  - id: thank
    kind: follow_up
    title: Thank the interviewer
    follow_up: thank
    direction: candidate_to_employer
    after: interview_completed
    opens: 0 minutes
    expires: 20 days
    do: [create_task]
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""


class HookAdapter(Adapter):
    """Takes signed webhooks with events; keeps its records in a list of the class."""

    name = "hook"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task", "webhook"})
    Settings: ClassVar[type[AdapterSettings]] = AdapterSettings
    records: ClassVar[list[str]] = []

    def carry_out(self, order: Order) -> Receipt:
        self.records.append(order.id)
        return Receipt(order.id, self.name, "done", f"r-{len(self.records)}")

    def find(self, order: Order) -> Receipt | None:
        return Receipt(order.id, self.name, "already_done", "found") if order.id in self.records else None

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        given = incoming.headers.get("x-signature", "")
        if not hmac.compare_digest(given.encode(), sign(incoming.body).encode()):
            raise Refused("the signature is wrong")
        data = json.loads(incoming.body)
        if abs(incoming.at.timestamp() - data["at"]) > AGE:
            raise Refused("the webhook was signed too long ago")
        return (Notice(data["id"], data["application"], "changed", tuple(data["events"])),)


def sign(body: bytes) -> str:
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def delivery(number: int, now: datetime, *events: dict[str, Any], identity: str = "") -> tuple[bytes, dict[str, str]]:
    """A webhook about an application, with its headers."""
    told = {"id": identity or f"d-{number}", "application": f"app-{number}", "events": events, "at": now.timestamp()}
    body = json.dumps(told).encode()
    return body, {"x-signature": sign(body), "content-type": "application/json"}


def interview(now: datetime, number: int = 1) -> dict[str, Any]:
    return {"id": f"e{number}", "type": "interview_completed", "at": now.isoformat(), "contact": "u-1"}


def application(number: int = 1, **more: Any) -> Application:
    person = {"id": "u-1", "name": "Sam Stone", "email": "sam@example.com", "timezone": "UTC", "country": "US"}
    return Application.model_validate(
        {"id": f"app-{number}", "status": "active", "contacts": [person], **more}, strict=False
    )


def stored(ledger: Ledger, now: datetime, applications: Iterable[Application], source: str = "hook") -> Counts:
    """Applications as a reading keeps them."""
    state = state_of(ledger, source)
    state = State(source, "", state.round + 1, True, state.turn + 1)
    kept = [kept_of(one) for one in applications]
    counts = keep_page(ledger, state, [one.key for one in kept], lambda known: kept, now)
    finish(ledger, state._replace(turn=state.turn + 1), now)
    return counts


def written(file: Path, text: str) -> None:
    """Write a file that other services of the same folder may be reading now, and that a kill may come into."""
    part = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
    part.write_text(text)
    part.replace(file)


def configuration(folder: Path, text: str = CONFIGURATION) -> Read:
    """A configuration with a key for each role."""
    lines = []
    for role, key in KEYS.items():
        written(folder / f"{role}.key", key)
        lines.append(f"    - {{name: {role}, role: {role}, key: 'file:{folder / role}.key'}}")
    file = folder / "followup.yaml"
    written(file, text.replace("  keys:\n", "  keys:\n" + "\n".join(lines) + "\n"))
    return read_configuration(file, "followup.yaml")


def service_on(
    store: str, folder: Path, rules: Sequence[str] = (), clock: Callable[[], datetime] | None = None,
    text: str = CONFIGURATION, kinds: Sequence[type[Adapter]] = (HookAdapter,), **settings: Any,
) -> Service:  # fmt: skip
    """A service with the bundled plugins and some adapters more."""
    clock = clock or Hands()
    written(folder / "asking.yaml", RULES)
    plugins = load_plugins()
    plugins = replace(plugins, adapters={**plugins.adapters, **{one.name: one for one in kinds}})
    read = configuration(folder, text)
    classes, _ = kinds_of(read, plugins)
    ledger = open_outbox(address(store), clock(), create=True)
    names = rules or (str(folder / "asking.yaml"),)
    in_force = Rules.read(lambda: load_policy(names, plugins.packs, plugins.checks))
    return Service(
        ledger, in_force, clock, read, Routes(read.configuration, classes), lambda: fleet_of(read, classes)[0],
        Gatekeeper.of(ledger, read), Settings(**settings),
    )  # fmt: skip


def database_of_its_own(url: str) -> str:
    """A new database on a server that several tests share."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"{url.rpartition('/')[0]}/{name}"


def until(holds: Callable[[], object], patience: float = 60.0) -> None:
    """Wait until something holds. The patience, in seconds, is for a machine that has much else to do."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def utc_now() -> datetime:
    return datetime.now(timezone.utc)
