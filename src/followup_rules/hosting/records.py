"""From a host's record to an application, by the form; what cannot be used refuses the record alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from followup_rules.errors import Place, Problem
from followup_rules.hosting.form import EventForm, Form, word
from followup_rules.hosting.reaching import Looking, Reach, Unusable
from followup_rules.judge.admit import candidate_of, read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal


def application_of(form: Form, record: Any, touches: Iterable[Mapping[str, Any]], step: Reach) -> Application | Refusal:
    """The application that a record is, with the touches that people have marked as done.

    Args:
        touches: events as `touch` makes them.
    """
    looking = Looking(form, step)
    data: dict[str, Any] = {}
    try:
        data["id"] = looking.text(form.id, record)
        data["candidate"] = _texts(looking, form.candidate, record)
        data |= {"status": looking.text(form.status, record), "stage": looking.text(form.stage, record)}
        data |= {"job": _texts(looking, form.job, record), "contacts": list(_contacts(looking, form, record))}
        data |= {key: _list(looking, getattr(form, key), record) for key in ("notes", "skills")}
        data["attributes"] = _attributes(looking, form, record)
        data["events"] = list(_whole([one for event in form.events for one in _events(looking, event, record)]))
    except Unusable as fault:
        place = _place(data.get("id"))
        return Refusal(data.get("id"), (Problem(fault.code, str(fault), place, fault.hint),), candidate_of(data))
    given = {key: value for key, value in with_touches(data, touches).items() if value is not None}
    shown = str(_place(data["id"]))
    return read_application(given, lambda loc, _key: Place(".".join([shown, *map(str, loc)])))


def with_touches(data: Any, touches: Iterable[Mapping[str, Any]]) -> Any:
    """Plain data of an application with more events. One to a contact who is not listed any more is to nobody named,
    which counts for everybody."""
    more = list(touches)
    if not more or not isinstance(data, Mapping):
        return data
    listed = {contact.get("id") for contact in data.get("contacts") or () if isinstance(contact, Mapping)}
    events = list(data.get("events") or ())
    for one in more:
        known = one.get("contact") in listed
        events.append({key: value for key, value in one.items() if key != "contact" or known})
    return {**data, "events": events}


def _place(identity: str | None) -> Place:
    return Place(f"record {identity or 'without an id'}")


def _texts(looking: Looking, form: BaseModel, thing: Any, leave: tuple[str, ...] = ()) -> dict[str, str]:
    cells = {name: getattr(form, name) for name in type(form).model_fields if name not in leave}
    return {name: found for name, cell in cells.items() if (found := looking.text(cell, thing)) is not None}


def _contacts(looking: Looking, form: Form, record: Any) -> Iterator[dict[str, str]]:
    """Everybody once, by id."""
    seen: set[str] = set()
    for part in form.contacts:
        for thing in looking.each(record, part.each):
            person = _texts(looking, part, thing, ("each",))
            if "id" in person and person["id"] not in seen:
                seen.add(person["id"])
                yield person


def _list(looking: Looking, path: str | None, record: Any) -> list[str] | None:
    """Texts: each line of a text, or everything in a list."""
    found = looking.at(record, path) if path is not None else None
    if found in (None, False, ""):
        return None
    parts = found.splitlines() if isinstance(found, str) else map(str, looking.each(record, path))
    return [part.strip() for part in parts if part.strip()]


def _attributes(looking: Looking, form: Form, record: Any) -> dict[str, Any]:
    found = {
        key: cell.value if cell.path is None else looking.at(record, cell.path) for key, cell in form.attributes.items()
    }
    return {key: _plain(one) for key, one in found.items() if one is not None}


def _plain(value: Any) -> Any:
    """A value as JSON knows it: numbers, truth and lists stay, all else is its text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else str(value)


def _events(looking: Looking, form: EventForm, record: Any) -> Iterator[dict[str, Any]]:
    for thing in looking.each(record, form.each):
        if all(_says(looking, thing, path, words) for path, words in form.when.items()):
            event = _event(looking, form, thing)
            if event is not None:
                yield event


def _says(looking: Looking, thing: Any, path: str, words: tuple[str, ...]) -> bool:
    return word(looking.at(thing, path)) in words


def _event(looking: Looking, form: EventForm, thing: Any) -> dict[str, Any] | None:
    at = looking.moment(form.at, thing)
    if at is None:
        return None
    event: dict[str, Any] = {"type": form.type, "at": at.isoformat(), "id": _identity(looking, form, thing)}
    names = ("follow_up", "channel", "contact", "subject", "body", "to")
    event |= {name: found for name in names if (found := looking.text(getattr(form, name), thing)) is not None}
    event |= {} if (writer := looking.text(form.from_, thing)) is None else {"from": writer}
    if looking.text(form.auto_reply, thing) == "true":
        event["auto_reply"] = True
    by = looking.day_or_moment(form.by, thing) if form.by is not None else None
    event |= {} if by is None else {"by": by.isoformat()}
    interview = looking.text(form.interview, thing)
    return event if interview is None else {**event, "interview": f"interview_scheduled-{interview}"}


def _identity(looking: Looking, form: EventForm, thing: Any) -> str:
    if form.id is not None:
        found = looking.text(form.id, thing)
    else:
        found = None if form.each is None else _own_id(looking, thing)
    return form.type if found is None else f"{form.type}-{found}"


def _own_id(looking: Looking, thing: Any) -> str:
    """The `id` of something listed."""
    found = looking.at(thing, "id")
    if found in (None, False, ""):
        raise Unusable("FR994", "something listed has no id", "name its field in 'id' of the event")
    return str(found)


def _whole(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Events without the name of an interview that is not among them, and no cancellation of such a one."""
    there = {event["id"] for event in events}
    for event in events:
        if "interview" not in event or event["interview"] in there:
            yield event
        elif event["type"] == "interview_completed":
            yield {key: one for key, one in event.items() if key != "interview"}
