"""The adapter `frappe`: tasks and comments on job applicants of Frappe HR, once each; applicants are applications."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Incoming, Notice, Order, Page, Receipt, Secret
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.vendors.calling import Address, only_a_look
from followup_rules.vendors.model_webhook import Webhook
from followup_rules.vendors.orders import marker, values
from followup_rules.vendors.webhooks import notices
from followup_rules_frappe.reading import APPLICANT
from followup_rules_frappe.site import Site

_WEBHOOK: Final = Webhook.model_validate({
    "evidence": "S several agree on the signature",
    "keys": ["webhook_secret"],
    "proof": {"type": "signature", "found": {"header": "X-Frappe-Webhook-Signature"}, "encoding": "base64"},
    "kind": {"json": "doctype"},
    "application": ["job_applicant", "reference_name", "name"],
})  # fmt: skip


def _is_a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise PydanticCustomError("zone", "there is no such time zone; write it as Europe/Berlin", {}) from None
    return name


class FrappeAdapter(Adapter):
    """Asks a site over REST with the token of a user."""

    name = "frappe"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        {"task", "note", "read_applications", "read_interviews", "read_messages", "webhook"}
    )
    tier = "gold"

    class Settings(AdapterSettings):
        """Which site, and who asks."""

        url: Address = Field(description="The address of the site.")
        api_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,100}$")] = Field(
            description="The API key of the user who asks; it is no secret by itself."
        )
        api_secret: Secret = Field(description="The API secret that belongs to the key.")
        timezone: Annotated[str, AfterValidator(_is_a_zone)] = Field(
            description="The time zone of the site's System Settings: its moments are written without one."
        )
        assign_to: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,140}$")] | None = Field(
            default=None, description="The user that tasks are for; nobody, if it is left out."
        )
        webhook_secret: Secret | None = Field(default=None, description="What the site signs its webhooks with.")
        timeout: float = Field(default=30.0, gt=0, le=300, description="Seconds to wait for each answer.")

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        secret, zone = settings.api_secret.get_secret_value(), ZoneInfo(settings.timezone)
        self._site = Site(settings.url, settings.api_key, secret, zone, settings.timeout)

    def carry_out(self, order: Order) -> Receipt:
        """Write the task or comment, after a look whether an earlier try has written it."""
        with only_a_look():
            known = self.find(order)
        if known is not None:
            return known
        return self._receipt(order, "done", self._site.create(*self._document(order)))

    def find(self, order: Order) -> Receipt | None:
        """The task or comment that carries the marker of this action."""
        doctype, filters, field = _look(order)
        for one in self._site.every(doctype, filters, [field]):
            if marker(order) in html.unescape(str(one.get(field))):
                return self._receipt(order, "already_done", str(one["name"]))
        return None

    def preview(self, order: Order) -> str:
        """The request that would write it, and the one that looks for it before."""
        doctype, filters, field = _look(order)
        look = self._site.shown(self._site.listing(doctype, filters, [field], 0, 200))
        write = self._site.shown(self._site.creation(*self._document(order)))
        return f"{look}\n\n(and where nothing carries {marker(order)})\n\n{write}"

    def test_connection(self) -> str:
        """Asks who the token belongs to, and whether there are applicants."""
        who = self._site.user()
        self._site.page(APPLICANT, [], [], size=1)
        return f"{self.settings.url} knows the token as {who[:100]!a}, who may see job applicants"

    def read_applications(self) -> Iterator[Application | Refusal]:
        """Every applicant that the user may see."""
        for page in self.read_changes(None):
            yield from page.items

    def read_changes(self, since: str | None) -> Iterator[Page]:
        """Applicants that have changed since the cursor, or whose interviews, mails or comments have, page by page."""
        from followup_rules_frappe.reading import Reading

        yield from Reading(self._site).changes(since)

    def parse_webhook(self, incoming: Incoming) -> tuple[Notice, ...]:
        """Which applicant to read anew, after the signature was found right."""
        secret = self.settings.webhook_secret
        keys = {"webhook_secret": secret.get_secret_value()} if secret is not None else {}
        return notices(self.name, _WEBHOOK, incoming, keys, {})

    def close(self) -> None:
        """Close connections; the adapter can go on being used."""
        self._site.calls.close()

    def _document(self, order: Order) -> tuple[str, dict[str, Any]]:
        given = values(order, {}, self._site.calls.now)
        text = html.escape(given["note"]).replace("\n", "<br>")
        if order.do == "create_task":
            task = {"status": "Open", "priority": "Medium", "date": given["order"]["due"].strftime("%Y-%m-%d")}
            about = {"reference_type": APPLICANT, "reference_name": order.application}
            who = {"allocated_to": self.settings.assign_to} if self.settings.assign_to is not None else {}
            return "ToDo", {"description": text, **task, **about, **who}
        about = {"reference_doctype": APPLICANT, "reference_name": order.application}
        return "Comment", {"comment_type": "Comment", "content": text, **about}

    def _receipt(self, order: Order, state: Any, reference: str) -> Receipt:
        return Receipt(order.id, self.name, state, self._site.calls.judge.scrub(reference)[:200])


def _look(order: Order) -> tuple[str, list[list[Any]], str]:
    """Where a record would be that carries the marker: the kind of document, which of them, and the field."""
    doctype, kind, field = (
        ("ToDo", "reference_type", "description")
        if order.do == "create_task"
        else ("Comment", "reference_doctype", "content")
    )
    filters = [[kind, "=", APPLICANT], ["reference_name", "=", order.application], [field, "like", f"%{order.id}%"]]
    return doctype, filters, field
