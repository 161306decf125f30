"""A Radicale of our own, with one calendar."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.processes import certificate, free_port, listening, missing, stop, wait_until

USER, PASSWORD = "ada", "canary-7f3a"
_CONFIG = """\
[server]
hosts = 127.0.0.1:{port}
ssl = {ssl}
certificate = {cert}
key = {key}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = warning
"""


class CalDav:
    """A running server; `stop` and `start` keep its calendars."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        if importlib.util.find_spec("radicale") is None:
            missing("CalDAV server", "Radicale is not installed")
        self.folder, self.port, self.certificate, self._tls = folder, free_port(), Path(), tls
        folder.mkdir(exist_ok=True)
        self.certificate, key = certificate(folder) if tls else (Path(), Path())
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n", "utf-8")
        text = _CONFIG.format(port=self.port, ssl=tls, cert=self.certificate, key=key, folder=folder)
        (folder / "config").write_text(text, "utf-8")
        self.start()

    @property
    def url(self) -> str:
        """Where the calendars of the user are."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}/{USER}/"

    def start(self) -> None:
        """Begin to listen."""
        command = [sys.executable, "-m", "radicale", "--config", str(self.folder / "config")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(lambda: listening(self.port) or self._process.poll() is not None, "Radicale")
        if self._process.poll() is not None:
            missing("CalDAV server", f"Radicale does not start: {(self.folder / 'log').read_text('utf-8')[-300:]}")

    def stop(self) -> None:
        """Stop listening."""
        stop(self._process)


@contextmanager
def serving(folder: Path, *, tls: bool = False) -> Iterator[CalDav]:
    """A server for as long as the block lasts."""
    server = CalDav(folder, tls=tls)
    try:
        yield server
    finally:
        server.stop()
