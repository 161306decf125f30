"""One request and its answer: time limits, no redirect to a stranger, answers of a bounded length.

What goes wrong on the way is an error that says whether the vendor may have done what it was asked.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.plugin_answers import printable

if TYPE_CHECKING:
    import httpx

LARGEST: Final = 8_000_000
_PATIENCE: Final = 60.0
_REDIRECTS: Final = 3


class Asked(NamedTuple):
    """One request, ready to be sent."""

    method: str
    url: str
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    private: bool = False
    """The query holds a secret, so that no log may show the address."""


class Answer(NamedTuple):
    """What came back. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def data(self) -> Any:
        """The JSON of the body; None where it is none."""
        import json

        try:
            return json.loads(self.body) if self.body.strip() else None
        except (ValueError, RecursionError):
            return None


class Wire:
    """Sends requests. It keeps no cookies, follows no redirect to another host and knows nothing of secrets."""

    def __init__(self, name: str, timeout: float = 30.0) -> None:
        self._name, self._timeout = name, timeout
        self._client: httpx.Client | None = None

    def send(self, asked: Asked) -> Answer:
        """Send a request and read its answer.

        Raises:
            Retriable: out of reach, too slow, or cut off; `maybe_done` says whether it may have arrived.
            Misconfigured: the address, its certificate or a redirect is wrong.
            Refused: something in the request cannot be sent.
        """
        for name, value in asked.headers.items():
            if not value.isascii() or not value.isprintable():
                raise Refused(f"{self._name}: the header '{name}' would hold a line break or a mark that is not ASCII")
        answer = self._once(asked)
        for _ in range(_REDIRECTS):
            if not 300 <= answer.status < 400:
                return answer
            target = urljoin(answer.url, answer.headers.get("location", ""))
            if asked.method != "GET" or not same_origin(target, answer.url):
                host = printable(urlsplit(target).hostname or "nowhere")
                text = f"it redirects to '{host}', which is not followed with credentials; mend the address"
                raise Misconfigured(f"{self._name}: {text}")
            answer = self._once(asked._replace(url=target, query={}))
        if 300 <= answer.status < 400:
            raise Misconfigured(f"{self._name}: it redirects in a circle")
        return answer

    def close(self) -> None:
        """Close connections; the next request opens new ones."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _once(self, asked: Asked) -> Answer:
        import httpx

        try:
            client = self._open()
            params, headers = asked.query or None, dict(asked.headers)
            request = client.build_request(asked.method, asked.url, params=params, headers=headers, content=asked.body)
            if asked.private:
                request.url = _unlogged(request.url)
            response = client.send(request, stream=True)
            try:
                named = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, named, self._read(response), str(response.url))
            finally:
                response.close()
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            told: Exception = Misconfigured(f"{self._name}: the address cannot be used")
        except (httpx.HTTPError, ssl.SSLError, OSError) as error:
            told = self._told(error)
        # Outside the handler: the library's error holds the request, and with it what must not show.
        raise told

    def _told(self, error: Exception) -> Exception:
        import httpx

        if any(isinstance(one, ssl.SSLCertVerificationError) for one in _chain(error)) or "CERTIFICATE" in str(error):
            return Misconfigured(f"{self._name}: the certificate of the host cannot be verified")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
            return Retriable(f"{self._name}: the host cannot be reached ({_kind(error)})", maybe_done=False)
        if isinstance(error, httpx.TimeoutException):
            return Retriable(f"{self._name}: there was no answer in time", maybe_done=True)
        return Retriable(f"{self._name}: the connection broke off ({_kind(error)})", maybe_done=True)

    def _read(self, response: httpx.Response) -> bytes:
        body, until = bytearray(), time.monotonic() + _PATIENCE
        for piece in response.iter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise Retriable(f"{self._name}: the answer is longer than {LARGEST // 1_000_000} MB")
            if time.monotonic() > until:
                raise Retriable(f"{self._name}: the answer takes longer than {_PATIENCE:.0f} seconds")
        return bytes(body)

    def _open(self) -> httpx.Client:
        import httpx

        if self._client is None:
            self._client = httpx.Client(
                verify=_trust(),
                timeout=self._timeout,
                follow_redirects=False,
                headers={"user-agent": "followup-rules", "accept-encoding": "gzip, deflate"},
                limits=httpx.Limits(max_connections=4),
            )
        # What one answer sets must not go out with the next request.
        self._client.cookies.clear()
        return self._client


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """Which certificates are believed; reading them takes longer than most requests, so it is done once."""
    import httpx

    return httpx.create_ssl_context()


def _unlogged(url: httpx.URL) -> httpx.URL:
    """An address that is asked as a whole but shown without its query: the library logs what it asks."""
    import httpx

    class Unlogged(httpx.URL):
        def __str__(self) -> str:
            return str(httpx.URL(self).copy_with(query=None))

        __repr__ = __str__

    return Unlogged(url)


def same_origin(one: str, other: str) -> bool:
    """True where two addresses have scheme, host and port in common."""
    first, second = urlsplit(one), urlsplit(other)
    try:
        return (first.scheme, first.hostname, first.port) == (second.scheme, second.hostname, second.port)
    except ValueError:
        return False


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: Exception) -> str:
    return type(error).__name__
