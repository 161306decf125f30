"""A session on a Tryton server: JSON-RPC calls, a login when one is needed, and what their failures mean."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any, Final

from followup_rules.errors import AdapterError, Misconfigured, Refused, Retriable
from followup_rules.plugin_answers import printable
from followup_rules.vendors.calling import Calls, only_a_look
from followup_rules.vendors.model import Success
from followup_rules.vendors.wire import Asked

_PARTS: Final = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_LOGIN: Final = "common.db.login"
_OPPORTUNITY: Final = "sale.opportunity"
_OK: Final = Success(status=(200,))


class Session:
    """Calls methods of models in one database as one user. The session is renewed once where it has ended."""

    def __init__(self, url: str, database: str, user: str, password: str, timeout: float) -> None:
        self._root, self._url = f"{url}/rpc/", f"{url}/{database}/rpc/"
        self._database, self._user, self._password = database, user, password
        self.calls = Calls("tryton", timeout=timeout, secrets=[password])
        self._proof: str | None = None
        self._context: dict[str, Any] = {}

    def model(self, name: str, method: str, *given: Any, context: Mapping[str, Any] | None = None) -> Any:
        """What a method of a model answers.

        Raises:
            Refused: Tryton says that it may not be.
            Misconfigured: the user, the database or a right is wrong, or a module is not activated.
            Retriable: out of reach, or the server failed; `maybe_done` says whether it may have been done.
        """
        if self._proof is None:
            self._log_in()
        asked = self._asked(f"model.{name}.{method}", given, context)
        answer = self.calls.send(asked)
        if answer.status == 401:
            self._log_in()
            answer = self.calls.send(self._asked(f"model.{name}.{method}", given, context))
        if answer.status == 404:
            raise Misconfigured(f"tryton: there is no database '{self._database}' any more")
        return self._result(self.calls.judge.check(answer, _OK, self.calls.now), name)

    def version(self) -> str:
        """The series of the server, such as 8.2."""
        return printable(str(self._result(self.calls.ask(_request(self._root, "common.server.version", [])), "")))

    def server_time(self) -> datetime:
        """The moment by the server's clock, as its answers have it; by ours where they have none."""
        return self.calls.time_of(self.calls.send(_request(self._root, "common.server.version", [])))

    def shown(self, model: str, method: str, *given: Any) -> str:
        """A call as a person may see it, with nothing asked."""
        asked = _request(self._url, f"model.{model}.{method}", [*given, {}])
        return self.calls.shown(asked, {"authorization": "Session ***"})

    def close(self) -> None:
        """End the session on the server too, if it can be reached, and close connections."""
        if self._proof is not None:
            # Where it cannot be asked, the server ends it by itself, a little later.
            with suppress(AdapterError):
                self.calls.send(_proven(_request(self._url, "common.db.logout", []), self._proof))
            self._proof = None
        self.calls.close()

    def _log_in(self) -> None:
        self._proof = None
        with only_a_look():
            answer = self.calls.send(_request(self._url, _LOGIN, [self._user, {"password": self._password}, "en"]))
            if answer.status == 401:
                raise Misconfigured(
                    f"tryton: '{self._user}' is not let into the database '{self._database}': status 401"
                )
            if answer.status in (404, 405):
                raise Misconfigured(f"tryton: there is no database '{self._database}' of Tryton 8 at {self._root[:-5]}")
            found = self._result(self.calls.judge.check(answer, _OK, self.calls.now), "")
            if not isinstance(found, list) or len(found) < 2:
                raise Misconfigured("tryton: the login was answered without a session; this adapter knows Tryton 8")
            self.calls.judge.learn(str(found[1]))
            self._proof = base64.b64encode(f"{self._user}:{found[0]}:{found[1]}".encode()).decode()
            self.calls.judge.learn(self._proof)
            # What the desktop sends with each call too: company, employee and language of the user.
            asked = self._asked("model.res.user.get_preferences", [True])
            preferences = self._result(self.calls.ask(asked, _OK), "res.user")
            self._context = dict(preferences) if isinstance(preferences, dict) else {}

    def _asked(self, method: str, given: Sequence[Any], context: Mapping[str, Any] | None = None) -> Asked:
        asked = _request(self._url, method, [*given, {**self._context, **(context or {})}])
        return _proven(asked, str(self._proof))

    def _result(self, data: Any, model: str) -> Any:
        if not isinstance(data, dict) or not ({"result", "error"} & set(data)):
            raise Misconfigured("tryton: the answer is none of JSON-RPC")
        return data["result"] if "error" not in data else self._raise(data["error"], model)

    def _raise(self, error: Any, model: str) -> Any:
        kind, told = (
            (error[0], error[1] if len(error) > 1 else "") if isinstance(error, list) and error else ("", error)
        )
        words = told if isinstance(told, list) else [told]
        said = self.calls.judge.scrub(printable(" ".join(str(one) for one in words if one)))[:200]
        if kind in ("UserError", "UserWarning"):
            raise Refused(f"tryton: {said}")
        if kind == "LoginException":
            raise Misconfigured(f"tryton: '{self._user}' has to prove more than a password")
        if kind == "ConcurrencyException":
            raise Retriable("tryton: somebody else is changing this record", maybe_done=False)
        if kind == repr(model):
            module = "sale_opportunity" if model.startswith(_OPPORTUNITY) else "that it belongs to"
            raise Misconfigured(f"tryton: there is no {model} there: the module {module} is not activated")
        # The server has failed; its own words may hold anything that it was working on.
        raise Retriable("tryton: the server failed while it did what it was asked")


def _proven(asked: Asked, proof: str) -> Asked:
    return asked._replace(headers={**asked.headers, "authorization": f"Session {proof}"})


def _request(url: str, method: str, given: Sequence[Any]) -> Asked:
    # Half surrogates, which no database stores, become question marks.
    body = json.dumps({"id": 1, "method": method, "params": _encoded(given)}, ensure_ascii=False).encode(
        "utf-8", "replace"
    )
    return Asked("POST", url, headers={"content-type": "application/json", "accept": "application/json"}, body=body)


def _encoded(given: Any) -> Any:
    """A value as Tryton's JSON has it."""
    if isinstance(given, datetime):
        moment = given.astimezone(timezone.utc)
        return {"__class__": "datetime", **{part: getattr(moment, part) for part in _PARTS}}
    if isinstance(given, list | tuple):
        return [_encoded(one) for one in given]
    return {key: _encoded(one) for key, one in given.items()} if isinstance(given, dict) else given


def moment_of(given: Any) -> datetime | None:
    """A moment out of Tryton's JSON, which is UTC; a day is its beginning, anything else is none."""
    if not isinstance(given, dict) or given.get("__class__") not in ("datetime", "date"):
        return None
    try:
        parts = {part: int(given.get(part, 0)) for part in _PARTS}
        return datetime(**parts, tzinfo=timezone.utc)
    except (KeyError, TypeError, ValueError):
        return None
