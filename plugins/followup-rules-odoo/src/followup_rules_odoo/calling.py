"""Odoo's two APIs as one: a method of a model, called with named arguments."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Final, NamedTuple, Protocol
from xml.parsers.expat import ExpatError

from followup_rules.errors import Misconfigured, Refused, Retriable
from followup_rules.plugin_answers import printable
from followup_rules.vendors.answers import Judge
from followup_rules.vendors.model import Limits, Success
from followup_rules.vendors.wire import Answer, Asked, Wire
from followup_rules_odoo.settings import OdooSettings

_OK: Final = Success(status=(200,))
_JSON_2_SINCE: Final = 19
_FAULT: Final = {2: Refused, 3: Misconfigured, 4: Misconfigured}
"""What Odoo's numbers of XML-RPC faults mean: a warning to the user, access denied, no right to this."""


class Call(NamedTuple):
    """A method of a model; `ids` are the records, where it is one of records."""

    model: str
    method: str
    ids: Sequence[int] = ()
    arguments: Mapping[str, Any] = {}


class Api(Protocol):
    """One of the two.

    Raises:
        Misconfigured, Refused, Retriable: everywhere, as `Adapter.deliver` promises.
    """

    title: str

    def call(self, call: Call) -> Any:
        """What the method gives."""
        ...

    def shown(self, call: Call) -> str:
        """The request, without credentials."""
        ...


class _Asking:
    """What both have in common: a wire, and somebody who says what answers mean."""

    title = ""

    def __init__(self, settings: OdooSettings) -> None:
        self._settings = settings
        self._key = settings.key.get_secret_value()
        self._wire = Wire("odoo", settings.timeout)
        self._judge = Judge("odoo", Limits(), [self._key])

    def _send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        return self._wire.send(Asked("POST", f"{self._settings.url}{path}", {}, headers, body))


class Json2(_Asking):
    """`POST /json/2/<model>/<method>`, since Odoo 19."""

    title = "JSON-2"

    def call(self, call: Call) -> Any:
        """What the method gives."""
        answer = self._send(_path(call), _body(call), self._headers())
        if answer.status == 404:
            raise self._not_there(answer)
        return self._judge.check(answer, _OK, datetime.now(timezone.utc))

    def knows_it(self) -> bool:
        """Whether this Odoo has this API; asked without credentials."""
        answer = self._wire.send(Asked("GET", f"{self._settings.url}/json/version", {}, {}, None))
        if answer.status == 404:
            return False
        found = self._judge.check(answer, _OK, datetime.now(timezone.utc))
        version = found.get("version_info") if isinstance(found, dict) else None
        return isinstance(version, list) and bool(version) and _number(version[0]) >= _JSON_2_SINCE

    def shown(self, call: Call) -> str:
        """The request, without credentials."""
        head = f"POST {self._settings.url}{_path(call)}\nAuthorization: bearer ***"
        return f"{head}\nX-Odoo-Database: {self._settings.database}\n\n{_readable(_data(call))}"

    def _headers(self) -> dict[str, str]:
        own = {"authorization": f"bearer {self._key}", "x-odoo-database": self._settings.database}
        return {**own, "content-type": "application/json", "accept": "application/json"}

    def _not_there(self, answer: Answer) -> Exception:
        """A record, a model or a database: of these only the first is the fault of the action."""
        data = answer.data()
        if not isinstance(data, dict):
            return Misconfigured(f"odoo: there is no database '{self._settings.database}' there, or no JSON-2")
        said = self._judge.scrub(printable(str(data.get("message"))))
        return Refused(f"odoo: {said}") if "MissingError" in str(data.get("name")) else Misconfigured(f"odoo: {said}")


class XmlRpc(_Asking):
    """`execute_kw`, until Odoo 19 and with the module `rpc`."""

    title = "XML-RPC"

    def __init__(self, settings: OdooSettings) -> None:
        super().__init__(settings)
        self._uid: int | None = None
        self._version: int | None = None

    def call(self, call: Call) -> Any:
        """What the method gives."""
        one, given = self._settings, _positional(call, self.version())
        return self._ask("object", "execute_kw", one.database, self._user(), self._key, call.model, call.method, *given)

    def version(self) -> int:
        """Odoo's number; what is called differs a little."""
        if self._version is None:
            told = self._ask("common", "version")
            info = told.get("server_version_info") if isinstance(told, dict) else None
            if not isinstance(info, list) or not info:
                raise Misconfigured("odoo: what is there does not answer as Odoo's XML-RPC")
            self._version = _number(info[0])
        return self._version

    def shown(self, call: Call) -> str:
        """The request, without credentials; the number of the account is asked for before it."""
        arguments, named = _positional(call, self._version or _JSON_2_SINCE - 1)
        told = {
            "service": "object", "method": "execute_kw", "database": self._settings.database, "password": "***",
            "user": self._settings.user, "model": call.model, "call": call.method, "args": arguments, "kwargs": named,
        }  # fmt: skip
        return f"POST {self._settings.url}/xmlrpc/2/object\n\n{_readable(told)}"

    def _user(self) -> int:
        if self._uid is None:
            one = self._settings
            if one.user is None:
                raise Misconfigured("odoo: XML-RPC needs the login as 'user'")
            found = self._ask("common", "authenticate", one.database, one.user, self._key, {})
            if not found or not isinstance(found, int):
                raise Misconfigured(f"odoo: '{one.user}' is not let in with this key")
            self._uid = found
        return self._uid

    def _ask(self, service: str, method: str, *arguments: Any) -> Any:
        try:
            body = xmlrpc.client.dumps(arguments, method, allow_none=True).encode("utf-8", "replace")
        except (TypeError, OverflowError) as error:
            raise Refused(f"odoo: the action cannot be written as XML-RPC: {type(error).__name__}") from None
        answer = self._send(f"/xmlrpc/2/{service}", body, {"content-type": "text/xml"})
        if answer.status == 404:
            raise Misconfigured("odoo: there is no XML-RPC there; Odoo 19 has it with the module 'rpc'")
        if answer.status != 200:
            self._judge.check(answer, _OK, datetime.now(timezone.utc))
        try:
            return xmlrpc.client.loads(answer.body)[0][0]
        except xmlrpc.client.Fault as fault:
            told = self._fault(fault)
        except (ExpatError, xmlrpc.client.Error, ValueError, TypeError, IndexError):
            told = Retriable("odoo: the answer is no XML-RPC or only half of it")
        raise told

    def _fault(self, fault: xmlrpc.client.Fault) -> Exception:
        lines = str(fault.faultString).strip().splitlines() or [""]
        said = self._judge.scrub(printable(lines[-1] if fault.faultCode == 1 else " ".join(lines)))[:200]
        if fault.faultCode == 1 and "database" in said and "does not exist" in said:
            return Misconfigured(f"odoo: {said}")
        return _FAULT.get(fault.faultCode, Retriable)(f"odoo: {said}")


def api_of(settings: OdooSettings) -> Api:
    """The one that the settings name, or that this Odoo has; that is asked where they say `auto`."""
    if settings.api == "xml-rpc":
        return XmlRpc(settings)
    newer = Json2(settings)
    return newer if settings.api == "json-2" or newer.knows_it() else XmlRpc(settings)


def _path(call: Call) -> str:
    return f"/json/2/{call.model}/{call.method}"


def _body(call: Call) -> bytes:
    return json.dumps(_data(call), ensure_ascii=True, sort_keys=True).encode()


def _data(call: Call) -> dict[str, Any]:
    return {**({"ids": list(call.ids)} if call.ids else {}), **call.arguments}


def _readable(data: Mapping[str, Any]) -> str:
    """JSON with one line for each argument."""
    lines = (f"  {json.dumps(key)}: {json.dumps(one, ensure_ascii=False)}" for key, one in sorted(data.items()))
    return "{\n" + ",\n".join(lines) + "\n}"


def _positional(call: Call, version: int) -> tuple[list[Any], dict[str, Any]]:
    """As `execute_kw` takes them. What is created stands without a name, and old Odoos take all bodies for HTML."""
    named = dict(call.arguments)
    if call.method == "create":
        return [named.pop("vals_list")], named
    if version < 17:
        named.pop("body_is_html", None)
    return [list(call.ids)] if call.ids else [], named


def _number(given: object) -> int:
    """The number of a version: 19, or 'saas~18'."""
    digits = "".join(mark for mark in str(given) if mark.isdecimal())
    return int(digits) if 0 < len(digits) < 6 else 0
