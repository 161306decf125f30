"""The outbox: every action by its state; what a person may do about it; what happened to it."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from followup_rules.outbox.by_hand import decide_by_hand, the_action
from followup_rules.outbox.listing import some_actions, tokens_of
from followup_rules.outbox.states import BY_HAND, STATES
from followup_rules.report.words import moment
from followup_rules.web.access import allow, check_csrf
from followup_rules.web.pages.names import names_of
from followup_rules.web.pages.rendering import page, service_of

SAID: Final = {
    "planned": "waits for its moment, or for an approval",
    "leased": "a worker has it in hand",
    "emitted": "asked for; the answer is not there yet",
    "confirmed": "done",
    "refused": "the other system does not want it",
    "canceled": "not wanted any more",
    "unknown": "nobody can say whether it was done",
}
DEEDS: Final = {"cancel": "Cancel", "retry": "Try again", "confirm": "It was done"}
_ON_A_PAGE: Final = 50


def _list(request: Request) -> Response:
    who, service = allow(request, "viewer"), service_of(request)
    counts: dict[str, int] = {str(state): count for state, count in service.ledger.counts().items()}
    asked = request.path_params.get("state")
    order = ("unknown", "refused", "planned", "emitted", "leased", "confirmed", "canceled")
    state = asked or next((one for one in order if counts.get(one)), "planned")
    if state not in STATES:
        return page(request, "nothing.html.j2", who, 404, what="There is no such state.")
    given = request.query_params.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 7 else 1
    rows = some_actions(service.ledger, state, (max(1, number) - 1) * _ON_A_PAGE, _ON_A_PAGE)
    applications = [row.application for row in rows]
    names, tokens = names_of(service.ledger, applications), tokens_of(service.ledger, applications)
    last = max(1, -(-counts.get(state, 0) // _ON_A_PAGE))
    return page(
        request, "outbox.html.j2", who, state=state, counts=counts, said=SAID, number=max(1, number), last=last,
        rows=[(row, names.get(row.application, ""), tokens.get(row.application, "")) for row in rows], moment=moment,
    )  # fmt: skip


def _action(request: Request) -> Response:
    who, service = allow(request, "viewer"), service_of(request)
    row = the_action(service.ledger, request.path_params["action"])
    deeds = [(deed, DEEDS[deed]) for deed, (_, allowed) in BY_HAND.items() if row.state in allowed]
    token = tokens_of(service.ledger, [row.application]).get(row.application, "")
    name = names_of(service.ledger, [row.application]).get(row.application, "")
    return page(
        request, "action.html.j2", who, row=row, deeds=deeds, said=SAID, moment=moment, token=token, name=name,
        history=service.ledger.history(row.id),
    )  # fmt: skip


async def _act(request: Request) -> Response:
    who = allow(request, "editor")
    form = await request.form()
    check_csrf(request, str(form.get("csrf", "")))
    deed, reason = str(form.get("deed", "")), " ".join(str(form.get("reason", "")).split())[:300]
    action, service = request.path_params["action"], service_of(request)
    if deed not in DEEDS:
        return page(request, "nothing.html.j2", who, 404, what="There is nothing of that sort to do.")
    row = await run_in_threadpool(
        decide_by_hand, service.ledger, deed, action, reason or f"{deed} on the pages", who.name, service.clock()
    )
    request.app.state.helpers.wake()
    return RedirectResponse(f"/outbox/actions/{row.id}", 303)


ROUTES: Final = (
    Route("/outbox", _list),
    Route("/outbox/{state}", _list),
    Route("/outbox/actions/{action}", _action),
    Route("/outbox/actions/{action}", _act, methods=["POST"]),
)
