"""From the request of a vendor file to one that can be sent, and sending it signed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.vendors.answers import Judge, used_up, wait_of
from followup_rules.vendors.model import Success, Vendor
from followup_rules.vendors.model_base import Request
from followup_rules.vendors.signing_in import SigningIn
from followup_rules.vendors.templates import TemplateValueError, built, rendered, values_of
from followup_rules.vendors.wire import Answer, Asked, Wire, same_origin

READ: Final = Success(status=(200, 204))


class Asking:
    """Asks one vendor with one set of settings. It remembers when the vendor asked to be left alone."""

    def __init__(
        self, vendor: Vendor, plain: Mapping[str, Any], secrets: Mapping[str, str], timeout: float,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._vendor, self._clock = vendor, clock
        self._values = values_of({"settings": plain, "secrets": secrets})
        self._hidden = values_of({"settings": plain, "secrets": dict.fromkeys(secrets, "***")})
        self.judge = Judge(vendor.vendor, vendor.limits, list(secrets.values()))
        self._wire = Wire(vendor.vendor, timeout)
        self._signing = SigningIn(vendor, self._values, self.judge, clock)
        self._rests_until: datetime | None = None

    @property
    def now(self) -> datetime:
        """The moment, by the clock that was given."""
        return self._clock()

    def asked(self, request: Request, values: Mapping[str, Any]) -> Asked:
        """A request with everything filled in but the proof of who asks.

        Raises:
            Refused: a value is missing, or cannot stand where it should.
        """
        seen = {**self._hidden, **values_of(values)}
        try:
            path = rendered(request.path, seen, path=True)
            query = {key: rendered(text, seen) for key, text in request.query.items() if not _left_out(text, seen)}
            headers = {
                key.lower(): rendered(text, seen) for key, text in {**self._vendor.headers, **request.headers}.items()
            }
            body = None if request.body is None else built(request.body, seen)
        except TemplateValueError as error:
            raise Refused(
                f"{self._vendor.vendor}: the request cannot be made: {self.judge.scrub(str(error))}"
            ) from None
        headers.setdefault("accept", "application/json")
        if body is not None:
            headers.setdefault("content-type", "application/json")
        raw = None if body is None else json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        return Asked(request.method, path, query, headers, raw)

    def shown(self, asked: Asked) -> str:
        """A request as a person may see it, before anything is asked."""
        query = f"?{urlencode(asked.query)}" if asked.query else ""
        url = asked.url if "://" in asked.url else f"{self._signing.base()}{asked.url}"
        headers = {**asked.headers, **{key.lower(): text for key, text in self._signing.shown(self._hidden).items()}}
        lines = [f"{asked.method} {url}{query}", *(f"{key}: {text}" for key, text in sorted(headers.items()))]
        if asked.body is not None:
            lines += ["", json.dumps(json.loads(asked.body), indent=2, ensure_ascii=False)]
        return self.judge.scrub("\n".join(lines))

    def ask(self, asked: Asked, success: Success = READ) -> tuple[Any, Answer]:
        """Send a request signed in, renewing a token once, and judge the answer.

        Raises:
            Retriable, Refused, Misconfigured: see there.
        """
        self._rest()
        try:
            answer = self._signed(asked)
            if self._signing.expired(answer.status):
                self._signing.forget()
                answer = self._signed(asked)
        except TemplateValueError as error:
            raise Misconfigured(f"{self._vendor.vendor}: signing in needs {self.judge.scrub(str(error))}") from None
        return self.judge.check(answer, success, self.now), answer

    def close(self) -> None:
        """Close connections."""
        self._wire.close()

    def _signed(self, asked: Asked) -> Answer:
        proof = self._signing.headers(self._wire.send)
        base = self._signing.base()
        url = asked.url if "://" in asked.url else f"{base}{asked.url}"
        if not same_origin(url, base):
            raise Misconfigured(f"{self._vendor.vendor}: it leads to another host, which is not asked with credentials")
        headers = {**asked.headers, **{key.lower(): text for key, text in proof.items()}}
        answer = self._wire.send(asked._replace(url=url, headers=headers))
        limits = self._vendor.limits
        if used_up(answer, limits) or answer.status == 429:
            wait = wait_of(answer, limits, self.now)
            if wait is not None:
                self._rests_until = self.now + timedelta(seconds=wait)
        return answer

    def _rest(self) -> None:
        """Ask nothing while the vendor has said that no requests are left."""
        if self._rests_until is None:
            return
        wait = (self._rests_until - self.now).total_seconds()
        if wait > 0:
            text = f"{self._vendor.vendor}: no requests are left for now"
            raise Retriable(text, wait, maybe_done=False)
        self._rests_until = None


def _left_out(text: str, values: Mapping[str, Any]) -> bool:
    """A parameter of one template whose value is a setting that is not given is left out."""
    if not (text.startswith("{{ settings.") and text.endswith(" }}") and text.count("{{") == 1):
        return False
    name = text.removeprefix("{{ settings.").removesuffix(" }}")
    return name.isidentifier() and name not in values["settings"]
