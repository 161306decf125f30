"""Webhooks: proved, kept before they are answered, each once; and what comes of them by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.testclient import TestClient

from followup_rules.outbox.inbox import waiting_notices
from followup_rules.outbox.timers import earliest
from followup_rules.web.app import build
from followup_rules.web.service import Service
from outbox_helping import START, Hands
from service_helping import (
    AGE,
    HookAdapter,
    application,
    database_of_its_own,
    delivery,
    interview,
    service_on,
    stored,
    until,
)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def service(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Hands
) -> Iterator[Service]:
    """A service without works, on each database."""
    monkeypatch.chdir(tmp_path)
    HookAdapter.records.clear()
    store = "followup.sqlite" if request.param == "sqlite" else database_of_its_own(request.getfixturevalue("postgres"))
    made = service_on(store, tmp_path, clock=clock, works=False)
    yield made
    made.ledger.close()


def working(service: Service) -> Service:
    return Service(**{**vars(service), "settings": service.settings._replace(works=True)})


def test_a_webhook_is_kept_once(service: Service) -> None:
    """The same delivery made twice is one notice, also within one body of news."""
    with TestClient(build(service)) as client:
        body, headers = delivery(1, START, interview(START))
        assert client.post("/hooks/hook", content=body, headers=headers).json() == {"new": 1, "known": 0}
        assert client.post("/hooks/hook", content=body, headers=headers).json() == {"new": 0, "known": 1}
        assert waiting_notices(service.ledger) == 1


def test_a_wrong_signature_is_not_kept(service: Service, clock: Hands) -> None:
    """Wrong, old, unknown and unreadable webhooks are refused, each with a problem, and nothing is kept."""
    with TestClient(build(service)) as client:
        body, headers = delivery(1, START, interview(START))
        wrong = client.post("/hooks/hook", content=body, headers={**headers, "x-signature": "no"})
        assert wrong.status_code == 401 and wrong.headers["content-type"] == "application/problem+json"
        assert client.post("/hooks/nobody", content=body, headers=headers).status_code == 404
        clock.pass_(AGE + 1)
        assert client.post("/hooks/hook", content=body, headers=headers).status_code == 401
        assert waiting_notices(service.ledger) == 0


def test_a_body_may_not_be_too_long(service: Service) -> None:
    """A long body is refused unread, whether its length was said or not."""
    small = Service(**{**vars(service), "settings": service.settings._replace(largest_body=1000)})
    with TestClient(build(small)) as client:
        assert client.post("/hooks/hook", content=b"x" * 1001).status_code == 413
        assert client.post("/hooks/hook", content=iter([b"x" * 600, b"x" * 600])).status_code == 413


def test_a_webhook_becomes_an_action(service: Service) -> None:
    """An interview that a webhook tells of is in the timeline, decided and delivered without anybody's doing."""
    stored(service.ledger, START, [application(1)])
    with TestClient(build(working(service))) as client:
        body, headers = delivery(1, START, interview(START))
        client.post("/hooks/hook", content=body, headers=headers)
        until(lambda: HookAdapter.records)
        client.post("/hooks/hook", content=body, headers=headers)
        until(lambda: waiting_notices(service.ledger) == 0)
    rows = service.ledger.rows(application="app-1")
    assert [row.state for row in rows if row.id in HookAdapter.records] == ["confirmed"]
    assert len(HookAdapter.records) == 1
    moment = earliest(service.ledger)
    assert moment is not None and moment > START


def test_an_event_for_nobody_known_sends_nothing(service: Service) -> None:
    """Events of an application that nothing else is known of are kept, refused, and wait for the rest."""
    with TestClient(build(working(service))) as client:
        body, headers = delivery(77, START, interview(START))
        client.post("/hooks/hook", content=body, headers=headers)
        until(lambda: waiting_notices(service.ledger) == 0)
    assert service.ledger.rows(application="app-77") == [] and HookAdapter.records == []


def test_what_was_missed_is_done_once(service: Service, clock: Hands) -> None:
    """A timer whose moment passed while no service ran is taken by the next one, once."""
    ahead = interview(START + timedelta(hours=2))
    stored(service.ledger, START, [application(5, events=[ahead])])
    with TestClient(build(working(service))):
        until(lambda: earliest(service.ledger) not in (None, START))
    assert HookAdapter.records == []
    clock.pass_(3 * 3600)
    for _ in range(2):
        with TestClient(build(working(service))):
            until(lambda: HookAdapter.records)
    assert len(HookAdapter.records) == 1


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=some.binary(max_size=300) | some.text(max_size=100).map(str.encode) | some.recursive(
        some.none() | some.booleans() | some.floats() | some.text(max_size=20),
        lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=12), inner, max_size=4),
        max_leaves=12,
    ).map(lambda data: json.dumps(data).encode()),
    signed=some.booleans(),
)  # fmt: skip
def test_no_body_breaks_it(fuzzed: TestClient, body: bytes, signed: bool) -> None:
    """Whatever a webhook holds, rightly signed or not, the answer is no 500 and shows no traceback."""
    from service_helping import sign

    headers = {"x-signature": sign(body) if signed else "x", "content-type": "application/json"}
    for name in ("hook", "greenhouse", "hubspot", "nobody"):
        answer = fuzzed.post(f"/hooks/{name}", content=body, headers=headers)
        assert answer.status_code < 500 and "Traceback" not in answer.text


@pytest.fixture
def fuzzed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLANTED", "planted-key-of-a-vendor")
    text = (
        "schema: followup-configuration/1\nadapters:\n  hook: {kind: hook}\n"
        "  greenhouse: {kind: greenhouse, settings: {webhook_key: 'env:PLANTED', token: 'env:PLANTED', user: '7'}}\n"
        "  hubspot: {kind: hubspot, settings: {webhook_key: 'env:PLANTED', token: 'env:PLANTED'}}\n"
        "routes: []\nserve:\n  keys:\n"
    )
    service = service_on("followup.sqlite", tmp_path, text=text, works=False)
    with TestClient(build(service), raise_server_exceptions=False) as client:
        yield client
    service.ledger.close()
