"""The adapter `odoo`: tasks as activities and notes as internal notes on applicants and leads, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, Literal

from followup_rules.adapter import Adapter, Capability, Order, Page, Receipt, Tier
from followup_rules.errors import AdapterError, Misconfigured, Refused, Retriable
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules_odoo import writing
from followup_rules_odoo.calling import Api, Call, Json2, XmlRpc, api_of
from followup_rules_odoo.records import ended
from followup_rules_odoo.settings import OdooSettings

_STATUS: Final = {
    "hr.applicant": ["active", "refuse_reason_id", "date_closed", "user_id"],
    "crm.lead": ["active", "probability", "date_closed", "user_id"],
}


class OdooAdapter(Adapter):
    """Looks before it writes: at the record, then for what an earlier try has written there."""

    name = "odoo"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({
        "task", "note", "read_applications", "read_interviews", "read_messages",
    })  # fmt: skip
    tier: ClassVar[Tier | None] = "gold"

    Settings = OdooSettings
    settings: OdooSettings

    def __init__(self, settings: OdooSettings) -> None:
        super().__init__(settings)
        self._found: Api | None = None
        self._type: int | None = None

    def carry_out(self, order: Order) -> Receipt:
        """Write the activity or note, unless an earlier try has, or the record has ended."""
        try:
            record = self._record(order)
            known = self._known(order)
            if known is not None:
                return self._receipt(order, "already_done", known)
            asked = self._asked(order, record)
        except Retriable as error:
            # So far nothing was written.
            error.maybe_done = False
            raise
        written = self._call(asked)
        number = written[0] if isinstance(written, list) and written else written
        if not isinstance(number, int) or isinstance(number, bool):
            raise Retriable("odoo: the answer does not say what was written")
        return self._receipt(order, "done", f"{_kind(order)}:{number}")

    def find(self, order: Order) -> Receipt | None:
        """The activity or note that carries the marker of this action."""
        known = self._known(order)
        return None if known is None else self._receipt(order, "already_done", known)

    def preview(self, order: Order) -> str:
        """The exact requests, in their order; those of JSON-2 where nobody has asked yet which API there is."""
        api = self._found or (XmlRpc if self.settings.api == "xml-rpc" else Json2)(self.settings)
        model, _ = writing.record_of(order.application)
        asked = [writing.look_at_record(order, _STATUS[model]), *self._looks(order)]
        if order.do == "create_task":
            asked.append(writing.find_activity_type(self.settings))
        asked.append(self._write(order, f"(the number of {self.settings.activity_type})", "(who is responsible)"))
        return "\n\n".join(api.shown(one) for one in asked)

    def test_connection(self) -> str:
        """Asks who is asking, by which API, and whether the models are there."""
        told = self._call(Call("res.users", "context_get"))
        if not isinstance(told, dict):
            raise Misconfigured("odoo: what is there does not answer as Odoo")
        for model in self.settings.read:
            self._call(Call(model, "search_read", (), {"domain": [["id", "=", 0]], "fields": ["stage_id"]}))
        return f"{self.settings.url} is Odoo, by {self._api().title}; it has {', '.join(self.settings.read)}"

    def read_applications(self) -> Iterator[Application | Refusal]:
        """Every application."""
        for page in self.read_changes(None):
            yield from page.items

    def read_changes(self, since: str | None) -> Iterator[Page]:
        """Applications that have changed since the cursor, page by page."""
        from followup_rules_odoo.reading import Reading

        yield from Reading(self.settings, self._call).changes(since)

    def _api(self) -> Api:
        if self._found is None:
            self._found = api_of(self.settings)
        return self._found

    def _call(self, call: Call) -> Any:
        return self._api().call(call)

    def _record(self, order: Order) -> Mapping[str, Any]:
        model, _ = writing.record_of(order.application)
        found = self._call(writing.look_at_record(order, _STATUS[model]))
        if not found:
            raise Refused(f"odoo: there is no {order.application}, or this account may not see it")
        record: Mapping[str, Any] = found[0]
        return record

    def _looks(self, order: Order) -> list[Call]:
        message = writing.look_for_message(order)
        return [writing.look_for_activity(order), message] if order.do == "create_task" else [message]

    def _known(self, order: Order) -> str | None:
        task = order.do == "create_task"
        for look in self._looks(order):
            for one in self._call(look):
                if look.model == "mail.activity":
                    if writing.holds_marker(one.get("note"), order):
                        return f"mail.activity:{one['id']}"
                elif bool(one.get("mail_activity_type_id")) is task and writing.holds_marker(one.get("body"), order):
                    return f"mail.message:{one['id']}"
        return None

    def _asked(self, order: Order, record: Mapping[str, Any]) -> Call:
        model, _ = writing.record_of(order.application)
        why = ended(model, record) if self.settings.ended == "refuse" else None
        if why is not None:
            raise Refused(f"odoo: {order.application} is {why} by now")
        user = record.get("user_id")
        activity_type = self._activity_type() if order.do == "create_task" else None
        return self._write(order, activity_type, user[0] if user else None)

    def _write(self, order: Order, activity_type: object, user: object) -> Call:
        if order.do == "create_task":
            return writing.create_activity(order, activity_type, user)
        return writing.post_note(order)

    def _activity_type(self) -> int:
        if self._type is None:
            told: AdapterError | None = None
            try:
                found = self._call(writing.find_activity_type(self.settings))
            except Retriable as error:
                # Odoo answers a name that it does not know with a failure of its own.
                if "External ID not found" not in str(error):
                    raise
                found = None
            except Refused as error:
                told, found = error, None
            if not isinstance(found, list) or found[0] != "mail.activity.type" or not found[1]:
                raise Misconfigured(f"odoo: there is no activity type '{self.settings.activity_type}'") from told
            self._type = int(found[1])
        return self._type

    def _receipt(self, order: Order, state: Literal["done", "already_done"], reference: str) -> Receipt:
        return Receipt(order.id, self.name, state, reference)


def _kind(order: Order) -> str:
    return "mail.activity" if order.do == "create_task" else "mail.message"
