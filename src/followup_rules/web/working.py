"""The works of a service, with what it says about them in lines of log."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Callable
from typing import Final

from followup_rules.delivering.worker import Event
from followup_rules.timers.works import Works
from followup_rules.web.service import Service

_LOG: Final = logging.getLogger("followup_rules.works")


def works_of(service: Service, decided: Callable[[int], None], became: Callable[[Event], None]) -> Works:
    """What goes on by itself in this process. `decided` and `became` are for whoever counts."""

    def tell(event: str, line: str) -> None:
        _LOG.warning(json.dumps({"event": event, "said": line}))

    def watch(event: Event) -> None:
        became(event)
        told = {"event": "action", "action": event.row.id[:12], "adapter": event.row.adapter, "fate": event.fate}
        _LOG.info(json.dumps(told))

    # A lease is one process's alone, so no two may share a name.
    name = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
    return Works(
        service.ledger, service.rules, service.routing, service.arm, service.clock, name, tell, watch, decided=decided,
        lease=service.settings.lease,
    )  # fmt: skip
