"""Around every answer: limits of size and time, harmless headers, one line of log, and no traceback ever."""

from __future__ import annotations

import json
import logging
import time
from typing import Final

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from followup_rules.web.numbers import Numbers
from followup_rules.web.problems import problem
from followup_rules.web.service import Settings

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What pages may load: their own files, and nothing inline."""

_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", CSP.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_LOG: Final = logging.getLogger("followup_rules.web")


class _TooLong(Exception):
    """The body is longer than allowed."""


class Guard:
    """ASGI around the application."""

    def __init__(self, app: ASGIApp, settings: Settings, numbers: Numbers) -> None:
        self._app, self._settings, self._numbers = app, settings, numbers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, answer = time.perf_counter(), _Answer(send)
        try:
            with anyio.fail_after(self._settings.time_limit):
                await self._app(scope, _limited(scope, receive, self._settings.largest_body), answer)
        except _TooLong:
            await answer.instead(scope, receive, 413, f"at most {self._settings.largest_body} bytes are read")
        except TimeoutError:
            await answer.instead(scope, receive, 503, f"this took longer than {self._settings.time_limit:.0f} seconds")
        except Exception as error:
            # The name of its class alone: its text and its traceback may hold what belongs to somebody.
            where = _last_own_line(error)
            _LOG.error(json.dumps({"event": "failed", "error": type(error).__name__, "where": where}))
            await answer.instead(scope, receive, 500, "something went wrong here; the log says where")
        finally:
            self._note(scope, answer.status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The pattern of the route and never the address: an address may hold an id.
        route = getattr(scope.get("route"), "path", "other")
        self._numbers.requests.labels(route, str(status)).inc()
        self._numbers.seconds.labels(route).observe(seconds)
        if _LOG.isEnabledFor(logging.INFO):
            told = {"event": "answered", "method": scope["method"], "route": route, "status": status}
            _LOG.info(json.dumps({**told, "ms": round(seconds * 1000, 1)}))


class _Answer:
    """Sends, with our headers; knows whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send, self.status = send, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name for name, _ in message.get("headers", ())}
            extra = [pair for pair in _HEADERS if pair[0] not in present]
            message = {**message, "headers": [*message.get("headers", ()), *extra]}
        await self._send(message)

    async def instead(self, scope: Scope, receive: Receive, status: int, detail: str) -> None:
        """A problem, unless something was said already: then the connection just ends."""
        if not self.status:
            await problem(status, detail)(scope, receive, self)


def _limited(scope: Scope, receive: Receive, most: int) -> Receive:
    """Reads no more than so many bytes."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > most:
            raise _TooLong
    left = most

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _TooLong
        return message

    return limited


def _last_own_line(error: BaseException) -> str:
    """The last line of ours that it came through, as `module:line`."""
    found, trace = "", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("followup_rules"):
            found = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
