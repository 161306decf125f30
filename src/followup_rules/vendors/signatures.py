"""The proof of a webhook: recipes for HMAC-SHA256 over parts of the delivery, compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from followup_rules.adapter import Incoming
from followup_rules.errors import Misconfigured, Refused
from followup_rules.vendors.model_webhook import FromHeader, FromJson, Literally, Signature, Source
from followup_rules.vendors.paths import at


def found(source: Source, incoming: Incoming, data: Any) -> str:
    """The text of a header or of a value in the body; empty where it is not there."""
    if isinstance(source, FromHeader):
        return incoming.headers.get(source.header.lower(), "")
    value = at(data, source.path)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def signed(recipe: Signature, incoming: Incoming, data: Any) -> bytes:
    """The bytes that are signed."""
    parts: list[bytes] = []
    for one in recipe.signs:
        if one == "body":
            parts.append(incoming.body)
        elif one == "method":
            parts.append(incoming.method.upper().encode())
        elif one == "uri":
            parts.append(incoming.url.encode())
        elif isinstance(one, Literally):
            parts.append(one.text.encode())
        elif isinstance(one, FromHeader | FromJson):
            parts.append(found(one, incoming, data).encode())
    return recipe.joined.encode().join(parts)


def signature(recipe: Signature, key: str, message: bytes) -> str:
    """The signature of some bytes, as the vendor writes it.

    Raises:
        Misconfigured: the key is not written as this vendor writes keys.
    """
    raw = key.removeprefix(recipe.key_prefix).encode()
    if recipe.key == "base64":
        try:
            raw = base64.b64decode(raw, validate=True)
        except binascii.Error:
            raw = b""
        if not raw:
            raise Misconfigured("the key for webhooks is not base64")
    digest = hmac.new(raw, message, hashlib.sha256)
    made = {
        "hex": digest.hexdigest().encode(),
        "base64": base64.b64encode(digest.digest()),
        "base64url": base64.urlsafe_b64encode(digest.digest()),
        "base64_of_hex": base64.b64encode(digest.hexdigest().encode()),
    }[recipe.encoding]
    return f"{recipe.prefix}{made.decode()}"


def check(recipe: Signature, incoming: Incoming, data: Any, keys: Sequence[str]) -> None:
    """Nothing, where one of the signatures was made with one of the keys.

    Raises:
        Refused: there is none, or none is right.
    """
    given = found(recipe.found, incoming, data).strip()
    if not given:
        raise Refused("the webhook has no signature")
    several = [one.strip() for one in given.split(recipe.separator)] if recipe.separator else [given]
    message = signed(recipe, incoming, data)
    right = False
    for key in keys:
        expected = _even(recipe, signature(recipe, key, message))
        for one in several[:20]:
            right |= hmac.compare_digest(_even(recipe, one).encode(), expected.encode())
    if not right:
        raise Refused("the signature of the webhook is wrong")


def _even(recipe: Signature, text: str) -> str:
    """Hex may be written in capitals, and base64 for addresses without its padding."""
    if recipe.encoding == "hex":
        return text.lower()
    return text.rstrip("=") if recipe.encoding == "base64url" else text


def data_of(incoming: Incoming) -> Any:
    """The JSON of the body; None where it is none."""
    try:
        return json.loads(incoming.body)
    except (ValueError, RecursionError):
        return None
