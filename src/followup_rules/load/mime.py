"""From the bytes of a mail to its headers and its one text.

The tree of parts is read by the standard library under its older policy, which touches no header that it need not: the
newer one reads each as it comes, which takes minutes on a long one and breaks on some. The headers that are of use are
then read by the newer one, cut to a length (`headers.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    MissingHeaderBodySeparatorDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import Message
from email.policy import Compat32
from typing import Any, Final, NamedTuple

from followup_rules.load.charsets import decode
from followup_rules.load.flowed import flowed
from followup_rules.load.html import LONGEST, html_text
from followup_rules.load.origins import Drawn, whole

_DEEPEST: Final = 50
_LONGEST_HEADER: Final = 10_000
_KNOWN: Final = frozenset({
    "from", "to", "cc", "bcc", "subject", "date", "mime-version", "content-type", "message-id", "received",
    "return-path", "reply-to", "sender", "content-transfer-encoding", "in-reply-to", "references", "delivered-to",
    "x-mailer", "thread-topic",
})  # fmt: skip
_NO_TEXTS: Final = frozenset({
    "calendar", "csv", "css", "xml", "vcard", "x-vcard", "directory", "rtf", "javascript", "x-amp-html", "watch-html",
})  # fmt: skip
_DAMAGE: Final[dict[type, str]] = {
    StartBoundaryNotFoundDefect: "the line that begins its parts is not there",
    NoBoundaryInMultipartDefect: "it does not say how its parts are told apart",
    CloseBoundaryNotFoundDefect: "it ends before its last part does",
    MissingHeaderBodySeparatorDefect: "there is a line among its headers that is none",
    InvalidBase64CharactersDefect: "its base64 has characters that do not belong there",
    InvalidBase64PaddingDefect: "its base64 is cut off",
    InvalidBase64LengthDefect: "its base64 is cut off",
}
_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)
_MOST_WORK: Final = 10_000_000
"""The standard library looks at each line once for each level of parts: so much takes about a second."""
_UNREADABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")


class _Short(Compat32):
    """Headers cut to a length: the standard library takes a quarter of a minute for one of a megabyte."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


_POLICY: Final = _Short()


class Broken(Exception):
    """Nothing of the mail can be read; the message says why."""


@dataclass
class Mail:
    """A mail as it was read. `damage` and `losses` are faults that left something readable; a loss has a hint."""

    headers: dict[str, str] = field(default_factory=dict)
    drawn: Drawn = field(default_factory=lambda: whole(""))
    placed: bool = True
    """True where the places of the text are those of the file."""
    notes: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    losses: list[tuple[str, str]] = field(default_factory=list)


class _Leaf(NamedTuple):
    part: Message[str, str]
    html: bool
    text: str


def read_mail(data: bytes) -> Mail:
    """A mail, from bytes with line breaks of any kind.

    Raises:
        Broken: where nothing is left to be read.
    """
    data = _plain_bytes(data)
    if not data.strip():
        raise Broken("the file is empty")
    if len(_BOUNDARY.findall(data)) * data.count(b"\n") > _MOST_WORK:
        raise Broken("it has too many parts")
    try:
        message: Message[str, str] = message_from_bytes(data, policy=_POLICY)
    except RecursionError:
        raise Broken("its parts are nested too deep") from None
    mail = Mail({name.lower(): str(value) for name, value in reversed(list(message.raw_items()))})
    if not _KNOWN & set(mail.headers):
        return _without_headers(data)
    try:
        _draw(mail, message, list(_chosen(message, mail)), data)
        mail.damage += dict.fromkeys(words for part in _parts(message) for words in _defects(part))
    except (ValueError, LookupError, TypeError, AttributeError):  # each Python breaks on other headers
        raise Broken("its headers are damaged") from None
    if mail.damage and not mail.drawn.text.strip():
        raise Broken(mail.damage[0])
    return mail


def _plain_bytes(data: bytes) -> bytes:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _without_headers(data: bytes) -> Mail:
    decoded = decode(data)
    if not _readable(decoded.text) or "\0" in decoded.text:
        raise Broken("it has neither the headers of a mail nor any text")
    mail = Mail(drawn=whole(decoded.text), damage=["it has no headers; all of it was taken for the text"])
    mail.losses += [(decoded.fault, decoded.hint)] if decoded.fault else []
    return mail


def _chosen(part: Message[str, str], mail: Mail, depth: int = 0) -> Iterator[_Leaf]:
    """The texts to be read: of alternatives the plain one, of related parts the first, no attachments."""
    kind = part.get_content_maintype()
    inner = _inner(part)
    if depth > _DEEPEST:
        mail.damage.append("its parts are nested too deep; the inmost were left out")
    elif kind == "message":
        mail.notes.append("a mail that is attached was left out")
    elif inner is None:
        yield from _leaf(part, mail)
    elif part.get_content_subtype() == "alternative":
        choices = [list(_chosen(one, mail, depth + 1)) for one in inner]
        written = [one for one in choices if any(leaf.text.strip() for leaf in one)]
        yield from min(written, key=lambda one: any(leaf.html for leaf in one), default=[])
    elif part.get_content_subtype() == "related":
        yield from next((found for one in inner if (found := list(_chosen(one, mail, depth + 1)))), [])
    else:
        for one in inner:
            yield from _chosen(one, mail, depth + 1)


def _inner(part: Message[str, str]) -> list[Message[str, str]] | None:
    """The parts of a part; None for a text, which is not asked for here because a strange charset breaks the asking."""
    inner: Any = part.get_payload() if part.is_multipart() else None
    return inner if isinstance(inner, list) else None


def _leaf(part: Message[str, str], mail: Mail) -> Iterator[_Leaf]:
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or part.get_filename():
        mail.notes.append("what is attached was left out")
    elif part.get_content_maintype() in ("text", "multipart") and part.get_content_subtype() not in _NO_TEXTS:
        raw = part.get_payload(decode=True)
        html = kind == "text/html"
        decoded = decode(raw if isinstance(raw, bytes) else b"", part.get_content_charset(), html)
        if decoded.fault:
            mail.losses.append((decoded.fault, decoded.hint))
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
        yield _Leaf(part, html, html_text(text) if html else text)
        if html and len(text) > LONGEST:
            mail.damage.append(f"of its HTML only the first {LONGEST:,} characters were read")


def _draw(mail: Mail, message: Message[str, str], leaves: list[_Leaf], data: bytes) -> None:
    """The text of the mail and where it comes from."""
    texts = [leaf.text for leaf in leaves if leaf.text.strip()]
    if texts and not any(_readable(text) for text in texts):
        raise Broken("nothing of its text can be read")
    if any(leaf.html for leaf in leaves):
        mail.notes.append("the HTML part was turned to text")
    if len(leaves) != 1:
        mail.drawn, mail.placed = whole("\n".join(texts)), False
        return
    (leaf,) = leaves
    mail.placed = leaf.part is message and not leaf.html and _is_verbatim(message)
    above = max(0, data.count(b"\n") - leaf.text.count("\n")) if mail.placed else 0
    if leaf.html or str(leaf.part.get_param("format", "")).lower() != "flowed":
        mail.drawn = whole(leaf.text, above)
        return
    delete_space = str(leaf.part.get_param("delsp", "")).lower() == "yes"
    mail.drawn = Drawn(leaf.text, flowed(leaf.text, delete_space), above)


def _is_verbatim(message: Message[str, str]) -> bool:
    encoding = str(message.get("content-transfer-encoding", "")).strip().lower()
    return encoding in ("", "7bit", "8bit", "binary") and message.get_content_charset() not in ("utf-16", "utf-32")


def _readable(text: str) -> bool:
    """True where most of a text is no control character and could be decoded."""
    some = "".join(text[:100_000].split())
    return len(_UNREADABLE.findall(some)) * 4 <= len(some)


def _parts(message: Message[str, str]) -> Iterator[Message[str, str]]:
    """The message and its parts, without those of attached mails."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        if part.get_content_maintype() == "multipart":
            waiting.extend(reversed(_inner(part) or []))


def _defects(part: Message[str, str]) -> Iterator[str]:
    return (_DAMAGE[type(defect)] for defect in part.defects if type(defect) in _DAMAGE)
