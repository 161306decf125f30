"""What the adapter `webhook` promises: against a receiver that checks signatures with the standard's own library."""

from __future__ import annotations

import base64
import json
import re
import ssl
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("httpx", reason="comes with the plugin: pip install -e plugins/followup-rules-webhook")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from followup_rules_webhook.adapter import WebhookAdapter
from followup_rules_webhook.envelope import headers
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from followup_rules.adapter import Adapter, Order
from followup_rules.errors import Misconfigured, Refused, Retriable, Unsupported
from followup_rules.load.configuration import read_configuration
from followup_rules.model.application import Candidate, Contact
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract, Hostile
from followup_rules.testing.hostile import Call, HostileServer, Reply
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import HOSTILE_IDS, an_order
from followup_rules.vendors.wire import _trust
from real.processes import certificate
from vendor_fake import serving

HERE = Path(__file__).parents[1]
SECRET = f"whsec_{base64.b64encode(b'canary-7f3a-of-at-least-24-bytes').decode()}"
OTHER = f"whsec_{base64.b64encode(b'canary-b91c-of-at-least-24-bytes').decode()}"


class Receiver:
    """Takes what is signed rightly, each id once, and says what it has."""

    def __init__(self, *secrets: str) -> None:
        self.known = [Webhook(one) for one in secrets or (SECRET,)]
        self.records: dict[str, bytes] = {}
        self.answers: list[Reply] = []

    def serve(self, call: Call) -> Reply:
        if call.method == "OPTIONS":
            return Reply(501)
        if not any(self._signed(one, call) for one in self.known):
            return Reply(401, b'{"message": "the signature is wrong"}')
        if self.answers:
            return self.answers.pop(0)
        name = call.headers["webhook-id"]
        if call.method == "GET":
            assert call.path == f"/events/{name}"
            return Reply(200 if name in self.records else 404)
        if name in self.records:
            assert self.records[name] == call.body
            return Reply(208)
        self.records[name] = call.body
        return Reply(202, b"taken", {"Content-Type": "text/plain"})

    def _signed(self, known: Webhook, call: Call) -> bool:
        try:
            # The library reads what it has verified as JSON, which the empty body of a question is not.
            known.verify(call.body, dict(call.headers))
        except WebhookVerificationError:
            return False
        except json.JSONDecodeError:
            return call.body == b""
        return True


def settings_for(url: str, **more: Any) -> dict[str, Any]:
    able = ["task", "note", "draft", "send"]
    return {"url": f"{url}/hook", "secret": "env:HOOK_SECRET", "capabilities": able, "timeout": 0.15, **more}


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setenv("HOOK_OTHER", OTHER)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def server(receiver: Receiver) -> Iterator[HostileServer]:
    with HostileServer(receiver.serve, lambda: len(receiver.records)) as one:
        yield one


class Contract(AdapterContract):
    """The contract, against the receiver."""

    adapter: type[Adapter] = WebhookAdapter

    @pytest.fixture(autouse=True)
    def _served(self, server: HostileServer, receiver: Receiver) -> None:
        self.receiver, self.url = receiver, server.url

    def more(self, url: str) -> dict[str, Any]:
        return {}

    def secret(self) -> str:
        return SECRET

    def settings(self, folder: Path) -> dict[str, Any]:
        return settings_for(self.url, timeout=10, **self.more(self.url))

    def records(self, folder: Path) -> Sequence[str]:
        return [one.decode() for one in self.receiver.records.values()]

    def hostile_settings(self, folder: Path, faults: Hostile) -> dict[str, Any]:
        server = faults.open(self.receiver.serve, lambda: len(self.receiver.records))
        return settings_for(server.url, **self.more(server.url))

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        good, urls = self.settings(folder), ("ftp://a", "http://example.com/h", "https://u:p@a/h", "https://a/h?k=1")
        bad = [{**good, "url": one} for one in (*urls, "https://a/\r\nX: y", "none", "https://a:b/")]
        bad += [{**good, "find_url": one} for one in ("https://a/", "https://a/{id}/{id}", "http://example.com/{id}")]
        return [
            {},
            *bad,
            {**good, "capabilities": []},
            {**good, "capabilities": ["webhook"]},
            {**good, "source": "a b"},
        ]


class TestWebhook(Contract):
    """A receiver that nobody can ask: what may have arrived is for a person, who repeats it without harm."""

    recognises = frozenset()

    def test_it_is_gold_where_the_receiver_can_be_asked(self) -> None:
        """What it claims is what it can do without `find_url`; with it, the class below shows more."""
        assert (WebhookAdapter.tier, AskingWebhook.tier) == ("bronze", "gold")


class AskingWebhook(WebhookAdapter):
    """The same adapter with `find_url`, of which the contract shows that it is gold."""

    tier = "gold"


class TestWebhookWithFindUrl(Contract):
    """A receiver that can be asked."""

    adapter = AskingWebhook

    def more(self, url: str) -> dict[str, Any]:
        return {"find_url": f"{url}/events/{{id}}"}


def webhook(server: HostileServer, **more: Any) -> WebhookAdapter:
    return WebhookAdapter.configured(settings_for(server.url, **more))


def test_the_published_vector() -> None:
    """The signature of the standard's own example comes out."""
    moment = datetime.fromtimestamp(1614265330, timezone.utc)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    made = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', moment, (secret,))
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_message_is_a_cloud_event(server: HostileServer, receiver: Receiver) -> None:
    """With the four attributes that every event has, and everything about the action as its data."""
    one = an_order("create_task")._replace(candidate=Candidate(name="Ada"), person=Contact(id="u-3", name="Sam"))
    receipt = webhook(server, source="https://ats.example.com/", type_prefix="com.example").deliver(one)
    assert (receipt.state, receipt.reference) == ("done", one.id)
    (call,) = server.calls
    assert call.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    event = json.loads(call.body)
    assert one.at is not None and one.due_at is not None
    assert {key: event[key] for key in ("specversion", "id", "source", "type", "subject", "time")} == {
        "specversion": "1.0", "id": one.id, "source": "https://ats.example.com/", "type": "com.example.create_task",
        "subject": "gh-104", "time": one.at.isoformat(),
    }  # fmt: skip
    data = event["data"]
    assert (data["action"], data["do"], data["due_at"]) == (one.id, "create_task", one.due_at.isoformat())
    assert (data["candidate"], data["person"]) == ({"name": "Ada"}, {"id": "u-3", "name": "Sam"})
    assert data["draft"]["subject"] == "Thank you"


def test_each_try_has_the_same_id_and_the_same_body(server: HostileServer, receiver: Receiver) -> None:
    """By which the receiver knows that it is one; only stamp and signature are of the moment."""
    receiver.answers = [Reply(500)]
    adapter = webhook(server)
    with pytest.raises(Retriable) as raised:
        adapter.deliver(an_order("add_note"))
    assert raised.value.maybe_done is True
    assert [adapter.deliver(an_order("add_note")).state for _ in range(2)] == ["done", "already_done"]
    assert len({(call.headers["webhook-id"], call.body) for call in server.calls}) == 1
    assert len(receiver.records) == 1


ANSWERS = [
    (Reply(429, b"{}", {"Retry-After": "7"}), Retriable, 7.0, False),
    (Reply(503, b"{}", {"Retry-After": "7"}), Retriable, 7.0, True),
    (Reply(500), Retriable, None, True),
    (Reply(410), Refused, None, None),
    (Reply(422), Refused, None, None),
    (Reply(413), Refused, None, None),
    (Reply(401), Misconfigured, None, None),
    (Reply(404), Misconfigured, None, None),
    (Reply(405), Misconfigured, None, None),
    (Reply(302, b"", {"Location": "https://evil.example.com/"}), Misconfigured, None, None),
    (Reply(307, b"", {"Location": "/elsewhere"}), Misconfigured, None, None),
]


@pytest.mark.parametrize(("answer", "error", "after", "maybe"), ANSWERS, ids=[str(one[0].status) for one in ANSWERS])
def test_what_an_answer_means(
    answer: Reply, error: Any, after: float | None, maybe: bool | None, server: HostileServer, receiver: Receiver
) -> None:
    """Redirects are not followed, waits are read, and only what certainly did nothing says so."""
    receiver.answers = [answer]
    with pytest.raises(error) as raised:
        webhook(server).deliver(an_order("add_note"))
    assert SECRET not in str(raised.value) and len(server.calls) == 1
    if isinstance(raised.value, Retriable):
        assert (raised.value.after, raised.value.maybe_done) == (after, maybe)


def test_who_cannot_be_reached_has_done_nothing() -> None:
    """Nobody listens there."""
    with HostileServer(lambda call: Reply(), lambda: 0) as gone:
        adapter = webhook(gone)
    with pytest.raises(Retriable) as raised:
        adapter.deliver(an_order("add_note"))
    assert raised.value.maybe_done is False


def test_a_secret_can_be_changed(server: HostileServer, receiver: Receiver) -> None:
    """While both are given, a receiver with either of them takes it; with neither, none."""
    both = webhook(server, secret="env:HOOK_OTHER", previous_secret="env:HOOK_SECRET")
    assert both.deliver(an_order("add_note")).state == "done"
    receiver.known = [Webhook(OTHER)]
    assert both.deliver(an_order("create_task")).state == "done"
    with pytest.raises(Misconfigured, match="401: the signature is wrong"):
        webhook(server).deliver(an_order("create_task"))


@pytest.mark.parametrize("secret", ["abc", "whsec_", "whsec_!!", "whsec_" + "A" * 8, "whsec_" + "A" * 400, SECRET[6:]])
def test_what_is_no_secret_is_refused(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is asked, and without being shown."""
    monkeypatch.setenv("HOOK_SECRET", secret)
    with pytest.raises(Misconfigured, match="'secret': it is not whsec_") as raised:
        WebhookAdapter.configured(settings_for("https://example.com"))
    assert secret == "whsec_" or secret not in str(raised.value)


def test_what_the_settings_do_not_name_is_not_sent(server: HostileServer) -> None:
    """Messages that somebody else sends need a word of their own."""
    settings = {key: one for key, one in settings_for(server.url).items() if key != "capabilities"}
    adapter = WebhookAdapter.configured(settings)
    for ask in (adapter.deliver, adapter.preview):
        with pytest.raises(Unsupported, match="do not name 'send'"):
            ask(an_order("send_message"))
    with pytest.raises(Refused, match="no template"):
        adapter.deliver(an_order("draft_message", draft=None))
    assert server.calls == []


def test_a_preview_is_what_is_sent(server: HostileServer) -> None:
    """But for the signature, and nothing is sent by it."""
    adapter, one = webhook(server), an_order("create_task")
    shown = adapter.preview(one)
    assert server.calls == []
    adapter.deliver(one)
    head, _, body = shown.partition("\n\n")
    assert json.loads(body) == json.loads(server.calls[0].body)
    assert head.splitlines()[0] == f"POST {server.url}/hook" and f"webhook-id: {one.id}" in head
    assert SECRET not in shown and "webhook-signature: v1,***" in head


class _Silent:
    """Takes everything."""

    def __init__(self) -> None:
        self.calls, self.url = list[Any](), ""

    def handle(self, call: Any) -> tuple[int, dict[str, str], bytes]:
        self.calls.append(call)
        return 202, {}, b""


def test_certificates_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """One that nobody trusts is told, and nothing is sent; `SSL_CERT_FILE` names who is trusted."""
    request.addfinalizer(_trust.cache_clear)
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    fake: Any = _Silent()
    with serving(fake, context) as address:
        url = address.replace("127.0.0.1", "localhost")
        for trusted in (False, True):
            _trust.cache_clear()
            if trusted:
                monkeypatch.setenv("SSL_CERT_FILE", str(cert))
                assert (
                    WebhookAdapter.configured(settings_for(url, timeout=10)).deliver(an_order("add_note")).state
                    == "done"
                )
            else:
                with pytest.raises(Misconfigured, match="certificate of the host cannot be verified"):
                    WebhookAdapter.configured(settings_for(url, timeout=10)).deliver(an_order("add_note"))
            assert len(fake.calls) == trusted


class _Asked(BaseHTTPRequestHandler):
    """Says what the path tells it to, to the question of CloudEvents alone."""

    def do_OPTIONS(self) -> None:
        assert self.headers["WebHook-Request-Origin"] == "followup-rules"
        self.send_response(int(self.path.strip("/").partition("/")[0]))
        self.send_header("WebHook-Allowed-Origin", "followup-rules")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def asked() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Asked) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_connection_is_tested_without_a_message(asked: str, server: HostileServer, receiver: Receiver) -> None:
    """By the question that CloudEvents has for it; who does not know the question is not held to be wrong."""
    for status, told in (("204", "takes events"), ("405", "answers with status 405")):
        url = f"{asked}/{status}/hook"
        assert (
            WebhookAdapter.configured({**settings_for(asked), "url": url}).test_connection().startswith(f"{url} {told}")
        )
    for status, error in (("404", Misconfigured), ("401", Misconfigured), ("503", Retriable)):
        with pytest.raises(error, match=f"status {status}"):
            WebhookAdapter.configured({**settings_for(asked), "url": f"{asked}/{status}"}).test_connection()
    assert "answers with status 501" in webhook(server).test_connection()
    assert receiver.records == {}


@given(st.text(), st.sampled_from(HOSTILE_IDS))
def test_names_stay_inside_the_body(name: str, application: str) -> None:
    """Whatever a candidate is called: the headers stay the four that we write, and the body stays one JSON text."""
    adapter = WebhookAdapter.configured(settings_for("https://example.com"))
    one = an_order("add_note", application=application)._replace(candidate=Candidate.model_construct(name=name))
    head, _, body = adapter.preview(one).partition("\n\n")
    assert [line.partition(":")[0] for line in head.splitlines()[1:]] == [
        "content-type", "webhook-id", "webhook-signature", "webhook-timestamp",
    ]  # fmt: skip
    event = json.loads(body)
    assert event["data"]["application"] == application
    assert event["data"]["candidate"]["name"] == name.encode("utf-8", "replace").decode()


def test_the_receiver_of_the_readme_takes_each_message_once(server: HostileServer) -> None:
    """As it stands there: a repeated message is known, and one with a changed body is not taken."""
    (program,) = re.findall(r"```python\n(.*?)```", (HERE / "README.md").read_text("utf-8"), re.DOTALL)
    space: dict[str, Any] = {}
    exec(program, space)
    webhook(server).deliver(an_order("create_task"))
    (call,) = server.calls
    given = (call.body, dict(call.headers), SECRET)
    assert [space["receive"](*given), space["receive"](*given)] == [202, 208]
    assert space["known"][call.headers["webhook-id"]]["do"] == "create_task"
    with pytest.raises(WebhookVerificationError):
        space["receive"](call.body + b" ", *given[1:])


def test_an_id_that_would_end_the_signed_part_is_refused(server: HostileServer) -> None:
    """A full stop in it could be read in two ways."""
    one: Order = an_order("add_note")._replace(id="a.b")
    with pytest.raises(Refused, match="cannot be the id of a webhook"):
        webhook(server).deliver(one)


def test_the_host_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names."""
    text = (HERE / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\nwebhook = "followup_rules_webhook"\n' in text
    write_distribution(tmp_path, "followup-rules-webhook", {"webhook": "followup_rules_webhook"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "webhook"})
    assert plugins.problems == ()
    assert plugins.adapter("webhook") is WebhookAdapter


def test_the_configuration_of_the_readme_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one of `examples/`, and its settings make an adapter."""
    example = HERE / "examples" / "followup.yaml"
    assert f"```yaml\n{example.read_text('utf-8')}```" in (HERE / "README.md").read_text("utf-8")
    monkeypatch.setenv("FLOWS_SECRET", SECRET)
    read = read_configuration(example, example.name)
    settings = read.configuration.adapters["flows"].settings
    assert WebhookAdapter.configured(settings).settings.capabilities == ("task", "note")
