"""How many actions a second go through the outbox, with the other system taken out.

    python benchmarks/outbox.py [ACTIONS]

The adapter answers at once, and the decision taken once more is the one that was planned: what is measured is the
ledger, with every commit and every line of history. SQLite is one file in the folder for temporary files; PostgreSQL
is started for this, in a folder beside it, where it is on the machine. Several workers are processes of their own.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from followup_rules.delivering.ports import Configured, Fresh
from followup_rules.delivering.running import run
from followup_rules.delivering.worker import Worker
from outbox_helping import START, Agreeing, FakeAdapter, opened, order, plan
from postgres_server import postgres_server, programs


class AsPlanned(Agreeing):
    """Decides nothing anew: decisions are measured elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Fresh | None] = {}

    def recheck(self, order, now):  # type: ignore[no-untyped-def]
        if order.application not in self._known:
            self._known[order.application] = super().recheck(order, now)
        return self._known[order.application]


def deliver(store: str, number: int) -> None:
    """One worker, until nothing is left."""
    ledger = opened(store, create=False)
    fleet = {"fake": Configured(FakeAdapter())}
    worker = Worker(ledger, fleet, AsPlanned(), lambda: START, f"w{number}", random.Random(number))
    run(worker, "once", lambda: START, time.sleep)
    ledger.close()


def measure(store: str, workers: int, actions: int) -> tuple[float, float, float]:
    """Saved a second, delivered a second by the clock, and delivered a second of processor time of one worker."""
    ledger = opened(store)
    wanted = [order(number) for number in range(actions)]
    start = time.perf_counter()
    plan(ledger, *wanted)
    saved = actions / (time.perf_counter() - start)
    ledger.close()
    if workers == 1:
        start, cpu = time.perf_counter(), time.process_time()
        deliver(store, 0)
        core = actions / (time.process_time() - cpu)
    else:
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=deliver, args=(store, number)) for number in range(workers)]
        start, core = time.perf_counter(), 0.0
        for one in processes:
            one.start()
        for one in processes:
            one.join()
    done = actions / (time.perf_counter() - start)
    ledger = opened(store, create=False)
    assert ledger.counts() == {"confirmed": actions}, ledger.counts()
    ledger.close()
    return saved, done, core


def main() -> None:
    """Print one line for each database and number of workers."""
    actions = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory(prefix="outbox-") as folder:
        tell("SQLite, 1 worker", measure(f"{folder}/one.sqlite", 1, actions))
        tell("SQLite, 2 workers", measure(f"{folder}/two.sqlite", 2, actions))
        if programs() is None:
            print("PostgreSQL is not on this machine")
            return
        for workers in (1, 2, 4):
            with postgres_server(Path(folder)) as url:
                tell(f"PostgreSQL, {workers} worker{'s' if workers > 1 else ''}", measure(url, workers, actions))


def tell(name: str, figures: tuple[float, float, float]) -> None:
    """One line."""
    saved, done, core = figures
    own = f", {core:6.0f}/s of processor time" if core else ""
    print(f"{name:22} saved {saved:7.0f}/s  delivered {done:6.0f}/s{own}", flush=True)


if __name__ == "__main__":
    main()
