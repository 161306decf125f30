"""An applicant or lead as plain data of an application. What Odoo does not know is left out; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import parseaddr
from typing import Any, Final

from followup_rules.load.html import html_text

_LONGEST: Final = 20_000
_BY_ITSELF: Final = ("auto_comment", "out_of_office")
_SAID: Final = ("email", "comment", "email_outgoing", *_BY_ITSELF)
_ENDED: Final = {"refused": "rejected", "archived": "on_hold", "hired": "hired", "lost": "rejected", "won": "hired"}


def application_data(record: Any, candidate_timezone: str | None) -> dict[str, Any]:
    """The application.

    Args:
        record: an applicant or lead, with every right.
        candidate_timezone: where candidates are of whom Odoo does not know it.
    """
    contacts = {partner.id: _person(partner) for partner in _employer_side(record)}
    status = _ENDED.get(_how(record), "active")
    candidate = _candidate(record, candidate_timezone)
    return _whole({
        "id": f"{record._name}:{record.id}",
        "status": status,
        "stage": _line(record.stage_id.name),
        "candidate": candidate,
        "job": _job(record),
        "contacts": [_whole(one) for one in contacts.values()],
        "events": [
            *_own(record, status), *_stages(record), *_meetings(record, contacts),
            *_messages(record, contacts, {candidate.get("email")}),
        ],
    })  # fmt: skip


def _how(record: Any) -> str:
    if record._name == "crm.lead":
        return str(record.won_status if record.won_status in ("won", "lost") else "" if record.active else "archived")
    return str(record.application_status)


def _candidate(record: Any, zone: str | None) -> dict[str, Any]:
    partner = record.partner_id
    own = record.partner_name if record._name == "hr.applicant" else record.contact_name
    email = record.email_normalized or partner.email_normalized
    person = {**_person(partner), "id": email or (f"res.partner:{partner.id}" if partner else None), "email": email}
    person["name"] = _line(own) or person["name"]
    return _whole({**person, "timezone": person["timezone"] or zone})


def _person(partner: Any) -> dict[str, Any]:
    return {
        "id": f"res.partner:{partner.id}",
        "name": _line(partner.name),
        "email": partner.email_normalized or None,
        "timezone": partner.tz or None,
        "country": partner.country_id.code or None,
    }


def _job(record: Any) -> dict[str, Any]:
    company = record.company_id
    if record._name == "hr.applicant":
        own = {"id": f"hr.job:{record.job_id.id}" if record.job_id else None, "title": _line(record.job_id.name)}
    else:
        own = {"title": _line(record.name)}
    place = {"timezone": company.partner_id.tz or None, "country": company.country_id.code or None}
    return _whole({**own, "company": _line(company.name), **place})


def _employer_side(record: Any) -> Any:
    """Who recruits, who interviews, who was at a meeting, who has written from inside."""
    found = record.user_id.partner_id
    if record._name == "hr.applicant":
        found |= record.interviewer_ids.partner_id
    found |= _events(record).partner_ids | record.message_ids.author_id.filtered(_is_inner)
    return found - record.partner_id


def _is_inner(partner: Any) -> bool:
    return any(not user.share for user in partner.with_context(active_test=False).user_ids)


def _events(record: Any) -> Any:
    field = "applicant_id" if record._name == "hr.applicant" else "opportunity_id"
    return record.env["calendar.event"].with_context(active_test=False).search([(field, "=", record.id)], order="id")


# what has happened


def _own(record: Any, status: str) -> Iterator[dict[str, Any]]:
    yield {"id": "applied", "type": "applied", "at": _at(record.create_date)}
    if status in ("rejected", "hired"):
        refused = record.refuse_date if record._name == "hr.applicant" else None
        at = refused or record.date_closed or record.date_last_stage_update or record.create_date
        yield {"id": status, "type": status, "at": _at(at)}
    email = record.email_normalized
    out = record.env["mail.blacklist"].search([("email", "=", email)], limit=1) if email else None
    if out:
        yield {"id": "opted_out", "type": "opted_out", "at": _at(out.write_date)}


def _stages(record: Any) -> Iterator[dict[str, Any]]:
    """Every change of the stage that Odoo has tracked; the first stage is no change."""
    where = [("mail_message_id.model", "=", record._name), ("mail_message_id.res_id", "=", record.id),
             ("field_id.name", "=", "stage_id")]  # fmt: skip
    for one in record.env["mail.tracking.value"].search(where, order="id"):
        reached, at = _line(one.new_value_char), _spoken(record, one.mail_message_id)
        if reached:
            yield {"id": f"stage:{one.id}", "type": "stage_changed", "at": at, "to": reached}


def _meetings(record: Any, contacts: dict[int, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Meetings are interviews: planned when they were entered, done when their end has passed."""
    for one in _events(record):
        identity = f"calendar.event:{one.id}"
        met = [contacts[partner.id]["id"] for partner in one.partner_ids if partner.id in contacts]
        people = {"contacts": met} if met else {}
        planned = min(one.create_date, one.stop)
        yield {"id": identity, "type": "interview_scheduled", "at": _at(planned), **people}
        if one.active:
            done = {"id": f"{identity}:completed", "type": "interview_completed", "at": _at(one.stop)}
            yield {**done, "interview": identity, **people}
        else:
            gone = {"id": f"{identity}:canceled", "type": "interview_canceled", "at": _at(one.write_date)}
            yield {**gone, "interview": identity}


def _messages(record: Any, contacts: dict[int, dict[str, Any]], addresses: set[Any]) -> Iterator[dict[str, Any]]:
    """Messages and notes. Odoo's own notifications are left out, and activities that are done: they are touches."""
    for one in record.message_ids.sorted("id"):
        if one.message_type not in _SAID or one.mail_activity_type_id:
            continue
        event = {"id": f"mail.message:{one.id}", "at": _spoken(record, one), "subject": _line(one.subject),
                 "body": html_text(str(one.body or ""))[:_LONGEST].strip() or None}  # fmt: skip
        if one.is_internal or one.subtype_id.internal:
            yield _whole({**event, "type": "note"})
        else:
            yield _whole({**event, "type": "message", **_said(one, record, contacts, addresses)})


def _said(one: Any, record: Any, contacts: dict[int, dict[str, Any]], addresses: set[Any]) -> dict[str, Any]:
    """Who comes from outside speaks for the candidate: that stops more than it starts."""
    author, address = one.author_id, parseaddr(str(one.email_from or ""))[1].casefold()
    is_candidate = (author and author == record.partner_id) or address in addresses
    inner = not is_candidate and (author.id in contacts or (author and _is_inner(author)))
    spoken = [author] if author.id in contacts else list(one.partner_ids)
    named = [contacts[partner.id]["id"] for partner in spoken if partner.id in contacts]
    return {
        "from": "employer" if inner else "candidate",
        "channel": "email" if one.message_type in ("email", "email_outgoing") else None,
        "auto_reply": True if one.message_type in _BY_ITSELF else None,
        "contacts": named or None,
    }


def _spoken(record: Any, message: Any) -> str:
    """When a message was written. Odoo keeps whole seconds: within one, what was written first comes first, and all of
    it after what else happened then, so that an answer in the same second is an answer."""
    before = sum(one.date == message.date and one.id < message.id for one in record.message_ids)
    return _at(message.date + timedelta(microseconds=before + 1))


def _at(moment: datetime) -> str:
    """A moment as Odoo keeps it, which is UTC without saying so."""
    return moment.replace(tzinfo=timezone.utc).isoformat()


def _line(text: object) -> str | None:
    found = "".join(mark for mark in " ".join(str(text).split()) if mark.isprintable()) if text else ""
    return found or None


def _whole(data: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in data.items() if one is not None}
