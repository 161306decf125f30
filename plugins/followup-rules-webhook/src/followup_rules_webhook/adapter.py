"""The adapter `webhook`: each action is one signed message to an address of your choice, with the action's id."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import quote

from pydantic import AfterValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from followup_rules.adapter import CAPABILITY_OF, Adapter, AdapterSettings, Capability, Order, Receipt, Secret
from followup_rules.errors import Misconfigured, Refused, Unsupported
from followup_rules.vendors.calling import Calls, ExactAddress, only_a_look
from followup_rules.vendors.settings import safe_address
from followup_rules.vendors.wire import Answer, Asked
from followup_rules_webhook.envelope import MEDIA_TYPE, envelope, headers, identity

_PLACE: Final = "{id}"
_REPEATED: Final = 208
_WRONG_ADDRESS: Final = (404, 405, 501)
_SHORTEST, _LONGEST = 24, 64


def _is_a_secret(given: SecretStr) -> SecretStr:
    kind, _, rest = given.get_secret_value().partition("_")
    try:
        length = len(base64.b64decode(rest, validate=True)) if kind == "whsec" else 0
    except binascii.Error:
        length = 0
    if not _SHORTEST <= length <= _LONGEST:
        raise PydanticCustomError("secret", "it is not whsec_ and the base64 of 24 to 64 bytes", {})
    return given


def _has_a_place(text: str) -> str:
    fault = safe_address(text.replace(_PLACE, "id")) or (None if text.count(_PLACE) == 1 else "it holds no one '{id}'")
    if fault is not None:
        raise PydanticCustomError("address", "{fault}", {"fault": fault})
    return text


SigningSecret = Annotated[Secret, AfterValidator(_is_a_secret)]


class WebhookAdapter(Adapter):
    """Sends messages. Who gets them must take two with one id for one: only then is repeating harmless."""

    name = "webhook"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task", "note", "draft", "send"})
    tier = "bronze"

    class Settings(AdapterSettings):
        """Where to, signed with what, and what may be sent."""

        url: ExactAddress = Field(description="The address that takes the messages.")
        secret: SigningSecret = Field(
            description="What messages are signed with: whsec_ and the base64 of 24-64 bytes."
        )
        previous_secret: SigningSecret | None = Field(
            default=None, description="The secret before, while both are known: messages have a signature by each."
        )
        find_url: Annotated[str, AfterValidator(_has_a_place)] | None = Field(
            default=None, description="Where a message is asked for, with {id} in its place: 200 it is there, 404 not."
        )
        capabilities: tuple[Literal["task", "note", "draft", "send"], ...] = Field(
            default=("task", "note", "draft"), min_length=1, description="What the receiver takes."
        )
        source: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")] = Field(
            default="followup-rules", description="Who sends; with the id it tells messages apart."
        )
        type_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")] = Field(
            default="followup-rules", description="What stands before the kind of action in 'type'."
        )
        timeout: float = Field(default=30.0, gt=0, le=300, description="Seconds to wait for an answer.")

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        given = (settings.secret, settings.previous_secret)
        self._secrets = tuple(one.get_secret_value() for one in given if one is not None)
        self._calls = Calls(self.name, timeout=settings.timeout, secrets=self._secrets)

    def carry_out(self, order: Order) -> Receipt:
        """Send the message, after a look whether it is there where the receiver can be asked."""
        self._takes(order)
        asked = self._signed(self._message(order), order)
        if self.settings.find_url is not None:
            with only_a_look():
                known = self.find(order)
            if known is not None:
                return known
        answer = self._calls.send(asked)
        if not 200 <= answer.status < 300:
            raise self._fault(answer)
        return Receipt(order.id, self.name, "already_done" if answer.status == _REPEATED else "done", order.id)

    def find(self, order: Order) -> Receipt | None:
        """Whether the receiver has the message, where the settings say how it is asked."""
        where = self.settings.find_url
        if where is None:
            raise Unsupported(f"the adapter '{self.name}' can ask nobody what has arrived: it has no 'find_url'")
        url = where.replace(_PLACE, quote(identity(order), safe=""))
        answer = self._calls.send(self._signed(Asked("GET", url, headers={"accept": "application/json"}), order))
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise self._fault(answer)
        return Receipt(order.id, self.name, "already_done", order.id)

    def preview(self, order: Order) -> str:
        """The message; its signature depends on the moment at which it is sent."""
        self._takes(order)
        later = {"webhook-timestamp": "(when it is sent)", "webhook-signature": "v1,***"}
        return self._calls.shown(self._message(order), {"webhook-id": identity(order), **later})

    def test_connection(self) -> str:
        """Asks whether the address takes messages, as CloudEvents do it; nothing is sent there by it."""
        url = self.settings.url
        answer = self._calls.send(Asked("OPTIONS", url, headers={"webhook-request-origin": "followup-rules"}))
        if answer.status < 400 and "webhook-allowed-origin" in answer.headers:
            return f"{url} takes events"
        if answer.status in (401, 403, 404) or (answer.status >= 500 and answer.status not in _WRONG_ADDRESS):
            raise self._fault(answer)
        return f"{url} answers with status {answer.status}; whether it takes events is known with the first one"

    def close(self) -> None:
        """Close connections; the adapter can go on being used."""
        self._calls.close()

    def _takes(self, order: Order) -> None:
        if CAPABILITY_OF[order.do] not in self.settings.capabilities:
            raise Unsupported(f"the settings of the adapter '{self.name}' do not name '{CAPABILITY_OF[order.do]}'")
        if order.do in ("draft_message", "send_message") and order.draft is None:
            raise Refused(f"the rule '{order.rule}' has no template, so there is no text to send")

    def _message(self, order: Order) -> Asked:
        body = envelope(order, self.settings.source, self.settings.type_prefix)
        return Asked("POST", self.settings.url, headers={"content-type": f"{MEDIA_TYPE}; charset=utf-8"}, body=body)

    def _signed(self, asked: Asked, order: Order) -> Asked:
        proof = headers(identity(order), asked.body or b"", self._calls.now, self._secrets)
        return asked._replace(headers={**asked.headers, **proof})

    def _fault(self, answer: Answer) -> Exception:
        found = self._calls.fault(answer)
        if answer.status in _WRONG_ADDRESS:
            return Misconfigured(f"{found}; it is not the address of a receiver")
        if answer.status == 410:
            return Refused(f"{found}; the receiver wants no more of this: take the adapter out of the routes")
        return found
