"""Whether the service lives, whether it can work, and its numbers."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from followup_rules.web.numbers import Numbers
from followup_rules.web.service import Service


def routes(service: Service, numbers: Numbers) -> list[BaseRoute]:
    """`/healthz` says that the process lives; `/readyz` asks the store; `/metrics` is for Prometheus."""

    numbers.refused.set_function(lambda: float(bool(service.rules.refused)))

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(request: Request) -> Response:
        lacking = await run_in_threadpool(service.lacks)
        told = {"status": "ready" if lacking is None else lacking}
        if refused := service.rules.refused:
            # The code alone: everybody may ask here. The rest stands in the log.
            told["rules"] = f"{refused[0].code}: those of the files cannot be used; those of before are in force"
        return JSONResponse(told, 200 if lacking is None else 503)

    async def metrics(request: Request) -> Response:
        body, kind = await run_in_threadpool(numbers.exposition)
        return Response(body, media_type=kind)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
