"""The catalogue of rules, and a page for each: what it says, why, and where it acted."""

from __future__ import annotations

from typing import Any, Final

import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followup_rules.outbox.listing import acted
from followup_rules.web.access import allow
from followup_rules.web.pages.rendering import page, service_of
from followup_rules.web.pages.today import told_of

KINDS: Final = {
    "follow_up": "What to send, and when",
    "send_window": "When a message may go out",
    "limit": "How many",
    "cooldown": "How far apart",
    "stop": "What ends it",
    "message": "What a text must have or must not have",
}
_NOT_SHOWN: Final = ("examples", "title", "why", "source", "id", "kind")
DAYS: Final = 30


def _catalogue(request: Request) -> Response:
    who, service = allow(request, "viewer"), service_of(request)
    groups = [(title, [one for one in service.policy.rules if one.kind == kind]) for kind, title in KINDS.items()]
    return page(
        request, "rules.html.j2", who, groups=[one for one in groups if one[1]], count=len(service.policy.rules)
    )  # fmt: skip


def _rule(request: Request) -> Response:
    who, service = allow(request, "viewer"), service_of(request)
    rule = next((one for one in service.policy.rules if one.id == request.path_params["rule"]), None)
    if rule is None:
        return page(request, "nothing.html.j2", who, 404, what="There is no such rule.")
    told = {key: value for key, value in rule.written.items() if key not in _NOT_SHOWN}
    text = _written(told) if told else ""
    found = acted(service.ledger, rule.id, service.clock(), DAYS)
    return page(
        request, "rule.html.j2", who, rule=rule, kind=KINDS[rule.kind], text=text, days=DAYS, acted=found,
        lines=told_of(service, list(found.latest), service.clock()),
    )  # fmt: skip


def _written(told: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=90)
    # PyYAML quotes what was a truth value in YAML 1.1; here it is a word.
    return text.replace("'on':", "on:")


ROUTES: Final = (Route("/rules", _catalogue), Route("/rules/{rule}", _rule))
