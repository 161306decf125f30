"""What Tryton knows of an opportunity as an application: states are events, with notes, chats and e-mails. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from followup_rules.errors import Place
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules_tryton.session import moment_of

STATUS: Final[Mapping[str, str]] = {
    "lead": "active",
    "opportunity": "active",
    "converted": "active",
    "won": "hired",
    "lost": "rejected",
    "cancelled": "withdrawn",
}
_MEANS: Final[Mapping[str, str]] = {
    "converted": "offer_made",
    "won": "hired",
    "lost": "rejected",
    "cancelled": "withdrawn",
}
Record = Mapping[str, Any]


class Known(NamedTuple):
    """Everything that was read about one opportunity. `states` are its states with the moment of each, in order."""

    record: Record
    states: tuple[tuple[datetime, str], ...]
    email: str | None
    notes: tuple[Record, ...]
    chats: tuple[Record, ...]
    emails: tuple[Record, ...]


def application_of(known: Known) -> Application | Refusal:
    """The application, or why it is refused; an unknown state is refused, not guessed."""
    record = known.record
    identity, party, employee = str(record["id"]), _of(record, "party."), _of(record, "employee.")
    candidate = {"id": _id(party), "name": _line(party.get("name") or party.get("rec_name")), "email": known.email}
    company = _of(record, "company.")
    job = {
        "title": _line(record.get("description")),
        "company": _line(company.get("rec_name")),
        "timezone": _line(company.get("timezone")),
    }
    data = {
        "id": identity,
        "status": STATUS.get(str(record.get("state"))),
        "stage": record.get("state"),
        "candidate": _present(candidate),
        "job": _present(job),
        "contacts": [_present({"id": _id(employee), "name": _line(employee.get("rec_name"))})] if employee else [],
        "events": [*_state_events(known.states), *_written(known)],
    }
    return read_application(
        _present(data), lambda loc, _key: Place(f"tryton:{identity} {'.'.join(map(str, loc))}".rstrip())
    )


def _state_events(states: Iterable[tuple[datetime, str]]) -> Iterator[dict[str, Any]]:
    before: str | None = None
    for moment, state in states:
        mark, at = f"{moment:%Y%m%dT%H%M%S.%f}", moment.isoformat()
        if before is None:
            yield {"id": "applied", "type": "applied", "at": at}
        if before is not None and state != before:
            yield {"id": f"stage_changed:{mark}", "type": "stage_changed", "at": at, "to": state}
        if state != before and state in _MEANS:
            yield {"id": f"{_MEANS[state]}:{mark}", "type": _MEANS[state], "at": at}
        before = state


def _written(known: Known) -> Iterator[dict[str, Any]]:
    for note in known.notes:
        yield from _event("note", f"note:{note['id']}", note, {"body": _text(note.get("message"))})
    for chat in known.chats:
        # What is internal is said among colleagues. Who is no user has written an e-mail to the chat.
        if chat.get("audience") == "public":
            said = {"from": "employer" if chat.get("user") else "candidate", "body": _text(chat.get("content"))}
            yield from _event("message", f"message:chat-{chat['id']}", {"create_date": chat.get("timestamp")}, said)
    for email in known.emails:
        said = {"from": "employer", "channel": "email", "subject": _line(email.get("subject"))}
        yield from _event("message", f"message:email-{email['id']}", email, said)


def _event(kind: str, identity: str, record: Record, more: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    moment = moment_of(record.get("create_date"))
    if moment is not None:
        yield {"id": identity, "type": kind, "at": moment.isoformat(), **_present(more)}


def _of(record: Record, name: str) -> Record:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _id(record: Record) -> str | None:
    return str(record["id"]) if "id" in record else None


def _present(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in given.items() if one is not None}


def _line(given: Any) -> str | None:
    return "".join(mark for mark in " ".join(str(given).split()) if mark.isprintable()) or None if given else None


def _text(given: Any) -> str | None:
    return str(given) if given else None
