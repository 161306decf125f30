"""An application as plain data, out of everything that Odoo has told about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any, NamedTuple

from followup_rules_odoo.messages import People, message_events
from followup_rules_odoo.people import Directory
from followup_rules_odoo.records import (
    Record,
    line,
    meeting_events,
    name_of,
    number_of,
    own_events,
    spoken,
    stage_events,
    status_of,
    without_gaps,
)
from followup_rules_odoo.settings import OdooSettings


class Told(NamedTuple):
    """What is known of one record. `opted_out` is since when; `internal` are the kinds of messages that are notes."""

    record: Record
    meetings: Sequence[Record]
    messages: Sequence[Record]
    changes: Sequence[Record]
    opted_out: str | None
    stages: Mapping[int, str]
    internal: frozenset[int]


def application_data(
    model: str, told: Told, directory: Directory, settings: OdooSettings, now: datetime
) -> dict[str, Any]:
    """The application. What is not known is left out; nothing is guessed."""
    record = told.record
    stage = told.stages.get(number_of(record.get("stage_id")) or 0)
    status = status_of(model, record, stage, settings)
    candidate = _candidate(model, record, directory)
    contacts = dict(_contacts(told, directory))
    known = {partner: str(one["id"]) for partner, one in contacts.items()}
    addresses = {parseaddr(str(one or ""))[1].casefold() for one in (record.get("email_from"), candidate.get("email"))}
    people = People(number_of(record.get("partner_id")), frozenset(addresses - {""}), directory.inner(), known)
    when = spoken(told.messages)
    changes = [{**one, "at": when.get(one["message"], one["at"])} for one in told.changes]
    events = [
        *own_events(model, record, status, told.opted_out),
        *stage_events(record, changes, told.stages, settings),
        *meeting_events(told.meetings, known, now),
        *message_events(told.messages, told.internal, people),
    ]
    return without_gaps({
        "id": f"{model}:{record['id']}",
        "status": status,
        "stage": stage,
        "candidate": candidate,
        "job": _job(model, record, directory, settings),
        "contacts": list(contacts.values()),
        "events": events,
    })  # fmt: skip


def _candidate(model: str, record: Record, directory: Directory) -> dict[str, Any]:
    partner = number_of(record.get("partner_id"))
    own = record.get("partner_name") if model == "hr.applicant" else record.get("contact_name")
    person = directory.person(partner)
    named = {"name": line(own) or person.get("name"), "email": line(record.get("email_from")) or person.get("email")}
    return without_gaps({"id": f"res.partner:{partner}" if partner else None, **person, **named})


def _job(model: str, record: Record, directory: Directory, settings: OdooSettings) -> dict[str, Any]:
    if model == "hr.applicant":
        number = number_of(record.get("job_id"))
        own = {"id": f"hr.job:{number}" if number else None, "title": name_of(record.get("job_id"))}
    else:
        own = {"id": None, "title": line(record.get("name"))}
    place = {"timezone": settings.timezone, "country": settings.country}
    return without_gaps({**own, **place, **directory.place_of_company(record.get("company_id"))})


def _contacts(told: Told, directory: Directory) -> Iterator[tuple[int, dict[str, Any]]]:
    """Who recruits, who interviews, who was at a meeting or has written from inside; by partner."""
    record, candidate = told.record, number_of(told.record.get("partner_id"))
    found: dict[int, str | None] = {}
    recruiter = directory.partner_of(number_of(record.get("user_id")))
    if recruiter:
        found[recruiter] = "recruiter"
    for user in record.get("interviewer_ids") or ():
        partner = directory.partner_of(user)
        if partner:
            found.setdefault(partner, "interviewer")
    for meeting in told.meetings:
        for partner in meeting.get("partner_ids") or ():
            found.setdefault(partner, "interviewer")
    for message in told.messages:
        author = number_of(message.get("author_id"))
        if author is not None and directory.is_inner(author) and message.get("message_type") in ("comment", "email"):
            found.setdefault(author, None)
    for partner, role in found.items():
        if partner != candidate:
            person = directory.person(partner)
            yield partner, without_gaps({"id": f"res.partner:{partner}", **person, "role": role})
