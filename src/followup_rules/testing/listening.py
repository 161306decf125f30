"""What is heard and read from another system means the same, however often and in whatever order it comes.

Each function says why a promise is not kept, or None where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from followup_rules.adapter import Adapter, Incoming, Notice, Order, Receipt
from followup_rules.errors import AdapterError, Misconfigured
from followup_rules.testing.hostile import READING, HostileServer, disordered
from followup_rules.testing.store import READS, Store, a_store

_MOST_CALLS: Final = 12
_TRIES: Final = 4


def heard_otherwise(adapter: Adapter, deliveries: Sequence[Incoming]) -> str | None:
    """Webhooks that come twice or out of order must say what they say in the right order, each once."""
    right: dict[str, Notice] | None = None
    for given in disordered(deliveries):
        found: dict[str, Notice] = {}
        for incoming in given:
            for notice in adapter.parse_webhook(incoming):
                if found.setdefault(notice.id, notice) != notice:
                    return f"two notices have the id '{notice.id}'"
        if right is None:
            right = found
            if len(found) < len(deliveries):
                return f"{len(deliveries)} deliveries say {len(found)} things"
        if found != right:
            return "webhooks in another order, or once more, say something else"
    return None


def other_timelines(made: Callable[[], Adapter], deliveries: Sequence[Incoming], folder: Path) -> str | None:
    """Whatever the order of webhooks, what is read because of them is the same, and a repetition reads nothing."""
    right = None
    for given in disordered(deliveries):
        adapter, known = made(), set[str]()
        with a_store(folder) as store:
            for incoming in given:
                new = {notice.id for notice in adapter.parse_webhook(incoming)} - known
                if new and (why := store.read(adapter)) is not None:
                    return f"it cannot be read: {why}"
                known |= new
            found = store.kept()
        right = found if right is None else right
        if found != right:
            return "webhooks in another order, or once more, make another timeline"
    return None


def read_otherwise(made: Callable[[], Adapter], server: HostileServer | None, folder: Path) -> str | None:
    """Read twice, or broken off by whatever goes wrong and taken up again, the store is the same."""
    with a_store(folder) as store:
        if (why := store.read(made())) is not None:
            return f"it cannot be read: {why}"
        right = store.kept()
        for anew in (False, True):
            if (why := store.read(made(), anew=anew)) is not None or store.kept() != right:
                return f"read once more it is another timeline: {why or 'the same applications, kept otherwise'}"
    if server is None:
        return None
    for fault in READING:
        for spared in range(_MOST_CALLS):
            server.next(fault, spared, any_call=True)
            with a_store(folder) as store:
                why = _read_at_last(made, store)
                if why is None and store.kept() != right:
                    why = "it is another timeline"
            if why is not None:
                return f"{fault} at call {spared + 1}: {why}"
            if server.pending is not None:
                break
    server.next(None)
    return "another host was asked" if server.strangers else None


def _read_at_last(made: Callable[[], Adapter], store: Store) -> str | None:
    """Each try is a new process, as `sync` is."""
    why: str | None = None
    for _ in range(_TRIES):
        why = store.read(made())
        if why is None:
            return None
    return f"it came to no end in {_TRIES} tries: {why}"


def taken_for_a_reply(
    made: Callable[[], Adapter], orders: Sequence[Order], echoes: Callable[[Order, Receipt], Sequence[Incoming]],
    folder: Path,
) -> str | None:  # fmt: skip
    """Our own writing comes back, by a webhook or when all is read; whether its answer came or not, it is no reply."""
    for order in orders:
        with a_store(folder) as store:
            adapter = made()
            reads = bool(READS & adapter.capabilities)
            if "read_messages" in adapter.capabilities and "read_applications" not in adapter.capabilities:
                store.know(order)
            if reads and (why := store.read(adapter)) is not None:
                return f"it cannot be read: {why}"
            before = store.replies(order) if reads else set()
            receipt = adapter.deliver(order)
            for reference in (None, receipt.reference):
                store.write_down(order, adapter, reference)
                for incoming in echoes(order, receipt):
                    if any(_is_reply(event) for one in adapter.parse_webhook(incoming) for event in one.events):
                        return f"a webhook says that our own {order.do} is a reply"
                if reads and (why := store.read(adapter, anew=True)) is not None:
                    return f"it cannot be read: {why}"
                if reads and store.replies(order) != before:
                    return f"our own {order.do} is read as a reply"
    return None


def _is_reply(event: Mapping[str, Any]) -> bool:
    return event.get("type") == "message" and not event.get("follow_up")


def not_renewed(
    kind: type[Adapter], settings: Mapping[str, Any], server: HostileServer, order: Callable[[int], Order]
) -> str | None:
    """A token that nobody takes any more is renewed once, if it can be; then it is for a person, and nothing is done.

    It may expire before any of the calls: the action is done once all the same.
    """
    before = server.written()
    server.expire()
    begin = len(server.calls)
    try:
        kind.configured(settings).deliver(order(0))
    except Misconfigured:
        asked = [call for call in server.calls[begin:] if not server.signs_in(call)]
    except AdapterError as error:
        return f"without a token that is taken it says {type(error).__name__}: {error}"
    else:
        return "it has done something without a token that is taken"
    finally:
        server.expire(False)
    if len(asked) > 2:
        return f"it asks {len(asked)} times with tokens that are not taken"
    if server.written() != before:
        return "it has written something without a token that is taken"
    for spared in range(_MOST_CALLS):
        one, before = order(spared + 1), server.written()
        server.next("expired_token", spared)
        with suppress(Misconfigured):
            kind.configured(settings).deliver(one)
        came = server.pending is None
        server.next(None)
        kind.configured(settings).deliver(one)
        if server.written() - before != 1:
            return f"a token that expires at call {spared + 1} makes {server.written() - before} records of one action"
        if not came:
            return None
    return None
