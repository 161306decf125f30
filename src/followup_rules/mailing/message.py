"""A message made of an order: the same order makes the same bytes, and nothing in it can begin a header of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email import message_from_bytes
from email.header import Header, decode_header, make_header
from email.headerregistry import (
    Address,
    HeaderRegistry,
    UniqueAddressHeader,
    UniqueUnstructuredHeader,
    UnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, default
from email.utils import getaddresses
from typing import Any, Final

from followup_rules.adapter import Order
from followup_rules.errors import Refused
from followup_rules.judge.actions import actions
from followup_rules.mailing.addresses import address, one_line
from followup_rules.model.decision import Draft

_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LINE_BREAK: Final = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_LONGEST_LINE: Final = 998
_MOST_REFERENCES: Final = 20


class _Words(UnstructuredHeader):
    """Ids or links: folded between them and never encoded, as other headers' long words are."""

    def fold(self, *, policy: Any) -> str:
        words: str = f"{policy.linesep} ".join(str(self).split())
        return f"{self.name}: {words}{policy.linesep}"  # type: ignore[attr-defined]  # every header has a name


class _Subject(UniqueUnstructuredHeader):
    """Encoded as a whole where it is not ASCII: in pieces, as the library does it, spaces between them get lost."""

    def fold(self, *, policy: Any) -> str:
        text = str(self)
        if text.isascii():
            return str(super().fold(policy=policy))  # type: ignore[misc]  # every header can
        return f"Subject: {_encoded(text, 'Subject', policy.linesep)}{policy.linesep}"


class _Mailbox(UniqueAddressHeader):
    """One address; a name that is not ASCII is encoded as a whole, for the same reason."""

    def fold(self, *, policy: Any) -> str:
        (one,) = self.addresses
        if one.display_name.isascii():
            return str(super().fold(policy=policy))  # type: ignore[misc]
        name: str = self.name  # type: ignore[attr-defined]
        shown = _encoded(one.display_name, name, policy.linesep)
        return f"{name}: {shown}{policy.linesep} <{one.addr_spec}>{policy.linesep}"


def _encoded(text: str, header: str, linesep: str) -> str:
    return Header(text, "utf-8", header_name=header, maxlinelen=76).encode(linesep=linesep)


def _policy() -> EmailPolicy[Any]:
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references", "list-unsubscribe"):
        registry.map_to_type(name, _Words)  # type: ignore[arg-type]  # it makes a header of it, as of its own
    registry.map_to_type("subject", _Subject)  # type: ignore[arg-type]
    for name in ("from", "to"):
        registry.map_to_type(name, _Mailbox)  # type: ignore[arg-type]
    # Nothing but ASCII goes out: not every server takes more.
    return SMTP.clone(header_factory=registry, cte_type="7bit")


_POLICY: Final = _policy()


def message_id(action: str, sender: Address) -> str:
    """The Message-ID of an action's message: the same for the same action and the domain that it is written from.

    Raises:
        Refused: the id of the action is none that a header can hold.
    """
    if _PLAIN_ID.fullmatch(action) is None:
        raise Refused(f"the id {action[:60]!a} of the action cannot stand in a header")
    return f"<{action}@followup-rules.{sender.domain}>"


def recipient(order: Order) -> Address | None:
    """Whom the draft is for, with the name where the application knows it; None where there is no address.

    Raises:
        Refused: it is no address that can be written to.
    """
    if order.draft is None or not (order.draft.to or "").strip():
        return None
    to = order.draft.to or ""
    known = (one for one in (order.person, order.candidate) if one is not None and one.email == to)
    try:
        return address(to, next((one.name for one in known if one.name), None))
    except ValueError as error:
        told = str(error)
    raise Refused(f"the recipient cannot be written to: {told}")


def compose(order: Order, sender: Address, more: Mapping[str, str] | None = None) -> EmailMessage:
    """The message of an order. Later steps of a cadence name the earlier ones, so that clients show them together.

    Args:
        more: further headers.

    Raises:
        Refused: there is no text, or it cannot be sent to its recipient.
    """
    if order.draft is None:
        raise Refused(f"the rule '{order.rule}' has no template, so there is no text to write")
    to = recipient(order)
    # The library has had faults in writing some names; an address alone is always written right.
    for writer, reader in ((sender, to), (sender, _bare(to)), (_bare(sender), _bare(to))):
        message = _built(order, order.draft, writer or sender, reader, more or {})
        if _reads_as_meant(message, sender, to):
            return message
    raise Refused("its headers cannot be written so that they would be read as they are meant")


def _bare(one: Address | None) -> Address | None:
    return None if one is None else Address("", one.username, one.domain)


def _built(order: Order, draft: Draft, sender: Address, to: Address | None, more: Mapping[str, str]) -> EmailMessage:
    message = EmailMessage(_POLICY)
    message["From"] = sender
    if to is not None:
        message["To"] = to
    message["Subject"] = one_line(draft.subject)
    when = order.at or order.due_at
    if when is not None:
        message["Date"] = when
    message["Message-ID"] = message_id(order.id, sender)
    earlier = _earlier(order, sender)
    if earlier:
        message["In-Reply-To"] = earlier[-1]
        message["References"] = " ".join(earlier)
    for name, value in more.items():
        message[name] = one_line(value)
    message.set_content(_body(draft.body), charset="utf-8")
    return message


def _earlier(order: Order, sender: Address) -> list[str]:
    """The Message-IDs of the earlier steps of the same occasion, as far as this program has written them."""
    first = max(1, order.step - _MOST_REFERENCES)
    words = order.application, order.rule, order.occasion
    return [message_id(actions(*words, step, (order.do,))[0].id, sender) for step in range(first, order.step)]


def _body(text: str) -> str:
    """Lines of printable text, ended by a line break."""
    lines = _LINE_BREAK.split(text.encode("utf-8", "replace").decode("utf-8"))
    clean = ("".join(mark for mark in line if mark == "\t" or (ord(mark) >= 32 and mark != "\x7f")) for line in lines)
    return "\n".join(clean).rstrip("\n") + "\n"


def _reads_as_meant(message: EmailMessage, sender: Address, to: Address | None) -> bool:
    """What is written is read back: the same headers and addresses, and no line longer than mail may have."""
    data = message.as_bytes()
    read = message_from_bytes(data, policy=default)
    if read.keys() != message.keys() or any(len(line) > _LONGEST_LINE for line in data.split(b"\r\n")):
        return False
    for name, one in (("From", sender), ("To", to)):
        found = read[name].addresses if read[name] is not None else ()
        if [each.addr_spec for each in found] != ([one.addr_spec] if one is not None else []):
            return False
    return all(
        _shown(data, name) == message[name].addresses[0].display_name for name in ("From", "To") if message[name]
    )


def _shown(data: bytes, name: str) -> str:
    """The name that a reader shows. The library's newer reader puts spaces between encoded pieces, against RFC 2047."""
    raw = str(message_from_bytes(data)[name]).replace("\r\n", "")
    return str(make_header(decode_header((getaddresses([raw]) or [("", "")])[0][0])))
