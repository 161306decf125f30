"""Messages of mailboxes: kept without text and names, and found again by the applications that they belong to. Pure.

What a message answers tells its application; without that it is the address. One that answers what was written in
another application does not belong to this one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from followup_rules.adapter import Message, Order
from followup_rules.model.words import READER, WRITER, Side
from followup_rules.outbox.messages import KeptMessage, fingerprint
from followup_rules.outbox.rows import Row

_OURS: Final = re.compile(r"<([A-Za-z0-9_-]{1,128})@followup-rules\.[^<>@]{1,253}>")
_MOST: Final = 50


class Letter(NamedTuple):
    """What the store knows of a message. Addresses and ids are fingerprints, actions are the outbox's own ids."""

    id: str
    at: str
    kind: str
    outgoing: bool
    sender: str
    recipients: tuple[str, ...]
    owner: tuple[str, ...]
    action: str = ""
    """The action that has written this very message."""
    answered: tuple[str, ...] = ()
    """The actions whose messages it answers."""


def kept_message(message: Message) -> KeptMessage:
    """What is kept of a message."""
    answered = dict.fromkeys(action for one in message.answers[:_MOST] if (action := _action(one)))
    letter = Letter(
        id=f"mail:{'to' if message.outgoing else 'from'}:{fingerprint(message.id)}",
        at=message.at.isoformat(),
        kind=message.kind,
        outgoing=message.outgoing,
        sender=fingerprint(message.sender),
        recipients=tuple(map(fingerprint, message.recipients[:_MOST])),
        owner=tuple(map(fingerprint, message.owner)),
        # Only what left the mailbox can have been written there.
        action=_action(message.id) if message.outgoing else "",
        answered=tuple(answered),
    )
    people = letter.recipients if letter.outgoing else (letter.sender,)
    links = [f"a:{one}" for one in people] + [f"x:{one}" for one in (letter.action, *letter.answered) if one]
    return KeptMessage(letter.id, json.dumps(letter._asdict(), separators=(",", ":")), tuple(dict.fromkeys(links)))


def letters_in(texts: Iterable[str]) -> Iterator[Letter]:
    """Kept messages, each once."""
    for text in dict.fromkeys(texts):
        data: Any = json.loads(text)
        lists = {key: tuple(data[key]) for key in ("recipients", "owner", "answered")}
        yield Letter(**(data | lists))


def links_of(data: Mapping[str, Any], actions: Sequence[Row]) -> set[str]:
    """By which links the messages of an application are found."""
    people = [data.get("candidate"), *(data.get("contacts") or ())]
    emails = {one["email"] for one in people if isinstance(one, dict) and isinstance(one.get("email"), str)}
    return {f"a:{fingerprint(one)}" for one in emails} | {f"x:{row.id}" for row in actions}


def with_letters(
    data: Mapping[str, Any], letters: Iterable[Letter], orders: Mapping[str, Order], homes: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The data of an application with the events that messages are, and which of these an action has written.

    Args:
        orders: this application's, by action.
        homes: the application of every action that the messages name and the outbox knows.
    """
    people = _People(data)
    made: list[dict[str, Any]] = []
    written: dict[str, str] = {}
    seen: set[str] = set()
    for letter in letters:
        # Two mailboxes may have the same message.
        event = _event(letter, people, orders, homes) if letter.id not in seen else None
        if event is not None:
            seen.add(letter.id)
            made.append(event)
            if letter.action in orders:
                written[letter.id] = letter.action
    return {**data, "events": [*(data.get("events") or ()), *made]} if made else dict(data), written


class _People:
    """Who is who in an application, by fingerprint."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        email = (data.get("candidate") or {}).get("email")
        self.candidate = fingerprint(email) if email else None
        self.contacts: dict[str, list[str]] = {}
        for one in data.get("contacts") or ():
            if one.get("email"):
                self.contacts.setdefault(fingerprint(one["email"]), []).append(one["id"])

    def is_owner(self, letter: Letter) -> bool:
        """Whether the mailbox may be the candidate's: then contacts write to it as the other side."""
        return self.candidate is None or self.candidate in letter.owner

    def among(self, found: Iterable[str]) -> list[str]:
        """The contacts who have these addresses."""
        return list(dict.fromkeys(contact for one in found for contact in self.contacts.get(one, ())))


def _event(
    letter: Letter, people: _People, orders: Mapping[str, Order], homes: Mapping[str, str]
) -> dict[str, Any] | None:
    own = orders.get(letter.action)
    threads = [orders[one] for one in letter.answered if one in orders]
    elsewhere = [one for one in (letter.action, *letter.answered) if one in homes and one not in orders]
    if own is None and not threads and (elsewhere or letter.kind in ("list", "bounce")):
        return None
    event: dict[str, Any] = {"id": letter.id, "at": letter.at}
    if letter.kind == "bounce":
        return event | {"type": "note", "subject": "a message could not be delivered"}
    side, contacts = _who(letter, people, own, threads)
    if side is None:
        return None
    event |= {"type": "message", "from": side, "channel": "email"}
    if contacts:
        event |= {"contact": contacts[0]} if len(contacts) == 1 else {"contacts": contacts}
    if letter.kind == "auto_reply":
        event["auto_reply"] = True
    return event


def _who(letter: Letter, people: _People, own: Order | None, threads: Sequence[Order]) -> tuple[Side | None, list[str]]:
    """Which side has written it, and which contacts it concerns."""
    others = letter.recipients if letter.outgoing else (letter.sender,)
    if own is not None:
        return WRITER[own.direction], []
    if people.candidate is not None and people.candidate in others:
        return ("employer" if letter.outgoing else "candidate"), []
    contacts = people.among(others)
    if threads:
        # Somebody answers what we wrote, whom the application may not know, or we go on with the thread.
        direction = threads[-1].direction
        if letter.outgoing:
            return WRITER[direction], contacts if WRITER[direction] == "candidate" else []
        return ("employer" if contacts else READER[direction]), contacts
    if contacts and people.is_owner(letter):
        return ("candidate" if letter.outgoing else "employer"), contacts
    return None, []


def _action(message_id: str) -> str:
    found = _OURS.fullmatch(message_id.strip())
    return found[1] if found is not None else ""
