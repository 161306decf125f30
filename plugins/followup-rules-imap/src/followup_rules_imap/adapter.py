"""The adapter `imap`: each draft is a message in the mailbox for drafts, once."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from followup_rules.adapter import Adapter, Capability, Order, Receipt, Secret
from followup_rules.mailing.addresses import address
from followup_rules.mailing.message import compose, message_id
from followup_rules.mailing.server import MailServer
from followup_rules_imap.mailboxes import Mailboxes


class ImapAdapter(Adapter):
    """Puts drafts where a person finds, reads and sends them. It never sends."""

    name = "imap"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"draft"})

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

        @field_validator("sender")
        @classmethod
        def _is_an_address(cls, given: str) -> str:
            address(given)
            return given

        @field_validator("user", "drafts")
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
