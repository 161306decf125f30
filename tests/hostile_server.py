"""A system that does what real ones have done: commits and then fails, says that it is too busy, answers by half.

It has no key that would keep it from making a record twice, so that only the outbox can.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlparse


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    records: ClassVar[list[str]]
    lock: ClassVar[threading.Lock]
    chance: ClassVar[random.Random]

    def do_POST(self) -> None:
        action = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["action"]
        fate = self._fate()
        if fate < 0.06:
            self._answer(429, b"{}", {"Retry-After": "0.1"})
            return
        time.sleep(self.chance.random() * 0.03)
        with self.lock:
            self.records.append(action)
        time.sleep(self.chance.random() * 0.02)
        if fate < 0.10:
            time.sleep(1.5)  # longer than the client waits
        elif fate < 0.16:
            self._answer(500, b"it was too much")
        elif fate < 0.22:
            self._answer(201, b'{"id": "12', length=200)
        else:
            self._answer(201, json.dumps({"id": str(len(self.records))}).encode())

    def do_GET(self) -> None:
        action = parse_qs(urlparse(self.path).query)["action"][0]
        fate = self._fate()
        if fate < 0.05:
            self._answer(429, b"{}", {"Retry-After": "0.05"})
        elif fate < 0.10:
            self._answer(500, b"")
        elif fate < 0.15:
            self._answer(200, b'{"fou', length=100)
        else:
            with self.lock:
                found = self.records.count(action)
            self._answer(200, json.dumps({"found": found}).encode())

    def _fate(self) -> float:
        with self.lock:
            return self.chance.random()

    def _answer(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the client was killed

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def hostile_server(seed: int) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the records that it holds."""
    records: list[str] = []
    words = {"records": records, "lock": threading.Lock(), "chance": random.Random(seed)}
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), words))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", records
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
