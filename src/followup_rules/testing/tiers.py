"""How far an adapter can be trusted, computed from the promises that its tests have seen kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from followup_rules.adapter import Adapter, Order, Receipt, Tier
from followup_rules.errors import AdapterError, Misconfigured, Retriable, Unsupported
from followup_rules.testing.hostile import RETRY_AFTER, Fault, HostileServer

TIERS: Final[tuple[Tier, ...]] = ("bronze", "silver", "gold")
_TRIES: Final = 8
_LONGEST_WAIT: Final = 2.0


def tier_of(*, finds: bool, reads: bool, once: bool) -> Tier:
    """Bronze delivers; silver finds what it has written and reads what it declares; gold does each action once."""
    if not (finds and reads):
        return "bronze"
    return "gold" if once else "silver"


def not_found_again(adapter: Adapter, written: Iterable[Order], unwritten: Iterable[Order]) -> str | None:
    """Why `find` cannot be relied on; None where it can. `written` orders are delivered here."""
    for order in unwritten:
        if adapter.find(order) is not None:
            return f"find knows a {order.do} that nobody has asked for"
    for order in written:
        receipt = adapter.deliver(order)
        expected = receipt._replace(state="already_done")
        found = adapter.find(order)
        if found != expected:
            return f"find says {found} of a {order.do}, not {expected}"
    return None


def not_once(
    kind: type[Adapter], settings: Mapping[str, Any], server: HostileServer, fault: Fault, orders: Iterable[Order]
) -> str | None:
    """Why an action was not done exactly once while that went wrong; None where it was."""
    for order in orders:
        before = server.written()
        server.next(fault)
        why = _worked_off(lambda: kind.configured(settings), order, fault)
        added = server.written() - before
        if why is None and server.pending is not None:
            why = f"the fault never came: {kind.name} does not ask the hostile server"
        if why is None and added != 1:
            why = f"{order.do} made {added} records"
        if why is not None:
            return f"{fault}: {why}"
    return f"{fault}: another host was asked" if server.strangers else None


def _worked_off(made: Callable[[], Adapter], order: Order, fault: Fault) -> str | None:
    """Do as a worker does: look before anything is repeated that may have been done."""
    adapter, looking = made(), False
    for _ in range(_TRIES):
        found: Receipt | None
        try:
            found = adapter.find(order) if looking else adapter.deliver(order)
        except Retriable as error:
            if fault == "too_many" and (error.after is None or error.after < RETRY_AFTER):
                return f"the wait that the other system asks for is lost: after={error.after}"
            looking = looking or error.maybe_done
            time.sleep(min(error.after or 0.0, _LONGEST_WAIT))
        except Misconfigured:
            # A person has mended it.
            adapter = made()
        except Unsupported as error:
            return f"a person would have to look: {error}"
        except AdapterError as error:
            return f"it gave up with {type(error).__name__}: {error}"
        else:
            if found is not None:
                return None
            looking = False
    return f"it came to no end in {_TRIES} tries"
