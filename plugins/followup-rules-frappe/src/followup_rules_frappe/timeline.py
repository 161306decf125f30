"""What Frappe HR knows of a job applicant as an application: interviews, mail and comments are events. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from followup_rules.errors import Place
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal

STATUS: Final[Mapping[str, str]] = {
    "Open": "active",
    "Replied": "active",
    "Hold": "on_hold",
    "Rejected": "rejected",
    "Accepted": "hired",
}
_OVER: Final = ("Under Review", "Cleared", "Rejected")
_BREAK: Final = re.compile(r"<br\s*/?>|</p>|</div>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_SIDES: Final[Mapping[str, str]] = {"Received": "candidate", "Sent": "employer"}

Document = Mapping[str, Any]
Moment = Callable[[object], "datetime | None"]


class Known(NamedTuple):
    """Everything that was read about one applicant."""

    applicant: Document
    interviews: tuple[Document, ...] = ()
    mails: tuple[Document, ...] = ()
    comments: tuple[Document, ...] = ()


def application_of(known: Known, zone: str, moment: Moment, now: datetime) -> Application | Refusal:
    """The application, or why it is refused; an unknown status is refused, not guessed. Nothing lies ahead of now."""
    one = known.applicant
    identity = str(one["name"])
    candidate = {"id": identity, "name": _line(one.get("applicant_name")), "email": _line(one.get("email_id"))}
    title = _line(one.get("designation") or one.get("job_title"))
    events = [*_applied(one, moment), *_interviews(known, moment), *_mails(known, moment), *_comments(known, moment)]
    data = {
        "id": identity,
        "status": STATUS.get(str(one.get("status"))),
        "stage": one.get("status"),
        "candidate": _present(candidate),
        "job": _present({"id": _line(one.get("job_title")), "title": title, "timezone": zone}),
        "events": [{**event, "at": event["at"].isoformat()} for event in events if event["at"] <= now],
    }
    return read_application(
        _present(data), lambda loc, _key: Place(f"frappe:{identity} {'.'.join(map(str, loc))}".rstrip())
    )


def _applied(one: Document, moment: Moment) -> Iterator[dict[str, Any]]:
    yield from _event("applied", "applied", moment(one.get("creation")))


def _interviews(known: Known, moment: Moment) -> Iterator[dict[str, Any]]:
    for one in known.interviews:
        planned, end = moment(one.get("creation")), moment(f"{one.get('scheduled_on')} {one.get('to_time')}")
        name, status = f"interview_scheduled:{one['name']}", one.get("status")
        yield from _event("interview_scheduled", name, planned)
        of = {"interview": name} if planned is not None else {}
        if status in _OVER:
            yield from _event("interview_completed", f"interview_completed:{one['name']}", end, of)
        if status == "Cancelled" and of:
            yield from _event(
                "interview_canceled", f"interview_canceled:{one['name']}", moment(one.get("modified")), of
            )


def _mails(known: Known, moment: Moment) -> Iterator[dict[str, Any]]:
    for one in known.mails:
        side = _SIDES.get(str(one.get("sent_or_received")))
        if side is not None:
            at = moment(one.get("communication_date") or one.get("creation"))
            channel = _line(one.get("communication_medium"))
            more = {"from": side, "channel": channel.lower() if channel else None, "subject": _line(one.get("subject"))}
            yield from _event("message", f"message:{one['name']}", at, {**more, "body": _text(one.get("content"))})


def _comments(known: Known, moment: Moment) -> Iterator[dict[str, Any]]:
    for one in known.comments:
        yield from _event(
            "note", f"note:{one['name']}", moment(one.get("creation")), {"body": _text(one.get("content"))}
        )


def _event(
    kind: str, identity: str, at: datetime | None, more: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    if at is not None:
        yield {"id": identity, "type": kind, "at": at, **_present(more or {})}


def _present(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in given.items() if one is not None}


def _line(given: Any) -> str | None:
    return "".join(mark for mark in " ".join(str(given).split()) if mark.isprintable()) or None if given else None


def _text(given: Any) -> str | None:
    """A text out of HTML."""
    plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", str(given)))) if given else ""
    return plain.strip() or None
