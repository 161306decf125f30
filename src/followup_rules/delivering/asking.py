"""One question to an adapter, and what its answer means for the ledger. Adapters may raise anything."""

from __future__ import annotations

from typing import Literal, NamedTuple

from followup_rules.adapter import Adapter, Order, Receipt
from followup_rules.delivering.scrub import kind_of, line_of, scrubbed
from followup_rules.errors import Misconfigured, Refused, Retriable, Unsupported
from followup_rules.plugin_answers import printable

Meaning = Literal["done", "absent", "not_done", "maybe_done", "refused", "unable", "misconfigured", "broken"]


class Answer(NamedTuple):
    """What came of a question. `after` is a wait in seconds that the other system has asked for.

    `not_done` certainly did nothing; after `maybe_done` and `broken` nobody knows.
    """

    meaning: Meaning
    said: str = ""
    reference: str = ""
    after: float | None = None


def ask_to_deliver(adapter: Adapter, order: Order) -> Answer:
    """Have an adapter carry out an action."""
    try:
        receipt = adapter.deliver(order)
    except Exception as error:
        return _failed(adapter, error)
    return _received(adapter, order, receipt)


def ask_to_find(adapter: Adapter, order: Order) -> Answer:
    """Have an adapter look for what an earlier try has made. It writes nothing, so nothing here is `maybe_done`."""
    try:
        receipt = adapter.find(order)
    except Exception as error:
        return _failed(adapter, error)
    return Answer("absent") if receipt is None else _received(adapter, order, receipt)


def _received(adapter: Adapter, order: Order, receipt: object) -> Answer:
    if not isinstance(receipt, Receipt) or receipt.action != order.id:
        return Answer("broken", "the adapter gave no receipt for this action")
    said = "it was there already" if receipt.state == "already_done" else ""
    return Answer("done", said, printable(scrubbed(str(receipt.reference), adapter)))


def _failed(adapter: Adapter, error: Exception) -> Answer:
    if isinstance(error, Retriable):
        after = error.after if isinstance(error.after, int | float) and error.after >= 0 else None
        return Answer("maybe_done" if error.maybe_done else "not_done", line_of(error, adapter), after=after)
    if isinstance(error, Refused):
        return Answer("refused", line_of(error, adapter))
    if isinstance(error, Unsupported):
        return Answer("unable", line_of(error, adapter))
    if isinstance(error, Misconfigured):
        return Answer("misconfigured", line_of(error, adapter))
    return Answer("broken", kind_of(error, adapter))
