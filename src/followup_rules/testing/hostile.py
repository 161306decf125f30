"""A system over HTTP that does what real ones have done, in front of one of your own making.

    with HostileServer(serve, written) as server:
        server.next("commits_then_500")
        ...                       # an adapter is asked, with `server.url` as its address

`serve` answers a call as the other system would, and `written` says how many records it holds: what is to go wrong
after a record was made goes wrong with the call that makes one. `disordered` is how it delivers its webhooks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, NamedTuple, TypeVar, get_args
from urllib.parse import parse_qs, urlsplit

from typing_extensions import Self

Fault = Literal[
    "commits_then_times_out", "commits_then_500", "half_a_body", "too_many", "expired_token", "redirect"
]  # fmt: skip
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
COMMITTED: Final[tuple[Fault, ...]] = ("commits_then_times_out", "commits_then_500", "half_a_body")
"""What goes wrong after a record was made."""

READING: Final[tuple[Fault, ...]] = ("commits_then_500", "half_a_body", "too_many", "expired_token", "redirect")
"""What goes wrong with questions as well."""

RETRY_AFTER: Final = 1
_T = TypeVar("_T")


class Call(NamedTuple):
    """One request. Names of headers are in small letters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    """What is answered."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = {"Content-Type": "application/json"}


class HostileServer:
    """Serves on a free port of this machine. `strangers` are the calls that came to another host by a redirect.

    `signs_in` says which calls fetch a token: these are answered, whatever has expired.
    """

    def __init__(
        self, serve: Callable[[Call], Reply], written: Callable[[], int], patience: float = 0.2,
        signs_in: Callable[[Call], bool] = lambda call: False,
    ) -> None:  # fmt: skip
        self.written, self.calls, self.strangers = written, list[Call](), list[Call]()
        self._serve, self._patience, self.signs_in = serve, patience, signs_in
        self._fault: Fault | None = None
        self._spared, self._any_call, self._expired = 0, False, False
        self._lock = threading.Lock()
        self._own, self._other = _listening(self._answer), _listening(self._estrange)
        self.url = f"http://127.0.0.1:{self._own.server_address[1]}"

    def next(self, fault: Fault | None, spared: int = 0, *, any_call: bool = False) -> None:
        """Let this go wrong once, with the next call that it can happen to, after so many that are spared.

        Args:
            fault: None takes back what has not gone wrong yet.
            any_call: what goes wrong after a record was made may go wrong with a question as well.
        """
        self._fault, self._spared, self._any_call = fault, spared, any_call

    def expire(self, gone: bool = True) -> None:
        """Take no token any more, however new, until this is called with False."""
        self._expired = gone

    @property
    def pending(self) -> Fault | None:
        """What has not gone wrong yet."""
        return self._fault

    def __enter__(self) -> Self:
        for server in (self._own, self._other):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._own, self._other):
            server.shutdown()
            server.server_close()

    def _answer(self, call: Call) -> tuple[Reply, Fault | None]:
        with self._lock:
            self.calls.append(call)
            if self._expired and not self.signs_in(call):
                return self._instead("expired_token", call), None
            fault = self._fault
            if fault is None:
                return self._serve(call), None
            if fault not in COMMITTED:
                if self._strikes(fault, call):
                    return self._instead(fault, call), None
                return self._serve(call), None
            # Where any call will do, nothing is counted: with a real server behind it, that is a question of its own.
            before = 0 if self._any_call else self.written()
            reply = self._serve(call)
            if not (self._any_call or self.written() > before) or not self._strikes(fault, call):
                return reply, None
        if fault == "commits_then_500":
            return Reply(500, b"it was too much", {}), None
        if fault == "commits_then_times_out":
            time.sleep(self._patience)
        return reply, fault

    def _strikes(self, fault: Fault, call: Call) -> bool:
        """Whether it goes wrong with this call. A token expires after it was fetched, and not before."""
        if fault == "expired_token" and self.signs_in(call):
            return False
        if self._spared:
            self._spared -= 1
            return False
        self._fault = None
        return True

    def _instead(self, fault: Fault, call: Call) -> Reply:
        if fault == "too_many":
            return Reply(429, b"{}", {"Retry-After": str(RETRY_AFTER)})
        if fault == "expired_token":
            return Reply(401, b'{"message": "the token has expired"}')
        return Reply(307, b"", {"Location": f"http://localhost:{self._other.server_address[1]}{call.path}"})

    def _estrange(self, call: Call) -> tuple[Reply, None]:
        self.strangers.append(call)
        return Reply(), None


def disordered(deliveries: Sequence[_T]) -> Iterator[list[_T]]:
    """The orders in which webhooks come from a hostile server: backwards, each twice, all again, the first once more.

    The first of them is the right order.
    """
    given = list(deliveries)
    yield given
    yield given[::-1]
    yield [one for one in given for _ in range(2)]
    yield [*given, *given]
    yield [*given[1:], *given[:1], *given[::-1]]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asked has gone away, which is what they are here for."""


def _listening(answer: Callable[[Call], tuple[Reply, Fault | None]]) -> _Server:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply, fault = answer(Call(self.command, address.path, query, headers, self.rfile.read(length)))
            if fault == "commits_then_times_out":
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (100 if fault else 0)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if fault else reply.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_PROPFIND = do_REPORT = _any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return _Server(("127.0.0.1", 0), Handler)
