"""Who asks: by an API key, by the cookie of a login, or by the word of a proxy that is trusted.

who = current(request)          Who(name, role, via), or a Denied that becomes 401
allow(request, "editor")        the same, and 403 where the role is too small
csrf_token(request)             for a hidden field `csrf`; check_csrf(request, given) when it comes back
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import TypeAdapter, ValidationError
from starlette.requests import HTTPConnection
from starlette.responses import Response

from followup_rules.errors import InvalidInput, Problem
from followup_rules.load.configuration import GivenProxy, Read, Role
from followup_rules.outbox.keys import Key, key_from, keys_in
from followup_rules.outbox.ledger import Ledger
from followup_rules.secret import Secret
from followup_rules.web.origins import Origins, peer_of

if TYPE_CHECKING:
    from followup_rules.web.service import Service

ROLES: Final[tuple[Role, ...]] = ("viewer", "editor", "admin")
COOKIE: Final = "followup_session"

SHORTEST_KEY: Final = 20
_KEYS_AGAIN: Final = 2.0
"""So many seconds after it was revoked a key may still be taken."""


class Who(NamedTuple):
    """Who asks. `name` stands in the history of what is done; it never is a key."""

    name: str
    role: Role
    via: Literal["key", "login", "proxy"]
    session: str = ""

    def may(self, role: Role) -> bool:
        """True where the role is this one or a larger one."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Denied(Exception):
    """Nobody, or somebody who may not. `status` is 401 or 403; the text repeats nothing that was given."""

    def __init__(self, status: Literal[401, 403], said: str) -> None:
        super().__init__(said)
        self.status: Literal[401, 403] = status


class Gatekeeper:
    """Knows the keys, signs cookies, and knows which proxies are trusted. Keys in the store are read again at times."""

    def __init__(self, ledger: Ledger, given: Sequence[Key], secret: str, proxy: GivenProxy | None = None) -> None:
        self._ledger, self._given, self._proxy = ledger, tuple(given), proxy
        self._secret = secret
        self._serializer = URLSafeTimedSerializer(secret, salt="followup-session")
        self.origins = Origins(proxy.from_ if proxy is not None else ())
        self._stored: tuple[float, tuple[Key, ...]] = (float("-inf"), ())

    @classmethod
    def of(cls, ledger: Ledger, read: Read) -> Gatekeeper:
        """As a configuration says it.

        Raises:
            InvalidInput: FR970, a key is not there or too short, or an address cannot be read.
        """
        given = read.configuration.serve
        signs = secrets.token_hex(32) if given.secret is None else _secret(read, given.secret, ("serve", "secret"))
        keys = []
        for number, one in enumerate(given.keys):
            secret = _secret(read, one.key, ("serve", "keys", number, "key"))
            # The same salt in every process that signs alike: a login counts in all of them.
            salt = hmac.new(signs.encode(), f"key:{one.name}".encode(), hashlib.sha256).hexdigest()
            keys.append(key_from(one.name, one.role, secret, salt))
        try:
            return cls(ledger, keys, signs, given.proxy)
        except ValueError:
            text = "'from' names something that is no address and no network"
            raise InvalidInput([Problem("FR970", text, read.place("serve", "proxy", "from"))]) from None

    def keys(self) -> Iterable[Key]:
        """All keys that count now."""
        at, stored = self._stored
        if time.monotonic() - at > _KEYS_AGAIN:
            stored = tuple(keys_in(self._ledger))
            self._stored = (time.monotonic(), stored)
        return (*self._given, *stored)

    def by_key(self, given: str) -> Key | None:
        """The key that was given, if it is one."""
        if not SHORTEST_KEY <= len(given) <= 500:
            return None
        found = [key for key in self.keys() if key.fits(given)]
        return found[0] if found else None

    def cookie_for(self, key: Key) -> str:
        """What a login leaves in the browser: who it was, and nothing that opens anything else."""
        return self._serializer.dumps([key.name, key.hash[:16], secrets.token_hex(8)])

    def by_cookie(self, cookie: str, longest: float) -> Who | None:
        """Who has logged in, as long as the key is there and the login is not too old."""
        try:
            name, mark, session = self._serializer.loads(cookie, max_age=int(longest))
        except (BadSignature, ValueError, TypeError):
            return None
        for key in self.keys():
            # The mark of the key: where another one has taken its name, the login has ended.
            if key.name == name and hmac.compare_digest(key.hash[:16], str(mark)):
                return Who(key.name, _role(key.role), "login", str(session))
        return None

    def by_proxy(self, address: str | None, named: str | None) -> Who | None:
        """Whom a trusted proxy names."""
        if self._proxy is None or not named or len(named) > 200 or not named.isprintable():
            return None
        if not self.origins.trusts(address):
            return None
        session = hashlib.sha256(f"proxy:{named}".encode()).hexdigest()[:16]
        return Who(f"{named}", self._proxy.role, "proxy", session)

    @property
    def proxy_header(self) -> str | None:
        """The header in which a proxy names people."""
        return None if self._proxy is None else self._proxy.header

    def token(self, session: str) -> str:
        """The CSRF token of a session."""
        return hmac.new(self._secret.encode(), f"csrf:{session}".encode(), hashlib.sha256).hexdigest()


def current(request: HTTPConnection) -> Who:
    """Who asks.

    Raises:
        Denied: 401, nobody that is known.
        Slow: too many wrong keys came from there.
    """
    service = _service(request)
    keeper = service.gatekeeper
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        key = _tried(request, given)
        if key is None:
            raise Denied(401, "this key is not known")
        return Who(key.name, _role(key.role), "key")
    cookie = request.cookies.get(COOKIE)
    who = keeper.by_cookie(cookie, service.settings.session) if cookie else None
    if who is None and keeper.proxy_header is not None:
        who = keeper.by_proxy(peer_of(request), request.headers.get(keeper.proxy_header))
    if who is None:
        raise Denied(401, "say who you are: a key as 'Authorization: Bearer ...', or a login")
    return who


def allow(request: HTTPConnection, role: Role) -> Who:
    """Who asks, where that is enough.

    Raises:
        Denied: 401 or 403.
    """
    who = current(request)
    if not who.may(role):
        raise Denied(403, f"this takes the role {role}; yours is {who.role}")
    return who


def log_in(request: HTTPConnection, given: str, response: Response) -> bool:
    """Put the cookie of a login on a response; False where the key is not known.

    Raises:
        Slow: too many wrong keys came from there.
    """
    service = _service(request)
    key = _tried(request, given)
    if key is None:
        return False
    response.set_cookie(
        COOKIE, service.gatekeeper.cookie_for(key), max_age=int(service.settings.session), httponly=True,
        samesite="strict", secure=service.settings.secure_cookie or request.url.scheme == "https", path="/",
    )  # fmt: skip
    return True


def log_out(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def csrf_token(request: HTTPConnection) -> str:
    """What a form carries so that nobody else's page can send it."""
    return _service(request).gatekeeper.token(current(request).session)


def check_csrf(request: HTTPConnection, given: str | None) -> None:
    """Let through what our own page has sent. A key in the header needs no token: no browser sends it by itself.

    Raises:
        Denied: 403.
    """
    who = current(request)
    if who.via == "key":
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Denied(403, "this came from another site")
    expected = _service(request).gatekeeper.token(who.session)
    if not given or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Denied(403, "this form is too old or not ours; load the page again")


def _service(request: HTTPConnection) -> Service:
    service: Service = request.app.state.service
    return service


def _tried(request: HTTPConnection, given: str) -> Key | None:
    """The key that was given, if it is one and not too many were tried."""
    service = _service(request)
    origin, now = service.gatekeeper.origins.asks(request), service.clock()
    service.tries.may("key", origin, now)
    key = service.gatekeeper.by_key(given.strip())
    if key is None:
        service.tries.wrong("key", origin, now)
    return key


def _role(text: str) -> Role:
    return next((role for role in ROLES if role == text), "viewer")


def _secret(read: Read, reference: str, loc: tuple[str | int, ...]) -> str:
    try:
        found = TypeAdapter(Secret).validate_python(reference).get_secret_value()
    except ValidationError:
        found = ""
    if len(found) < SHORTEST_KEY:
        text = f"{reference} holds no key of at least {SHORTEST_KEY} letters"
        raise InvalidInput([Problem("FR970", text, read.place(*loc), "make one with: openssl rand -base64 32")])
    return found
