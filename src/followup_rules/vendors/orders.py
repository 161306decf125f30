"""An order as templates see it, and the text that people read in the other system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from followup_rules.adapter import Order

_LONGEST: Final = 30_000


def marker(order: Order) -> str:
    """What every text that an adapter writes ends with: by it the action is recognised again."""
    return f"[followup-rules:{order.id}]"


MARK: Final = "[followup-rules:"


def values(order: Order, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the templates of an action can use."""
    facts = {
        "application": order.application,
        "follow_up": order.follow_up,
        "rule": order.rule,
        "step": order.step,
        "occasion": order.occasion,
        "contact": order.contact,
        "title": _line(order.title),
        "at": order.at,
        "due": order.due_at or order.expires_at or order.at or now,
        "expires": order.expires_at,
        # Nothing that this action has written can be older, however much the clocks differ.
        "since": (order.at or now - timedelta(days=30)) - timedelta(days=1),
    }
    return {
        "id": order.id,
        "marker": marker(order),
        "order": facts,
        "candidate": vars(order.candidate),
        "job": vars(order.job),
        "person": vars(order.person) if order.person is not None else {},
        "draft": _draft(order),
        "note": _note(order),
        "subject": _line(order.title),
        "settings": settings,
        "now": now,
    }


def _draft(order: Order) -> dict[str, Any]:
    if order.draft is None:
        return {}
    return {"subject": _line(order.draft.subject), "body": order.draft.body, "to": order.draft.to}


def _note(order: Order) -> str:
    """Title, what it is about, when it is due, the draft; the marker comes last and is never cut off."""
    lines = [_line(order.title), f"Follow-up '{order.follow_up}', step {order.step}, by the rule '{order.rule}'."]
    if order.due_at is not None:
        lines.append(f"Due {order.due_at.isoformat(' ', 'minutes')}.")
    if order.draft is not None:
        to = f" to {_line(order.draft.to)}" if order.draft.to else ""
        lines += ["", f"Draft{to}: {_line(order.draft.subject)}".rstrip(": "), order.draft.body.strip()]
    text = _text("\n".join(lines))[:_LONGEST]
    return f"{text}\n\n{marker(order)}"


def _line(text: str) -> str:
    """One line without control characters: it may stand in a subject."""
    return "".join(mark for mark in " ".join(text.split()) if mark.isprintable())


def _text(text: str) -> str:
    """A text that any system can store: line breaks are its only control characters, no half surrogates."""
    kept = "".join(mark for mark in text if mark == "\n" or mark.isprintable())
    return kept.encode("utf-8", "replace").decode("utf-8")
