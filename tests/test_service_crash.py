"""Services are killed under load, and still: every event that was accepted is there, and every action was done once."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from followup_rules.outbox.inbox import waiting_notices
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.states import OPEN
from followup_rules.outbox.timelines import snapshot, told_of
from hostile_server import hostile_server
from outbox_helping import opened
from real.processes import free_port
from service_helping import application, database_of_its_own, delivery, interview, stored, until, utc_now
from service_worker import said_in, serve
from test_crash import kill

APPLICATIONS, KILLS = 200, 50
LONGEST = 400.0
"""Seconds until it counts as stuck; a quiet machine needs a quarter of it."""

_FRESH = 0.15


@pytest.mark.slow
def test_killed_on_sqlite(tmp_path: Path) -> None:
    """50 kills of two services that share one file."""
    crash(str(tmp_path / "followup.sqlite"), tmp_path, seed=21)


@pytest.mark.slow
@pytest.mark.real
def test_killed_on_postgresql(postgres: str, tmp_path: Path) -> None:
    """The same with PostgreSQL."""
    crash(database_of_its_own(postgres), tmp_path, seed=22)


def crash(store: str, folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    began = utc_now()
    ledger = opened(store, began)
    stored(ledger, began, [application(number) for number in range(APPLICATIONS)])
    # Two deliveries an application, half of them many times, in any order: what happened first may come last.
    news = [
        delivery(number, began, interview(began) if part == 1 else note(began), identity=f"d-{number}-{part}")
        for number in range(APPLICATIONS)
        for part in (1, 2)
    ]
    with hostile_server(seed) as (url, records), services(store, folder, url) as (ports, killed):
        started = time.monotonic()
        with Sending(news, ports, chance) as sending:
            kills = 0
            while kills < KILLS or not sending.all_accepted():
                time.sleep(0.01)
                if kills < KILLS:
                    killed()
                    kills += 1
                assert time.monotonic() - started < LONGEST, "it got stuck"
        mine = {f"app-{number}" for number in range(APPLICATIONS)}
        while not settled(ledger, mine):
            assert time.monotonic() - started < LONGEST, "it did not come to rest"
            time.sleep(0.1)
        time.sleep(0.3)
        rows = [row for row in ledger.rows() if row.application in mine]
        assert Counter(row.state for row in rows) == {"confirmed": APPLICATIONS}
        assert Counter(records) == Counter(row.id for row in rows), "each action once"
    for number in range(APPLICATIONS):
        assert events_of(ledger, f"app-{number}") == {"e1", "n1"}, "no event is lost"
    assert sending.repeated > APPLICATIONS and sending.unanswered > 10, "there was hardly any load"
    ledger.close()


def note(now: object) -> dict[str, object]:
    return {"id": "n1", "type": "note", "at": utc_now().isoformat(), "body": "a note"}


def settled(ledger: Ledger, mine: set[str]) -> bool:
    if waiting_notices(ledger):
        return False
    rows = [row for row in ledger.rows() if row.application in mine]
    return len(rows) == len(mine) and not any(row.state in OPEN for row in rows)


def events_of(ledger: Ledger, identity: str) -> set[str]:
    with snapshot(ledger) as connection:
        (told,) = told_of(connection, identity)
    return {event["id"] for event in json.loads(told.kept.data or "{}")["events"]}


class Sending:
    """Threads that deliver webhooks as other systems do: again and again until they are accepted, and once more."""

    def __init__(self, news: list[tuple[bytes, dict[str, str]]], ports: list[int], chance: random.Random) -> None:
        self._news, self._ports = news, ports
        self._accepted: set[int] = set()
        self._going = True
        self.repeated = self.unanswered = 0
        self._threads = [
            threading.Thread(target=self._send, args=(random.Random(chance.random()),), daemon=True) for _ in range(3)
        ]

    def __enter__(self) -> Sending:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # In any case: whoever goes on sending takes the processor from every test after this one.
        self._going = False
        for thread in self._threads:
            thread.join(10)

    def all_accepted(self) -> bool:
        return len(self._accepted) == len(self._news)

    def _send(self, chance: random.Random) -> None:
        while self._going:
            # One that nobody has accepted yet, or once more one of every second application: of the others nobody hears
            # again what was once accepted, so that it would be missed.
            left = [number for number in range(len(self._news)) if number not in self._accepted]
            fresh = left and chance.random() < _FRESH
            number = chance.choice(left) if fresh else chance.randrange(len(self._news) // 4) * 4 + chance.randrange(2)
            status = self._post(chance.choice(self._ports), *self._news[number])
            if status == 200:
                self.repeated += number in self._accepted
                self._accepted.add(number)
            else:
                self.unanswered += 1
            time.sleep(0.01)

    @staticmethod
    def _post(port: int, body: bytes, headers: dict[str, str]) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("POST", "/hooks/hook", body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@contextmanager
def services(store: str, folder: Path, url: str) -> Iterator[tuple[list[int], object]]:
    """Two services, and a way to kill one of them, which is started anew."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["service_worker"])
    ports = [free_port(), free_port()]
    chance = random.Random(1)
    running: list[BaseProcess] = []

    def start(port: int) -> BaseProcess:
        process = context.Process(target=serve, args=(store, str(folder), url, port))
        process.start()
        return process

    def killed() -> None:
        which = chance.randrange(len(ports))
        # Whoever is killed before it answers shows nothing.
        heard(running[which], folder, ports[which])
        time.sleep(chance.random() * 0.4)
        kill(running[which])
        assert running[which].exitcode == -signal.SIGKILL
        running[which] = start(ports[which])

    try:
        running += [start(port) for port in ports]
        yield ports, killed
    finally:
        for one in running:
            kill(one)


def heard(service: BaseProcess, folder: Path, port: int) -> None:
    """Wait until a service answers. One that does not says why."""
    try:
        until(lambda: listens(port) or service.exitcode is not None)
        assert service.exitcode is None, f"it ended by itself with {service.exitcode}"
    except AssertionError as error:
        if service.exitcode is None and service.pid:
            os.kill(service.pid, signal.SIGUSR1)
            time.sleep(1)
        raise AssertionError(f"{error}\n{said_in(str(folder), port).read_text('utf-8')[-8000:]}") from None


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
