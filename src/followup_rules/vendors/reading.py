"""From a vendor file to its model: every fault with its place, its code and its mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from followup_rules.errors import InvalidInput, Problem, did_you_mean
from followup_rules.load.yaml import Document, parse, read_text
from followup_rules.model.faults import Loc, problems_of
from followup_rules.vendors import model, model_base, model_reads, model_webhook
from followup_rules.vendors.model import Vendor
from followup_rules.vendors.templates import SPECIAL, fault_of

_CODES: Final = {"missing": "FR920", "unknown": "FR921", "value": "FR922", "type": "FR922"}
_TEMPLATED: Final = ("base", "auth", "headers", "secret_headers", "actions", "reads", "test")
_PLAIN: Final = frozenset({
    "type", "evidence", "recognised", "sent", "token", "lasts", "until", "items", "id", "trusted", "paging", "success",
})  # fmt: skip


def read_vendor(path: Path, shown: str) -> Vendor:
    """The vendor of a file.

    Raises:
        InvalidInput: every fault that was found.
    """
    document = parse(read_text(path, shown), shown)
    try:
        vendor = Vendor.model_validate(document.data)
    except ValidationError as error:
        raise InvalidInput(problems_of(error, document.place, _CODES, _known_keys, "a vendor file")) from None
    problems = [*_template_faults(document), *_setting_faults(document, vendor)]
    if problems:
        raise InvalidInput(sorted(problems, key=lambda problem: problem.place))
    return vendor


def _models() -> dict[str, list[str]]:
    """The keys of every part of the form, by the words of the form that lead to it."""
    found: dict[str, list[str]] = {}
    for module in (model_base, model, model_reads, model_webhook):
        for name, one in vars(module).items():
            if isinstance(one, type) and issubclass(one, BaseModel):
                found[name] = [field.alias or key for key, field in one.model_fields.items()]
    return found


_PARTS: Final[Mapping[str, str]] = {
    "settings": "Setting", "request": "Request", "test": "Request", "success": "Success", "search": "Search",
    "actions": "Action", "limits": "Limits", "reads": "Reads", "paging": "Paging", "beside": "Beside",
    "events": "EventRule", "webhook": "Webhook", "age": "Age", "handshake": "Handshake", "when": "When",
    "status": "StatusRule", "candidate": "Person", "job": "Person",
}  # fmt: skip
_UNIONS: Final[Mapping[str, str]] = {
    "basic": "Basic", "bearer": "Bearer", "header": "Header", "oauth": "Token", "session": "Session",
    "signature": "Signature", "echo": "EchoProof",
}  # fmt: skip


def _known_keys(loc: Loc) -> list[str]:
    name = "Vendor"
    for part in map(str, loc):
        name = _PARTS.get(part, _UNIONS.get(part, name))
    return _models().get(name, [])


def _template_faults(document: Document) -> Iterator[Problem]:
    for loc, text in _leaves(document.data, ()):
        if loc[0] in _TEMPLATED and not _PLAIN.intersection(map(str, loc[1:])):
            fault = fault_of(text)
            if fault is not None:
                yield Problem("FR923", f"the template cannot be used: {fault}", document.place(loc))
    for loc, key in _lone_keys(document.data, ()):
        if key.startswith("$") and key not in SPECIAL:
            hint = did_you_mean(key, SPECIAL) or f"known are {', '.join(SPECIAL)}"
            yield Problem("FR923", f"'{key}' means nothing in a body", document.place((*loc, key), True), hint)


def _setting_faults(document: Document, vendor: Vendor) -> Iterator[Problem]:
    names = [*vendor.settings, "timeout"]
    for loc, text in _leaves(document.data, ()):
        for group, name in re.findall(r"\b(settings|secrets)\.([a-z0-9_]+)", text) if loc[0] in _TEMPLATED else ():
            one = vendor.settings.get(name)
            if (one is None and name not in names) or (one and (one.kind == "secret") is not (group == "secrets")):
                other = "secrets" if group == "settings" else "settings"
                hint = (
                    f"write '{other}.{name}'" if one else did_you_mean(name, names) or f"known are {', '.join(names)}"
                )
                yield Problem("FR924", f"there is no '{group}.{name}'", document.place(loc), hint)
        if "secrets." in text and loc[0] not in ("auth", "secret_headers"):
            hint = "a header with a secret stands there"
            yield Problem("FR924", "secrets are for 'auth' and 'secret_headers' only", document.place(loc), hint)
    for key in vendor.webhook.keys if vendor.webhook is not None else ():
        if key not in vendor.settings or vendor.settings[key].kind != "secret":
            yield Problem("FR924", f"there is no secret '{key}' for webhooks", document.place(("webhook", "keys")))


def _leaves(data: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(data, str) and loc:
        yield loc, data
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, one in inner:
        yield from _leaves(one, (*loc, key))


def _lone_keys(data: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """The keys that stand alone in their mapping, as words like `$integer` do."""
    if isinstance(data, dict) and len(data) == 1:
        yield loc, next(iter(data))
    for key, one in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from _lone_keys(one, (*loc, key))
