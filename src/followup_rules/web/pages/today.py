"""Today: what waits for a person, what is overdue and due, and what is held for want of something."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followup_rules.outbox.listing import (
    Group,
    Listed,
    count_listed,
    counts_listed,
    some_listed,
    to_approve,
    tokens_of,
)
from followup_rules.report.words import moment
from followup_rules.web.access import allow
from followup_rules.web.pages.names import names_of
from followup_rules.web.pages.rendering import page, service_of
from followup_rules.web.service import Service

TITLES: Final[dict[Group, str]] = {
    "overdue": "Overdue",
    "send": "Due now",
    "revise": "The draft has errors",
    "hold": "Held until something is known or decided",
    "refused": "Cannot be decided",
    "wait": "Waiting",
    "stop": "Never (again)",
}
_SHOWN: Final[tuple[Group, ...]] = ("overdue", "send", "revise", "hold", "refused")
_REASONS: Final = {
    "in_window": "it is time", "not_open_yet": "too early", "outside_send_window": "outside the recipient's hours",
    "cooldown": "too soon after the last message", "limit_reached": "as many messages as the limit allows",
    "done": "all steps are sent", "expired": "too late",
}  # fmt: skip
_COUNTED: Final = 10_000
"""So many of a group are counted for Today; its own list counts all."""

_ON_TODAY: Final = 15
_ON_A_PAGE: Final = 50


class Line(NamedTuple):
    """One decision as a line of a table."""

    token: str
    who: str
    about: str
    when: str
    why: str
    rule: str


def _today(request: Request) -> Response:
    who, service = allow(request, "viewer"), service_of(request)
    now = service.clock()
    counts = counts_listed(service.ledger, now, _COUNTED)
    waiting = to_approve(service.ledger, _ON_TODAY)
    tokens = tokens_of(service.ledger, [row.application for row in waiting])
    names = names_of(service.ledger, [row.application for row in waiting])
    groups = [(name, TITLES[name], counts.get(name, 0), lines_of(service, name, now, 0, _ON_TODAY)) for name in _SHOWN]
    return page(
        request, "today.html.j2", who, now=moment(now), groups=groups, counts=counts, titles=TITLES, told=_told,
        waiting=[(row, names.get(row.application, ""), tokens.get(row.application, "")) for row in waiting],
    )  # fmt: skip


def _group(request: Request) -> Response:
    who, service = allow(request, "viewer"), service_of(request)
    name = request.path_params["group"]
    group = next((one for one in TITLES if one == name), None)
    if group is None:
        return page(request, "nothing.html.j2", who, 404, what="There is no such list.")
    number = min(max(1, _number(request.query_params.get("page", "1"))), 1_000_000)
    now = service.clock()
    count = count_listed(service.ledger, group, now)
    lines = lines_of(service, group, now, (number - 1) * _ON_A_PAGE, _ON_A_PAGE)
    last = max(1, -(-count // _ON_A_PAGE))
    return page(
        request, "group.html.j2", who, group=group, title=TITLES[group], count=count, lines=lines, number=number,
        last=last,
    )  # fmt: skip


def lines_of(service: Service, group: Group, now: datetime, first: int, limit: int) -> list[Line]:
    """A part of a list, with the names of whom it is about."""
    return told_of(service, some_listed(service.ledger, group, now, first, limit), now)


def told_of(service: Service, found: list[tuple[Listed, str]], now: datetime) -> list[Line]:
    """Listed decisions as lines."""
    names = names_of(service.ledger, [one.application for one, _ in found])
    return [
        Line(
            token,
            names.get(one.application, one.application),
            f"{one.follow_up}, step {one.step}" if one.follow_up else "the application",
            moment(when) if (when := one.at if one.outcome == "wait" else one.due_at) is not None else "",
            one.lacks or _why(one, now),
            one.decided_by,
        )
        for one, token in found
    ]


def _why(one: Listed, now: datetime) -> str:
    if one.reason == "in_window" and one.due_at is not None and one.due_at < now:
        return "overdue"
    return _REASONS.get(one.reason, one.reason.replace("_", " "))


def _told(count: int) -> str:
    return f"{_COUNTED:,}+" if count > _COUNTED else str(count)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


ROUTES: Final = (Route("/", _today), Route("/lists/{group}", _group))
