"""Webhooks: every published or computed signature is right, and nothing else is."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from followup_rules.adapter import Incoming
from followup_rules.errors import Misconfigured, Refused
from followup_rules.vendors.engine import VendorAdapter
from followup_rules.vendors.model_webhook import Webhook
from followup_rules.vendors.webhooks import notices
from test_vendors import VENDORS, settings_for

SHARED = Path(os.environ.get("FOLLOWUP_RULES_SHARED", Path(__file__).parents[2] / "shared"))
FILE = next(
    (one for one in (SHARED / "contracts/webhook_vectors.json", Path("/work/shared/contracts/webhook_vectors.json"))
     if one.is_file()), None)  # fmt: skip
VECTORS = {one["vendor"]: one for one in json.loads(FILE.read_text("utf-8"))} if FILE is not None else {}
NAMES = (
    "standard-webhooks", "smartrecruiters", "hubspot-v3", "greenhouse", "ashby", "workable", "recruitee", "merge",
    "frappe", "lever", "teamtailor-company",
)  # fmt: skip

OTHERS: dict[str, Any] = {
    "standard-webhooks": {
        "evidence": "V the specification", "keys": ["secret"], "kind": {"json": "type"},
        "proof": {
            "type": "signature", "found": {"header": "webhook-signature"}, "prefix": "v1,", "separator": " ",
            "encoding": "base64", "joined": ".", "key": "base64", "key_prefix": "whsec_",
            "signs": [{"header": "webhook-id"}, {"header": "webhook-timestamp"}, "body"],
        },
        "age": {"found": {"header": "webhook-timestamp"}},
    },
    "frappe": {
        "evidence": "S several", "keys": ["secret"], "kind": {"json": "action"},
        "proof": {"type": "signature", "found": {"header": "X-Frappe-Webhook-Signature"}, "encoding": "base64"},
    },
}  # fmt: skip
"""Recipes of what is no vendor file, to show that the engine has words for them."""

VENDOR_OF = {"hubspot-v3": "hubspot", "teamtailor-company": "teamtailor"}


def recipe(name: str) -> Webhook:
    if name in OTHERS:
        return Webhook.model_validate(OTHERS[name])
    found = VENDORS[VENDOR_OF.get(name, name)].vendor.webhook
    assert found is not None
    return found


def delivery(name: str, **changes: Any) -> Incoming:
    """The delivery of a vector, at the moment that it was signed."""
    one = VECTORS[name]
    headers = {key.lower(): value for key, value in one["headers"].items()}
    body = one["body"]
    if one["where"].startswith("header "):
        headers[one["where"].removeprefix("header ").lower()] = one["signature"]
    else:
        body = body.replace("<below>", one["signature"])
    stamp = recipe(name).age
    at = datetime(2026, 11, 23, tzinfo=timezone.utc)
    if stamp is not None:
        digits = next((v for k, v in headers.items() if "timestamp" in k), "1757584000000")
        at = datetime.fromtimestamp(int(digits) / (1000 if len(digits) > 11 else 1), timezone.utc)
    made = Incoming("POST", "https://www.example.com/webhook_uri", headers, body.encode(), at)
    return made._replace(**changes)


def read(name: str, incoming: Incoming, key: str | None = None) -> Any:
    one = VECTORS[name]
    keys = {recipe(name).keys[0]: key or one.get("key") or one["key_b64"]}
    return notices(name, recipe(name), incoming, keys, {})


pytestmark_vectors = pytest.mark.skipif(
    FILE is None, reason="shared/contracts/webhook_vectors.json is not on this machine"
)


@pytestmark_vectors
def test_all_vectors_are_tried() -> None:
    """None of them is left out."""
    assert sorted(VECTORS) == sorted(NAMES) and len(NAMES) == 11


@pytestmark_vectors
@pytest.mark.parametrize("name", NAMES)
def test_a_right_signature_is_taken(name: str) -> None:
    """Where its body is JSON the delivery is read; HubSpot's published vector has a body that is none."""
    if name == "hubspot-v3":
        with pytest.raises(Refused, match="no JSON"):
            read(name, delivery(name))
    else:
        assert len(read(name, delivery(name))) == 1


@pytestmark_vectors
@pytest.mark.parametrize("name", NAMES)
def test_one_byte_changed_is_refused(name: str) -> None:
    """What is signed, changed by one byte anywhere that the signature covers."""
    given, one = delivery(name), VECTORS[name]
    covered = {"lever": b"tok123", "teamtailor-company": b'"2"'}.get(name)
    begin = given.body.index(covered) + 1 if covered else 0
    places = [begin] if covered else range(len(given.body))
    for place in places:
        changed = bytearray(given.body)
        changed[place] ^= 1
        with pytest.raises(Refused, match="signature"):
            read(name, given._replace(body=bytes(changed)))
    assert one["signature"]


@pytestmark_vectors
@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_key_is_refused(name: str) -> None:
    """Also one that is right but for one letter."""
    key = VECTORS[name].get("key") or VECTORS[name]["key_b64"]
    for wrong in (f"{'B' if key[0] != 'B' else 'C'}{key[1:]}", key[::-1] if name != "standard-webhooks" else "AAAA"):
        with pytest.raises(Refused, match="signature"):
            read(name, delivery(name), wrong)


@pytestmark_vectors
@pytest.mark.parametrize("name", NAMES)
def test_an_old_delivery_is_refused_where_its_age_is_signed(name: str) -> None:
    """Before or after the tolerance; where no moment is signed, the delivery's id tells repetitions."""
    age, given = recipe(name).age, delivery(name)
    if age is None:
        assert name in ("greenhouse", "ashby", "workable", "recruitee", "merge", "frappe", "teamtailor-company")
        return
    from datetime import timedelta

    for seconds in (age.tolerance + 5, -age.tolerance - 5):
        with pytest.raises(Refused, match="seconds ago"):
            read(name, given._replace(at=given.at + timedelta(seconds=seconds)))


@pytestmark_vectors
@pytest.mark.parametrize("name", NAMES)
def test_a_delivery_without_a_signature_is_refused(name: str) -> None:
    """An empty one is none."""
    given = delivery(name)
    where = VECTORS[name]["where"]
    if where.startswith("header "):
        headers = {key: value for key, value in given.headers.items() if key != where[7:].lower()}
        given = given._replace(headers=headers)
    else:
        given = given._replace(body=given.body.replace(VECTORS[name]["signature"].encode(), b""))
    with pytest.raises(Refused, match="no signature"):
        read(name, given)


@pytestmark_vectors
def test_no_vendor_but_the_last_may_change_another_part() -> None:
    """HubSpot signs method and address, SmartRecruiters its headers."""
    for change in ({"method": "PUT"}, {"url": "https://www.example.com/webhook_urj"}):
        with pytest.raises(Refused, match="signature"):
            read("hubspot-v3", delivery("hubspot-v3", **change))
    given = delivery("smartrecruiters")
    for header in ("event-id", "event-name", "event-version", "link"):
        with pytest.raises(Refused, match="signature"):
            read("smartrecruiters", given._replace(headers={**given.headers, header: "x"}))


@pytestmark_vectors
def test_one_of_several_signatures_and_keys_will_do() -> None:
    """While keys are changed, a vendor signs with both, or we know both."""
    given = delivery("smartrecruiters")
    name = "smartrecruiters-signature"
    two = f"v1={'0' * 64};{given.headers[name]}"
    assert read("smartrecruiters", given._replace(headers={**given.headers, name: two}))
    keys = {"webhook_secret": "new", "webhook_secret_before": VECTORS["smartrecruiters"]["key"]}
    assert notices("smartrecruiters", recipe("smartrecruiters"), given, keys, {})


# --- What deliveries say ------------------------------------------------------------------------------------

KEY = "word-5d20"


def adapter(name: str, monkeypatch: pytest.MonkeyPatch, **more: Any) -> VendorAdapter:
    for key, one in VENDORS[name].vendor.settings.items():
        if one.kind == "secret":
            monkeypatch.setenv(f"VENDOR_{key.upper()}", KEY)
    return VENDORS[name].configured({**settings_for(name, "https://x.example"), **more})


def incoming(body: Any, **headers: str) -> Incoming:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    at = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    return Incoming("POST", "https://us.example/hook", named, json.dumps(body).encode(), at)


def digest(raw: bytes) -> str:
    return hmac.new(KEY.encode(), raw, hashlib.sha256).hexdigest()


def signed(body: Any, header: str, prefix: str = "", **headers: str) -> Incoming:
    made = incoming(body, **headers)
    return made._replace(headers={**made.headers, header: f"{prefix}{digest(made.body)}"})


def test_a_notice_says_what_happened_to_which_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """In our words where there is one, and with the vendor's own id of the delivery."""
    body = {"action": "candidate_stage_change", "payload": {"application": {"id": 265277}}}
    given = signed(body, "signature", "sha256 ", greenhouse_event_id="ev-1")
    (notice,) = adapter("greenhouse", monkeypatch).parse_webhook(given)
    assert notice == ("ev-1", "265277", "stage_changed", ())


def test_a_delivery_made_twice_has_one_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its body, where the vendor gives it none; another body is another delivery."""
    one = signed({"action": "x", "n": 1}, "ashby-signature", "sha256=")
    two = signed({"action": "x", "n": 2}, "ashby-signature", "sha256=")
    ashby = adapter("ashby", monkeypatch)
    assert ashby.parse_webhook(one) == ashby.parse_webhook(one) != ashby.parse_webhook(two)


def test_a_list_of_events_is_as_many_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """HubSpot sends up to a hundred at once."""
    body = [{"eventId": n, "subscriptionType": "deal.propertyChange", "objectId": 5} for n in (1, 2)]
    made = incoming(body, x_hubspot_request_timestamp="1795435200000")
    message = b"POST" + made.url.encode() + made.body + b"1795435200000"
    right = base64.b64encode(hmac.new(KEY.encode(), message, hashlib.sha256).digest()).decode()
    made = made._replace(headers={**made.headers, "x-hubspot-signature-v3": right})
    found = adapter("hubspot", monkeypatch).parse_webhook(made)
    assert [(one.id, one.application) for one in found] == [("1", "5"), ("2", "5")]


def test_handshakes_are_answered_and_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """They come before any key is known; nothing of them is believed."""
    smart = adapter("smartrecruiters", monkeypatch)
    given = incoming({}, x_hook_secret="abc")
    assert smart.handshake(given) == {"X-Hook-Secret": "abc"} and smart.parse_webhook(given) == ()
    assert smart.handshake(incoming({}, x_hook_secret="a\r\nb: c")) is None
    recruitee = adapter("recruitee", monkeypatch)
    assert recruitee.handshake(incoming({"test": True})) == {}
    for other in ({"test": False}, {"test": 1}, {"test": True, "a": 1, "b": 2}, {}, [], "x"):
        assert recruitee.handshake(incoming(other)) is None


def test_a_password_or_a_word_proves_where_there_is_no_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipedrive sends a user and a password, Zoho the token that it was given."""
    body = {"meta": {"id": "m1", "action": "change", "entity_id": "4"}}
    pair = base64.b64encode(f"followup-rules:{KEY}".encode()).decode()
    pipedrive = adapter("pipedrive", monkeypatch)
    assert pipedrive.parse_webhook(incoming(body, authorization=f"Basic {pair}"))[0].application == "4"
    for wrong in ({}, {"authorization": "Basic "}, {"authorization": f"Basic {pair[:-4]}"}):
        with pytest.raises(Refused, match="the word that proves"):
            pipedrive.parse_webhook(incoming(body, **wrong))
    zoho = adapter("zoho-crm", monkeypatch)
    assert zoho.parse_webhook(incoming({"token": KEY, "ids": ["9"], "operation": "update"}))[0].application == "9"
    for word in ("", "wrong", None, 5):
        with pytest.raises(Refused, match="the word that proves"):
            zoho.parse_webhook(incoming({"token": word, "ids": ["9"]}))


def test_without_a_key_no_webhook_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty key would make a signature that anybody can make."""
    for key, one in VENDORS["greenhouse"].vendor.settings.items():
        if one.kind == "secret":
            monkeypatch.setenv(f"VENDOR_{key.upper()}", KEY)
    raw = settings_for("greenhouse", "https://x.example")
    raw.pop("webhook_secret")
    with pytest.raises(Misconfigured, match="'webhook_secret'"):
        VENDORS["greenhouse"].configured(raw).parse_webhook(incoming({}))


@pytest.mark.parametrize("raw", [b"", b"null", b"[1]", b'"x"', b"{", b"[" * 100_000, b"\xff", b"[]"])
def test_a_body_that_is_no_news_is_refused_or_empty(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    """Signed or not, nothing of it ends in a traceback."""
    given = incoming({})._replace(body=raw)
    given = given._replace(headers={"signature": f"sha256 {digest(raw)}"})
    with contextlib.suppress(Refused):
        assert adapter("greenhouse", monkeypatch).parse_webhook(given) == ()
