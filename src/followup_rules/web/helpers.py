"""The works in processes of their own: who decides and delivers takes no time away from who answers.

A helper is woken by a byte on its standard input, and ends when that is closed, however the service has ended. What it
has done it tells on its standard output, for the numbers of the service.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import IO, Final

from followup_rules.web.numbers import Numbers
from followup_rules.web.working import works_of

if sys.platform != "win32":
    import fcntl

from followup_rules.web.service import Service

_LOG: Final = logging.getLogger("followup_rules.works")
_FIRST_WAIT, _LONGEST_WAIT, _WELL = 0.2, 30.0, 10.0


class Helpers:
    """Keeps some helpers running: one that dies is started anew, at once for the first time and later then."""

    def __init__(self, commands: Sequence[Sequence[str]], numbers: Numbers) -> None:
        self._commands, self._numbers = commands, numbers
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start them all."""
        for number in range(len(self._commands)):
            thread = threading.Thread(target=self._keep, args=(number,), name=f"followup_helper{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, patience: float = 15.0) -> None:
        """Have them finish what is in hand and end."""
        self._stopping.set()
        for process in self._running.values():
            _close(process)
        end = time.monotonic() + patience
        for process in list(self._running.values()):
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        for thread in self._threads:
            thread.join(5)

    def wake(self) -> None:
        """Something has come in."""
        for process in list(self._running.values()):
            try:
                assert process.stdin is not None  # noqa: S101
                os.write(process.stdin.fileno(), b"\n")
            except (OSError, ValueError):
                # It has been woken often enough already, or is just being started anew and will look by itself.
                continue

    def _keep(self, number: int) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            began = time.monotonic()
            process = subprocess.Popen(  # noqa: S603
                self._commands[number], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            assert process.stdin is not None and process.stdout is not None  # noqa: S101
            _never_wait(process.stdin)
            self._running[number] = process
            if self._stopping.is_set():
                _close(process)
            for line in process.stdout:
                self._numbers.take(line)
            status = process.wait()
            if self._stopping.is_set():
                return
            _LOG.error(json.dumps({"event": "helper_ended", "status": status}))
            wait = _FIRST_WAIT if time.monotonic() - began > _WELL else min(wait * 2, _LONGEST_WAIT)
            self._stopping.wait(wait)


def help_out(service: Service) -> int:
    """Be a helper, until standard input is closed."""
    out = sys.stdout.buffer
    lock = threading.Lock()

    def say(told: dict[str, object]) -> None:
        try:
            with lock:
                out.write(json.dumps(told).encode() + b"\n")
                out.flush()
        except OSError:
            # Nobody listens any more; standard input says so too.
            return

    works = works_of(
        service,
        lambda count: say({"decided": count}),
        lambda event: say({"adapter": event.row.adapter, "fate": event.fate}),
    )

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    service.ledger.polite = True
    works.start()
    try:
        while os.read(sys.stdin.fileno(), 65_536):
            works.wake()
    finally:
        works.stop()
    return 0


def _close(process: subprocess.Popen[bytes]) -> None:
    try:
        assert process.stdin is not None  # noqa: S101
        process.stdin.close()
    except OSError:
        pass


def _never_wait(pipe: IO[bytes]) -> None:
    if sys.platform != "win32":
        flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_NONBLOCK)
