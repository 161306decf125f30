"""Workers are killed at random moments, and still: nothing lost, nothing twice, and the ledger tells the truth."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from crash_worker import clock_since, work
from followup_rules.outbox.states import MOVES
from hostile_server import hostile_server
from outbox_helping import opened, order, plan

pytestmark = pytest.mark.heavy
ACTIONS, KILLS, LONGEST = 500, 50, 150.0


def test_killed_on_sqlite(tmp_path: Path) -> None:
    """500 actions, at least 50 kills, two workers and a hostile server, on SQLite."""
    crash(str(tmp_path / "outbox.sqlite"), workers=2, seed=11)


@pytest.mark.real
def test_killed_on_postgresql(postgres: str) -> None:
    """The same with four workers on PostgreSQL."""
    crash(postgres, workers=4, seed=12)


def crash(store: str, workers: int, seed: int) -> None:
    chance = random.Random(seed)
    base = time.time()
    now = clock_since(base)
    wanted = [order(number) for number in range(ACTIONS)]
    ledger = opened(store, now())
    plan(ledger, *wanted, at=now())
    with hostile_server(seed) as (url, records):
        kills = until_all_is_done((store, url), base, workers, chance)
        time.sleep(0.2)
        ids = [one.id for one in wanted]
        assert Counter(records) == Counter(ids), "each action once"
    rows = ledger.rows()
    assert Counter(row.state for row in rows) == {"confirmed": ACTIONS}
    assert sorted(row.id for row in rows) == sorted(ids)
    found = False
    for row in rows:
        turns = ledger.history(row.id)
        assert turns[0].was is None
        assert all(turn.was is None or turn.became in MOVES[turn.was] for turn in turns)
        assert [turn.became for turn in turns].count("confirmed") == 1
        found = found or any(turn.why == "it was there already" for turn in turns)
    ledger.close()
    assert found, "no worker was killed between doing and writing down"
    assert kills >= KILLS


def until_all_is_done(where: tuple[str, str], base: float, workers: int, chance: random.Random) -> int:
    """Keep so many workers at work, and kill one of them every now and then; how many were killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crash_worker"])
    numbers = iter(range(1_000_000))
    running: list[BaseProcess] = []
    kills, started = 0, time.monotonic()
    try:
        while True:
            gone = [one for one in running if one.exitcode is not None]
            if any(one.exitcode == 0 for one in gone):
                for one in running:
                    one.join(LONGEST)
                return kills
            assert all(one.exitcode == -signal.SIGKILL for one in gone), [one.exitcode for one in gone]
            running = [one for one in running if one.exitcode is None]
            while len(running) < workers:
                process = context.Process(target=work, args=(*where, next(numbers), base))
                process.start()
                running.append(process)
            time.sleep(chance.random() * 0.3)
            if kills < KILLS + 10:
                kill(chance.choice(running))
                kills += 1
            assert time.monotonic() - started < LONGEST, "the workers got stuck"
    finally:
        for one in running:
            kill(one)


def kill(process: BaseProcess) -> None:
    """SIGKILL, and wait until it is gone."""
    if process.exitcode is None and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
