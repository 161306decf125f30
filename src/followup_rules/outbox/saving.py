"""Saving a plan: what is to be done is written down once, and what is not to be done any more is canceled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from followup_rules.adapter import Order
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.moving import note
from followup_rules.outbox.orders import as_text
from followup_rules.outbox.rows import Row
from followup_rules.outbox.tables import ACTIONS
from followup_rules.outbox.timers import NEVER

PLAN: Final = "plan"


class Entry(NamedTuple):
    """An order and the adapter that it was routed to."""

    order: Order
    adapter: str


class Wanted(NamedTuple):
    """All that a plan asks for in one application. `reasons`, by rule and occasion, say why it asks for no more."""

    application: str
    entries: Sequence[Entry] = ()
    reasons: Mapping[tuple[str, str], str] = {}


class Saved(NamedTuple):
    """What saving has changed: new actions, canceled ones that are wanted again, changed ones, those not wanted."""

    new: int = 0
    again: int = 0
    changed: int = 0
    canceled: int = 0
    known: int = 0

    def __str__(self) -> str:
        told = {"new": self.new, "planned again": self.again, "changed": self.changed, "canceled": self.canceled}
        return ", ".join([f"{count} {word}" for word, count in told.items() if count] + [f"{self.known} known"])

    def plus(self, other: Saved) -> Saved:
        """Both together."""
        return Saved(*(one + two for one, two in zip(self, other, strict=True)))


def save(ledger: Ledger, wanted: Sequence[Wanted], decided_at: datetime, now: datetime) -> Saved:
    """Save what was decided about some applications, in one transaction.

    Planned actions of these applications that the plan does not ask for are canceled. The same plan saved twice
    changes nothing, and neither does an older plan. What a plan, a stop or the clock has canceled is taken up again
    by a later plan that asks for it; what a person has canceled is not.
    """
    ids = [entry.order.id for one in wanted for entry in one.entries]
    concerned = ACTIONS.c.id.in_(ids) | (
        ACTIONS.c.application.in_([one.application for one in wanted]) & (ACTIONS.c.state == "planned")
    )
    saved = Saved()
    with ledger.writing() as connection:
        found = connection.execute(select(ACTIONS).where(concerned).order_by(ACTIONS.c.seq).with_for_update())
        known = {row.id: row for row in (Row(*one) for one in found)}
        for one in wanted:
            for entry in one.entries:
                saved = saved.plus(_enter(connection, entry, known.get(entry.order.id), decided_at, now))
        reasons = {one.application: one.reasons for one in wanted}
        for row in known.values():
            if row.state == "planned" and row.id not in ids and row.decided_at < decided_at:
                _cancel(connection, row, reasons.get(row.application, {}), now)
                saved = saved.plus(Saved(canceled=1))
    return saved


def _enter(connection: Connection, entry: Entry, row: Row | None, decided_at: datetime, now: datetime) -> Saved:
    order = entry.order
    values: dict[str, Any] = {
        "adapter": entry.adapter, "do": order.do, "data": as_text(order), "decided_at": decided_at,
        "expires_at": order.expires_at, "changed_at": now,
    }  # fmt: skip
    first = NEVER if order.approval == "wanted" else max(order.at or now, now)
    start = {"state": "planned", "next_try": first, "error": "", "by_hand": False}
    if row is None:
        fresh = {
            "id": order.id, "application": order.application, "follow_up": order.follow_up, "rule": order.rule,
            "attempts": 0, "reference": "", "created_at": now,
        }  # fmt: skip
        connection.execute(insert(ACTIONS).values(**values, **start, **fresh))
        note(connection, [(order.id, None)], "planned", now, PLAN, "")
        return Saved(new=1)
    mine = update(ACTIONS).where(ACTIONS.c.seq == row.seq)
    if row.state == "canceled" and not row.by_hand and max(row.decided_at, row.changed_at) < decided_at:
        connection.execute(mine.values(**values, **start))
        note(connection, [(row.id, row.state)], "planned", now, PLAN, "a later plan asks for it again")
        return Saved(again=1)
    newer = row.state == "planned" and row.decided_at < decided_at
    if newer and (row.adapter != entry.adapter or not _same(row, order)):
        connection.execute(mine.values(**values, **({"next_try": first} if order.approval else {})))
        note(connection, [(row.id, row.state)], "planned", now, PLAN, "a later plan has changed it")
        return Saved(changed=1)
    return Saved(known=1)


def _same(row: Row, order: Order) -> bool:
    """True where only the moment of planning is another."""
    try:
        known = row.order
        if known.approval == "given" and order.approval == "wanted":
            return True
        return known._replace(at=None) == order._replace(at=None)
    except (ValueError, TypeError, KeyError):
        return False


def _cancel(connection: Connection, row: Row, reasons: Mapping[tuple[str, str], str], now: datetime) -> None:
    why = reasons.get((row.rule, _occasion(row)), "the plan does not ask for it any more")
    changes = {"state": "canceled", "error": why, "changed_at": now}
    connection.execute(update(ACTIONS).where(ACTIONS.c.seq == row.seq).values(changes))
    note(connection, [(row.id, row.state)], "canceled", now, PLAN, why)


def _occasion(row: Row) -> str:
    try:
        return row.order.occasion
    except (ValueError, TypeError, KeyError):
        return ""
