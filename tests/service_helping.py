"""What the tests of the service share: a service over a store of its own, with a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from followup_rules.delivering.routing import Routes, fleet_of, kinds_of
from followup_rules.load.configuration import Read, read_configuration
from followup_rules.load.rulefiles import load_policy
from followup_rules.outbox.address import address
from followup_rules.outbox.opening import open_outbox
from followup_rules.plugins import load_plugins
from followup_rules.web.access import Gatekeeper
from followup_rules.web.service import Rules, Service, Settings
from outbox_helping import Hands

KEYS = {"viewer": "viewer-" + "v" * 20, "editor": "editor-" + "e" * 20, "admin": "admin-" + "a" * 20}

CONFIGURATION = """\
schema: followup-configuration/1
adapters:
  folder: {kind: folder, settings: {path: drafts}}
routes:
  - {do: draft_message, to: folder}
serve:
  keys:
"""


def configuration(folder: Path, text: str = CONFIGURATION) -> Read:
    """A configuration with a key for each role."""
    lines = []
    for role, key in KEYS.items():
        (folder / f"{role}.key").write_text(key)
        lines.append(f"    - {{name: {role}, role: {role}, key: 'file:{folder / role}.key'}}")
    file = folder / "followup.yaml"
    file.write_text(text.replace("  keys:\n", "  keys:\n" + "\n".join(lines) + "\n"))
    return read_configuration(file, "followup.yaml")


def service_on(
    store: str, folder: Path, rules: Sequence[str] = ("default",), clock: Any = None, text: str = CONFIGURATION,
    **settings: Any,
) -> Service:  # fmt: skip
    """A service with the bundled plugins."""
    clock = clock or Hands()
    plugins = load_plugins()
    read = configuration(folder, text)
    kinds, _ = kinds_of(read, plugins)
    fleet, _ = fleet_of(read, kinds)
    ledger = open_outbox(address(store), clock(), create=True)
    rules_ = Rules.read(lambda: load_policy(rules, plugins.packs, plugins.checks))
    return Service(
        ledger, rules_, clock, read, Routes(read.configuration, kinds), fleet, Gatekeeper.of(ledger, read),
        Settings(**settings),
    )  # fmt: skip
