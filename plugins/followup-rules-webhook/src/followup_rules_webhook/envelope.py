"""An order as an event (CloudEvents 1.0) and its signature (Standard Webhooks): the same order, the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from followup_rules.adapter import Order
from followup_rules.errors import Refused
from followup_rules.vendors.model_webhook import Signature
from followup_rules.vendors.signatures import signature

MEDIA_TYPE: Final = "application/cloudevents+json"
RECIPE: Final = Signature.model_validate(
    {
        "type": "signature",
        "found": {"header": "webhook-signature"},
        "separator": " ",
        "prefix": "v1,",
        "encoding": "base64",
        "key": "base64",
        "key_prefix": "whsec_",
    }
)
"""How Standard Webhooks sign with a shared secret."""

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_WORDS: Final = ("application", "follow_up", "rule", "title", "direction", "step", "occasion", "contact")
_MOMENTS: Final = ("at", "due_at", "expires_at")


def identity(order: Order) -> str:
    """The id of an action, where it can be the id of a message: a full stop would end it in what is signed.

    Raises:
        Refused: it can not.
    """
    if _ID.fullmatch(order.id) is None:
        raise Refused(f"the id {order.id[:60]!a} of the action cannot be the id of a webhook")
    return order.id


def envelope(order: Order, source: str, prefix: str) -> bytes:
    """The event that says what is to be done. Nothing in it depends on when it is sent."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": identity(order),
        "source": source,
        "type": f"{prefix}.{order.do}",
        "subject": _line(order.application),
        "datacontenttype": "application/json",
        "data": _data(order),
    }
    if order.at is not None:
        event["time"] = order.at.isoformat()
    # Halves of characters, which no JSON may hold, become question marks.
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def headers(identity: str, body: bytes, moment: datetime, secrets: tuple[str, ...]) -> dict[str, str]:
    """The headers that prove who sends a message; one signature for each secret."""
    stamp = str(int(moment.timestamp()))
    signed = f"{identity}.{stamp}.".encode() + body
    given = " ".join(signature(RECIPE, secret, signed) for secret in secrets)
    return {"webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": given}


def _data(order: Order) -> dict[str, Any]:
    moments = {name: getattr(order, name) for name in _MOMENTS}
    return _known({
        "action": order.id,
        "do": order.do,
        **{name: getattr(order, name) for name in _WORDS},
        **{name: one.isoformat() if one is not None else None for name, one in moments.items()},
        "candidate": _known(vars(order.candidate)),
        "job": _known(vars(order.job)),
        "person": _known(vars(order.person)) if order.person is not None else None,
        "draft": order.draft._asdict() if order.draft is not None else None,
    })  # fmt: skip


def _known(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in given.items() if one is not None}


def _line(text: str) -> str:
    """Attributes of an event have no control characters; the application's own id stands in the data."""
    return "".join(mark for mark in text if mark.isprintable())
