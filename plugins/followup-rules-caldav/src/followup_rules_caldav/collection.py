"""A calendar on a CalDAV server (RFC 4791): five requests, and what their failures mean."""

from __future__ import annotations

import re
import ssl
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

import httpx

from followup_rules.errors import AdapterError, Misconfigured, Retriable
from followup_rules.mailing.server import failure, told

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from followup_rules_caldav.adapter import CalDavAdapter

_LONGEST_ANSWER: Final = 1_000_000
_LONGEST_WAIT: Final = 86_400.0
_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_BY_UID: Final = """\
<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:getetag/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"><C:prop-filter name="UID">
<C:text-match collation="i;octet">{uid}</C:text-match>
</C:prop-filter></C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>
"""
_DESCRIBE: Final = """\
<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:resourcetype/><D:displayname/><C:supported-calendar-component-set/></D:prop>
</D:propfind>
"""
_HREF: Final = re.compile(r"<(?:[\w.-]+:)?href[\s>]")
_CALENDAR: Final = re.compile(r"<(?:[\w.-]+:)?calendar\s*/?>|<(?:[\w.-]+:)?calendar\s[^>]*>")
_COMPONENTS: Final = re.compile(r"<(?:[\w.-]+:)?comp\s[^>]*name=[\"']([A-Z]+)[\"']")


class Answer(NamedTuple):
    """What the server said."""

    status: int
    body: str
    location: str
    retry_after: str
    told: str

    def says(self, condition: str) -> bool:
        """True where the answer names this condition of the standard."""
        return self.status in (403, 409) and condition in self.body


class Collection:
    """One calendar, for as long as a `with` block lasts. Redirects are never followed.

    Raises:
        Retriable, Misconfigured: everywhere, as `Adapter.deliver` promises.
    """

    def __init__(self, settings: CalDavAdapter.Settings) -> None:
        self._settings = settings
        self.where = urlsplit(settings.url).netloc
        self._secret = settings.password.get_secret_value() if settings.password is not None else ""

    def __enter__(self) -> Self:
        one = self._settings
        auth: httpx.Auth | None = None
        headers = {"User-Agent": "followup-rules-caldav"}
        if one.login == "bearer":
            headers["Authorization"] = f"Bearer {self._secret}"
        elif one.user is not None:
            kind = httpx.DigestAuth if one.login == "digest" else httpx.BasicAuth
            auth = kind(one.user, self._secret)
        # Nothing from the environment: it may name other credentials, or a proxy that would see these.
        self._client = httpx.Client(
            auth=auth, headers=headers, timeout=one.timeout, verify=one.trust(), trust_env=False, follow_redirects=False
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def create(self, uid: str, data: bytes) -> Answer:
        """Make a to-do, unless there is one of that name."""
        headers = {"Content-Type": "text/calendar; charset=utf-8", "If-None-Match": "*"}
        return self._ask("PUT", f"{uid}.ics", data, headers, changes=True)

    def get(self, uid: str) -> Answer:
        """The to-do of a name."""
        return self._ask("GET", f"{uid}.ics")

    def has(self, uid: str) -> bool:
        """Whether there is a to-do of this UID under another name; False where the server cannot say."""
        answer = self._ask("REPORT", "", _BY_UID.format(uid=uid).encode(), {**_XML, "Depth": "1"})
        return answer.status == 207 and _HREF.search(answer.body) is not None

    def described(self) -> str:
        """That it is a calendar for to-dos.

        Raises:
            Misconfigured: it is something else.
        """
        answer = self._ask("PROPFIND", "", _DESCRIBE.encode(), {**_XML, "Depth": "0"})
        if answer.status in (404, 410):
            raise Misconfigured(f"there is nothing at {self._settings.url}")
        if answer.status != 207:
            raise self.unexpected(answer)
        if _CALENDAR.search(answer.body) is None:
            raise Misconfigured(f"{self._settings.url} is no calendar; give the address of one, not of its owner")
        components = sorted(set(_COMPONENTS.findall(answer.body)))
        if components and "VTODO" not in components:
            raise Misconfigured(f"the calendar {self._settings.url} takes no to-dos, only {', '.join(components)}")
        return "it takes to-dos"

    def unexpected(self, answer: Answer) -> AdapterError:
        """What any other answer means."""
        if answer.status in (401, 407):
            return Misconfigured(f"{self.where} does not let '{self._settings.user}' in: {answer.told}")
        if answer.status == 403:
            return Misconfigured(f"{self.where} does not let '{self._settings.user}' do this: {answer.told}")
        if 300 <= answer.status < 400:
            to = told(answer.location, self._secret)
            return Misconfigured(f"{self._settings.url} is not the address itself; it points to {to}")
        if answer.status in (423, 425, 429, 503, 507):
            wait = _seconds(answer.retry_after)
            return Retriable(f"{self.where} cannot do it now: {answer.told}", wait, maybe_done=False)
        if answer.status >= 500 or answer.status == 408:
            return Retriable(f"{self.where} has failed: {answer.told}")
        return Misconfigured(f"{self.where} does not answer as a CalDAV server: {answer.told}")

    def _ask(
        self, method: str, name: str, data: bytes = b"", headers: dict[str, str] | None = None, *, changes: bool = False
    ) -> Answer:
        try:
            with self._client.stream(method, self._settings.url + name, content=data, headers=headers) as response:
                body = _limited(response)
        except httpx.HTTPError as error:
            meant = self._meaning(error, changes)
        except httpx.InvalidURL:
            meant = Misconfigured("'url' is no address")
        else:
            said = told(f"{response.status_code} {response.reason_phrase}", self._secret)
            head = response.headers
            return Answer(response.status_code, body, head.get("Location", ""), head.get("Retry-After", ""), said)
        raise meant

    def _meaning(self, error: httpx.HTTPError, changes: bool) -> AdapterError:
        maybe_done = changes and not isinstance(error, _NEVER_SENT)
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLError) or (isinstance(cause, OSError) and not maybe_done):
                return failure(cause, self.where, maybe_done=maybe_done)
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, httpx.TimeoutException):
            return Retriable(f"{self.where} has not answered in time", maybe_done=maybe_done)
        return Retriable(f"the connection to {self.where} broke: {told(error, self._secret)}", maybe_done=maybe_done)


_XML: Final = {"Content-Type": "application/xml; charset=utf-8"}


def _limited(response: httpx.Response) -> str:
    """The beginning of an answer: no server can fill the memory."""
    data = b""
    for part in response.iter_bytes():
        data += part
        if len(data) > _LONGEST_ANSWER:
            break
    return data[:_LONGEST_ANSWER].decode("utf-8", "replace")


def _seconds(retry_after: str) -> float | None:
    """A wait that the server has named, as seconds or as a date."""
    try:
        wait = (
            float(retry_after)
            if retry_after.isdigit()
            else parsedate_to_datetime(retry_after).timestamp() - time.time()
        )
    except (ValueError, TypeError):
        return None
    return min(max(wait, 0.0), _LONGEST_WAIT)
