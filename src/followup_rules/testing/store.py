"""A store of a test's own: what an adapter has read, beside what the outbox knows to have been written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

from followup_rules.adapter import Adapter, Order
from followup_rules.model.application import Application
from followup_rules.model.words import WRITER

if TYPE_CHECKING:
    from followup_rules.outbox.ledger import Ledger
    from followup_rules.outbox.messages import KeptMessage
    from followup_rules.outbox.timelines import Kept

_NOW: Final = datetime(2026, 9, 15, 14, 0, tzinfo=timezone.utc)
_LONG: Final = timedelta(minutes=5)
READS: Final = frozenset({"read_applications", "read_messages"})
"""What an adapter can that is read."""


class Store:
    """One store, which every reading of an adapter goes into."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def read(self, adapter: Adapter, *, anew: bool = False) -> str | None:
        """Read what is new; why it came to no end, or None where it did."""
        from followup_rules.syncing.reading import source_of, sync

        told: list[str] = []
        source = source_of(adapter.name, adapter)
        _, ended = sync(
            self._ledger, source, lambda: _NOW, anew=anew, tell=lambda problems: told.extend(map(str, problems))
        )
        return None if ended else "; ".join(told[-1:]) or "it came to no end"

    def know(self, order: Order) -> None:
        """Have another source bring the application of an order, for adapters that know messages alone."""
        from followup_rules.outbox.timelines import State, keep_page
        from followup_rules.syncing.texts import kept_of

        email = order.draft.to if order.draft is not None else None
        data = {"id": order.application, "status": "active", "candidate": {"email": email}}
        kept = kept_of(Application.model_validate(data))
        keep_page(self._ledger, State("kit", turn=1, round=1), [kept.key], lambda known: [kept], _NOW)

    def kept(self) -> list[Kept | KeptMessage]:
        """Everything that is kept, in the order of ids."""
        from followup_rules.outbox.messages import all_messages
        from followup_rules.outbox.timelines import all_told, snapshot

        with snapshot(self._ledger) as connection:
            told = [one.kept for page in all_told(connection) for one in page]
            return [*told, *(one for _, one in all_messages(connection))]

    def replies(self, order: Order) -> set[tuple[str, str]]:
        """Application and id of each message that would be taken for an answer to what the order writes."""
        from followup_rules.outbox.timelines import snapshot
        from followup_rules.syncing.stored import stored_applications

        with snapshot(self._ledger) as connection:
            items = [read.item for read in stored_applications(self._ledger, connection)()]
        ours = WRITER[order.direction]
        return {
            (one.id, event.id)
            for one in items
            if isinstance(one, Application)
            for event in one.events
            if event.type == "message" and event.from_ != ours and not event.auto_reply
        }

    def write_down(self, order: Order, adapter: Adapter, reference: str | None) -> None:
        """Have the outbox know an action: confirmed with a reference, or emitted and without an answer."""
        from followup_rules.outbox.saving import Entry, Wanted, save

        save(self._ledger, [Wanted(order.application, [Entry(order, adapter.name)])], _NOW, _NOW)
        for row in self._ledger.lease("kit", _NOW, _NOW + _LONG, adapter.name, 1):
            self._ledger.emit(row, _NOW, _NOW + _LONG)
        emitted = self._ledger.row(order.id)
        if emitted is not None and reference is not None:
            self._ledger.move(emitted, "confirmed", _NOW, "kit", reference=reference)


@contextmanager
def a_store(folder: Path) -> Iterator[Store]:
    """A new store in a folder, for as long as the block lasts."""
    from followup_rules.outbox.address import address
    from followup_rules.outbox.opening import open_outbox

    folder.mkdir(parents=True, exist_ok=True)
    name = f"store-{len(list(folder.glob('store-*.sqlite')))}.sqlite"
    ledger = open_outbox(address(str(folder / name)), _NOW, create=True)
    try:
        yield Store(ledger)
    finally:
        ledger.close()
