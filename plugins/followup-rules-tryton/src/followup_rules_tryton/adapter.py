"""The adapter `tryton`: notes on sales opportunities, once each; opportunities are read as applications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, StringConstraints

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Order, Page, Receipt, Secret
from followup_rules.errors import Refused, Unsupported
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.vendors.calling import Address, only_a_look
from followup_rules.vendors.orders import marker, values
from followup_rules_tryton.session import Session

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_MODEL: Final = "sale.opportunity"
_NOTE: Final = "ir.note"


class TrytonAdapter(Adapter):
    """Asks a Tryton server over JSON-RPC, as the desktop does. Tryton has no tasks for opportunities, but notes."""

    name = "tryton"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"note", "read_applications", "read_messages"})
    tier = "gold"

    class Settings(AdapterSettings):
        """Which server and database, and who asks."""

        url: Address = Field(description="The address of the server, without the database.")
        database: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,63}$")] = Field(
            description="The name of the database."
        )
        user: Annotated[str, StringConstraints(pattern=r"^[^:\x00-\x1f\x7f]{1,200}$")] = Field(
            description="Who logs in; best a user of its own, in the group that may see opportunities."
        )
        password: Secret = Field(description="The password of the user.")
        timeout: float = Field(default=30.0, gt=0, le=300, description="Seconds to wait for each answer.")

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        one = settings
        self._session = Session(one.url, one.database, one.user, one.password.get_secret_value(), one.timeout)

    def carry_out(self, order: Order) -> Receipt:
        """Write the note, after a look whether an earlier try has written it."""
        number = _number(order)
        with only_a_look():
            if not self._session.model(_MODEL, "search", [["id", "=", number]], 0, 1, None):
                raise Refused(f"tryton: there is no opportunity {number} that '{self.settings.user}' may see")
            known = self.find(order)
        if known is not None:
            return known
        made = self._session.model(_NOTE, "create", [self._note(order)])
        return self._receipt(order, "done", made[0] if isinstance(made, list) and made else "")

    def find(self, order: Order) -> Receipt | None:
        """The note that carries the marker of this action."""
        for note in self._session.model(_NOTE, "search_read", *_look(order)):
            if marker(order) in str(note.get("message")):
                return self._receipt(order, "already_done", note["id"])
        return None

    def preview(self, order: Order) -> str:
        """The call that would write the note, and the one that looks for it before."""
        if order.do != "add_note":
            raise Unsupported(f"the adapter '{self.name}' cannot {order.do}")
        look = self._session.shown(_NOTE, "search_read", *_look(order))
        write = self._session.shown(_NOTE, "create", [self._note(order)])
        return f"{look}\n\n(and where nothing carries {marker(order)})\n\n{write}"

    def test_connection(self) -> str:
        """Logs in and counts the opportunities that the user may see."""
        count, version = self._session.model(_MODEL, "search_count", []), self._session.version()
        who = f"'{self.settings.user}' sees {count} opportunities in '{self.settings.database}'"
        return f"Tryton {version} at {self.settings.url}: {who}"

    def read_applications(self) -> Iterator[Application | Refusal]:
        """Every opportunity that the user may see."""
        for page in self.read_changes(None):
            yield from page.items

    def read_changes(self, since: str | None) -> Iterator[Page]:
        """Opportunities that have changed since the cursor, or on which something was written, page by page."""
        from followup_rules_tryton.reading import Reading

        yield from Reading(self._session).changes(since)

    def close(self) -> None:
        """End the session; the adapter can go on being used."""
        self._session.close()

    def _note(self, order: Order) -> dict[str, Any]:
        text = values(order, {}, self._session.calls.now)["note"]
        return {"resource": f"{_MODEL},{_number(order)}", "message": text}

    def _receipt(self, order: Order, state: Any, reference: object) -> Receipt:
        return Receipt(order.id, self.name, state, str(reference))


def _number(order: Order) -> int:
    if _NUMBER.fullmatch(order.application) is None:
        raise Refused(f"tryton: {order.application[:60]!a} is no number of an opportunity")
    return int(order.application)


def _look(order: Order) -> tuple[Any, ...]:
    """The question for the notes of an opportunity that may carry the marker."""
    text = re.sub(r"([\\%_])", r"\\\1", marker(order))
    domain = [["resource", "=", f"{_MODEL},{_number(order)}"], ["message", "like", f"%{text}%"]]
    return domain, 0, 10, [["id", "ASC"]], ["message"]
