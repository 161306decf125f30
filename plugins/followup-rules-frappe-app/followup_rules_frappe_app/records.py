"""What Frappe HR's documents mean. Pure: documents come as plain data, with moments as Frappe has them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from followup_rules.hosting import Form, read_form

Document = Mapping[str, Any]

_BREAK: Final = re.compile(r"<br\s*/?>|</p>|</div>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_HELD: Final = ("Under Review", "Cleared", "Rejected")
_SIDES: Final = {"Received": "candidate", "Sent": "employer"}


def form_of(zone: str, candidate_zone: str | None) -> Form:
    """The form for a site whose moments are in a zone.

    Args:
        zone: the time zone of the site's System Settings.
        candidate_zone: where candidates are, if the site says so; without it what is written to them is held.
    """
    candidate = {"id": "email_id", "name": "applicant_name", "email": "email_id", "country": "country_code"}
    return read_form(
        {
            "id": "name",
            "status": {
                "path": "status",
                "values": {"Open": "active", "Replied": "active", "Hold": "on_hold", "Rejected": "rejected",
                           "Accepted": "hired"},
            },
            "stage": "status",
            "timezone": zone,
            "candidate": {**candidate, **({"timezone": {"value": candidate_zone}} if candidate_zone else {})},
            "job": {"id": "job_title", "title": "job_name", "company": "company", "timezone": {"value": zone}},
            "events": [
                {"type": "applied", "at": "creation"},
                {"type": "stage_changed", "each": "stages", "at": "at", "to": "to"},
                {"type": "interview_scheduled", "each": "interviews", "at": "creation", "id": "name"},
                {"type": "interview_completed", "each": "interviews", "at": "ends", "id": "name", "interview": "name",
                 "when": {"held": True}},
                {"type": "interview_canceled", "each": "interviews", "at": "modified", "id": "name",
                 "interview": "name", "when": {"docstatus": 2}},
                {"type": "message", "each": "mails", "at": "at", "id": "name", "from": "side", "channel": "channel",
                 "subject": "subject", "body": "body"},
                {"type": "note", "each": "comments", "at": "creation", "id": "name", "body": "body"},
            ],
        },
        "the form of Frappe HR",
    )  # fmt: skip


def record_of(
    applicant: Document, interviews: Iterable[Document], mails: Iterable[Document], comments: Iterable[Document],
    stages: Iterable[Document], *, country_code: str | None, job: Document,
) -> dict[str, Any]:  # fmt: skip
    """Everything that is known about an applicant, as the form reads it.

    Args:
        job: the job opening's `job_title` and `company`, empty without one.
        stages: `id`, `at` and `to` of each change of the status, as this app has written it down.
    """
    return {
        "name": applicant["name"],
        "status": applicant.get("status"),
        "email_id": _line(applicant.get("email_id"), lower=True),
        "applicant_name": _line(applicant.get("applicant_name")),
        "country_code": country_code.upper() if country_code else None,
        "job_title": applicant.get("job_title"),
        "job_name": _line(job.get("job_title") or applicant.get("designation")),
        "company": _line(job.get("company")),
        "creation": applicant.get("creation"),
        "stages": list(stages),
        "interviews": [_interview(one) for one in interviews],
        "mails": [_mail(one) for one in mails if one.get("sent_or_received") in _SIDES],
        "comments": [{"name": one["name"], "creation": one["creation"], "body": _text(one.get("content"))}
                     for one in comments],
    }  # fmt: skip


def _interview(one: Document) -> dict[str, Any]:
    """An interview. Of which nobody says how it went is not held; without a time it has no end."""
    day, time = one.get("scheduled_on"), one.get("to_time")
    return {
        "name": one["name"],
        "creation": one["creation"],
        "modified": one["modified"],
        "docstatus": one.get("docstatus", 0),
        "held": one.get("status") in _HELD and one.get("docstatus") != 2,
        "ends": f"{day} {_clock(time)}" if day and time is not None else None,
    }


def _clock(time: Any) -> str:
    """A time of day as the database gives it: a length of time since midnight, or a text."""
    if hasattr(time, "total_seconds"):
        seconds = int(time.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    whole = str(time).partition(".")[0]
    return whole if len(whole.partition(":")[0]) == 2 else f"0{whole}"


def _mail(one: Document) -> dict[str, Any]:
    medium = _line(one.get("communication_medium"))
    return {
        "name": one["name"],
        "at": one.get("communication_date") or one.get("creation"),
        "side": _SIDES[one["sent_or_received"]],
        "channel": medium.lower() if medium else None,
        "subject": _line(one.get("subject")),
        "body": _text(one.get("content")),
    }


def _line(given: Any, *, lower: bool = False) -> str | None:
    text = "".join(mark for mark in " ".join(str(given).split()) if mark.isprintable()) if given else ""
    return (text.lower() if lower else text) or None


def _text(given: Any) -> str | None:
    """A text out of HTML."""
    plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", str(given)))) if given else ""
    return plain.strip() or None
