"""Try it: rules and an application side by side, decided as one types. Nothing of it is kept."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.judge.decide import decide
from followup_rules.load.applications import read_applications
from followup_rules.load.rulefiles import Source, load_policy
from followup_rules.load.yaml import parse
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.times import parse_time
from followup_rules.plugins import load_plugins
from followup_rules.report.views import View, view_of
from followup_rules.web.access import Who, allow, check_csrf
from followup_rules.web.pages.rendering import page, service_of

_LARGEST: Final = 200_000
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]{1,80}(\.txt\.j2)?", re.ASCII)
_MOST: Final = 5
RULES: Final = """\
schema: followup-rules/1
pack: trying
extends: [default]
rules:
  - id: thank-you
    kind: follow_up
    title: Thank the interviewer within a day
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    opens: 2 hours
    due: 24 hours
    expires: 3 business days
    do: [draft_message]
    template: thank_you.txt.j2
"""
APPLICATION: Final = """\
id: try-1
status: active
candidate: {id: c-1, name: Ada Park, email: ada@example.org, timezone: Europe/Berlin, country: DE}
job: {id: j-1, title: Data Engineer, company: Northwind, timezone: America/New_York, country: US, region: NY}
contacts: [{id: u-1, name: Sam Reyes, email: sam@example.com, timezone: America/New_York, country: US, region: NY}]
notes: [Sam described the move to event streams]
skills: [Python, Kafka]
events:
  - {id: e1, type: applied, at: 2026-11-02T09:12:00-05:00}
  - {id: e2, type: interview_completed, at: 2026-11-09T15:00:00-05:00, contact: u-1}
"""
AT: Final = "2026-11-10T10:00:00-05:00"


def _page(request: Request) -> Response:
    who = allow(request, "editor")
    views, problems = tried(RULES, APPLICATION, AT, service_of(request).clock())
    return page(
        request, "try.html.j2", who, rules=RULES, application=APPLICATION, at=AT, views=views, problems=problems
    )  # fmt: skip


async def _ask(request: Request) -> Response:
    who = allow(request, "editor")
    form = await request.form()
    check_csrf(request, str(form.get("csrf", "")))
    given = {name: str(form.get(name, ""))[:_LARGEST] for name in ("rules", "application", "at")}
    whole = str(form.get("whole", "")) == "1"
    return await anyio.to_thread.run_sync(_answer, request, who, given, whole)


def _answer(request: Request, who: Who, given: Mapping[str, str], whole: bool) -> Response:
    views, problems = tried(**given, now=service_of(request).clock())
    template = "try.html.j2" if whole else "tried.html.j2"
    told: dict[str, Any] = dict(given) if whole else {}
    return page(request, template, who, views=views, problems=problems, **told)


def tried(rules: str, application: str, at: str, now: datetime) -> tuple[list[View], list[Problem]]:
    """What some rules decide about some applications, and what is wrong with either."""
    try:
        now = parse_time(at.strip()) if at.strip() else now
    except PydanticCustomError as error:
        return [], [Problem("FR205", error.message(), Place("at"))]
    try:
        with tempfile.TemporaryDirectory(prefix="followup-rules-try-") as folder:
            return _decided(Path(folder), rules, application, now)
    except InvalidInput as error:
        return [], [_without(one) for one in error.problems]


def _decided(folder: Path, rules: str, application: str, now: datetime) -> tuple[list[View], list[Problem]]:
    plugins = load_plugins()
    _only_names(rules, plugins.packs)
    (folder / "rules.yaml").write_text(rules, "utf-8", "surrogateescape")
    (folder / "application.yaml").write_text(application, "utf-8", "surrogateescape")
    # As a pack of that name, so that places say `rules.yaml` and nothing of where it stands for a moment.
    packs = {**plugins.packs, "typed": Source(folder / "rules.yaml", "rules.yaml")}
    loaded = load_policy(("typed",), packs, plugins.checks)
    items: list[Any] = []
    problems = [_without(one) for one in loaded.warnings]
    for read in read_applications(folder / "application.yaml", "application.yaml"):
        if isinstance(read.item, Refusal):
            problems += read.item.problems
        elif len(items) < _MOST:
            items.append(read.item)
    plan = decide(items, loaded.policy, now)
    problems += [one for refusal in plan.refused for one in refusal.problems]
    refused = {refusal.application for refusal in plan.refused}
    views = [
        view_of(one, [made for made in plan.decisions if made.application == one.id], now, f"t{number}")
        for number, one in enumerate(items, 1)
        if isinstance(one, Application) and one.id not in refused
    ]
    return views, problems


def _only_names(rules: str, packs: Container[str]) -> None:
    """Rules that are typed in may name packs and templates, and no file of the machine that serves."""
    document = parse(rules, "rules.yaml")
    for key, word in _words(document.data):
        if _PLAIN.fullmatch(word) is None or (key == "extends" and word not in packs):
            text = f"'{key}' can name packs and templates here, and no files"
            raise InvalidInput([Problem("FR985", text, Place("rules.yaml"), "write the name of a pack")])


def _words(data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("extends", "template"):
                yield from ((key, str(one)) for one in (value if isinstance(value, list) else [value]))
            else:
                yield from _words(value)
    elif isinstance(data, list):
        for one in data:
            yield from _words(one)


def _without(one: Problem) -> Problem:
    """The problem without the folder that the text was in for a moment."""
    return one._replace(place=one.place._replace(file=Path(one.place.file).name))


ROUTES: Final = (Route("/try", _page), Route("/try", _ask, methods=["POST"]))
