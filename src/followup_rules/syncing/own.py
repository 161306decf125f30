"""Our own writing, recognised in what another system gives back: a touch of its follow-up, never a reply. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from followup_rules.adapter import Order
from followup_rules.model.words import WRITER
from followup_rules.outbox.rows import Row

_MARKER: Final = re.compile(r"\[followup-rules:([^\]\s]+)\]\s*\Z")
_TAG: Final = re.compile(r"<[^<>]{0,500}>")
_ENOUGH: Final = 40


def with_own(
    data: Mapping[str, Any], source: str, actions: Sequence[Row], written: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The data of an application in which what its actions have written are touches.

    Args:
        written: actions by events, where these are known from elsewhere.

    The actions of one step are one touch: the first message or, without one, the first note. The other messages are
    left out, the other notes stay notes. A reply that quotes our text is a reply.
    """
    events = [event for event in data.get("events", ()) if isinstance(event, Mapping)]
    if not actions or not events:
        return dict(data)
    orders = dict(orders_of(actions))
    ours = {
        index: order
        for index, one in enumerate(events)
        if (order := orders.get(written.get(str(one.get("id")), "")) or _order(one, source, actions, orders))
    }
    if not ours:
        return dict(data)
    contacts = {one.get("id") for one in data.get("contacts", ()) if isinstance(one, Mapping)}
    first = _first_of_each_step(events, ours)
    made = []
    for index, event in enumerate(events):
        order = ours.get(index)
        if order is None or (index not in first and event["type"] == "note"):
            made.append(event)
        elif index in first:
            made.append(_touch(event, order, contacts))
    return {**data, "events": made}


def orders_of(actions: Iterable[Row]) -> Iterable[tuple[str, Order]]:
    """The orders of actions, by id; one that cannot be read is left out."""
    for row in actions:
        try:
            yield row.id, row.order
        except (ValueError, TypeError, KeyError):
            continue


def _order(event: Mapping[str, Any], source: str, actions: Sequence[Row], orders: Mapping[str, Order]) -> Order | None:
    if event.get("type") not in ("message", "note"):
        return None
    for row in actions:
        if (
            row.reference
            and row.adapter == source
            and event.get("id") in (row.reference, f"{event['type']}:{row.reference}")
        ):
            return orders.get(row.id)
    text = _plain(f"{event.get('body') or ''}") or _plain(f"{event.get('subject') or ''}")
    found = _MARKER.search(text)
    order = orders.get(found[1]) if found is not None else None
    if order is None or event["type"] == "note":
        return order
    return order if _begins_as(order, text) else None


def _begins_as(order: Order, text: str) -> bool:
    """Whoever answers above the text that he quotes does not begin as we did."""
    draft = order.draft
    starts = [f"[followup-rules:{order.id}]", order.title, *((draft.subject, draft.body) if draft is not None else ())]
    begun = " ".join(text.split())
    return any(one and begun.startswith(one) for one in (" ".join(start.split())[:_ENOUGH] for start in starts))


def _first_of_each_step(events: Sequence[Mapping[str, Any]], ours: Mapping[int, Order]) -> set[int]:
    chosen: dict[tuple[str, str, int], int] = {}
    for index in sorted(ours, key=lambda one: (events[one]["type"] == "note", str(events[one].get("at")), one)):
        order = ours[index]
        chosen.setdefault((order.rule, order.occasion, order.step), index)
    return set(chosen.values())


def _touch(event: Mapping[str, Any], order: Order, contacts: set[Any]) -> dict[str, Any]:
    touch = {key: one for key, one in event.items() if key != "auto_reply"}
    touch |= {"type": "message", "from": WRITER[order.direction], "follow_up": order.follow_up}
    if order.contact in contacts and not (touch.get("contact") or touch.get("contacts")):
        touch.pop("contacts", None)
        touch["contact"] = order.contact
    return touch


def _plain(text: str) -> str:
    """A text without tags, as a browser would show it, more or less."""
    return html.unescape(_TAG.sub(" ", text)).strip() if "<" in text else text.strip()
