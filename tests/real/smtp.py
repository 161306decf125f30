"""A mail server of our own (aiosmtpd, in this process) that keeps what it takes, and says no when it is told to."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

from real.processes import certificate, free_port, missing

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, LoginPassword
except ImportError:
    Controller = None

USER, PASSWORD = "ada", "canary-7f3a"


class Mail(NamedTuple):
    """What was taken."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, read by the standard library."""
        read = message_from_bytes(self.data, policy=default)
        assert isinstance(read, EmailMessage)
        return read


class Keeper:
    """Takes every message, unless `answers` has another word for a command or an address."""

    # ruff: noqa: N802  # the names are those that aiosmtpd calls

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.mails.append(Mail(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return self.answers.get("AFTER", "250 OK")

    async def auth_XOAUTH2(self, server: Any, arguments: list[str]) -> Any:
        word = base64.b64decode(arguments[1] if len(arguments) > 1 else await server.challenge_auth(""))
        known = word == f"user={USER}\x01auth=Bearer {PASSWORD}\x01\x01".encode()
        return AuthResult(success=known, handled=False)


class Smtp(NamedTuple):
    """A running server."""

    port: int
    keeper: Keeper
    certificate: Path


def _let_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=known)


@contextmanager
def serving(folder: Path, security: str = "tls", port: int = 0) -> Iterator[Smtp]:
    """A server for as long as the block lasts: `tls`, `starttls` or `plain`."""
    if Controller is None:
        missing("mail server", "aiosmtpd is not installed")
    cert, key = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    keeper, port = Keeper(), port or free_port()
    # A login over a wire that nobody can listen in on, or on the loopback in the tests that say so.
    words: dict[str, Any] = {"authenticator": _let_in, "auth_require_tls": False}
    if security == "starttls":
        words |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        keeper, hostname="127.0.0.1", port=port, ssl_context=context if security == "tls" else None, **words
    )
    controller.start()
    try:
        yield Smtp(port, keeper, cert)
    finally:
        controller.stop()
