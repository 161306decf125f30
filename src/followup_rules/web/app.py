"""The service as one ASGI application: `build(service)`."""

from __future__ import annotations

import importlib
import importlib.util
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from followup_rules.errors import FollowupRulesError, InvalidInput
from followup_rules.outbox.faults import OutboxFault
from followup_rules.timers.works import Works
from followup_rules.web.access import Denied
from followup_rules.web.api import routes as api
from followup_rules.web.guard import Guard
from followup_rules.web.health import routes as health
from followup_rules.web.helpers import Helpers
from followup_rules.web.hooks import routes as hooks
from followup_rules.web.intake import Intake
from followup_rules.web.numbers import Numbers
from followup_rules.web.problems import Fault, problem
from followup_rules.web.service import Service
from followup_rules.web.slowing import Slow
from followup_rules.web.working import works_of

_PAGES: Final = "followup_rules.web.pages"


def build(service: Service, commands: Sequence[Sequence[str]] = ()) -> Starlette:
    """Everything that the service answers to. The service itself is at `request.app.state.service`.

    Its works go on in threads of this process where the settings say so, else in `commands`, one process for each.
    """
    numbers = Numbers(service.ledger)
    helpers: Helpers | Works
    if service.settings.works:
        helpers = works_of(service, numbers.decided.inc, lambda event: numbers.became(event.row.adapter, event.fate))
    else:
        helpers = Helpers(commands, numbers)
    intake = Intake(service.ledger, service.clock, helpers.wake)
    routes: list[BaseRoute] = [
        *health(service, numbers),
        *hooks(service, intake, numbers),
        *api(service),
        *_pages(service),
    ]

    @asynccontextmanager
    async def alive(_: Starlette) -> AsyncIterator[None]:
        intake.start()
        await run_in_threadpool(helpers.start)
        threading.Thread(target=service.warm, name="followup_names", daemon=True).start()
        yield
        await run_in_threadpool(intake.stop)
        await run_in_threadpool(helpers.stop)

    app = Starlette(
        routes=routes,
        lifespan=alive,
        middleware=[Middleware(Guard, settings=service.settings, numbers=numbers)],
        exception_handlers={
            Denied: _denied,
            Slow: _slow,
            Fault: _fault,
            HTTPException: _http,
            FollowupRulesError: _ours,
        },
    )
    app.state.service, app.state.helpers = service, helpers
    return app


def _pages(service: Service) -> Sequence[BaseRoute]:
    """The pages, where they are installed."""
    if importlib.util.find_spec(_PAGES) is None:
        return ()
    made: Callable[[Service], Sequence[BaseRoute]] = importlib.import_module(_PAGES).routes
    return made(service)


def _denied(request: Request, error: Exception) -> Response:
    assert isinstance(error, Denied)  # noqa: S101
    if error.status == 401 and request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        # Where somebody looks at pages, he is asked who he is. What he wanted to see is not written into the address.
        return RedirectResponse("/login", 303)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return problem(error.status, str(error), headers=headers)


def _slow(request: Request, error: Exception) -> Response:
    assert isinstance(error, Slow)  # noqa: S101
    return problem(429, str(error), headers={"Retry-After": str(error.wait)})


def _fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, Fault)  # noqa: S101
    return problem(error.status, str(error), error.code, error.problems)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return problem(error.status_code, error.detail, headers=dict(error.headers or {}))


def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, OutboxFault):
        status = {"FR906": 404, "FR907": 409}.get(error.code, 503)
        return problem(status, error.problems[0].message, error.code)
    if isinstance(error, InvalidInput):
        return problem(422, "the input cannot be used", error.problems[0].code, error.problems)
    return problem(422, str(error))
