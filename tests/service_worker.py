"""A service process for the crash test: serves until it is killed."""

from __future__ import annotations

import faulthandler
import os
import signal
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


def said_in(folder: str, port: int) -> Path:
    """The file of what the service at a port has said so far."""
    return Path(folder) / f"said-{port}.txt"


def serve(store: str, folder: str, url: str, port: int) -> None:
    """Serve until killed. What it says, and with SIGUSR1 where each of its threads is, is found in `said_in`."""
    said = os.open(said_in(folder, port), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(said, 2)
    faulthandler.register(signal.SIGUSR1, file=2)
    limits = Limits(lease=LEASE, settle=SETTLE, failures=20, pause=0.2)

    def arm() -> Fleet:
        return {
            "hook": Configured(HookAdapter.configured({})),
            "fake": Configured(HostileAdapter(url), limits),
        }

    made = service_on(store, Path(folder), clock=utc_now, text=TEXT % url, kinds=(HookAdapter, Fake), lease=LEASE)
    run(replace(made, arm=arm), "127.0.0.1", port)
