"""The adapter `imap`: each draft is a message in the mailbox for drafts, once; what comes in and goes out is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from followup_rules.adapter import Adapter, Capability, Mail, Order, Receipt, Secret
from followup_rules.mailing.addresses import address
from followup_rules.mailing.message import compose, message_id
from followup_rules.mailing.server import MailServer
from followup_rules_imap.mailboxes import Mailboxes
from followup_rules_imap.reading import read


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class ImapAdapter(Adapter):
    """Puts drafts where a person finds, reads and sends them, and sees what is answered. It never sends."""

    name = "imap"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"draft", "read_messages"})
    tier = "silver"
    clock: Callable[[], datetime] = staticmethod(_utc_now)

    class Settings(MailServer):
        """Whose mailbox, and who writes."""

        user: str = Field(min_length=1, description="Who logs in.")
        password: Secret = Field(description="The password, or the access token where 'login' names a token.")
        login: Literal["password", "xoauth2", "oauthbearer"] = Field(
            default="password", description="What 'password' is: a password, or an OAuth access token."
        )
        sender: str = Field(alias="from", description="Who writes: 'ada@example.com' or 'Ada Novak <ada@example.com>'.")
        drafts: str = Field(
            default="Drafts", min_length=1, description="The mailbox for drafts, where the server does not mark one."
        )

        also: tuple[str, ...] = Field(default=(), description="Other addresses of who writes.")
        read: tuple[str, ...] = Field(default=("INBOX",), min_length=1, description="Where answers come in.")
        sent: str = Field(
            default="Sent", min_length=1, description="The mailbox for sent mail, where the server does not mark one."
        )
        read_days: int = Field(default=90, ge=1, le=3660, description="How far back the first reading goes, in days.")

        @field_validator("sender")
        @classmethod
        def _is_an_address(cls, given: str) -> str:
            address(given)
            return given

        @field_validator("also")
        @classmethod
        def _are_addresses(cls, given: tuple[str, ...]) -> tuple[str, ...]:
            for one in given:
                address(one)
            return given

        @field_validator("read")
        @classmethod
        def _are_lines(cls, given: tuple[str, ...]) -> tuple[str, ...]:
            if not all(one and one.isprintable() for one in given):
                raise ValueError("has a name that is empty or has control characters in it")
            return given

        @field_validator("user", "drafts", "sent")
        @classmethod
        def _is_one_line(cls, given: str) -> str:
            if not given.isprintable():
                raise ValueError("has control characters in it")
            return given

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._sender = address(settings.sender)

    def carry_out(self, order: Order) -> Receipt:
        """Append the draft, unless its Message-ID is there. The reference is the Message-ID."""
        data = compose(order, self._sender).as_bytes()
        key = self._key(order)
        with Mailboxes(self.settings) as mailboxes:
            if mailboxes.search(key):
                return self._receipt(order, "already_done")
            kept = mailboxes.append(data, key, order.at)
        return self._receipt(order, "done" if kept else "already_done")

    def find(self, order: Order) -> Receipt | None:
        """The message of that Message-ID: among drafts, sent mail, or what was archived or thrown away."""
        with Mailboxes(self.settings) as mailboxes:
            return self._receipt(order, "already_done") if mailboxes.search(self._key(order)) else None

    def read_messages(self, since: str | None) -> Iterator[Mail]:
        """What came in and went out since the last reading. Nothing is marked as read."""
        own = (self.settings.sender, *self.settings.also)
        owner = tuple(dict.fromkeys(address(one).addr_spec.casefold() for one in own))
        with Mailboxes(self.settings) as mailboxes:
            yield from read(mailboxes, self.settings.read, owner, since, self.clock(), self.settings.read_days)

    def preview(self, order: Order) -> str:
        """The message as it would lie in the mailbox."""
        return f"imap: a draft into the mailbox of {self.settings.user}\n\n{compose(order, self._sender).as_string()}"

    def test_connection(self) -> str:
        """Logs in and looks for the mailbox."""
        with Mailboxes(self.settings) as mailboxes:
            return f"{self.settings.user} on {self.settings.host}: drafts go into '{mailboxes.drafts}'"

    def _key(self, order: Order) -> str:
        return message_id(order.id, self._sender)

    def _receipt(self, order: Order, state: Literal["done", "already_done"]) -> Receipt:
        return Receipt(order.id, self.name, state, self._key(order))
