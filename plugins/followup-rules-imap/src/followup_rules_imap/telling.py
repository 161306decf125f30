"""What the headers of a message tell: who wrote to whom, what it answers, and whether a person has written it."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Parsed
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from itertools import islice
from typing import Final, Literal

from followup_rules.adapter import Message

_ID: Final = re.compile(r"<[^<>\s]{1,500}>")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[A-Za-z0-9.-]{1,253}")
_MOST: Final = 100
_POSTMASTERS: Final = ("mailer-daemon", "postmaster")
_AUTOMATIC: Final = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply")
Kind = Literal["message", "auto_reply", "bounce", "list"]


def told_by(data: bytes, at: datetime, *, sent: bool, owner: tuple[str, ...]) -> Message:
    """The message that some bytes are; the headers are enough, but for a bounce.

    Args:
        at: when the server got it: the clocks of senders may be wrong.
        sent: it lies in the mailbox for sent mail.
        owner: the addresses of who owns the mailbox.
    """
    parsed = _parsed(data)
    sender = next(iter(_addresses(parsed, "from")), "")
    kind = _kind(parsed, sender)
    own = _ids(parsed, "message-id")[:1]
    answers = [*_ids(parsed, "in-reply-to"), *reversed(_ids(parsed, "references"))]
    if kind == "bounce":
        answers += _returned(parsed)
    return Message(
        # Without an id of its own, its bytes tell it from others.
        id=own[0] if own else f"<{hashlib.blake2b(data, digest_size=16).hexdigest()}@none>",
        at=at,
        sender=sender,
        recipients=tuple(dict.fromkeys([*_addresses(parsed, "to"), *_addresses(parsed, "cc")])),
        outgoing=sent or sender in owner,
        owner=owner,
        kind=kind,
        answers=tuple(dict.fromkeys(answers)),
    )


def may_be_a_bounce(data: bytes) -> bool:
    """Whether the rest of the message has to be looked at, where it names what did not arrive."""
    parsed = _parsed(data)
    return _kind(parsed, next(iter(_addresses(parsed, "from")), "")) == "bounce"


def _parsed(data: bytes) -> Parsed:
    try:
        return message_from_bytes(data, policy=compat32)
    except RecursionError:
        # Parts inside parts, deeper than any program writes them: the headers have to be enough.
        return BytesHeaderParser(policy=compat32).parsebytes(data)


def _kind(parsed: Parsed, sender: str) -> Kind:
    """RFC 3464 for bounces, RFC 3834 for what answers by itself, RFC 2919 for lists; and what came before these."""
    report = parsed.get_content_type() == "multipart/report"
    if (report and _word(parsed.get_param("report-type")) == "delivery-status") or (
        sender.partition("@")[0] in _POSTMASTERS
    ):
        return "bounce"
    submitted = _first(parsed, "auto-submitted").partition(";")[0].strip()
    precedence = _first(parsed, "precedence")
    if submitted not in ("", "no") or precedence == "auto_reply" or any(name in parsed for name in _AUTOMATIC):
        return "auto_reply"
    if report or (_first(parsed, "return-path") == "<>" and not _first(parsed, "list-id")):
        # A receipt for reading, or something else that nobody may answer: no person has written it.
        return "auto_reply"
    if "list-id" in parsed or "list-post" in parsed or precedence in ("list", "bulk", "junk"):
        return "list"
    return "message"


def _returned(parsed: Parsed) -> list[str]:
    """The ids of the messages that a bounce gives back."""
    found: list[str] = []
    for part in islice(parsed.walk(), 1, _MOST):
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            found += _ids(message_from_bytes(text if isinstance(text, bytes) else b"", policy=compat32), "message-id")
        else:
            found += _ids(part, "message-id")
    return found


def _ids(parsed: Parsed, name: str) -> list[str]:
    text = " ".join(str(one) for one in parsed.get_all(name, []))
    return _ID.findall(text)[-_MOST:]


def _addresses(parsed: Parsed, name: str) -> list[str]:
    texts = [" ".join(str(one).split()) for one in parsed.get_all(name, [])]
    try:
        found = [address for _, address in getaddresses(texts)]
    except RecursionError:
        # The library follows comments inside comments as deep as they go.
        found = _ADDRESS.findall(" ".join(texts))
    return [one.strip().casefold() for one in found[:_MOST] if "@" in one]


def _first(parsed: Parsed, name: str) -> str:
    return str(parsed.get(name, "")).strip().casefold()


def _word(value: object) -> str:
    return value.casefold() if isinstance(value, str) else ""
