"""`/v1`: decide, judge and explain by the rules in force. Nothing here writes anything but the answer to a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

import anyio.to_thread
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from followup_rules.embedding import check_message
from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.judge.admit import read_application
from followup_rules.judge.decide import decide
from followup_rules.model.decision import Decision, Plan, Refusal
from followup_rules.model.faults import anywhere
from followup_rules.model.times import parse_time
from followup_rules.report.explain import headline, verdict_lines, what_would_change
from followup_rules.report.machine import as_dict, finding_dict
from followup_rules.syncing.rechecking import Settled, deciding_on
from followup_rules.web import forms
from followup_rules.web.access import Who, allow
from followup_rules.web.answers import Answer, remembered
from followup_rules.web.openapi import document
from followup_rules.web.problems import Fault, Json
from followup_rules.web.service import Service

_Form = TypeVar("_Form", bound=BaseModel)
_MOST_TOLD: Final = 20


class Verb(NamedTuple):
    """One thing that can be asked: what it takes and gives, what it does, and what it is for."""

    path: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    does: Callable[[Service, Any], BaseModel]
    summary: str


def routes(service: Service) -> list[BaseRoute]:
    """The API and its description."""
    described = document(VERBS)

    async def openapi(request: Request) -> Response:
        return Json(described)

    return [*(_route(service, verb) for verb in VERBS), Route("/v1/openapi.json", openapi)]


def _route(service: Service, verb: Verb) -> Route:
    async def ask(request: Request) -> Response:
        who = allow(request, "viewer")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Fault(415, "the body is to be application/json")
        body = await request.body()
        answer = await anyio.to_thread.run_sync(
            partial(_answered, service, verb, who, body, request.headers.get("idempotency-key")), abandon_on_cancel=True
        )
        return Response(answer.body, answer.status, media_type="application/json")

    return Route(verb.path, ask, methods=["POST"])


def _answered(service: Service, verb: Verb, who: Who, body: bytes, key: str | None) -> Answer:
    form = _form(verb.takes, body)

    def made() -> Answer:
        return Answer(200, Json.text(verb.does(service, form).model_dump(mode="json")))

    return made() if key is None else remembered(service, who, verb.path, body, key, made)


def _form(form: type[_Form], body: bytes) -> _Form:
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_TOLD]
    except RecursionError:
        told = []
    problems = [Problem("FR974", one["msg"], Place(".".join(map(str, one["loc"])) or "body")) for one in told]
    raise Fault(422, "this is not what is taken here", "FR974", problems)


# what can be asked


def _plan(service: Service, asked: forms.PlanRequest) -> forms.PlanAnswer:
    now = _moment(service, asked.at)
    plan: Plan = decide(asked.applications, service.policy, now)
    return forms.PlanAnswer(
        at=now.isoformat(), rules=service.fingerprint, decisions=[as_dict(one) for one in plan.decisions],
        refused=[_refused(one) for one in plan.refused],
    )  # fmt: skip


def _check(service: Service, asked: forms.CheckRequest) -> forms.CheckAnswer:
    now = _moment(service, asked.at)
    try:
        findings = check_message(
            asked.body, service.policy, asked.subject, application=asked.application, now=now,
            direction=asked.direction, follow_up=asked.follow_up, contact=asked.contact,
        )  # fmt: skip
    except InvalidInput as error:
        refused = [forms.Refused(application=None, problems=[_fault(one) for one in error.problems])]
        return forms.CheckAnswer(judged=False, rules=service.fingerprint, findings=[], refused=refused)
    told = [finding_dict(one) for one in findings]
    return forms.CheckAnswer(judged=True, rules=service.fingerprint, findings=told, refused=[])


def _why(service: Service, asked: forms.WhyRequest) -> forms.WhyAnswer:
    now = _moment(service, asked.at)
    found = _settled(service, asked.application, now)
    if found is None:
        raise Fault(404, "there is no such application in the store")
    if isinstance(found, Refusal):
        refused = [_refused(found)]
        application = found.application
        return forms.WhyAnswer(
            at=now.isoformat(), rules=service.fingerprint, application=application, explained=[], refused=refused
        )
    explained = [_explained(one, found) for one in found.decisions]
    return forms.WhyAnswer(
        at=now.isoformat(), rules=service.fingerprint, application=found.application.id, explained=explained, refused=[]
    )


def _settled(service: Service, given: dict[str, Any] | str, now: datetime) -> Settled | Refusal | None:
    if isinstance(given, str):
        return deciding_on(service.ledger, service.policy, service.names).decided(given, now)
    item = read_application(given, anywhere)
    if isinstance(item, Refusal):
        return item
    plan = decide([item], service.policy, now)
    return plan.refused[0] if plan.refused else Settled(item, tuple(plan.decisions))


def _explained(decision: Decision, found: Settled) -> forms.Explained:
    reasons = [
        forms.Reason(
            rule=verdict.rule.id, verdict=verdict.verdict, decides=verdict.rule is decision.decided_by,
            sentence=sentence, place=f"{verdict.rule.place.file}:{verdict.rule.place.line}",
        )
        for verdict, sentence in verdict_lines(decision)
    ]  # fmt: skip
    return forms.Explained(
        headline=headline(decision, found.application), reasons=reasons, would_change=what_would_change(decision),
        decision=as_dict(decision),
    )  # fmt: skip


def _moment(service: Service, at: str | None) -> datetime:
    try:
        return service.clock() if at is None else parse_time(at)
    except PydanticCustomError as error:
        raise Fault(
            422, "this is not what is taken here", "FR205", [Problem("FR205", error.message(), Place("at"))]
        ) from None


def _refused(refusal: Refusal) -> forms.Refused:
    return forms.Refused(application=refusal.application, problems=[_fault(one) for one in refusal.problems])


def _fault(one: Problem) -> forms.Fault:
    return forms.Fault(code=one.code, at=str(one.place), message=one.message, hint=one.hint)


VERBS: Final = (
    Verb("/v1/plan", forms.PlanRequest, forms.PlanAnswer, _plan, "Decide applications by the rules in force"),
    Verb("/v1/check", forms.CheckRequest, forms.CheckAnswer, _check, "Judge a message by the rules in force"),
    Verb("/v1/why", forms.WhyRequest, forms.WhyAnswer, _why, "Tell the whole reasoning about one application"),
)
