"""Rules that change while a service runs: taken up by a signal, whole or not at all."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from followup_rules.errors import InvalidInput
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.in_force import rules_in_force
from followup_rules.outbox.timers import earliest
from followup_rules.web.app import build
from followup_rules.web.running import take_up
from followup_rules.web.service import Service
from outbox_helping import START, Hands
from service_helping import (
    KEYS,
    RULES,
    HookAdapter,
    application,
    database_of_its_own,
    interview,
    service_on,
    stored,
    until,
    written,
)
from test_serve_command import helpers_of, serving

LATER = RULES.replace("opens: 0 minutes", "opens: 3 days")
BROKEN = RULES.replace("kind: follow_up", "kind: folow_up")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    HookAdapter.records.clear()
    return "followup.sqlite" if request.param == "sqlite" else database_of_its_own(request.getfixturevalue("postgres"))


def with_rules(store: str, folder: Path, text: str, clock: Hands, **settings: bool) -> Service:
    written(folder / "these.yaml", text)
    return service_on(store, folder, (str(folder / "these.yaml"),), clock=clock, **settings)


def test_changed_rules_decide_anew_what_waits(store: str, tmp_path: Path) -> None:
    """What waits by the old rules is decided by the new ones, without a start; the works do not stand down."""
    clock = Hands()
    service = with_rules(store, tmp_path, LATER, clock)
    stored(service.ledger, START, [application(1, events=[interview(START)])])
    app = build(service)
    with TestClient(app) as client:
        until(lambda: (first := earliest(service.ledger)) is not None and first > START)
        before = service.fingerprint
        written(tmp_path / "these.yaml", RULES)
        assert HookAdapter.records == [] and service.fingerprint == before
        assert take_up(service, app.state.helpers.wake)
        until(lambda: HookAdapter.records)
        assert service.fingerprint != before and rules_in_force(service.ledger) == service.fingerprint
        assert client.get("/readyz").json() == {"status": "ready"}
    service.ledger.close()


def test_broken_rules_leave_the_old_ones_in_force(store: str, tmp_path: Path) -> None:
    """One broken file among good ones and none of them counts; health and numbers say so until it is mended."""
    service = with_rules(store, tmp_path, RULES, Hands(), works=False)
    service.rules.enter(service.ledger, START)
    before = service.rules.now
    with TestClient(build(service)) as client:
        for text in (BROKEN, "rules: [", ""):
            written(tmp_path / "these.yaml", text)
            assert not take_up(service, lambda: None)
            assert service.rules.now is before and rules_in_force(service.ledger) == before.fingerprint
            told = client.get("/readyz")
            assert told.status_code == 200 and re.fullmatch(r"FR\d+: .+ before .+", told.json()["rules"]), told.text
            assert "followup_rules_refused 1.0" in client.get("/metrics").text
        written(tmp_path / "these.yaml", RULES)
        assert not take_up(service, lambda: None)
        assert client.get("/readyz").json() == {"status": "ready"}
        assert "followup_rules_refused 0.0" in client.get("/metrics").text
    service.ledger.close()


def test_a_folder_counts_whole_or_not_at_all(store: str, tmp_path: Path) -> None:
    """A new good file beside a new broken one is not taken up alone."""
    folder = tmp_path / "rules"
    folder.mkdir()
    written(folder / "a.yaml", LATER)
    service = service_on(store, tmp_path, (str(folder),), clock=Hands(), works=False)
    before = service.rules.now
    written(folder / "a.yaml", RULES)
    written(folder / "b.yaml", BROKEN.replace("pack: asking", "pack: more"))
    with pytest.raises(InvalidInput):
        service.rules.take_up(service.ledger, START)
    assert service.rules.now is before and rules_in_force(service.ledger) is None
    service.ledger.close()


def test_a_store_that_is_away_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that could not be put in force in the store are not taken by this process alone."""
    monkeypatch.chdir(tmp_path)
    service = with_rules("followup.sqlite", tmp_path, LATER, Hands(), works=False)
    before = service.rules.now
    written(tmp_path / "these.yaml", RULES)

    def away(*_: object) -> None:
        raise OutboxFault("FR900", "the store is away", "followup.sqlite")

    with monkeypatch.context() as patch:
        patch.setattr("followup_rules.timers.rules.put_in_force", away)
        assert not take_up(service, lambda: None)
        assert service.rules.now is before
    assert take_up(service, lambda: None) and service.rules.now is not before
    service.ledger.close()


def test_a_signal_takes_rules_up(tmp_path: Path) -> None:
    """SIGHUP to a real service: new rules answer, its helper goes on with them; broken ones are told in the log."""
    rules = tmp_path / "rules"
    rules.mkdir()
    written(rules / "asking.yaml", LATER)
    with serving(tmp_path, "--rules", "rules") as (process, url):
        until(lambda: len(helpers_of(process.pid)) == 1)
        helpers = helpers_of(process.pid)

        def asked() -> str:
            headers = {"Authorization": f"Bearer {KEYS['viewer']}"}
            answer = httpx.post(f"{url}/v1/plan", json={"applications": [{"id": "a"}]}, headers=headers)
            return str(answer.json()["rules"])

        def log() -> str:
            return (tmp_path / "log").read_text()

        before = asked()
        written(rules / "asking.yaml", BROKEN)
        process.send_signal(signal.SIGHUP)
        until(lambda: '"event": "rules_refused"' in log())
        assert "asking.yaml:" in log() and asked() == before
        assert "rules" in httpx.get(f"{url}/readyz").json()
        written(rules / "asking.yaml", RULES)
        process.send_signal(signal.SIGHUP)
        until(lambda: asked() != before)
        until(lambda: httpx.get(f"{url}/readyz").json() == {"status": "ready"})
        # Longer than a helper that stood down would wait before it says so.
        time.sleep(1)
        assert process.poll() is None and helpers_of(process.pid) == helpers
        assert "stands_down" not in log() and "Traceback" not in log()
