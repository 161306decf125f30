"""What a person decides about an action: cancel it, have it tried again, or say that it was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.rows import Row
from followup_rules.outbox.states import BY_HAND


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


def _changes(deed: str, reason: str, now: datetime, reference: str) -> dict[str, Any]:
    if deed == "cancel":
        return {"error": reason, "by_hand": True}
    if deed == "retry":
        return {"error": "", "next_try": now, "by_hand": False}
    return {"error": "", "reference": reference, "by_hand": True}
