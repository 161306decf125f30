"""One service as a process: uvicorn with our limits, until it is stopped."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from typing import Final, TextIO

import uvicorn

from followup_rules.web.app import build
from followup_rules.web.service import Service

_GRACE: Final = 10
_SWITCH: Final = 0.0005


def run(service: Service, host: str, port: int, commands: Sequence[Sequence[str]] = ()) -> int:
    """Serve until SIGTERM or Ctrl-C; what is in hand is finished first. `commands` start its helpers."""
    log_to(sys.stderr)
    # Who decides lets go of the interpreter more often, so that who answers does not wait for it.
    sys.setswitchinterval(_SWITCH)
    config = uvicorn.Config(
        build(service, commands), host, port, http="httptools", loop="auto", lifespan="on", log_config=None,
        access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=30, timeout_graceful_shutdown=_GRACE,
        limit_concurrency=1000, h11_max_incomplete_event_size=65_536,
    )  # fmt: skip
    uvicorn.Server(config).run()
    return 0


def log_to(stream: TextIO) -> None:
    """One JSON object a line. What is logged holds no personal data, so that logs can be kept."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines())
    for name, level in (("followup_rules", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower()}
        text = record.getMessage()
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        # What others log is one line without its traceback, which may hold anything.
        told |= found if isinstance(found, dict) else {"event": "log", "logger": record.name, "said": text[:300]}
        return json.dumps(told)
