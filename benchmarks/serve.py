"""How many webhooks a second the service keeps durably, and how long each waits, beside a bare service.

    python benchmarks/serve.py [SECONDS]

Both run under the same uvicorn in a process of their own, on SQLite and on PostgreSQL, with every commit on the disk
before the answer. The bare one inserts a row and commits for each request, and looks at nothing. Ours proves the
signature, knows what was delivered before, and shares commits; with works, a helper decides and delivers meanwhile.
`a core` is by the processor time of the service (without that of PostgreSQL); waiting is measured at 200 webhooks a
second from the moment at which each should have been sent.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from outbox_helping import opened
from postgres_server import postgres_server, programs
from real.processes import free_port
from service_helping import application, delivery, interview, service_on, stored, utc_now

CONNECTIONS, RATE, APPLICATIONS = 32, 200, 500


class Figures(NamedTuple):
    """Kept a second, by the clock and by processor time; waiting in milliseconds; processor time at that rate."""

    kept: float
    core: float
    median: float
    p99: float
    longest: float
    busy: float


def ours(store: str, folder: str, port: int, works: bool) -> None:
    """The service."""
    from followup_rules.web.running import run

    os.chdir(folder)
    made = service_on(store, Path(folder), clock=utc_now, works=False)
    helper = [sys.executable, __file__, "--help-out", store, folder]
    run(made, "127.0.0.1", port, [helper] if works else [])


def bare(store: str, _folder: str, port: int, _works: bool) -> None:
    """A row and a commit for each request."""
    import sqlite3
    import threading

    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    kept = threading.local()
    making = "create table if not exists bare (seq {}, at double precision, body text)"

    def connection():  # type: ignore[no-untyped-def]
        if not hasattr(kept, "made"):
            if "://" in store:
                import psycopg

                kept.made = psycopg.connect(store, autocommit=True)
                kept.made.execute(making.format("bigserial primary key"))
            else:
                kept.made = sqlite3.connect(store, timeout=30, isolation_level=None)
                kept.made.execute("pragma journal_mode=wal")
                kept.made.execute("pragma synchronous=full")
                kept.made.execute(making.format("integer primary key"))
        return kept.made

    connection()
    mark = "%s" if "://" in store else "?"

    def insert(body: bytes) -> None:
        connection().execute(f"insert into bare (at, body) values ({mark}, {mark})", (time.time(), body.decode()))

    async def hook(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        await run_in_threadpool(insert, await request.body())
        return JSONResponse({"new": 1})

    app = Starlette(routes=[Route("/hooks/hook", hook, methods=["POST"])])
    uvicorn.Server(
        uvicorn.Config(
            app, "127.0.0.1", port, http="httptools", log_config=None, access_log=False, timeout_keep_alive=60
        )
    ).run()


class Client:
    """Connections that are kept, and one request after the other on each."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def open(self, count: int) -> None:
        for _ in range(count):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))

    async def post(self, request: bytes) -> None:
        reader, writer = await self._free.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        self._free.put_nowait((reader, writer))


def requests(count: int, begin: int) -> list[bytes]:
    """Different deliveries about some hundred applications, as bytes on the wire."""
    made = []
    now = utc_now()
    for number in range(begin, begin + count):
        event = {**interview(now), "id": f"e{number}"}
        body, headers = delivery(number % APPLICATIONS, now, event, identity=f"d-{number}")
        lines = [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join(["POST /hooks/hook HTTP/1.1", "host: x", f"content-length: {len(body)}", *lines])
        made.append(head.encode() + b"\r\n\r\n" + body)
    return made


async def load(port: int, pid: int, seconds: float) -> Figures:
    """As fast as it goes, and then at a steady rate."""
    client = Client(port)
    await client.open(CONNECTIONS)
    waiting = requests(int(seconds * 4000), 0)
    for one in [waiting.pop() for _ in range(50)]:
        await client.post(one)
    done, cpu, began = 0, cpu_of(pid), time.perf_counter()
    end = began + seconds

    async def send() -> None:
        nonlocal done
        while waiting and time.perf_counter() < end:
            await client.post(waiting.pop())
            done += 1

    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    kept, core = done / (time.perf_counter() - began), done / (cpu_of(pid) - cpu)
    await asyncio.sleep(1)
    times, busy = await steady(client, seconds, pid)
    return Figures(
        kept, core, times[len(times) // 2], times[int(len(times) * 0.99)], times[-1], busy
    )  # fmt: skip


async def steady(client: Client, seconds: float, pid: int) -> tuple[list[float], float]:
    """How long each waited, in milliseconds, shortest first; and the share of a core that it took."""
    times: list[float] = []
    some = requests(int(seconds * RATE), 10_000_000)
    cpu, began = cpu_of(pid), time.perf_counter()

    async def one(request: bytes, due: float) -> None:
        await client.post(request)
        times.append((time.perf_counter() - due) * 1000)

    tasks = []
    for number, request in enumerate(some):
        due = began + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(request, due)))
    await asyncio.gather(*tasks)
    return sorted(times), (cpu_of(pid) - cpu) / (time.perf_counter() - began)


def cpu_of(pid: int) -> float:
    """Processor time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(what, store: str, folder: str, works: bool, seconds: float) -> Figures:  # type: ignore[no-untyped-def]
    """One service, started for it and stopped afterwards."""
    ledger = opened(store, utc_now())
    stored(ledger, utc_now(), [application(number) for number in range(APPLICATIONS)])
    ledger.close()
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=what, args=(store, folder, port, works))
    process.start()
    try:
        wait_for(port)
        assert process.pid is not None
        return asyncio.run(load(port, process.pid, seconds))
    finally:
        process.terminate()
        process.join(20)
        if process.exitcode is None:
            process.kill()


def wait_for(port: int) -> None:
    """Until it answers."""
    import socket

    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the service did not start")


def main() -> None:
    """A line for each service on each database."""
    if sys.argv[1:2] == ["--help-out"]:
        from followup_rules.web.helpers import help_out

        help_out(service_on(sys.argv[2], Path(sys.argv[3]), clock=utc_now, works=False))
        return
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    print(f"{'':34} kept/s   a core   median      p99  longest  of a core at {RATE}/s")
    with tempfile.TemporaryDirectory(prefix="serve-") as folder:
        for name, what, works in (("bare", bare, False), ("ours", ours, False), ("ours with works", ours, True)):
            tell(f"SQLite, {name}", measure(what, f"{folder}/{name}.sqlite", folder, works, seconds))
        if programs() is None:
            print("PostgreSQL is not on this machine")
            return
        for name, what, works in (("bare", bare, False), ("ours", ours, False), ("ours with works", ours, True)):
            with postgres_server(Path(folder)) as url:
                tell(f"PostgreSQL, {name}", measure(what, url, folder, works, seconds))


def tell(name: str, found: Figures) -> None:
    """One line."""
    figures = f"{found.kept:8.0f} {found.core:8.0f} {found.median:7.1f}ms {found.p99:6.1f}ms {found.longest:6.1f}ms"
    print(f"{name:32} {figures}  {found.busy:4.0%}", flush=True)


if __name__ == "__main__":
    main()
