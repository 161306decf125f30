"""What keeps timers and fires them: our own rows, and three engines that do it for a living. Side by side.

    python benchmarks/timers.py [TIMERS]

Each gets timers that lie ahead, is started anew, sits idle, and then has to fire some that are due; firing does
nothing, so that the engine alone is measured. `start` is until it is ready to fire with all of them waiting; `idle` is
the share of a core while nothing is due. DBOS and APScheduler get fewer timers where they would take minutes to write
them; the count stands in the line. What is not installed is said to be missing.

Ours stands twice: the rows alone, and with everything that firing means for us: an application is read, decided by the
pack `default`, and its actions are put into the outbox.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from outbox_helping import opened
from postgres_server import postgres_server, programs
from service_helping import application, interview, service_on, stored, utc_now

IDLE, FIRED = 5.0, 1000
FAR = timedelta(days=30)


class Figures(NamedTuple):
    """How many waited; written a second; seconds to start; share of a core when idle; fired a second."""

    count: int
    written: float
    start: float
    idle: float
    fired: float


def idle_share(seconds: float = IDLE) -> float:
    """The share of a core that this process takes while nothing is to be done."""
    cpu, began = time.process_time(), time.perf_counter()
    time.sleep(seconds)
    return (time.process_time() - cpu) / (time.perf_counter() - began)


def own_rows(store: str, count: int) -> Figures:
    """Our table: one row each, taken in batches with `skip locked`."""
    from followup_rules.outbox.timers import Looked, earliest, lease_due, looked_after, set_now

    ledger = opened(store, utc_now())
    now = utc_now()
    began = time.perf_counter()
    for start in range(0, count, 1000):
        with ledger.writing(hasty=True) as connection:
            set_now(connection, [f"a-{number}" for number in range(start, min(start + 1000, count))], now + FAR)
    written = count / (time.perf_counter() - began)
    ledger.close()
    began = time.perf_counter()
    ledger = opened(store, utc_now(), create=False)
    assert earliest(ledger) is not None
    started = time.perf_counter() - began
    with ledger.writing(hasty=True) as connection:
        set_now(connection, [f"b-{number}" for number in range(FIRED)], now)
    began, done = time.perf_counter(), 0
    while timers := lease_due(ledger, "me", now, now + timedelta(seconds=60), 20):
        looked_after(ledger, "me", [Looked(one, now + FAR) for one in timers], "r", now)
        done += len(timers)
    fired = done / (time.perf_counter() - began)
    ledger.close()
    assert done == FIRED
    return Figures(count, written, started, 0.0, fired)


def own_works(store: str, count: int, folder: Path) -> Figures:
    """The works of the service with all that firing means."""
    from followup_rules.outbox.ledger import Ledger
    from followup_rules.outbox.timers import set_now
    from followup_rules.timers.works import Works
    from followup_rules.web.service import Service

    service: Service = service_on(store, folder, ("default",), clock=utc_now)
    ledger: Ledger = service.ledger
    now = utc_now()
    began = time.perf_counter()
    for start in range(0, count, 5000):
        numbers = range(start, min(start + 5000, count))
        stored(ledger, now, [application(number, events=[interview(now)]) for number in numbers], f"s{start}")
    for start in range(0, count, 1000):
        with ledger.writing(hasty=True) as connection:
            set_now(connection, [f"app-{number}" for number in range(start, start + 1000)], now + FAR)
            connection.exec_driver_sql(f"update followup_timers set rules = '{service.fingerprint}'")
            text = (now + timedelta(seconds=1)).replace(tzinfo=None).isoformat(timespec="microseconds")
            connection.exec_driver_sql(f"update followup_timers set decided_at = '{text}Z'")
    written = count / (time.perf_counter() - began)
    counted: list[int] = []
    works = Works(
        ledger, service.rules, service.routing, service.arm, service.clock, "bench", decided=counted.append
    )  # fmt: skip
    began = time.perf_counter()
    works.start()
    started = time.perf_counter() - began
    time.sleep(2)
    idle = idle_share()
    counted.clear()
    with ledger.writing(hasty=True) as connection:
        set_now(connection, [f"app-{number}" for number in range(FIRED)], utc_now())
    began = time.perf_counter()
    works.wake()
    wait_until(lambda: sum(counted) >= FIRED)
    fired = FIRED / (time.perf_counter() - began)
    works.stop()
    ledger.close()
    return Figures(count, written, started, idle, fired)


def nothing() -> None:
    """What APScheduler fires."""
    _FIRED.append(1)


_FIRED: list[int] = []


def apscheduler(store: str, count: int) -> Figures:
    """APScheduler 3 with its job store; one process alone may use it."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    url = store if "://" in store else f"sqlite:///{store}"

    def made() -> BackgroundScheduler:
        stores = {"default": SQLAlchemyJobStore(url=url.replace("postgresql://", "postgresql+psycopg://"))}
        return BackgroundScheduler(jobstores=stores, timezone=timezone.utc, job_defaults={"misfire_grace_time": None})

    count = min(count, 5000)
    scheduler = made()
    scheduler.start(paused=True)
    began = time.perf_counter()
    for _ in range(count):
        scheduler.add_job(nothing, "date", run_date=datetime.now(timezone.utc) + FAR)
    written = count / (time.perf_counter() - began)
    scheduler.shutdown()
    scheduler = made()
    began = time.perf_counter()
    scheduler.start()
    scheduler.get_jobs()
    started = time.perf_counter() - began
    idle = idle_share()
    scheduler.pause()
    for _ in range(FIRED):
        scheduler.add_job(nothing, "date", run_date=datetime.now(timezone.utc))
    _FIRED.clear()
    began = time.perf_counter()
    scheduler.resume()
    wait_until(lambda: len(_FIRED) >= FIRED)
    fired = FIRED / (time.perf_counter() - began)
    scheduler.shutdown()
    return Figures(count, written, started, idle, fired)


def dbos(store: str, count: int) -> Figures:
    """DBOS Transact: a workflow each, with a durable sleep."""
    from dbos import DBOS, DBOSConfig

    count, fired_count = min(count, 300), 300
    url = store if "://" in store else f"sqlite:///{store}"
    config: DBOSConfig = {"name": "bench", "system_database_url": url, "run_admin_server": False}
    done: list[int] = []

    def launched() -> Callable[[float], None]:
        DBOS(config=config)

        @DBOS.step()
        def fire() -> None:
            done.append(1)

        @DBOS.workflow()
        def waits(seconds: float) -> None:
            DBOS.sleep(seconds)
            fire()

        DBOS.launch()
        return lambda seconds: DBOS.start_workflow(waits, seconds) and None

    start = launched()
    began = time.perf_counter()
    for _ in range(count):
        start(FAR.total_seconds())
    written = count / (time.perf_counter() - began)
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)
    began = time.perf_counter()
    start = launched()
    started = time.perf_counter() - began
    time.sleep(2)
    idle = idle_share()
    began = time.perf_counter()
    for _ in range(fired_count):
        start(0.001)
    wait_until(lambda: len(done) >= fired_count)
    fired = fired_count / (time.perf_counter() - began)
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)
    return Figures(count, written, started, idle, fired)


def procrastinate(store: str, count: int) -> Figures:
    """Procrastinate: a row each, PostgreSQL alone."""
    return asyncio.run(_procrastinate(store, count))


async def _procrastinate(store: str, count: int) -> Figures:
    from procrastinate import App, PsycopgConnector

    done: list[int] = []
    app = App(connector=PsycopgConnector(conninfo=store))

    @app.task(name="fire")
    async def fire(number: int) -> None:
        done.append(number)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        later = fire.configure(schedule_at=datetime.now(timezone.utc) + FAR)
        began = time.perf_counter()
        for start in range(0, count, 1000):
            await later.batch_defer_async(*({"number": one} for one in range(start, min(start + 1000, count))))
        written = count / (time.perf_counter() - began)
        began = time.perf_counter()
        worker = asyncio.create_task(app.run_worker_async(concurrency=10, install_signal_handlers=False))
        await asyncio.sleep(0)
        started = time.perf_counter() - began
        await asyncio.sleep(2)
        cpu, began = time.process_time(), time.perf_counter()
        await asyncio.sleep(IDLE)
        idle = (time.process_time() - cpu) / (time.perf_counter() - began)
        began = time.perf_counter()
        await fire.batch_defer_async(*({"number": one} for one in range(FIRED)))
        while len(done) < FIRED:
            await asyncio.sleep(0.01)
        fired = FIRED / (time.perf_counter() - began)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    return Figures(count, written, started, idle, fired)


def wait_until(holds: Callable[[], bool]) -> None:
    """For ten minutes at most."""
    end = time.monotonic() + 600
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


def main() -> None:
    """A line for each."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{'':32} {'timers':>8} {'written/s':>10} {'start':>8} {'idle':>7} {'fired/s':>8}")
    with tempfile.TemporaryDirectory(prefix="timers-") as folder:
        place = Path(folder)
        tell("our rows, SQLite", lambda: own_rows(f"{folder}/own.sqlite", count))
        tell("our works, SQLite", lambda: own_works(f"{folder}/works.sqlite", count, place))
        tell("APScheduler, SQLite", lambda: apscheduler(f"{folder}/aps.sqlite", count))
        tell("DBOS Transact, SQLite", lambda: dbos(f"{folder}/dbos.sqlite", count))
        if programs() is None:
            print("PostgreSQL is not on this machine")
            return
        for name, measured in (
            ("our rows", own_rows), ("our works", lambda url, some: own_works(url, some, place)),
            ("Procrastinate", procrastinate), ("APScheduler", apscheduler), ("DBOS Transact", dbos),
        ):  # fmt: skip
            with postgres_server(place) as url:
                tell(f"{name}, PostgreSQL", lambda url=url, measured=measured: measured(url, count))


def tell(name: str, measure: Callable[[], Figures]) -> None:
    """One line, or why there is none."""
    try:
        found = measure()
    except ImportError as error:
        print(f"{name:32} is not installed: {error.name}", flush=True)
        return
    figures = f"{found.count:8} {found.written:10.0f} {found.start:7.2f}s {found.idle:6.1%} {found.fired:8.0f}"
    print(f"{name:32} {figures}", flush=True)


if __name__ == "__main__":
    main()
