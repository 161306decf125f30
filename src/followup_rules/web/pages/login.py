"""Who comes in: by a key, typed in once. Nothing of it stands in an address."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from followup_rules.web.access import Denied, check_csrf, current, log_in, log_out
from followup_rules.web.pages.rendering import page
from followup_rules.web.slowing import Slow


async def _login(request: Request) -> Response:
    if request.method == "GET":
        return page(request, "login.html.j2", None, fault="")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Denied(403, "this came from another site")
    form = await request.form()
    answer = RedirectResponse("/", 303)
    try:
        if log_in(request, str(form.get("key", "")), answer):
            return answer
    except Slow as slow:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        told = page(request, "login.html.j2", None, 429, fault=f"{slow}.".capitalize())
        told.headers["Retry-After"] = str(slow.wait)
        return told
    return page(request, "login.html.j2", None, 401, fault="This key is not known.")


async def _logout(request: Request) -> Response:
    current(request)
    form = await request.form()
    check_csrf(request, str(form.get("csrf", "")))
    answer = RedirectResponse("/login", 303)
    log_out(answer)
    return answer


ROUTES: Final = (Route("/login", _login, methods=["GET", "POST"]), Route("/logout", _logout, methods=["POST"]))
