"""The style sheet and the script of the pages: the only files that they load."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followup_rules.report.paper import style

_HERE: Final = Path(__file__).parent / "assets"
_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@lru_cache(maxsize=1)
def sheet() -> str:
    """The whole style sheet."""
    return style() + (_HERE / "pages.css").read_text("utf-8")


@lru_cache(maxsize=1)
def script() -> str:
    """The whole script."""
    return (_HERE / "pages.js").read_text("utf-8")


@lru_cache(maxsize=1)
def mark() -> str:
    """Stands in the addresses of both, so that a browser that keeps them for ever asks again when they change."""
    return hashlib.sha256((sheet() + script()).encode()).hexdigest()[:12]


async def _sheet(request: Request) -> Response:
    return Response(sheet(), media_type="text/css", headers=_KEPT)


async def _script(request: Request) -> Response:
    return Response(script(), media_type="text/javascript", headers=_KEPT)


ROUTES: Final = (Route("/assets/pages.css", _sheet), Route("/assets/pages.js", _script))
