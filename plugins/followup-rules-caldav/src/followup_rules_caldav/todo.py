"""A to-do made of an order (RFC 5545): the same order makes the same text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Final

from icalendar import Calendar, Todo

from followup_rules.adapter import Order
from followup_rules.errors import Refused

_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LINE_BREAK: Final = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_LONGEST_SUMMARY: Final = 250
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


def uid(order: Order) -> str:
    """The name of an action's to-do, in the calendar and as a file.

    Raises:
        Refused: the id of the action is none that a name can be made of.
    """
    if _PLAIN_ID.fullmatch(order.id) is None:
        raise Refused(f"the id {order.id[:60]!a} of the action cannot be the name of a to-do")
    return f"followup-rules-{order.id}"


def todo(order: Order) -> bytes:
    """A calendar with this one to-do. It is due in the recipient's zone, which is described with it."""
    item = Todo()
    item.add("uid", uid(order))
    item.add("dtstamp", (order.at or order.due_at or _EPOCH).astimezone(timezone.utc))
    item.add("summary", _line(f"{order.title}: {_about(order)}")[:_LONGEST_SUMMARY])
    item.add("description", "\n".join(_line(line) for line in _description(order)))
    item.add("categories", [_line(order.follow_up)])
    item.add("status", "NEEDS-ACTION")
    calendar = Calendar()
    calendar.add("prodid", "-//followup-rules//caldav//EN")
    calendar.add("version", "2.0")
    if order.due_at is not None:
        due = _named_zone(order.due_at)
        item.add("due", due)
        calendar.add_component(item)
        if due.tzinfo is not timezone.utc:
            calendar.add_missing_timezones(due.date() - timedelta(days=366), due.date() + timedelta(days=732))
    else:
        calendar.add_component(item)
    return bytes(calendar.to_ical())


def _named_zone(moment: datetime) -> datetime:
    """In the zone of its name; a bare offset has none that a calendar would know, and becomes UTC."""
    name = getattr(moment.tzinfo, "key", None)
    return moment.astimezone(timezone.utc) if name in (None, "UTC", "Etc/UTC") else moment


def _about(order: Order) -> str:
    who = order.candidate.name if order.direction == "employer_to_candidate" else _employer(order)
    job = order.job.title
    return ", ".join(part for part in (who or order.candidate.name or order.application, job) if part)


def _employer(order: Order) -> str | None:
    return (order.person.name if order.person is not None else None) or order.job.company


def _description(order: Order) -> Iterator[str]:
    people = (("Candidate", order.candidate), ("Contact", order.person))
    yield f"Application: {order.application}"
    for word, one in people:
        if one is not None and (one.name or one.email):
            yield f"{word}: {' '.join(part for part in (one.name, f'<{one.email}>' if one.email else '') if part)}"
    job = ", ".join(part for part in (order.job.title, order.job.company) if part)
    if job:
        yield f"Job: {job}"
    yield f"Follow-up: {order.follow_up}, step {order.step}, by the rule {order.rule}"
    if order.expires_at is not None:
        yield f"Not after: {order.expires_at.isoformat(sep=' ', timespec='minutes')}"
    if order.draft is not None:
        yield ""
        yield f"Subject: {order.draft.subject}"
        yield ""
        yield from _LINE_BREAK.split(order.draft.body.rstrip())


def _line(text: str) -> str:
    """One line without control characters and halves of characters."""
    whole = _LINE_BREAK.sub(" ", text.encode("utf-8", "replace").decode("utf-8"))
    return "".join(mark for mark in whole if mark == "\t" or (ord(mark) >= 32 and mark != "\x7f"))
