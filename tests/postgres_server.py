"""A PostgreSQL of the tests' own, in a temporary folder and on a free port, stopped by its pid."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.processes import free_port

PASSWORD = "planted-7c2f9e"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest one, where there is one."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name.split(".")[0]))
    return next((one for one in reversed(folders) if (one / "initdb").exists()), None)


@contextmanager
def postgres_server(folder: Path, *settings: str) -> Iterator[str]:
    """The URL of a server that runs as long as this lasts. `initdb` refuses root, who becomes `postgres` for it.

    Args:
        settings: of the server, as in `fsync=off`.
    """
    bin_ = programs()
    assert bin_ is not None
    given = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(given, "postgres", "postgres")
    data, log = given / "data", (folder / "postgres.log").open("wb")
    secret = given / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    init = [*as_user, bin_ / "initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256", "--pwfile", secret, "-N"]
    subprocess.run(list(map(str, init)), check=True, stdout=log, stderr=log, cwd=given)
    port = free_port()
    words = [bin_ / "postgres", "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-k", given]
    words += [word for one in settings for word in ("-c", one)]
    server = subprocess.Popen(list(map(str, [*as_user, *words])), stdout=log, stderr=log, cwd=given)
    try:
        _wait_for(server, data / "postmaster.pid")
        yield f"postgresql://owner:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        _stop(server, data / "postmaster.pid")
        log.close()
        shutil.rmtree(given, ignore_errors=True)


def _wait_for(server: subprocess.Popen[bytes], pidfile: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL did not start")
        if pidfile.exists() and "ready" in pidfile.read_text():
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not get ready")


def _stop(server: subprocess.Popen[bytes], pidfile: Path) -> None:
    """By the pid that the server itself wrote down: it is not the one of `runuser`."""
    try:
        os.kill(int(pidfile.read_text().split("\n", 1)[0]), signal.SIGINT)
        server.wait(20)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        server.kill()
        server.wait(20)
