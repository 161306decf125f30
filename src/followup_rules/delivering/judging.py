"""Whether a planned action is still what the newest timeline asks for. Pure."""

from __future__ import annotations

from datetime import datetime

from followup_rules.adapter import Order, orders
from followup_rules.delivering.ports import Fresh


def still_wanted(order: Order, fresh: Fresh | None, now: datetime) -> Order | str:
    """The order as it is now, with the newest draft and addresses, or why it must not be carried out."""
    if fresh is None:
        return "the application is not there any more, or has no such occasion"
    decision = fresh.decision
    if decision.decision != "send":
        return f"{decision.decision}: {decision.reason}, by {decision.decided_by.id}"
    for one in orders(decision, fresh.application):
        if one.id == order.id:
            if order.approval == "wanted":
                return "nobody has approved it"
            # A task may have been made a note of, for an adapter that knows no tasks.
            newest = one._replace(do=order.do, approval=order.approval)
            # What a person has approved goes as it was read, and no other text instead.
            return expired(one, now) or (newest._replace(draft=order.draft) if order.approval else newest)
    return f"step {decision.step} is due now, not step {order.step}"


def expired(order: Order, now: datetime) -> str | None:
    """Why it is too late, where it is."""
    if order.expires_at is None or now <= order.expires_at:
        return None
    return f"expired at {order.expires_at.isoformat()}"
