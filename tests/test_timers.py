"""Timers: when it is worth deciding again, by whom, under which rules, and at what price."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import insert
from starlette.testclient import TestClient

from followup_rules.judge.decide import decide
from followup_rules.load.rulefiles import load_policy
from followup_rules.outbox.tables import TIMELINES
from followup_rules.outbox.timers import Looked, earliest, lease_due, looked_after, set_now
from followup_rules.plugins import load_plugins
from followup_rules.syncing.texts import kept_of
from followup_rules.timers.looking import next_look
from followup_rules.timers.rules import fingerprint_of
from followup_rules.web.app import build
from followup_rules.web.service import Service
from outbox_helping import START, Hands, opened
from service_helping import RULES, HookAdapter, application, database_of_its_own, interview, service_on, stored, until

LATER = RULES.replace("opens: 0 minutes", "opens: 3 days")
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    HookAdapter.records.clear()
    if request.param == "sqlite":
        return "followup.sqlite"
    return database_of_its_own(request.getfixturevalue("postgres"))


def service_with(store: str, folder: Path, rules: str, clock: Hands) -> Service:
    (folder / "these.yaml").write_text(rules)
    return service_on(store, folder, (str(folder / "these.yaml"),), clock=clock)


def test_a_rule_change_decides_anew_what_waits(store: str, tmp_path: Path) -> None:
    """What waited by the old rules is decided by the new ones when a service with them starts, at once."""
    clock = Hands()
    first = service_with(store, tmp_path, LATER, clock)
    before = START - timedelta(hours=1)
    stored(first.ledger, START, [application(1, events=[interview(before)])])
    with TestClient(build(first)):
        until(lambda: earliest(first.ledger) == before + timedelta(days=3, milliseconds=1))
    assert HookAdapter.records == []
    clock.pass_(60)
    second = service_with(store, tmp_path, RULES, clock)
    assert second.fingerprint != first.fingerprint
    with TestClient(build(second)):
        until(lambda: HookAdapter.records)
    first.ledger.close()
    second.ledger.close()


def test_older_rules_stand_down(store: str, tmp_path: Path) -> None:
    """A service whose rules do not count any more decides nothing and says that it is not ready."""
    clock = Hands()
    first = service_with(store, tmp_path, LATER, clock)
    with TestClient(build(first)) as client:
        assert client.get("/readyz").status_code == 200
        other = tmp_path / "other"
        other.mkdir()
        second = service_with(store, other, RULES, clock)
        second.rules.enter(second.ledger, clock())
        answer = client.get("/readyz")
        assert answer.status_code == 503 and "FR973" in answer.text
    second.ledger.close()
    first.ledger.close()


def test_rules_from_disk_are_taken_up(store: str, tmp_path: Path) -> None:
    """Where its files hold the rules that count now, a service reads them and goes on."""
    clock = Hands()
    first = service_with(store, tmp_path, LATER, clock)
    second = service_with(store, tmp_path, RULES, clock)
    second.rules.enter(second.ledger, clock())
    assert first.fingerprint != second.fingerprint and first.lacks() is None
    assert first.fingerprint == second.fingerprint
    second.ledger.close()
    first.ledger.close()


def test_two_share_what_is_due(store: str) -> None:
    """Nobody gets what another has in hand; who dies leaves it to the others when the lease ends."""
    ledger, other = opened(store), opened(store)
    with ledger.writing() as connection:
        set_now(connection, [f"a-{number}" for number in range(10)], START)
    mine = lease_due(ledger, "one", START, START + MINUTE, 6)
    theirs = lease_due(other, "two", START, START + MINUTE, 6)
    assert len(mine) == 6 and len(theirs) == 4 and not {*mine} & {*theirs}
    looked_after(ledger, "one", [Looked(one, START + 9 * MINUTE) for one in mine], "r", START)
    assert lease_due(ledger, "one", START, START + MINUTE, 6) == []
    again = lease_due(ledger, "one", START + MINUTE, START + 2 * MINUTE, 10)
    assert sorted(again) == sorted(theirs)
    looked_after(other, "two", [Looked(one, START + 9 * MINUTE) for one in theirs], "r", START + MINUTE)
    assert earliest(ledger) == START + 2 * MINUTE, "who came too late changes nothing"
    ledger.close()
    other.close()


def test_news_during_a_decision_counts(store: str) -> None:
    """A timer that is set while its application is being decided is due again afterwards."""
    ledger = opened(store)
    with ledger.writing() as connection:
        set_now(connection, ["a"], START)
    (mine,) = lease_due(ledger, "one", START, START + MINUTE, 1)
    with ledger.writing() as connection:
        set_now(connection, ["a"], START)
    looked_after(ledger, "one", [Looked(mine, START + 9 * MINUTE)], "r", START)
    assert earliest(ledger) == START
    ledger.close()


@pytest.mark.slow
def test_many_timers_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 applications that wait: ready in under 5 seconds, and then no processor time worth the name."""
    monkeypatch.chdir(tmp_path)
    service = service_on("followup.sqlite", tmp_path, clock=Hands(START + MINUTE))
    ledger = service.ledger
    kept = kept_of(application(1, events=[interview(START)]))._asdict()
    row = {**kept, "source": "hook", "round": 1, "read_at": START, "changed_at": START}
    names = [f"app-{number}" for number in range(100_000)]
    with ledger.writing() as connection:
        connection.execute(insert(TIMELINES), [{**row, "key": name, "application": name} for name in names])
        set_now(connection, names, START + timedelta(days=3))
        connection.exec_driver_sql(f"update followup_timers set rules = '{service.fingerprint}'")
        connection.exec_driver_sql("update followup_timers set decided_at = '2026-09-15T14:00:30.000000Z'")
    began = time.perf_counter()
    with TestClient(build(service)) as client:
        assert client.get("/readyz").status_code == 200
        assert time.perf_counter() - began < 5
        time.sleep(1)
        cpu, began = time.process_time(), time.perf_counter()
        time.sleep(3)
        assert (time.process_time() - cpu) / (time.perf_counter() - began) < 0.02
    assert HookAdapter.records == [] or not ledger.rows()
    ledger.close()


@pytest.fixture(scope="module")
def default_policy() -> Iterator[object]:
    plugins = load_plugins()
    yield load_policy(("default",), plugins.packs, plugins.checks).policy


def test_nothing_changes_before_the_next_look(default_policy: object) -> None:
    """Between a decision and the moment at which it is looked at again, the passing of time alone changes nothing."""
    looked: list[int] = []

    @settings(max_examples=600, deadline=None, suppress_health_check=[*HealthCheck])
    @given(data=some.data())
    def look(data: some.DataObject) -> None:
        looked.append(_stays_the_same(default_policy, data))

    look()
    assert sum(looked) > 50, "hardly anything was looked at"


def _stays_the_same(default_policy: object, data: some.DataObject) -> int:
    types = ["applied", "interview_completed", "decision_promised", "interview_scheduled", "message"]
    events = []
    for number in range(data.draw(some.integers(1, 5))):
        first = number == 0
        at = START + timedelta(hours=data.draw(some.integers(-120, -1) if first else some.integers(-300, 200)))
        event = {
            "id": f"e{number}",
            "type": "interview_completed" if first else data.draw(some.sampled_from(types)),
            "at": at.isoformat(),
            "contact": "u-1",
        }
        if event["type"] == "decision_promised":
            by = at + timedelta(days=data.draw(some.integers(1, 8)))
            event["by"] = by.isoformat() if data.draw(some.booleans()) else by.date().isoformat()
        if event["type"] == "message":
            event["from"] = data.draw(some.sampled_from(["candidate", "employer"]))
        events.append(event)
    job = {"id": "j", "title": "Welder", "company": "Acme", "country": "US", "timezone": "UTC"}
    given_ = application(
        1, events=events, candidate={"id": "c", "name": "Ann Lee", "timezone": "UTC", "country": "US"}, job=job
    )
    policy: object = default_policy
    decisions = decide([given_], policy, START).decisions  # type: ignore[arg-type]
    moment = next_look(given_, decisions, policy, START)  # type: ignore[arg-type]
    last = START + timedelta(days=20) if moment is None else moment - timedelta(milliseconds=2)
    if last <= START or not decisions:
        return 0
    told = [(one.rule, one.occasion, one.step, one.decision) for one in decisions]
    span = (last - START).total_seconds()
    for share in (0.1, 0.35, 0.5, 0.77, 0.99, 1.0):
        then = START + timedelta(seconds=span * share)
        later = [(one.rule, one.occasion, one.step, one.decision) for one in decide([given_], policy, then).decisions]  # type: ignore[arg-type]
        assert later == told, (moment, then)
    return 1


def test_the_fingerprint_is_of_what_decides(tmp_path: Path) -> None:
    """Other files, titles and reasons are the same rules; another number is not."""
    plugins = load_plugins()

    def of(text: str, name: str) -> str:
        (tmp_path / name).write_text(text)
        return fingerprint_of(load_policy([str(tmp_path / name)], plugins.packs, plugins.checks).policy)

    first = of(RULES, "a.yaml")
    assert of(RULES, "b.yaml") == first == of(RULES.replace("Thank the interviewer", "Say thanks"), "c.yaml")
    assert of(RULES.replace("20 days", "21 days"), "d.yaml") != first


def test_moments_of_the_future_are_looked_at(default_policy: object) -> None:
    """An event that lies ahead is seen from its own moment on, so it is looked at then."""
    ahead = START + timedelta(days=2)
    one = application(1, events=[interview(ahead)])
    assert next_look(one, (), default_policy, START) == ahead + timedelta(milliseconds=1)  # type: ignore[arg-type]
    assert next_look(one, (), default_policy, datetime(2027, 1, 1, tzinfo=timezone.utc)) is None  # type: ignore[arg-type]
