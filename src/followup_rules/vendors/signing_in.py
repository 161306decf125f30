"""How requests prove who asks: a header that never changes, or a token that is fetched, kept and renewed once."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.model.times import parse_time
from followup_rules.vendors.answers import Judge
from followup_rules.vendors.model import Basic, Bearer, Header, Session, Success, Token, Vendor
from followup_rules.vendors.paths import at, text_at
from followup_rules.vendors.settings import safe_address
from followup_rules.vendors.templates import rendered
from followup_rules.vendors.wire import Answer, Asked

_SKEW: Final = timedelta(seconds=60)
_SOONEST: Final = timedelta(seconds=5)
HIDDEN: Final = "***"

Send = Callable[[Asked], Answer]


class SigningIn:
    """The header that proves who asks, and where is asked."""

    def __init__(self, vendor: Vendor, values: Mapping[str, Any], judge: Judge, clock: Callable[[], datetime]) -> None:
        self._auth, self._values, self._judge, self._clock = vendor.auth, values, judge, clock
        self._more = vendor.secret_headers
        self._base = rendered(vendor.base, values)
        self._token: str | None = None
        self._until: datetime | None = None
        self._session_base: str | None = None

    @property
    def renewable(self) -> bool:
        """True where a refusal may only mean that a token is too old."""
        return isinstance(self._auth, Token | Session)

    def expired(self, status: int) -> bool:
        """True where a status says that the token is too old."""
        return self.renewable and status in (self._auth.expired if isinstance(self._auth, Session) else (401,))

    def forget(self) -> None:
        """Take the token for too old, whatever was said about it."""
        self._token = None

    def base(self) -> str:
        """Where is asked, without a slash at the end."""
        return (self._session_base or self._base).rstrip("/")

    def headers(self, send: Send) -> dict[str, str]:
        """The header with the proof, after a token was fetched where one is needed."""
        more = {name: rendered(text, self._values) for name, text in self._more.items()}
        if not self.renewable:
            return {**more, **self._fixed(self._values)}
        if self._token is None or (self._until is not None and self._clock() >= self._until):
            self._fetch(send)
        return {**more, **self._with_token(str(self._token))}

    def shown(self, hidden: Mapping[str, Any]) -> dict[str, str]:
        """The header as a person may see it."""
        more = {name: rendered(text, hidden) for name, text in self._more.items()}
        return {**more, **(self._with_token(HIDDEN) if self.renewable else self._fixed(hidden))}

    def _fixed(self, values: Mapping[str, Any]) -> dict[str, str]:
        auth = self._auth
        if isinstance(auth, Bearer):
            return {"Authorization": f"Bearer {rendered(auth.token, values)}"}
        if isinstance(auth, Header):
            return {auth.name: rendered(auth.value, values)}
        assert isinstance(auth, Basic)  # noqa: S101  (the others are renewable)
        if values is not self._values:
            return {"Authorization": f"Basic {HIDDEN}"}
        pair = f"{rendered(auth.user, values)}:{rendered(auth.password, values)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _with_token(self, token: str) -> dict[str, str]:
        auth = self._auth
        assert isinstance(auth, Token | Session)  # noqa: S101
        name = auth.header if isinstance(auth, Session) else "Authorization"
        return {name: rendered(auth.value, {**self._values, "token": token})}

    def _fetch(self, send: Send) -> None:
        auth = self._auth
        try:
            answer = send(self._login(auth) if isinstance(auth, Session) else self._asked(auth))
            data = self._judge.check(answer, Success(fault=None), self._clock())
        except Retriable as error:
            # Whatever became of the token, the action itself was not asked for.
            error.maybe_done = False
            raise
        except Refused as error:
            told = str(error)
        else:
            return self._keep(data)
        # Outside the handler: nobody has looked at the action, only at who asks.
        raise Misconfigured(f"the sign-in was refused: {told}")

    def _keep(self, data: Any) -> None:
        auth = self._auth
        token = text_at(data, auth.token) if isinstance(auth, Token | Session) else None
        if token is None:
            raise Misconfigured(f"the sign-in was answered without a token: {self._judge.scrub(_keys(data))}")
        self._judge.learn(token)
        self._token, self._until = token, self._end(data)
        if isinstance(auth, Session) and auth.base is not None:
            self._session_base = self._trusted(text_at(data, auth.base), auth)

    def _asked(self, auth: Any) -> Asked:
        form = {key: rendered(value, self._values) for key, value in auth.form.items()}
        client, secret = rendered(auth.client, self._values), rendered(auth.secret, self._values)
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        if auth.sent == "basic":
            headers["authorization"] = f"Basic {base64.b64encode(f'{client}:{secret}'.encode()).decode()}"
        else:
            form |= {"client_id": client, "client_secret": secret}
        return Asked("POST", rendered(auth.url, self._values), headers=headers, body=urlencode(form).encode())

    def _login(self, auth: Session) -> Asked:
        query = {key: rendered(value, self._values) for key, value in auth.query.items()}
        url, headers = rendered(auth.url, self._values), {"accept": "application/json"}
        if auth.form is None:
            return Asked("GET", url, query, headers, private=True)
        body = json.dumps({key: rendered(value, self._values) for key, value in auth.form.items()}).encode()
        return Asked("POST", url, query, {**headers, "content-type": "application/json"}, body, private=True)

    def _end(self, data: Any) -> datetime | None:
        """Until when a token is used: a little less long than was said, because clocks differ."""
        auth, now = self._auth, self._clock()
        if not isinstance(auth, Token):
            return None
        end = None
        lasts = at(data, auth.lasts) if auth.lasts else None
        if isinstance(lasts, int | float | str) and str(lasts).replace(".", "", 1).isdecimal():
            end = now + timedelta(seconds=min(float(lasts), 86_400.0))
        until = at(data, auth.until) if auth.until else None
        if isinstance(until, str):
            try:
                end = parse_time(until)
            except ValueError:
                end = None
        return None if end is None else max(end - _SKEW, now + _SOONEST)

    def _trusted(self, base: str | None, auth: Session) -> str:
        """The address that a login names, if it is one that the secret may be sent to."""
        login = urlsplit(rendered(auth.url, self._values))
        fault = "there is none" if base is None else safe_address(base)
        if base is None or fault is not None:
            raise Misconfigured(f"the sign-in names an address that cannot be used: {fault}")
        host = urlsplit(base).hostname or ""
        if host != login.hostname and not (auth.trusted and f".{host}".endswith(f".{auth.trusted}")):
            raise Misconfigured(f"the sign-in names the host '{ascii(host)[1:80]}', which is not the vendor's")
        return base


def _keys(data: Any) -> str:
    return f"it has {', '.join(sorted(map(str, data))[:5])}"[:100] if isinstance(data, dict) else "it is no object"
