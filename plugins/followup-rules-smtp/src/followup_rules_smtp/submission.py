"""One conversation with a mail server. Every failure says what it means, and whether anything was taken."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from followup_rules.errors import AdapterError, Misconfigured, Refused, Retriable
from followup_rules.mailing.server import failure, told

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from followup_rules_smtp.adapter import SmtpAdapter

_TOO_MUCH: Final = (452, 552)
_BUSY_LOGIN: Final = (421, 454)


class Envelope(NamedTuple):
    """Who sends what to whom, as servers see it."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes


class Submission:
    """A connection for one message, for as long as a `with` block lasts.

    Raises:
        Retriable, Misconfigured, Refused: everywhere, as `Adapter.deliver` promises.
    """

    def __init__(self, settings: SmtpAdapter.Settings) -> None:
        self._settings = settings
        at_once = settings.security == "tls" and not settings.insecure
        self._port = settings.port or (465 if at_once else 587)
        self._where = f"{settings.host}:{self._port}"
        self._secret = settings.password.get_secret_value() if settings.password is not None else ""
        self._maybe_done = False

    def __enter__(self) -> Self:
        with self._told():
            self._client = self._connected()
        try:
            with self._told():
                self._client.ehlo_or_helo_if_needed()
                if self._settings.security == "starttls" and not self._settings.insecure:
                    self._client.starttls(context=self._settings.trust())
                    self._client.ehlo()
                self._log_in()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with suppress(smtplib.SMTPException, OSError):
                self._client.quit()
        self._client.close()

    def ask(self) -> None:
        """A harmless question."""
        with self._told():
            self._client.noop()

    def address(self, envelope: Envelope) -> None:
        """Say from whom and to whom. All recipients are taken, or nothing is sent to any."""
        size = (f"SIZE={len(envelope.data)}",) if self._client.has_extn("size") else ()
        with self._told():
            code, said = self._client.mail(envelope.sender, size)
        if code != 250:
            raise self._not_taken(code, said, f"the sender {envelope.sender}", sender=True)
        for one in envelope.recipients:
            with self._told():
                code, said = self._client.rcpt(one)
            if code not in (250, 251):
                raise self._not_taken(code, said, f"the recipient {one}")

    def hand_over(self, envelope: Envelope) -> None:
        """The text itself. From here on, silence means that nobody knows."""
        with self._told():
            code, said = self._client.docmd("DATA")
            if code != 354:
                raise self._not_taken(code, said, "the message")
            self._maybe_done = True
            self._client.send(_dotted(envelope.data))
            code, said = self._client.getreply()
        if code != 250:
            raise self._not_taken(code, said, "the message")

    def _not_taken(self, code: int, said: bytes, what: str, *, sender: bool = False) -> AdapterError:
        """What an answer means: it is the server's word that it has done nothing (RFC 5321, 4.2.1)."""
        told_so = f"{self._where} does not take {what}: {code} {told(said, self._secret)}"
        if code == -1:
            return Retriable(told_so, maybe_done=self._maybe_done)
        if 400 <= code < 500:
            return Retriable(told_so, maybe_done=False)
        if sender and code not in _TOO_MUCH:
            return Misconfigured(told_so)
        return Refused(told_so)

    def _connected(self) -> smtplib.SMTP:
        one = self._settings
        if one.security == "tls" and not one.insecure:
            return smtplib.SMTP_SSL(one.host, self._port, timeout=one.timeout, context=one.trust())
        return smtplib.SMTP(one.host, self._port, timeout=one.timeout)

    def _log_in(self) -> None:
        user = self._settings.user
        if user is None:
            return
        try:
            if self._settings.login == "xoauth2":
                token = f"user={user}\x01auth=Bearer {self._secret}\x01\x01"
                self._client.auth("XOAUTH2", lambda challenge=None: token if challenge is None else "")
            else:
                self._client.login(user, self._secret)
        except smtplib.SMTPAuthenticationError as error:
            code, why = error.smtp_code, told(error.smtp_error, self._secret)
        except smtplib.SMTPNotSupportedError:
            code, why = 0, "it offers no login; is 'security' right?"
        except UnicodeError:
            code, why = 0, "a user or password with other letters than ASCII is not supported"
        else:
            return
        if code in _BUSY_LOGIN:
            raise Retriable(f"{self._where} takes no logins now: {code} {why}", maybe_done=False)
        raise Misconfigured(f"{self._where} does not let '{user}' in: {why}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the library and of the connection, as what they mean for the caller."""
        try:
            yield
        except AdapterError:
            raise
        except OSError as error:
            # The library's own errors are such errors too.
            meant = self._meaning(error)
        else:
            return
        raise meant

    def _meaning(self, error: OSError) -> AdapterError:
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return Retriable(f"{self._where} hung up: {told(error, self._secret)}", maybe_done=self._maybe_done)
        if isinstance(error, smtplib.SMTPResponseException):
            said = f"{error.smtp_code} {told(error.smtp_error, self._secret)}"
            if error.smtp_code < 500:
                return Retriable(f"{self._where} is not ready: {said}", maybe_done=self._maybe_done)
            return Misconfigured(f"{self._where} does not talk to us: {said}")
        if isinstance(error, smtplib.SMTPException):
            return Misconfigured(f"{self._where} cannot do what the settings ask for: {told(error, self._secret)}")
        return failure(error, self._where, maybe_done=self._maybe_done)


def _dotted(data: bytes) -> bytes:
    """The text as it goes over the wire: a line that begins with a dot gets another, and a dot ends it."""
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    whole = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return whole + (b".\r\n" if whole.endswith(b"\r\n") else b"\r\n.\r\n")
