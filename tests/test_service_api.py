"""The API: decides, judges and explains as the commands do, and whatever it is sent it answers as it says it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth
from starlette.testclient import TestClient

from conftest import Run
from followup_rules.outbox.answers import forget_answers
from followup_rules.web.app import build
from outbox_helping import START
from service_helping import KEYS, application, interview, service_on, stored

ROOT = Path(__file__).parents[1]
KEY = {"Authorization": f"Bearer {KEYS['viewer']}"}
_WIRE = ("method", "url", "headers", "params", "data", "json", "cookies")
AT = "2026-11-20T10:00:00-05:00"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.chdir(tmp_path)
    service = service_on("followup.sqlite", tmp_path, ("default",), works=False)
    stored(service.ledger, START, [application(1, events=[interview(START)])])
    with TestClient(build(service), raise_server_exceptions=False, headers=KEY) as made:
        yield made
    service.ledger.close()


def test_plan_decides_as_the_command_does(client: TestClient, run: Run) -> None:
    """The same applications at the same moment: the same decisions, to the last key."""
    file = ROOT / "examples" / "applications.jsonl"
    given = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    answer = client.post("/v1/plan", json={"applications": given, "at": AT}).json()
    told = run("plan", file, "--at", AT, "--format", "jsonl")
    assert answer["decisions"] == [json.loads(line) for line in told.lines]
    assert len(answer["decisions"]) > 5


def test_what_cannot_be_used_is_refused_alone(client: TestClient) -> None:
    """One bad application does not keep the others from being decided."""
    good = json.loads(application(2, events=[interview(START)]).model_dump_json(by_alias=True, exclude_unset=True))
    answer = client.post("/v1/plan", json={"applications": [good, {"id": "bad"}], "at": AT}).json()
    assert answer["decisions"] and [one["application"] for one in answer["refused"]] == ["bad"]


def test_check_and_why(client: TestClient) -> None:
    """A message is judged with what it belongs to; an application of the store is explained with rule and line."""
    found = client.post("/v1/check", json={"body": "Dear [NAME], thank you for your time."}).json()
    assert found["judged"] and "FR" in found["findings"][0]["code"]
    why = client.post("/v1/why", json={"application": "app-1", "at": "2026-09-15T15:00:00Z"}).json()
    first = why["explained"][0]
    assert why["application"] == "app-1" and first["headline"] and ":" in first["reasons"][0]["place"]
    assert client.post("/v1/why", json={"application": "nobody"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 422),
        (b"{}", {}, 422),
        (b'{"applications": [{}], "x": 1}', {}, 422),
        (b'{"applications": [{}], "at": "yesterday"}', {}, 422),
        (b"[" * 100_000, {}, 422),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{}", {"authorization": "Bearer wrong-key-wrong-key-wrong"}, 401),
        (b'{"applications": [{}]}', {"idempotency-key": "x" * 201}, 400),
    ],
)
def test_what_is_wrong_is_a_problem(client: TestClient, body: bytes, headers: dict[str, str], status: int) -> None:
    """Each error is problem+json with its status, and shows nothing of the program."""
    answer = client.post("/v1/plan", content=body, headers={"content-type": "application/json", **headers})
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    assert (status == 422) is (answer.json().get("code") in ("FR974", "FR205"))
    assert answer.json()["status"] == status and "Traceback" not in answer.text


def test_a_key_is_answered_once(client: TestClient) -> None:
    """The same Idempotency-Key gives the same answer, for the same request and nobody else."""
    body: dict[str, Any] = {"applications": [{"id": "a"}]}
    first = client.post("/v1/plan", json=body, headers={"idempotency-key": "k"})
    again = client.post("/v1/plan", json=body, headers={"idempotency-key": "k"})
    assert first.text == again.text and first.status_code == 200
    assert client.post("/v1/plan", json={"applications": [{}]}, headers={"idempotency-key": "k"}).status_code == 422
    other = {"idempotency-key": "k", "authorization": f"Bearer {KEYS['admin']}"}
    assert client.post("/v1/plan", json={"applications": [{}]}, headers=other).status_code == 200


def test_half_a_character_comes_through(client: TestClient) -> None:
    """A lone surrogate, which no UTF-8 can hold, is answered in ASCII."""
    answer = client.post(
        "/v1/plan", content=b'{"applications": [{"id": "\\ud800"}]}', headers={"content-type": "application/json"}
    )
    assert answer.status_code in (200, 422)


def test_schemathesis_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the description says is taken is taken, what it says is not is refused, and every answer is described."""
    monkeypatch.chdir(tmp_path)
    service = service_on("followup.sqlite", tmp_path, ("default",), works=False)
    app = build(service)
    client = TestClient(app, raise_server_exceptions=False)
    schema = schemathesis.openapi.from_dict(client.get("/v1/openapi.json").json())
    count, last = 0, None
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            @settings(
                max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
            )
            @_given(operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case) -> None:
                nonlocal count, last
                count += 1
                # Sent by our own client: another one in the same environment may have taken the place of urllib3.
                words = case.as_transport_kwargs(base_url="http://testserver", headers=KEY)
                wire = requests.Request(**{key: one for key, one in words.items() if key in _WIRE}).prepare()
                last = wire.body
                # A key that comes with another body is refused, rightly; each case is to stand for itself.
                forget_answers(service.ledger, START + timedelta(days=1))
                answer = client.request(wire.method or "", wire.url or "", content=wire.body, headers=wire.headers)
                case.validate_response(answer, excluded_checks=[ignored_auth])

            try:
                ask()
            except FailureGroup as failures:
                pytest.fail("\n".join(f"{one}\n{str(last)[:500]}" for one in failures.exceptions))
    service.ledger.close()
    assert count > 100


def _given(strategy: Any) -> Any:
    from hypothesis import given

    return given(case=strategy)
