"""What a person decides about an action: cancel it, have it tried again, or say that it was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from followup_rules.model.decision import Draft
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.moving import note
from followup_rules.outbox.orders import as_text
from followup_rules.outbox.rows import Row
from followup_rules.outbox.states import BY_HAND
from followup_rules.outbox.tables import ACTIONS
from followup_rules.outbox.timers import NEVER


def decide_by_hand(
    ledger: Ledger, deed: str, action: str, reason: str, who: str, now: datetime, reference: str = ""
) -> Row:
    """Do what a person wants with an action; the reason stays in its history.

    Raises:
        OutboxFault: FR906, there is no such action; FR907, its state does not allow it.
    """
    to, allowed = BY_HAND[deed]
    row = the_action(ledger, action)
    changes = _changes(deed, reason, now, reference)
    if deed == "retry" and _wants_approval(row):
        changes["next_try"] = NEVER
    if row.state not in allowed or not ledger.move(row, to, now, who, reason, lasting=True, **changes):
        row = the_action(ledger, action)
        hint = f"{deed} is for what is {' or '.join(allowed)}"
        raise OutboxFault("FR907", f"the action {row.id} is {row.state}; nothing was changed", ledger.shown, hint)
    return the_action(ledger, action)


def the_action(ledger: Ledger, action: str) -> Row:
    """One action by its id, or by the beginning of its id where that is enough.

    Raises:
        OutboxFault: FR906, there is none, or there are several.
    """
    found = ledger.row(action)
    if found is not None:
        return found
    fitting = ledger.beginning(action)
    if len(fitting) == 1:
        return fitting[0]
    text = "several actions begin so" if fitting else "there is no such action"
    raise OutboxFault("FR906", f"{text}: {action!a}", ledger.shown, "outbox list --format json shows whole ids")


def approve(ledger: Ledger, action: str, draft: Draft | None, who: str, now: datetime) -> Row:
    """Let an action go that waits for a person, with the text that this person has read or written.

    Raises:
        OutboxFault: FR906, there is no such action; FR907, it does not wait for anybody.
    """
    row = the_action(ledger, action)
    if row.state != "planned" or not _wants_approval(row):
        hint = "only what is planned and waits for an approval can be approved"
        raise OutboxFault("FR907", f"the action {row.id} is {row.state}; nothing was changed", ledger.shown, hint)
    order = row.order
    changed = draft is not None and draft != order.draft
    order = order._replace(draft=draft if draft is not None else order.draft, approval="given")
    changes = {"data": as_text(order), "next_try": now, "changed_at": now}
    with ledger.writing() as connection:
        # As it was seen: a plan that has changed it meanwhile wants to be read first.
        same = (ACTIONS.c.seq == row.seq, ACTIONS.c.state == "planned", ACTIONS.c.data == row.data)
        if connection.execute(update(ACTIONS).where(*same).values(changes)).rowcount != 1:
            text = f"the action {row.id} has just been changed; nothing was changed by this"
            raise OutboxFault("FR907", text, ledger.shown, "look at it once more")
        why = "approved, with another text" if changed else "approved"
        note(connection, [(row.id, row.state)], "planned", now, who, why)
    return the_action(ledger, action)


def _wants_approval(row: Row) -> bool:
    try:
        return row.order.approval == "wanted"
    except (ValueError, TypeError, KeyError):
        return False


def _changes(deed: str, reason: str, now: datetime, reference: str) -> dict[str, Any]:
    if deed == "cancel":
        return {"error": reason, "by_hand": True}
    if deed == "retry":
        return {"error": "", "next_try": now, "by_hand": False}
    return {"error": "", "reference": reference, "by_hand": True}
