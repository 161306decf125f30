"""Webhooks as vendors deliver them, proved by their own recipes; published vectors show that the recipes are right."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from followup_rules.adapter import Incoming
from followup_rules.vendors.engine import VendorAdapter
from followup_rules.vendors.model_webhook import BasicProof, FromHeader, FromJson, Signature, Webhook
from followup_rules.vendors.signatures import signature, signed

AT = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


def delivery(adapter: type[VendorAdapter], key: str, kind: str, application: str, number: int) -> Incoming:
    """A delivery about an application, with a number of its own."""
    hook = adapter.vendor.webhook
    assert hook is not None
    data: Any = {"number": number}
    headers: dict[str, str] = {}
    _put(hook.kind, kind, data, headers)
    if hook.id is not None:
        _put(hook.id, f"delivery-{number}", data, headers)
    _at(data, hook.application[0], application)
    _prepare(hook, data, headers, number)
    if isinstance(hook.proof, BasicProof):
        headers["authorization"] = f"Basic {base64.b64encode(f'followup-rules:{key}'.encode()).decode()}"
    elif not isinstance(hook.proof, Signature):
        _put(hook.proof.found, key, data, headers)
    else:
        unsigned = Incoming("POST", "https://x.example/hook", headers, json.dumps(data).encode(), AT)
        _put(hook.proof.found, signature(hook.proof, key, signed(hook.proof, unsigned, data)), data, headers)
    return Incoming("POST", "https://x.example/hook", headers, json.dumps(data).encode(), AT)


def _prepare(hook: Webhook, data: Any, headers: dict[str, str], number: int) -> None:
    """Whatever else the recipe reads."""
    if hook.age is not None:
        seconds = int(AT.timestamp())
        _put(hook.age.found, str(seconds * 1000 if hook.age.unit == "milliseconds" else seconds), data, headers)
    for one in hook.proof.signs if isinstance(hook.proof, Signature) else ():
        if isinstance(one, FromHeader):
            headers.setdefault(one.header.lower(), f"h{number}")
        elif isinstance(one, FromJson) and not _there(data, one.path):
            _at(data, one.path, f"t{number}")


def _put(source: FromHeader | FromJson, value: str, data: Any, headers: dict[str, str]) -> None:
    if isinstance(source, FromHeader):
        headers[source.header.lower()] = value
    else:
        _at(data, source.path, value)


def _at(data: dict[str, Any], path: str, value: str) -> None:
    """Put a value at a path; a number in it stands for a place in a list."""
    *before, last = path.split(".")
    if last.isdecimal():
        last, value = before.pop(), [value]  # type: ignore[assignment]
    for part in before:
        data = data.setdefault(part, {})
    data[last] = value


def _there(data: Mapping[str, Any], path: str) -> bool:
    found: Any = data
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found is not None
