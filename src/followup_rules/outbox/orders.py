"""An `Order` as plain data and back, so that what was planned can be carried out by another process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from followup_rules.adapter import Order
from followup_rules.model.application import Candidate, Contact, Job
from followup_rules.model.decision import Draft

_MOMENTS: Final = ("at", "due_at", "expires_at")


def as_data(order: Order) -> dict[str, Any]:
    """Everything that an order says, as JSON knows it."""
    data = order._asdict()
    for name in _MOMENTS:
        data[name] = _moment_data(data[name])
    data["draft"] = None if order.draft is None else order.draft._asdict()
    for name in ("candidate", "job", "person"):
        data[name] = None if data[name] is None else data[name].model_dump(exclude_none=True)
    if not order.approval:
        del data["approval"]
    return data


def from_data(data: Mapping[str, Any]) -> Order:
    """The order that `as_data` wrote down.

    Raises:
        ValueError, TypeError, KeyError: it is no such data.
    """
    words = dict(data)
    for name in _MOMENTS:
        words[name] = _moment(words[name])
    words["draft"] = None if words["draft"] is None else Draft(**words["draft"])
    words["candidate"] = Candidate.model_validate(words["candidate"])
    words["job"] = Job.model_validate(words["job"])
    words["person"] = None if words["person"] is None else Contact.model_validate(words["person"])
    return Order(**words)


def as_text(order: Order) -> str:
    """One line of JSON in ASCII: any text at all comes through any database."""
    return json.dumps(as_data(order), ensure_ascii=True, separators=(",", ":"))


def from_text(text: str) -> Order:
    """The order in a line of JSON."""
    return from_data(json.loads(text))


def _moment_data(moment: datetime | None) -> dict[str, str] | None:
    """A moment with the name of its zone: a calendar needs more than an offset."""
    if moment is None:
        return None
    key = getattr(moment.tzinfo, "key", None)
    return {"time": moment.isoformat(), **({"zone": key} if isinstance(key, str) else {})}


def _moment(data: Mapping[str, str] | None) -> datetime | None:
    if data is None:
        return None
    moment = datetime.fromisoformat(data["time"])
    zone = _zone(data.get("zone"))
    return moment if zone is None else moment.astimezone(zone)


def _zone(name: str | None) -> tzinfo | None:
    from followup_rules.timing.zones import find_zone

    return None if name is None else find_zone(name)
