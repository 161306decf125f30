"""What every real server needs: a free port, patience, an end, and a loud word where it cannot be had."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRED = "FOLLOWUP_RULES_REQUIRE_REAL"

_CHANCE = random.SystemRandom()


def missing(what: str, why: object) -> NoReturn:
    """Skip with one line that names what is not there; where real servers are required, fail."""
    told = f"NOT TESTED AGAINST A REAL {what.upper()}: {why}"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(told, pytrace=False)
    pytest.skip(told)


def cache() -> Path:
    """A folder outside the repository for what is fetched once.

    Root's own folder cannot be read by the servers that give up root's rights, so root's is in a common place.
    """
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path("/var/tmp/followup-rules-real-root") if os.getuid() == 0 else Path(base) / "followup-rules-real"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        missing("server", f"{folder} belongs to somebody else")
    return folder


def free_port() -> int:
    """A port of the loopback that nobody listens on now.

    It is none of those that systems give out by themselves (from 32768 on Linux, from 49152 elsewhere): a server that
    is stopped and started anew would else find, every now and then, that somebody else was given its port meanwhile.
    """
    while True:
        port = _CHANCE.randrange(20_000, 32_768)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


def listening(port: int) -> bool:
    """True where somebody takes connections on a port."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def wait_until(true: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Ask again and again; fail by name when the time is up."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds:.0f} seconds in vain for {what}", pytrace=False)
        time.sleep(0.03)


def stop(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """End one process that a test started, and wait for it."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)


def certificate(folder: Path, host: str = "localhost") -> tuple[Path, Path]:
    """A self-signed certificate for a name, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = f"subjectAltName=DNS:{host}"
    command += ["-days", "2", "-subj", f"/CN={host}", "-addext", names, "-keyout", str(key), "-out", str(cert)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        missing("TLS server", f"openssl makes no certificate ({error})")
    return cert, key
