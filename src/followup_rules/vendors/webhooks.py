"""Webhooks: proved first, read afterwards. What the proof does not cover is a hint where to look, and no more."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

from followup_rules.adapter import Incoming, Notice
from followup_rules.errors import Misconfigured, Refused
from followup_rules.plugin_answers import printable
from followup_rules.vendors.model_webhook import Age, BasicProof, EchoProof, Handshake, Signature, Source, Webhook
from followup_rules.vendors.paths import at, text_at
from followup_rules.vendors.signatures import check, data_of, found

_LARGEST: Final = 5_000_000
_MOST: Final = 1000


def notices(
    name: str, webhook: Webhook, incoming: Incoming, secrets: Mapping[str, str], plain: Mapping[str, Any]
) -> tuple[Notice, ...]:
    """What a delivery says.

    Raises:
        Refused: its proof, its age or its body is wrong.
        Misconfigured: no key is set.
    """
    if len(incoming.body) > _LARGEST:
        raise Refused(f"the webhook is longer than {_LARGEST // 1_000_000} MB")
    if handshake(webhook, incoming) is not None:
        return ()
    keys = [secrets[key] for key in webhook.keys if key in secrets]
    if not keys:
        raise Misconfigured(f"the adapter '{name}' takes webhooks only where '{webhook.keys[0]}' is set")
    data = data_of(incoming)
    _prove(webhook, incoming, data, keys, plain)
    if webhook.age is not None:
        _check_age(webhook.age, incoming, data)
    if data is None:
        raise Refused("the body of the webhook is no JSON")
    items = at(data, webhook.items) if webhook.items else [data]
    if webhook.items == "" and isinstance(data, list):
        items = data
    if not isinstance(items, list) or len(items) > _MOST or not all(isinstance(one, dict) for one in items):
        raise Refused("the body of the webhook does not hold what it should")
    return tuple(_notice(webhook, incoming, one, number) for number, one in enumerate(items))


def handshake(webhook: Webhook, incoming: Incoming) -> Mapping[str, str] | None:
    """The headers to answer a first delivery with; None where this is none."""
    wanted = webhook.handshake
    if wanted is None:
        return None
    if wanted.header:
        value = incoming.headers.get(wanted.header.lower(), "")
        if not value or not _harmless(value):
            return None
        return {wanted.header: value} if wanted.echo else {}
    return {} if _says(wanted, data_of(incoming)) else None


def _says(wanted: Handshake, data: Any) -> bool:
    """A body that holds the word of the handshake and nothing beside it, so that no news hides in it."""
    value = at(data, wanted.path)
    return value is not None and type(value) is type(wanted.equals) and value == wanted.equals and len(data) <= 2


def _prove(webhook: Webhook, incoming: Incoming, data: Any, keys: list[str], plain: Mapping[str, Any]) -> None:
    proof = webhook.proof
    if isinstance(proof, Signature):
        check(proof, incoming, data, keys)
        return
    if isinstance(proof, EchoProof):
        given = [found(proof.found, incoming, data)]
        expected = keys
    else:
        given = [incoming.headers.get("authorization", "").removeprefix("Basic ").strip()]
        expected = [_pair(proof, plain, key) for key in keys]
    right = False
    for one in expected:
        right |= bool(given[0]) and hmac.compare_digest(given[0].encode(), one.encode())
    if not right:
        raise Refused("the webhook does not carry the word that proves where it comes from")


def _pair(proof: BasicProof, plain: Mapping[str, Any], key: str) -> str:
    return base64.b64encode(f"{plain.get(proof.user, '')}:{key}".encode()).decode()


def _check_age(age: Age, incoming: Incoming, data: Any) -> None:
    text = found(age.found, incoming, data)
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise Refused("the webhook does not say when it was signed")
    signed_at = int(text) / (1000 if age.unit == "milliseconds" else 1)
    if abs(incoming.at.timestamp() - signed_at) > age.tolerance:
        raise Refused(f"the webhook was signed more than {age.tolerance} seconds ago, or in the future")


def _notice(webhook: Webhook, incoming: Incoming, data: Any, number: int) -> Notice:
    word = _from(webhook.kind, incoming, data)
    application = next((one for path in webhook.application if (one := text_at(data, path))), None)
    if webhook.applies and word not in webhook.applies:
        application = None
    identity = _from(webhook.id, incoming, data) if webhook.id is not None else ""
    if not identity:
        digest = hashlib.blake2b(incoming.body, digest_size=16).hexdigest()
        identity = f"{digest}-{number}" if number else digest
    kind = webhook.kinds.get(word, word) or "unknown"
    return Notice(printable(identity), None if application is None else printable(application), printable(kind))


def _from(source: Source, incoming: Incoming, data: Any) -> str:
    return found(source, incoming, data)


def _harmless(value: str) -> bool:
    return value.isascii() and value.isprintable() and len(value) <= 500
