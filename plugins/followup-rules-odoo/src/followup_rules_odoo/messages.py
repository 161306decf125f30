"""What was said about a record: Odoo's messages as messages and notes of ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parseaddr
from typing import Any, Final, NamedTuple

from followup_rules.load.html import html_text
from followup_rules.model.words import Side
from followup_rules_odoo.records import Record, line, number_of, spoken

_MARKER: Final = re.compile(r"\[followup-rules:[^\]\s]+\]")
_LONGEST: Final = 20_000
_BY_ITSELF: Final = ("auto_comment", "out_of_office")
_SAID: Final = ("email", "comment", "email_outgoing", *_BY_ITSELF)


class People(NamedTuple):
    """Who is who: the candidate's partner and addresses, the numbers of inner partners, contacts by partner."""

    candidate: int | None
    addresses: frozenset[str]
    inner: frozenset[int]
    contacts: Mapping[int, str]


def message_events(messages: Iterable[Record], internal: frozenset[int], people: People) -> Iterator[dict[str, Any]]:
    """Messages, and notes. Odoo's own notifications are left out, but for activities that are done.

    Args:
        internal: the kinds of messages that nobody outside sees, by number.
    """
    messages = list(messages)
    when = spoken(messages)
    for one in messages:
        if one["id"] not in when:
            continue
        event = {"id": f"mail.message:{one['id']}", "at": when[one["id"]], "subject": line(one.get("subject"))}
        if one.get("mail_activity_type_id"):
            text = _done(one)
            if text is not None:
                yield _whole(event, "note", text)
        elif one.get("message_type") in _SAID:
            text = html_text(str(one.get("body") or ""))[:_LONGEST]
            if number_of(one.get("subtype_id")) in internal or one.get("is_internal"):
                yield _whole(event, "note", text)
            else:
                yield _whole(event | _said(one, people), "message", text)


def _whole(event: Mapping[str, Any], kind: str, text: str) -> dict[str, Any]:
    found = {**event, "type": kind, "body": text or None}
    return {key: one for key, one in found.items() if one is not None}


def _done(message: Record) -> str | None:
    """The text of one of our activities that is done; the marker comes last, whatever was written below it."""
    text = html_text(str(message.get("body") or ""))[:_LONGEST]
    found = _MARKER.search(text)
    return None if found is None else f"{_MARKER.sub('', text).strip()}\n\n{found[0]}"


def _said(message: Record, people: People) -> dict[str, Any]:
    side, author = _side(message, people), number_of(message.get("author_id"))
    spoken = [author] if author in people.contacts else [number_of(one) for one in message.get("partner_ids") or ()]
    named = [people.contacts[one] for one in spoken if one is not None and one in people.contacts]
    channel = "email" if message.get("message_type") in ("email", "email_outgoing") else None
    said: dict[str, Any] = {"from": side, "channel": channel}
    if message.get("message_type") in _BY_ITSELF:
        said["auto_reply"] = True
    return {**said, **({"contacts": list(dict.fromkeys(named))} if named else {})}


def _side(message: Record, people: People) -> Side:
    """Who comes from outside and is nobody's contact speaks for the candidate: that stops more than it starts."""
    author = number_of(message.get("author_id"))
    address = parseaddr(str(message.get("email_from") or ""))[1].casefold()
    if (author is not None and author == people.candidate) or address in people.addresses:
        return "candidate"
    if author in people.inner or author in people.contacts:
        return "employer"
    return "candidate"
