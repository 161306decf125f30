"""What `deliver` would do now, for people to read. Nothing is asked of anybody and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from followup_rules.adapter import Adapter, Order
from followup_rules.delivering.judging import expired, still_wanted
from followup_rules.delivering.ports import Fleet, Timelines
from followup_rules.delivering.scrub import kind_of, scrubbed
from followup_rules.errors import InvalidInput
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.rows import Row


class Rehearsed(NamedTuple):
    """What would become of one action, and the request that would be made."""

    action: str
    application: str
    do: str
    adapter: str
    would: str
    preview: str = ""


def rehearse(ledger: Ledger, fleet: Fleet, timelines: Timelines, now: datetime) -> Iterator[Rehearsed]:
    """Every action that a worker still has to do something about."""
    for row in ledger.rows(("planned", "leased", "emitted")):
        would, preview = _would(row, fleet, timelines, now)
        yield Rehearsed(row.id, row.application, row.do, row.adapter, would, preview)


def _would(row: Row, fleet: Fleet, timelines: Timelines, now: datetime) -> tuple[str, str]:
    if row.adapter not in fleet:
        return "stays, because the configuration does not name its adapter", ""
    if row.state == "emitted":
        return "would be looked for, because its answer never came", ""
    if row.state == "leased":
        return "is in the hands of a worker", ""
    if row.next_try > now:
        return f"waits until {row.next_try.isoformat()}", ""
    try:
        wanted = expired(row.order, now) or still_wanted(row.order, timelines.recheck(row.order, now), now)
    except InvalidInput as error:
        return f"waits: {error.problems[0]}", ""
    except (ValueError, TypeError, KeyError):
        return "would be canceled: what the outbox holds of this action cannot be read", ""
    if isinstance(wanted, str):
        return f"would be canceled: {wanted}", ""
    return "would be delivered", _preview(fleet[row.adapter].adapter, wanted)


def _preview(adapter: Adapter, order: Order) -> str:
    try:
        text = scrubbed(str(adapter.preview(order)), adapter)
    except Exception as error:
        return f"no preview: {kind_of(error, adapter)}"
    return "\n".join("".join(mark if mark.isprintable() else "?" for mark in line) for line in text.splitlines())
