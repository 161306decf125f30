"""One conversation with an IMAP server: log in, look, append, leave. Every failure says what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from imapclient import DRAFT, IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError

from followup_rules.errors import AdapterError, Misconfigured, Refused, Retriable
from followup_rules.mailing.server import failure, told
from followup_rules_imap.telling import may_be_a_bounce

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from followup_rules_imap.adapter import ImapAdapter

_DRAFTS: Final = b"\\Drafts"
_SENT: Final = b"\\Sent"
_LARGEST: Final = 200_000
_ALSO_SEARCHED: Final = (b"\\Sent", b"\\All", b"\\Archive", b"\\Trash")
_CODE: Final = re.compile(r"\[([A-Z]+)[ \]]")
_BUSY: Final = frozenset({"UNAVAILABLE", "INUSE", "SERVERBUG", "OVERQUOTA", "CONTACTADMIN"})
_GONE: Final = frozenset({"NONEXISTENT", "TRYCREATE", "NOPERM", "CANNOT"})
_APPENDED: Final = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)


Known = tuple[int, int] | None
"""The validity of a mailbox's numbers, and the highest that was read."""


class Found(NamedTuple):
    """One message in a mailbox: its number there, when it came, and its headers or, for a bounce, all of it."""

    uid: int
    at: datetime
    data: bytes


class Mailboxes:
    """The mailboxes of one user, for as long as a `with` block lasts.

    Raises:
        Retriable, Misconfigured, Refused: everywhere, as `Adapter.deliver` promises.
    """

    def __init__(self, settings: ImapAdapter.Settings) -> None:
        self._settings = settings
        self._where = f"{settings.host}:{self._port}"
        self._maybe_done = False

    @property
    def _port(self) -> int:
        usual = 993 if self._settings.security == "tls" and not self._settings.insecure else 143
        return self._settings.port or usual

    def __enter__(self) -> Self:
        with self._told():
            self._client = self._connected()
        try:
            self._log_in()
            with self._told():
                self._marked = self._special()
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with suppress(IMAPClientError, OSError):
                self._client.logout()
        self._hang_up()

    @property
    def drafts(self) -> str:
        """The mailbox for drafts: the one that the server marks, else the one that is set."""
        return self._marked.get(_DRAFTS, self._settings.drafts)

    def search(self, message_id: str) -> bool:
        """Whether a message with this id is in the mailbox for drafts, or where drafts go afterwards."""
        places = [self.drafts, *(self._marked[mark] for mark in _ALSO_SEARCHED if mark in self._marked)]
        return any(self._uids(place, message_id) for place in dict.fromkeys(places))

    @property
    def sent(self) -> str:
        """The mailbox for sent mail: the one that the server marks, else the one that is set."""
        return self._marked.get(_SENT, self._settings.sent)

    def new(self, mailbox: str, known: Known, since: date) -> tuple[tuple[int, int], list[int]]:
        """How far a mailbox goes now, and the numbers above the last known one, in order.

        Where the numbers have changed their meaning, or none is known, those since a day.
        """
        with self._told():
            opened = self._client.select_folder(mailbox, readonly=True)
            validity, end = int(opened[b"UIDVALIDITY"]), int(opened.get(b"UIDNEXT", 1)) - 1
            goes_on = known is not None and known[0] == validity
            wanted = ["UID", f"{known[1] + 1}:*"] if known is not None and goes_on else ["SINCE", since]
            uids = sorted(int(one) for one in self._client.search(["NOT", "DRAFT", *wanted]))
        # `n:*` is never empty: it has the last message, however small its number.
        new = [uid for uid in uids if known is None or not goes_on or uid > known[1]]
        return (validity, max([end, *new[-1:]])), new

    def fetch(self, uids: list[int]) -> list[Found]:
        """The headers of some messages of the mailbox that `new` has looked into; all of a bounce, up to a bound."""
        with self._told():
            found = self._client.fetch(uids, ["INTERNALDATE", "BODY.PEEK[HEADER]"]) if uids else {}
            heads = {uid: bytes(one.get(b"BODY[HEADER]") or b"") for uid, one in found.items()}
            bounces = [uid for uid, head in heads.items() if may_be_a_bounce(head)]
            whole = self._client.fetch(bounces, [f"BODY.PEEK[]<0.{_LARGEST}>"]) if bounces else {}
        for uid, one in whole.items():
            heads[uid] = bytes(one.get(b"BODY[]<0>") or one.get(b"BODY[]") or heads[uid])
        return [Found(uid, found[uid][b"INTERNALDATE"], heads[uid]) for uid in uids if uid in found]

    def append(self, data: bytes, message_id: str, at: datetime | None) -> bool:
        """Put a message among the drafts; False where somebody else did so in the same moment, and ours is gone."""
        with self._told():
            self._maybe_done = True
            answer = self._client.append(self.drafts, data, flags=(DRAFT,), msg_time=at)
        own = _APPENDED.search(answer if isinstance(answer, bytes) else str(answer).encode())
        if own is None or not self._client.has_capability("UIDPLUS"):
            return True
        return self._only(message_id, int(own[2]))

    def _only(self, message_id: str, own: int) -> bool:
        """IMAP cannot append on a condition: of two that came at once, the first stays and the other goes."""
        try:
            uids = self._uids(self.drafts, message_id, readonly=False)
            if not uids or min(uids) == own:
                return True
            with self._told():
                self._client.delete_messages([own], silent=True)
                self._client.uid_expunge([own])
        except AdapterError:
            # It is there, which is what counts; a copy too many can be seen by whoever reads the drafts.
            return True
        return False

    def _uids(self, mailbox: str, message_id: str, *, readonly: bool = True) -> list[int]:
        with self._told():
            self._client.select_folder(mailbox, readonly=readonly)
            return list(self._client.search(["HEADER", "Message-ID", message_id]))

    def _special(self) -> dict[bytes, str]:
        """The mailboxes that the server marks (RFC 6154), by their mark."""
        marked: dict[bytes, str] = {}
        for flags, _, name in self._client.list_folders():
            for flag in flags:
                marked.setdefault(bytes(flag), str(name))
        return marked

    def _connected(self) -> IMAPClient:
        one = self._settings
        secure = not one.insecure
        trust = one.trust() if secure else None
        at_once = secure and one.security == "tls"
        client = IMAPClient(
            one.host, self._port, ssl=at_once, ssl_context=trust if at_once else None, timeout=one.timeout
        )
        # Moments keep their offset.
        client.normalise_times = False
        if secure and not at_once:
            try:
                client.starttls(trust)
            except BaseException:
                with suppress(Exception):
                    client.shutdown()
                raise
        return client

    def _log_in(self) -> None:
        one, secret = self._settings, self._settings.password.get_secret_value()
        try:
            if one.login == "xoauth2":
                self._client.oauth2_login(one.user, secret)
            elif one.login == "oauthbearer":
                self._client.oauthbearer_login(one.user, secret)
            else:
                self._client.login(one.user, secret)
        except IMAPClientError as error:
            why = told(error, secret)
            # The library hides behind its own error that the server has hung up.
            hung_up = isinstance(error, IMAPClientAbortError) or isinstance(error.__context__, IMAPClientAbortError)
        except UnicodeError:
            why = "a user or password with other letters than ASCII is not supported"
            hung_up = False
        except OSError as error:
            raise failure(error, self._where, maybe_done=False) from None
        else:
            return
        if hung_up or _code(why) in _BUSY:
            raise Retriable(f"{self._where} takes no logins now: {why}", maybe_done=False)
        raise Misconfigured(f"{self._where} does not let '{one.user}' in: {why}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the library and of the connection, as what they mean for the caller."""
        try:
            yield
        except AdapterError:
            raise
        except (IMAPClientError, OSError) as error:
            meant = self._meaning(error)
        except (ValueError, LookupError, TypeError) as error:
            meant = Retriable(f"{self._where} answers what cannot be read: {type(error).__name__}", maybe_done=True)
        else:
            return
        raise meant

    def _meaning(self, error: Exception) -> AdapterError:
        if isinstance(error, OSError):
            return failure(error, self._where, maybe_done=self._maybe_done)
        said = told(error, self._settings.password.get_secret_value())
        if isinstance(error, IMAPClientAbortError):
            return Retriable(f"{self._where} hung up: {said}", maybe_done=self._maybe_done)
        if isinstance(error, CapabilityError):
            return Misconfigured(f"{self._where} cannot do what the settings ask for: {said}")
        # From here on the server has answered: it did nothing.
        if _code(said) in _BUSY:
            return Retriable(f"{self._where} cannot do it now: {said}", maybe_done=False)
        if _code(said) in _GONE or not self._maybe_done:
            return Misconfigured(f"{self._where} has no such mailbox, or not for this user: {said}")
        return Refused(f"{self._where} will not take it: {said}")

    def _hang_up(self) -> None:
        with suppress(Exception):
            self._client.shutdown()


def _code(said: str) -> str:
    found = _CODE.search(said)
    return found[1] if found else ""
