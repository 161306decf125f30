"""The adapter `smtp`: messages are handed to a mail server, and nobody can call them back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal, NoReturn

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from followup_rules.adapter import Adapter, Capability, Order, Receipt, Secret
from followup_rules.errors import Misconfigured, Refused, Retriable, Unsupported
from followup_rules.mailing.addresses import address
from followup_rules.mailing.message import compose, message_id, recipient
from followup_rules.mailing.server import MailServer
from followup_rules_smtp.journal import Journal
from followup_rules_smtp.submission import Envelope, Submission

_LINK: Final = re.compile(r"(?:https://|mailto:)[!#-;=?-~]{1,900}", re.ASCII)


def _an_address(given: str) -> str:
    address(given)
    return given


def _a_link(given: str) -> str:
    if _LINK.fullmatch(given) is None or "," in given:
        raise ValueError("is no link that begins with https:// or mailto:, without spaces and commas")
    return given


class SmtpAdapter(Adapter):
    """Sends. It does so only where the settings say `send: really`, and only what rules `send_message`."""

    name = "smtp"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"send"})
    tier = "bronze"

    class Settings(MailServer):
        """Which server, who writes, and that it is really meant."""

        send: Literal["really"] = Field(description="That messages leave without a person reading them first.")
        journal: Path = Field(description="A folder for what was handed over; made when the first message goes.")
        sender: Annotated[str, AfterValidator(_an_address)] = Field(
            alias="from", description="Who writes: 'ada@example.com' or 'Ada Novak <ada@example.com>'."
        )
        reply_to: Annotated[str, AfterValidator(_an_address)] | None = Field(
            default=None, description="Where answers go, if not to 'from'."
        )
        copies: tuple[Annotated[str, AfterValidator(_an_address)], ...] = Field(
            default=(), max_length=10, description="Who else gets each message, unseen by the recipient."
        )
        user: str | None = Field(default=None, min_length=1, description="Who logs in; nobody, if it is left out.")
        password: Secret | None = Field(default=None, description="The password or the access token.")
        login: Literal["password", "xoauth2"] = Field(default="password", description="What 'password' is.")
        unsubscribe: tuple[Annotated[str, AfterValidator(_a_link)], ...] = Field(
            default=(), max_length=3, description="Links for List-Unsubscribe; '{action}' becomes the action's id."
        )
        one_click: bool = Field(default=False, description="That the https link takes a POST (RFC 8058).")

        @model_validator(mode="after")
        def _fit_together(self) -> Self:
            if (self.user is None) != (self.password is None):
                raise ValueError("'user' and 'password' go together")
            if self.user is not None and not self.user.isprintable():
                raise ValueError("'user' has control characters in it")
            if self.one_click and not any(link.startswith("https:") for link in self.unsubscribe):
                raise ValueError("'one_click' needs an https link in 'unsubscribe'")
            return self

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        if settings.journal.exists() and not settings.journal.is_dir():
            raise Misconfigured(f"'{settings.journal}' is no folder")
        self._sender = address(settings.sender)
        self._journal = Journal(settings.journal)

    def carry_out(self, order: Order) -> Receipt:
        """Hand the message over, unless the journal knows that it was. The reference is the Message-ID."""
        envelope = self._envelope(order)
        try:
            state = self._journal.state(order.id)
            if state == "sent":
                return self._receipt(order, "already_done")
            if state == "begun":
                self._nobody_knows(order)
            with Submission(self.settings) as submission:
                submission.address(envelope)
                if not self._journal.begin(order.id):
                    self._nobody_knows(order)
                self._hand_over(submission, envelope, order.id)
        except (FileExistsError, NotADirectoryError, PermissionError) as error:
            raise Misconfigured(f"the journal '{self.settings.journal}' cannot be used: {error.strerror}") from None
        except OSError as error:
            # Those of the connection have been told apart before.
            why = f"the journal '{self.settings.journal}' cannot be used now: {error.strerror}"
            raise Retriable(why) from None
        return self._receipt(order, "done")

    def _hand_over(self, submission: Submission, envelope: Envelope, action: str) -> None:
        try:
            submission.hand_over(envelope)
        except Retriable as error:
            if not error.maybe_done:
                self._journal.withdraw(action)
            raise
        except (Refused, Misconfigured):
            self._journal.withdraw(action)
            raise
        self._journal.confirm(action)

    def find(self, order: Order) -> Receipt | None:
        """What the journal knows. A mail server cannot be asked.

        Raises:
            Unsupported: the answer never came, so that only a person can say whether it was sent.
        """
        try:
            state = self._journal.state(order.id)
        except OSError as error:
            raise Retriable(f"the journal '{self.settings.journal}' cannot be read: {error.strerror}") from None
        if state == "begun":
            raise Unsupported(self._unknown(order))
        return self._receipt(order, "already_done") if state == "sent" else None

    def preview(self, order: Order) -> str:
        """The message as it would go out."""
        envelope = self._envelope(order)
        to = ", ".join(envelope.recipients)
        return f"smtp: SEND by {self.settings.host} to {to}\n\n{envelope.data.decode('ascii')}".replace("\r\n", "\n")

    def test_connection(self) -> str:
        """Says hello, logs in, and sends nothing."""
        with Submission(self.settings) as submission:
            submission.ask()
        who = f"as {self.settings.user}" if self.settings.user else "without a login"
        return f"{self.settings.host} takes mail from {self._sender.addr_spec} {who}"

    def _envelope(self, order: Order) -> Envelope:
        to = recipient(order)
        if to is None:
            raise Refused("the application knows no address of the recipient, so there is nobody to send it to")
        data = compose(order, self._sender, self._headers(order)).as_bytes()
        return Envelope(
            self._sender.addr_spec, (to.addr_spec, *(address(one).addr_spec for one in self.settings.copies)), data
        )

    def _headers(self, order: Order) -> dict[str, str]:
        headers = {"Auto-Submitted": "auto-generated"}
        if self.settings.reply_to is not None:
            headers["Reply-To"] = self.settings.reply_to
        if self.settings.unsubscribe:
            links = (link.replace("{action}", order.id) for link in self.settings.unsubscribe)
            headers["List-Unsubscribe"] = ", ".join(f"<{link}>" for link in links)
            if self.settings.one_click:
                headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers

    def _nobody_knows(self, order: Order) -> NoReturn:
        raise Retriable(self._unknown(order))

    def _unknown(self, order: Order) -> str:
        file = self._journal.begun_file(order.id)
        how = f"if the recipient has nothing, remove '{file}' to send it again"
        return f"whether the message was sent is not known: its answer never came; {how}"

    def _receipt(self, order: Order, state: Literal["done", "already_done"]) -> Receipt:
        return Receipt(order.id, self.name, state, message_id(order.id, self._sender))
