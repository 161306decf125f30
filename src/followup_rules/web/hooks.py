"""`POST /hooks/NAME`: what another system tells by itself. Proved by the adapter, kept, and answered; read later."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from followup_rules.adapter import Adapter, Incoming, Notice
from followup_rules.delivering.ports import Fleet
from followup_rules.delivering.scrub import line_of
from followup_rules.errors import AdapterError, FollowupRulesError, Misconfigured, Refused, Retriable
from followup_rules.outbox.inbox import Told
from followup_rules.web.intake import Intake
from followup_rules.web.numbers import Numbers
from followup_rules.web.problems import problem
from followup_rules.web.service import Service

_SMALL: Final = 65_536
"""What is no longer than this is read at once; what is longer is read beside, so that others need not wait."""

_MOST: Final = 1000
_LONGEST: Final = 200
_LOG: Final = logging.getLogger("followup_rules.web")


def routes(service: Service, intake: Intake, numbers: Numbers) -> list[BaseRoute]:
    """One way in for each adapter of the configuration that takes webhooks."""
    fleet: Fleet = service.arm()
    able = {name: one.adapter for name, one in fleet.items() if "webhook" in one.adapter.capabilities}

    async def hook(request: Request) -> Response:
        name = request.path_params["name"]
        adapter = able.get(name)
        if adapter is None:
            return problem(404, "no adapter of this service takes webhooks here")
        incoming = await _incoming(request, service.given.url, service.clock())
        origin = service.gatekeeper.origins.asks(request)
        service.tries.may(f"hook {name}", origin, incoming.at)
        small = len(incoming.body) <= _SMALL
        read = _read(adapter, incoming) if small else await run_in_threadpool(_read, adapter, incoming)
        if isinstance(read, Response):
            numbers.notices.labels(name, "refused").inc()
            if read.status_code == 401:
                service.tries.wrong(f"hook {name}", origin, incoming.at)
            return read
        notices, headers = read
        if notices:
            # A greeting proves nothing.
            service.tries.right(f"hook {name}", origin, incoming.at)
        reads = "read_applications" in adapter.capabilities
        try:
            kept = await intake.keep(_told(name, notices, incoming, reads)) if notices else None
        except FollowupRulesError:
            return problem(503, "the store cannot be written now; send it again", headers={"Retry-After": "5"})
        if kept is not None:
            numbers.notices.labels(name, "new").inc(kept.new)
            numbers.notices.labels(name, "known").inc(kept.known)
        told = {"new": kept.new, "known": kept.known} if kept is not None else {"new": 0, "known": 0}
        return JSONResponse(told, 200, dict(headers))

    return [Route("/hooks/{name}", hook, methods=["POST"])]


async def _incoming(request: Request, url: str | None, now: datetime) -> Incoming:
    """The delivery as its sender made it: where a proxy stands between, only the configuration knows the address."""
    body = await request.body()
    query = f"?{request.url.query}" if request.url.query else ""
    address = str(request.url) if url is None else f"{url}{request.url.path}{query}"
    return Incoming(request.method, address, dict(request.headers), body, now)


def _read(adapter: Adapter, incoming: Incoming) -> tuple[tuple[Notice, ...], Mapping[str, str]] | Response:
    """What a delivery says and which headers it wants back, or the answer for one that is not taken."""
    try:
        greeting = getattr(adapter, "handshake", lambda one: None)(incoming)
        notices = adapter.parse_webhook(incoming)
        return _checked(notices), greeting or {}
    except Refused as error:
        return problem(401 if _is_about_proof(error) else 400, line_of(error, adapter))
    except Retriable:
        return problem(503, "this cannot be read now; send it again", headers={"Retry-After": "5"})
    except (Misconfigured, AdapterError) as error:
        _LOG.error(json.dumps({"event": "webhook", "adapter": adapter.name, "error": type(error).__name__}))
        return problem(503, "webhooks of this adapter are not set up here", headers={"Retry-After": "60"})
    except Exception as error:
        # A plugin may raise anything. What it could not read is not ours to keep.
        _LOG.error(json.dumps({"event": "webhook", "adapter": adapter.name, "error": type(error).__name__}))
        return problem(400, "this webhook cannot be read")


def _is_about_proof(error: Refused) -> bool:
    text = str(error)
    return any(word in text for word in ("sign", "proves", "proof"))


def _checked(notices: object) -> tuple[Notice, ...]:
    """What an adapter says it has read, as far as it can be kept.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(notices, tuple) or len(notices) > _MOST:
        raise TypeError("an adapter gives a tuple of notices")
    for one in notices:
        if not isinstance(one, Notice) or not isinstance(one.id, str) or not one.id:
            raise TypeError("a notice has an id")
    return notices


def _told(name: str, notices: Sequence[Notice], incoming: Incoming, reads: bool) -> list[Told]:
    told = []
    for number, one in enumerate(notices):
        # The body stands with the first of them: it is for whoever has to find out what went wrong.
        body = base64.b64encode(incoming.body).decode("ascii") if number == 0 else ""
        application = _text(one.application)
        state: Any = "new" if one.events and application else "hint" if reads else "odd"
        data = json.dumps(list(one.events), default=_plain)
        told.append(Told(name, _text(one.id) or "", application, _text(one.kind) or "", data, body, state))
    return told


def _text(text: str | None) -> str | None:
    """What every database can keep, and what an application can be called."""
    if text is None:
        return None
    kept = "".join(mark if mark.isprintable() else "?" for mark in text)[:_LONGEST]
    return kept or None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
