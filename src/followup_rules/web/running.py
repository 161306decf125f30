"""One service as a process: uvicorn with our limits, until it is stopped."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final, TextIO

import uvicorn

from followup_rules.errors import InvalidInput
from followup_rules.web.app import build
from followup_rules.web.service import Service

_GRACE: Final = 10
_SWITCH: Final = 0.0005
_MOST_TOLD: Final = 20
_LOG: Final = logging.getLogger("followup_rules.web")


def run(service: Service, host: str, port: int, commands: Sequence[Sequence[str]] = ()) -> int:
    """Serve until SIGTERM or Ctrl-C; what is in hand is finished first. `commands` start its helpers.

    SIGHUP takes up rules that have changed. At a terminal it ends the service, as when the terminal is closed.
    """
    log_to(sys.stderr)
    app = build(service, commands)
    if not sys.stderr.isatty():
        _listen_for_changes(service, app.state.helpers.wake)
    # Who decides lets go of the interpreter more often, so that who answers does not wait for it.
    sys.setswitchinterval(_SWITCH)
    config = uvicorn.Config(
        app, host, port, http="httptools", loop="auto", lifespan="on", log_config=None,
        access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=30, timeout_graceful_shutdown=_GRACE,
        limit_concurrency=1000, h11_max_incomplete_event_size=65_536,
    )  # fmt: skip
    uvicorn.Server(config).run()
    return 0


def take_up(service: Service, wake: Callable[[], None]) -> bool:
    """Have the rules of the files decide from now on; True where they are others. What is wrong with them is logged."""
    try:
        changed = service.rules.take_up(service.ledger, service.clock())
    except InvalidInput as error:
        said = [str(one) for one in error.problems[:_MOST_TOLD]]
        _LOG.error(json.dumps({"event": "rules_refused", "said": said}))
    except Exception as error:
        # A check of a plugin may raise anything, and the store may be away: those of before stay in force.
        _LOG.error(json.dumps({"event": "rules_refused", "said": [type(error).__name__]}))
    else:
        _LOG.info(json.dumps({"event": "rules", "changed": changed, "rules": service.fingerprint}))
        wake()
        service.warm()
        return changed
    return False


def _listen_for_changes(service: Service, wake: Callable[[], None]) -> None:
    def hung_up(_number: int, _frame: FrameType | None) -> None:
        # Beside what answers: to read rules takes a moment.
        threading.Thread(target=take_up, args=(service, wake), name="followup_rules", daemon=True).start()

    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, hung_up)


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
