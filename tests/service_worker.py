"""A service process for the crash test: serves until it is killed."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from crash_worker import HostileAdapter
from followup_rules.adapter import AdapterSettings
from followup_rules.delivering.ports import Configured, Fleet, Limits
from followup_rules.web.running import run
from service_helping import HookAdapter, service_on, utc_now

TEXT = """\
schema: followup-configuration/1
adapters:
  hook: {kind: hook}
  fake: {kind: fake, settings: {url: "%s"}}
routes:
  - {do: create_task, to: fake}
serve:
  keys:
"""
LEASE, SETTLE = 3.0, 0.5


class Told(AdapterSettings):
    """Where the hostile server is."""

    url: str


class Fake(HostileAdapter):
    """The hostile adapter of the outbox, made from a configuration."""

    Settings: ClassVar[type[AdapterSettings]] = Told

    def __init__(self, settings: Told) -> None:
        super().__init__(settings.url)


def serve(store: str, folder: str, url: str, port: int) -> None:
    """Serve until killed."""
    limits = Limits(lease=LEASE, settle=SETTLE, failures=20, pause=0.2)

    def arm() -> Fleet:
        return {
            "hook": Configured(HookAdapter.configured({})),
            "fake": Configured(HostileAdapter(url), limits),
        }

    made = service_on(store, Path(folder), clock=utc_now, text=TEXT % url, kinds=(HookAdapter, Fake), lease=LEASE)
    logging.disable(logging.CRITICAL)
    run(replace(made, arm=arm), "127.0.0.1", port)
