"""A wire that breaks at a chosen moment: it stands between a client and a server, and reads what the client says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

How = Literal["request lost", "answer lost", "silence"]


class Wire:
    """Passes everything on until the client has said `at`; from then on it is broken in the way chosen, once.

    `request lost`: the server never hears it, and the client is cut off. `answer lost`: the server hears it and
    answers, and the client is cut off before the answer. `silence`: the same, but the client hears nothing at all.
    """

    def __init__(self, to: int, at: bytes, how: How) -> None:
        self._to, self._at, self._how = to, at, how
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.broken = False
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._start(self._accept)

    def close(self) -> None:
        """Hang up everywhere."""
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, run: object, *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                self._open += [client, server]
                cut = threading.Event()
                self._start(self._ask, client, server, cut)
                self._start(self._answer, client, server, cut)

    def _ask(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        said = b""
        with suppress(OSError):
            while data := client.recv(65536):
                said = (said + data)[-100_000:]
                if not self.broken and self._at in said:
                    self.broken = True
                    cut.set()
                    if self._how == "request lost":
                        break
                server.sendall(data)
        if not (cut.is_set() and self._how == "silence"):
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)
            if cut.is_set() and self._how == "request lost":
                _hang_up(client)

    def _answer(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if cut.is_set():
                    if self._how == "silence":
                        continue
                    break
                client.sendall(data)
        if not (cut.is_set() and self._how == "silence"):
            _hang_up(client)


def _hang_up(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextmanager
def breaking(to: int, at: bytes, how: How) -> Iterator[Wire]:
    """A wire to a port of the loopback for as long as the block lasts."""
    wire = Wire(to, at, how)
    try:
        yield wire
    finally:
        wire.close()
