"""Who tries keys is slowed down, by his address, and nobody else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from starlette.testclient import TestClient

from followup_rules.web.app import build
from followup_rules.web.origins import Origins
from followup_rules.web.service import Service
from followup_rules.web.slowing import MOST, WINDOW, Slow, Tries
from outbox_helping import START, Hands
from service_helping import CONFIGURATION, KEYS, delivery, interview, service_on

PROXIED = CONFIGURATION.replace("serve:\n", "serve:\n  proxy: {from: [10.0.0.0/8], header: null}\n")
ASKED = {"json": {"applications": [{"id": "a"}]}}
GOOD = {"Authorization": f"Bearer {KEYS['viewer']}"}


def guess(number: int) -> dict[str, str]:
    return {"Authorization": f"Bearer guess-{number:020d}"}


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Hands) -> Iterator[Service]:
    monkeypatch.chdir(tmp_path)
    made = service_on("followup.sqlite", tmp_path, clock=clock, text=PROXIED, works=False)
    yield made
    made.ledger.close()


def at(app: object, address: str) -> TestClient:
    return TestClient(app, client=(address, 1), follow_redirects=False)  # type: ignore[arg-type]


def test_keys_are_tried_slowly(service: Service, clock: Hands) -> None:
    """After ten wrong keys an address waits, also with a good one: else the answer would say which it is.

    Other addresses notice nothing. After the minute the address may try again, and the good key is good.
    """
    app = build(service)
    with at(app, "203.0.113.7") as client:
        for number in range(MOST):
            assert client.post("/v1/plan", headers=guess(number), **ASKED).status_code == 401
        for headers in (guess(99), GOOD):
            answer = client.post("/v1/plan", headers=headers, **ASKED)
            assert answer.status_code == 429 and answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"] == "60" and "guess" not in answer.text
        assert at(app, "203.0.113.8").post("/v1/plan", headers=GOOD, **ASKED).status_code == 200
        clock.pass_(WINDOW.total_seconds())
        assert client.post("/v1/plan", headers=GOOD, **ASKED).status_code == 200


def test_a_login_counts_with_the_api(service: Service) -> None:
    """A key typed in is a try like one of a program: both count together, and a login of before goes on."""
    app = build(service)
    with at(app, "203.0.113.7") as client:
        inside = at(app, "203.0.113.7")
        assert inside.post("/login", data={"key": KEYS["viewer"]}).status_code == 303
        for number in range(MOST // 2):
            assert client.post("/login", data={"key": f"guess-{number:020d}"}).status_code == 401
            assert client.post("/v1/plan", headers=guess(number), **ASKED).status_code == 401
        seen = client.post("/login", data={"key": KEYS["viewer"]}, headers={"accept": "text/html"})
        assert seen.status_code == 429 and seen.headers["retry-after"] == "60" and "60 seconds" in seen.text
        assert "text/html" in seen.headers["content-type"] and "set-cookie" not in seen.headers
        told = client.post("/login", data={"key": KEYS["viewer"]}, headers={"accept": "application/json"})
        assert told.status_code == 429 and told.headers["content-type"] == "application/problem+json"
        assert inside.get("/").status_code == 200


def test_nobody_is_no_try(service: Service) -> None:
    """Who brings no key, or an old cookie, has not guessed: however often, he may still log in."""
    with at(build(service), "203.0.113.7") as client:
        for _ in range(3 * MOST):
            assert client.post("/v1/plan", **ASKED).status_code == 401
            assert client.get("/", headers={"cookie": "followup_session=old"}).status_code == 401
        assert client.post("/login", data={"key": KEYS["viewer"]}).status_code == 303


def test_hooks_are_tried_slowly(service: Service, clock: Hands) -> None:
    """A hook takes ten wrong signatures of an address, then it waits; keys of people are another matter."""
    app = build(service)
    body, headers = delivery(1, START, interview(START))
    with at(app, "203.0.113.7") as client:
        sender = at(app, "198.51.100.1")
        for number in range(MOST):
            wrong = client.post("/hooks/hook", content=body, headers={**headers, "x-signature": f"{number}"})
            assert wrong.status_code == 401
        assert (waits := client.post("/hooks/hook", content=body, headers=headers)).status_code == 429
        assert waits.headers["retry-after"] == "60"
        assert sender.post("/hooks/hook", content=body, headers=headers).json() == {"new": 1, "known": 0}
        assert client.post("/v1/plan", headers=GOOD, **ASKED).status_code == 200
        clock.pass_(60)
        assert client.post("/hooks/hook", content=body, headers=headers).json() == {"new": 0, "known": 1}


def test_a_sender_that_has_proved_itself_is_not_held_up(service: Service, clock: Hands) -> None:
    """An old subscription of the same sender that signs with a key of before keeps no good webhook from coming in."""
    body, headers = delivery(1, START, interview(START))
    with at(build(service), "198.51.100.1") as sender:
        assert sender.post("/hooks/hook", content=body, headers=headers).status_code == 200
        for _ in range(3 * MOST):
            wrong = sender.post("/hooks/hook", content=body, headers={**headers, "x-signature": "of before"})
            assert wrong.status_code == 401
        assert sender.post("/hooks/hook", content=body, headers=headers).status_code == 200
        clock.pass_(3600)
        for _ in range(MOST):
            sender.post("/hooks/hook", content=body, headers={**headers, "x-signature": "of before"})
        assert sender.post("/hooks/hook", content=body, headers=headers).status_code == 429


def test_the_proxy_says_who_asks(service: Service) -> None:
    """Behind a proxy that is trusted each client counts alone; what a client claims itself is not believed."""
    app = build(service)
    with at(app, "10.1.2.3") as proxy:
        liar = at(app, "203.0.113.9")
        for number in range(MOST):
            # The client writes whom he likes; the proxy adds from whom it came.
            claimed = {"x-forwarded-for": f"192.0.2.{number}, 203.0.113.7"}
            assert proxy.post("/v1/plan", headers={**guess(number), **claimed}, **ASKED).status_code == 401
            assert liar.post("/v1/plan", headers={**guess(number), **claimed}, **ASKED).status_code == 401
        same, other = {"x-forwarded-for": "203.0.113.7"}, {"x-forwarded-for": "203.0.113.8"}
        assert proxy.post("/v1/plan", headers={**GOOD, **same}, **ASKED).status_code == 429
        assert proxy.post("/v1/plan", headers={**GOOD, **other}, **ASKED).status_code == 200
        assert liar.post("/v1/plan", headers={**GOOD, **other}, **ASKED).status_code == 429


def test_a_proxy_that_only_forwards_names_nobody(service: Service) -> None:
    """With `header: null` a proxy is believed about addresses and opens nothing."""
    with at(build(service), "10.1.2.3") as proxy:
        assert proxy.get("/", headers={"x-forwarded-user": "ann", "null": "ann"}).status_code == 401


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["192.0.2.1"], "203.0.113.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["192.0.2.1", "203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7:5123"], "203.0.113.7"),
        ("10.0.0.1", ["[2001:db8:1:2::9]:5123"], "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        (None, ["203.0.113.7"], "unknown"),
        ("testclient", ["203.0.113.7"], "testclient"),
    ],
)
def test_who_asks(peer: str | None, forwarded: list[str], found: str) -> None:
    """The last address that no proxy of ours has; a network of IPv6 is one, because one machine has all of it."""
    assert Origins(["10.0.0.0/8"]).of(peer, forwarded) == found


@given(some.lists(some.text(max_size=60), max_size=5))
def test_any_header_has_an_origin(forwarded: list[str]) -> None:
    """Whatever a proxy passes on, there is a short word for who asks."""
    assert 0 < len(Origins(["10.0.0.0/8"]).of("10.0.0.1", forwarded)) < 60


def may(tries: Tries, who: str, now: datetime) -> bool:
    try:
        tries.may("key", who, now)
    except Slow as slow:
        assert 0 < slow.wait <= WINDOW.total_seconds()
        return False
    return True


@given(some.lists(some.tuples(some.integers(0, 2), some.integers(0, 40)), max_size=80))
def test_never_more_than_so_many_in_a_minute(steps: list[tuple[int, int]]) -> None:
    """Whoever tries when: in no minute has an address more wrong tries than allowed, and it always may again."""
    tries, now, done = Tries(), START, []
    for who, seconds in steps:
        now += timedelta(seconds=seconds / 4)
        if may(tries, str(who), now):
            tries.wrong("key", str(who), now)
            done.append((who, now))
    for who, last in done:
        assert sum(one == who and last - WINDOW < then <= last for one, then in done) <= MOST
    assert all(may(tries, str(who), now + WINDOW) for who in range(3))


def test_what_is_counted_stays_small() -> None:
    """A hundred thousand addresses take no more room than the last of them; one that goes on is not forgotten."""
    tries = Tries(addresses=1000)
    for number in range(100_000):
        tries.wrong("key", f"a{number}", START)
        if number % 500 == 0 and may(tries, "steady", START):
            tries.wrong("key", "steady", START)
    assert len(tries) <= 1000 and not may(tries, "steady", START)
    for number in range(5000):
        tries.right("hook", f"a{number}", START)
    assert len(tries) <= 2000


def test_a_clock_set_back_locks_nobody_out(clock: Hands) -> None:
    """What was counted in a future that did not come counts no more."""
    tries = Tries()
    for _ in range(MOST):
        tries.wrong("key", "a", START + timedelta(hours=2))
    assert may(tries, "a", START)
