"""One application: its timeline, what is decided and why, and drafts that wait for a person."""

from __future__ import annotations

from typing import Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from followup_rules.embedding import check_message
from followup_rules.errors import InvalidInput
from followup_rules.model.application import Application
from followup_rules.model.decision import Draft, Finding, Refusal
from followup_rules.outbox.by_hand import approve, decide_by_hand, the_action
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.listing import application_of, to_approve
from followup_rules.outbox.rows import Row
from followup_rules.report.views import Letter, letter_of, view_of
from followup_rules.syncing.rechecking import Settled, deciding_on
from followup_rules.web.access import Who, allow, check_csrf
from followup_rules.web.pages.rendering import page, service_of
from followup_rules.web.service import Service

_LONGEST: Final = 20_000


class Waiting(NamedTuple):
    """A draft that a person is to read: its text, what is wrong with it, and what was last said about it."""

    key: str
    row: Row
    draft: Draft | None
    letter: Letter | None
    findings: tuple[Finding, ...]
    refused: str = ""


def _one(request: Request) -> Response:
    return _shown(request, allow(request, "viewer"))


def _shown(
    request: Request, who: Who, status: int = 200, given: tuple[str, Draft | None, str] | None = None
) -> Response:
    service, token = service_of(request), request.path_params["token"]
    application = application_of(service.ledger, token)
    found = None
    now = service.clock()
    if application is not None:
        found = deciding_on(service.ledger, service.policy, service.names).decided(application, now)
    if application is None or found is None:
        return page(request, "nothing.html.j2", who, 404, what="There is no such application.")
    if isinstance(found, Refusal):
        return page(request, "refused.html.j2", who, status, problems=found.problems)
    waiting = [_waiting(service, found, row, given) for row in to_approve(service.ledger, 20, application)]
    view = view_of(found.application, found.decisions, now, "a")
    return page(request, "one.html.j2", who, status, view=view, waiting=waiting, token=token)


def _waiting(service: Service, found: Settled, row: Row, given: tuple[str, Draft | None, str] | None) -> Waiting:
    draft, refused = row.order.draft, ""
    if given is not None and given[0] == row.id:
        draft, refused = given[1] or draft, given[2]
    key = f"w{row.seq}"
    if draft is None:
        return Waiting(key, row, None, None, (), refused)
    findings = _findings(service, found.application, row, draft)
    return Waiting(key, row, draft, letter_of(draft, findings), findings, refused)


def _findings(service: Service, application: Application, row: Row, draft: Draft) -> tuple[Finding, ...]:
    order = row.order
    try:
        return check_message(
            draft.body, service.policy, draft.subject, application=application, now=service.clock(),
            direction=order.direction, follow_up=order.follow_up, contact=order.contact,
            other_names=service.names.foreign(application, f"{draft.subject}\n{draft.body}")
            if service.policy.asks_for_names else None,
        )  # fmt: skip
    except InvalidInput as error:
        return tuple(Finding(one.code, "error", one.message) for one in error.problems)


async def _act(request: Request) -> Response:
    who = allow(request, "editor")
    form = await request.form()
    check_csrf(request, str(form.get("csrf", "")))
    return await run_in_threadpool(_done, request, who, form)


def _done(request: Request, who: Who, form: FormData) -> Response:
    service, token = service_of(request), request.path_params["token"]
    application, deed = application_of(service.ledger, token), str(form.get("deed", ""))
    row = the_action(service.ledger, request.path_params["action"])
    if row.application != application or deed not in ("approve", "dismiss"):
        return page(request, "nothing.html.j2", who, 404, what="There is nothing of that sort here.")
    if deed == "dismiss":
        decide_by_hand(service.ledger, "cancel", row.id, "dismissed", who.name, service.clock())
        return RedirectResponse(f"/applications/{token}", 303)
    draft = _draft(form, row)
    refused = _approved(service, row, draft, str(form.get("seen", "")), who)
    if refused:
        return _shown(request, who, 422, (row.id, draft, refused))
    return RedirectResponse(f"/applications/{token}", 303)


def _draft(form: FormData, row: Row) -> Draft | None:
    known = row.order.draft
    if known is None:
        return None
    body = str(form.get("body", known.body)).replace("\r\n", "\n")[:_LONGEST]
    return Draft(" ".join(str(form.get("subject", known.subject)).split()), body, known.to)


def _approved(service: Service, row: Row, draft: Draft | None, seen: str, who: Who) -> str:
    """Let it go; or say why not."""
    if seen != str(row.changed_at.timestamp()):
        return "It has changed since you read it. Read it once more."
    found = deciding_on(service.ledger, service.policy, service.names).decided(row.application, service.clock())
    if not isinstance(found, Settled):
        return "The application cannot be decided now."
    if draft is not None and any(one.severity == "error" for one in _findings(service, found.application, row, draft)):
        return "The draft has errors. Mend them, or dismiss it."
    try:
        approve(service.ledger, row.id, draft, who.name, service.clock())
    except OutboxFault as fault:
        return fault.problems[0].message
    return ""


ROUTES: Final = (
    Route("/applications/{token}", _one),
    Route("/applications/{token}/actions/{action}", _act, methods=["POST"]),
)
