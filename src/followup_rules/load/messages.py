"""A message in a file: a mail (`.eml`), or a draft in plain text or Markdown.

Lines and columns are those of the file wherever the text stands in it as it is. Of an encoded mail they are those of
its text, and a note says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.headers import Address, addresses, header_text
from followup_rules.load.heads import Head, Value, head_of
from followup_rules.load.markdown import without_marks
from followup_rules.load.mime import Broken, Mail, read_mail
from followup_rules.load.origins import Drawn
from followup_rules.quality.own.quoted import set_aside
from followup_rules.quality.text import Text

Kind = Literal["eml", "text", "markdown"]

LARGEST: Final = 10_000_000
"""Bytes of a file; what is attached to a mail counts."""

_MARKDOWN: Final = (".md", ".markdown")
_SUBJECT_LINE: Final = re.compile(rb"^subject[ \t]*:[ \t]*", re.IGNORECASE | re.MULTILINE)
_MAIL_FIELDS: Final = frozenset({"from", "date", "mime-version", "content-type", "message-id", "references"})
_CONVERT: Final = "save it as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8"
_SAVE_AS: Final = "save the mail anew from the mail program, or its text as a .txt file"


@dataclass(frozen=True)
class MessageFile:
    """A message, and what its file says about it.

    `body` is the whole text, `text` what its writer wrote: every character of it stands at the same place of the body.
    `notes` say what was made of it; `problems` are warnings, with their places.
    """

    shown: str
    subject: str
    body: str
    text: Text
    senders: tuple[Address, ...] = ()
    recipients: tuple[Address, ...] = ()
    in_reply_to: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    drawn: Drawn | None = None
    subject_place: tuple[int, int] = (0, 0)
    subject_verbatim: bool = True

    @property
    def sender(self) -> Address | None:
        """Who writes, where the head says so."""
        return self.senders[0] if self.senders else None

    def place(self, part: str, start: int) -> Place:
        """The place of a character of the subject or the body."""
        if part == "subject":
            line, column = self.subject_place
            return Place(self.shown, line, column + start if column and self.subject_verbatim else column)
        return Place(self.shown, *self.drawn.place(start)) if self.drawn else Place(self.shown)


def read_message(path: Path, shown: str) -> MessageFile:
    """The message in a file, of the kind that its suffix says: a mail, Markdown, or else plain text.

    Raises:
        InvalidInput: FR001 (cannot be read), FR002 (text that is neither UTF-8 nor UTF-16), FR005 (too large) or FR307
            (a mail of which nothing can be read).
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # a name with a zero character is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise _invalid("FR001", f"cannot be read: {reason}", Place(shown)) from None
    suffix = path.suffix.lower()
    return read_message_bytes(data, shown, "eml" if suffix == ".eml" else "markdown" if suffix in _MARKDOWN else "text")


def read_message_bytes(data: bytes, shown: str, kind: Kind | None = None) -> MessageFile:
    """The message in some bytes; where no kind is given, headers that only mails have make it a mail.

    Raises:
        InvalidInput: as `read_message`.
    """
    if len(data) > LARGEST:
        hint = "judge the text of the mail, without what is attached"
        raise _invalid("FR005", f"is larger than {LARGEST // 1_000_000} MB", Place(shown), hint)
    if (kind or kind_of(data)) == "eml":
        return _from_mail(data, shown)
    return _from_text(_text(data, shown), shown, kind == "markdown")


def kind_of(data: bytes) -> Kind:
    """What bytes without a name seem to be."""
    head = head_of(data[:10_000].decode("latin-1").removeprefix("ï»¿").replace("\r\n", "\n")).fields
    received = re.match(rb"(?:\xef\xbb\xbf)?(?:received|return-path|delivered-to|x-[\w-]{1,40}): ", data, re.IGNORECASE)
    return "eml" if received or _MAIL_FIELDS & set(head) else "text"


def _from_text(text: str, shown: str, markdown: bool) -> MessageFile:
    head = head_of(text)
    drawn = Drawn(text, without_marks(text, head.end) if markdown else [(head.end, text[head.end :])])
    own, quoted = set_aside(drawn.text)
    subject = head.fields.get("subject", Value("", 0))
    before = text[: subject.start]
    place = (before.count("\n") + 1, subject.start - before.rfind("\n")) if "subject" in head.fields else (0, 0)
    senders, recipients = _people({name: value.text for name, value in head.fields.items()})
    return MessageFile(
        shown, subject.text, drawn.text, Text(own, subject.text, quoted), senders, recipients, _is_reply(head),
        drawn=drawn, subject_place=place,
    )  # fmt: skip


def _from_mail(data: bytes, shown: str) -> MessageFile:
    try:
        mail = read_mail(data)
    except Broken as error:
        raise _invalid("FR307", f"cannot be read as a mail: {error}", Place(shown), _SAVE_AS) from None
    subject = header_text(mail.headers.get("subject", ""))
    place, verbatim = _subject_place(data, subject)
    own, quoted = set_aside(mail.drawn.text)
    senders, recipients = _people(mail.headers)
    replies = any(mail.headers.get(name, "").strip() for name in ("in-reply-to", "references"))
    if not mail.placed and mail.drawn.text:
        mail.notes.append("lines and columns are those of the text, not of the file")
    return MessageFile(
        shown, subject, mail.drawn.text, Text(own, subject, quoted), senders, recipients, replies,
        tuple(dict.fromkeys(mail.notes)), tuple(_warnings(mail, subject, Place(shown), Place(shown, *place))),
        mail.drawn, place, verbatim,
    )  # fmt: skip


def _warnings(mail: Mail, subject: str, place: Place, subject_place: Place) -> list[Problem]:
    damage = [Problem("FR307", f"the mail is damaged: {words}", place, _SAVE_AS, "warning") for words in mail.damage]
    losses = [Problem("FR308", words, place, hint, "warning") for words, hint in dict.fromkeys(mail.losses)]
    if "\ufffd" in subject:
        words = "a part of the subject could not be read: its charset is not the one that the mail names, or not known"
        losses.append(Problem("FR308", words, subject_place, "save the mail anew, as UTF-8", "warning"))
    return damage + losses


def _subject_place(data: bytes, subject: str) -> tuple[tuple[int, int], bool]:
    """Where the subject begins in the file of a mail, and whether it stands there as it is read."""
    head = data[: re.search(rb"\r?\n\r?\n|\Z", data).start()]  # type: ignore[union-attr]
    match = _SUBJECT_LINE.search(head)
    if not match:
        return (0, 0), False
    line = head.count(b"\n", 0, match.start()) + 1
    column = match.end() - (head.rfind(b"\n", 0, match.end()) + 1) + 1
    column -= 3 if line == 1 and data.startswith(b"\xef\xbb\xbf") else 0
    return (line, column), head[match.end() :].startswith(subject.encode("utf-8", "replace"))


def _people(fields: dict[str, str]) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    return addresses(fields.get("from", "")), addresses(fields.get("to", "")) + addresses(fields.get("cc", ""))


def _is_reply(head: Head) -> bool:
    return any(head.fields[name].text for name in ("in-reply-to", "references") if name in head.fields)


def _text(data: bytes, shown: str) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_text(data, error.start, shown) from None
    if "\0" in text:
        raise _no_text(data, data.index(b"\0"), shown)
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _no_text(data: bytes, position: int, shown: str) -> InvalidInput:
    before = data[:position]
    place = Place(shown, before.count(b"\n") + 1, position - before.rfind(b"\n"))
    return _invalid("FR002", f"is not UTF-8 text (byte {data[position]:#04x})", place, _CONVERT)


def _invalid(code: str, message: str, place: Place, hint: str = "") -> InvalidInput:
    return InvalidInput([Problem(code, message, place, hint)])
