"""The adapter that a vendor file makes: it asks, looks before it writes, and says what came of it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, ClassVar, Final

from followup_rules.adapter import Adapter, AdapterSettings, Incoming, Notice, Order, Page, Receipt
from followup_rules.errors import Misconfigured, Refused, Retriable, Unsupported
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.vendors.orders import marker, values
from followup_rules.vendors.paths import at, text_at

if TYPE_CHECKING:
    from followup_rules.vendors.model import Action, Vendor
    from followup_rules.vendors.wire import Asked

_REMEMBERED: Final = 10_000


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class VendorAdapter(Adapter):
    """One vendor, by its file."""

    vendor: ClassVar[Vendor]
    clock: Callable[[], datetime] = staticmethod(_utc_now)

    def __init__(self, settings: AdapterSettings) -> None:
        # Here and not above: these classes are listed by every command and used by few.
        from followup_rules.vendors.asking import Asking
        from followup_rules.vendors.settings import plain, secrets

        super().__init__(settings)
        if importlib.util.find_spec("httpx") is None:
            raise Misconfigured(f"the adapter '{self.name}' needs httpx: pip install 'followup-rules[http]'")
        # Of the class: it may be one that reads its file only now.
        self._vendor = type(self).vendor
        self._plain, self._secrets = plain(settings), secrets(settings)
        self._asking = Asking(
            self._vendor, self._plain, self._secrets, float(getattr(settings, "timeout", 30.0)), lambda: self.clock()
        )
        self._born, self._tried = self._asking.now, dict[str, datetime]()

    def carry_out(self, order: Order) -> Receipt:
        """Write the record, after a look whether an earlier try has written it."""
        action = self._action(order)
        asked = self._asked(action, order)
        if action.search is not None:
            try:
                known = self._search(action, order)
            except Retriable as error:
                # Only the look failed: this try has written nothing.
                error.maybe_done = False
                raise
            if known is not None:
                return Receipt(order.id, self.name, "already_done", known)
            self._settled(action, self._tried.get(order.id))
        self._remember(order.id)
        data, answer = self._asking.ask(asked, action.success)
        state = "already_done" if answer.status in action.repeated else "done"
        reference = self._reference(text_at(data, action.id) if action.id else order.id)
        return Receipt(order.id, self.name, state, reference)  # type: ignore[arg-type]

    def find(self, order: Order) -> Receipt | None:
        """The record that carries the marker of this action."""
        action = self._action(order)
        if action.search is None:
            raise Unsupported(f"the adapter '{self.name}' cannot look for what {order.do} has written")
        known = self._search(action, order)
        if known is not None:
            return Receipt(order.id, self.name, "already_done", known)
        self._settled(action, self._tried.get(order.id, self._born))
        return None

    def preview(self, order: Order) -> str:
        """The exact request that would write the record, and the one that looks for it before."""
        action = self._action(order)
        shown = [self._asking.shown(self._asked(action, order))]
        if action.search is not None:
            look = self._asking.asked(action.search.request, self._values(order))
            shown.insert(0, f"{self._asking.shown(look)}\n\n(and where nothing carries {marker(order)})\n")
        return "\n".join(shown)

    def test_connection(self) -> str:
        """One harmless question."""
        if self._vendor.test is None:
            raise Unsupported(f"the adapter '{self.name}' has nothing to test")
        _, answer = self._asking.ask(self._asking.asked(self._vendor.test, {"now": self._asking.now}))
        return f"{self._vendor.title} answers with status {answer.status}"

    def read_applications(self) -> Iterator[Application | Refusal]:
        """Every application."""
        for page in self.read_changes(None):
            yield from page.items

    def read_changes(self, since: str | None) -> Iterator[Page]:
        """Applications that have changed since the cursor, page by page."""
        from followup_rules.vendors.reading_changes import Reading

        if self._vendor.reads is None:
            raise Unsupported(f"the adapter '{self.name}' has no capability 'read_applications'")
        yield from Reading(self.name, self._vendor.reads, self._asking, self._plain).changes(since)

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        """What a delivery says, after its proof was found right."""
        from followup_rules.vendors.webhooks import notices

        if self._vendor.webhook is None:
            raise Unsupported(f"the adapter '{self.name}' has no capability 'webhook'")
        return notices(self.name, self._vendor.webhook, incoming, self._secrets, self._plain)

    def handshake(self, incoming: Incoming) -> Mapping[str, str] | None:
        """The headers that a first delivery wants to be answered with; None for every other delivery."""
        from followup_rules.vendors.webhooks import handshake

        return None if self._vendor.webhook is None else handshake(self._vendor.webhook, incoming)

    def close(self) -> None:
        """Close connections; the adapter can go on being used."""
        self._asking.close()

    def _action(self, order: Order) -> Action:
        action = self._vendor.actions.get(order.do)
        if action is None:
            raise Unsupported(f"the adapter '{self.name}' cannot {order.do}")
        return action

    def _values(self, order: Order) -> dict[str, Any]:
        return values(order, self._plain, self._asking.now)

    def _asked(self, action: Action, order: Order) -> Asked:
        if order.do in ("draft_message", "send_message") and order.draft is None:
            raise Refused(f"the rule '{order.rule}' has no template, so there is no text to write")
        return self._asking.asked(action.request, self._values(order))

    def _search(self, action: Action, order: Order) -> str | None:
        from followup_rules.vendors.paging import pages
        from followup_rules.vendors.templates import rendered

        search = action.search
        assert search is not None  # noqa: S101
        asked = self._asking.asked(search.request, self._values(order))
        mark = rendered(search.mark, self._values(order))
        for page in pages(self._asking, asked, search.paging, search.items):
            for item in page.items:
                if any(mark in _words(at(item, path)) for path in search.text):
                    return self._reference(text_at(item, search.id) if action.id else order.id)
        return None

    def _settled(self, action: Action, tried: datetime | None) -> None:
        """Nothing, where a search that found nothing can be relied on; some show what was written a little later."""
        settles = action.search.settles if action.search is not None else 0
        if settles and tried is not None:
            wait = settles - (self._asking.now - tried).total_seconds()
            if wait > 0:
                raise Retriable(f"{self.name}: its search may not show yet what an earlier try has written", wait)

    def _remember(self, identity: str) -> None:
        """When an action was last tried. What an earlier process has tried was before this adapter was made."""
        self._tried[identity] = self._asking.now
        while len(self._tried) > _REMEMBERED:
            del self._tried[next(iter(self._tried))]

    def _reference(self, text: str | None) -> str:
        return self._asking.judge.scrub(text or "")[:200]


def _words(found: Any) -> str:
    """A text as it was written, where a vendor keeps it as HTML or inside an object."""
    return str(found) if found is not None else ""


def adapter_of(vendor: Vendor) -> type[VendorAdapter]:
    """The adapter class that a vendor file makes."""
    from followup_rules.vendors.settings import settings_model

    words = {
        "__doc__": f"{vendor.title}.",
        "__module__": __name__,
        "name": vendor.vendor,
        "capabilities": vendor.capabilities,
        "Settings": settings_model(vendor),
        "vendor": vendor,
    }
    return type("".join(part.title() for part in vendor.vendor.split("-")), (VendorAdapter,), words)
