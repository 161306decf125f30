"""`serve` as a command: real processes, which start, help each other, and end together."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import Run
from real.processes import free_port
from service_helping import KEYS, until

CONFIGURATION = """\
schema: followup-configuration/1
adapters:
  drafts: {kind: folder, settings: {path: drafts}}
routes:
  - {do: draft_message, to: drafts}
serve:
  keys:
    - {name: ann, role: viewer, key: "env:KEY_OF_ANN"}
"""


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The command in a folder, until this ends; its address."""
    port = free_port()
    (folder / "followup.yaml").write_text(CONFIGURATION)
    environment = {**os.environ, "KEY_OF_ANN": KEYS["viewer"], "FOLLOWUP_RULES_PLUGINS": "off"}
    environment.pop("FOLLOWUP_RULES_STORE", None)
    log = (folder / "log").open("wb")
    command = [sys.executable, "-m", "followup_rules", "serve", "--port", str(port), *words]
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=log, stdout=log)
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: process.poll() is not None or answers(url), 30)
        assert process.poll() is None, (folder / "log").read_text()
        yield process, url
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
        log.close()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.HTTPError:
        return False


def helpers_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(file.parent.name))
    return found


def gone(pid: int) -> bool:
    """True where there is no such process any more, or only what is left of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_it_answers_and_ends_whole(tmp_path: Path) -> None:
    """It starts with a helper, answers to the key of its configuration, and SIGTERM ends both; the log names nobody."""
    with serving(tmp_path) as (process, url):
        until(lambda: len(helpers_of(process.pid)) == 1)
        (helper,) = helpers_of(process.pid)
        answer = httpx.post(
            f"{url}/v1/plan",
            json={"applications": [{"id": "planted-id", "candidate": {"name": "Zebulon Quirke"}}]},
            headers={"Authorization": f"Bearer {KEYS['viewer']}"},
        )
        assert answer.status_code == 200 and answer.json()["refused"][0]["application"] == "planted-id"
        process.terminate()
        assert process.wait(20) in (0, -signal.SIGTERM)
        until(lambda: gone(helper))
    log = (tmp_path / "log").read_text()
    assert '"route": "/v1/plan"' in log and "Traceback" not in log and KEYS["viewer"] not in log
    assert "planted-id" not in log and "Zebulon" not in log


def test_a_helper_ends_with_a_killed_service(tmp_path: Path) -> None:
    """SIGKILL of the service leaves nobody behind who would go on delivering."""
    with serving(tmp_path, "--workers", "2") as (process, _):
        until(lambda: len(helpers_of(process.pid)) == 2)
        helpers = helpers_of(process.pid)
        process.kill()
        process.wait(10)
        until(lambda: all(gone(one) for one in helpers))


def test_a_killed_helper_is_started_anew(tmp_path: Path) -> None:
    """SIGKILL of a helper: another takes its place, and the service goes on answering."""
    with serving(tmp_path) as (process, url):
        until(lambda: len(helpers_of(process.pid)) == 1)
        (first,) = helpers_of(process.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: [one for one in helpers_of(process.pid) if one != first])
        assert answers(url)


def test_keys_are_made_and_taken_back(tmp_path: Path, run: Run) -> None:
    """A key is shown once, opens its role's doors, and is refused soon after it was revoked."""
    with serving(tmp_path) as (_, url):
        store = ("--store", str(tmp_path / "followup.sqlite"))
        key = run("serve", "keys", "new", "bob", "--role", "editor", *store).out.strip()
        headers = {"Authorization": f"Bearer {key}"}

        def asked() -> int:
            return httpx.post(f"{url}/v1/plan", json={"applications": [{}]}, headers=headers).status_code

        until(lambda: asked() == 200)
        assert run("serve", "keys", "list", *store).lines[0].split() == ["editor", "bob"]
        assert run("serve", "keys", "revoke", "bob", *store).status == 0
        until(lambda: asked() == 401, 6)
        assert run("serve", "keys", "revoke", "bob", *store).status == 1
    for file in tmp_path.glob("followup.sqlite*"):
        assert key.encode() not in file.read_bytes(), "no key is kept as itself"


def test_what_is_missing_is_said(run: Run, monkeypatch: pytest.MonkeyPatch, write: Callable[..., str]) -> None:
    """Without Starlette it says FR972 and how to get it; with it, it asks for a configuration."""
    assert "FR945" in run("serve").err
    real: Any = importlib.util.find_spec

    def without(name: str, *more: Any) -> Any:
        return None if name == "starlette" else real(name, *more)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    ran = run("serve")
    assert ran.status == 2 and "FR972" in ran.err and "followup-rules[serve]" in ran.err


def test_the_store_can_hold_a_password_nobody_sees(tmp_path: Path) -> None:
    """The command line of a helper, which every user of a machine can read, holds no address of a store."""
    with serving(tmp_path, "--store", "other.sqlite") as (process, _):
        until(lambda: len(helpers_of(process.pid)) == 1)
        time.sleep(0.3)
        words = Path(f"/proc/{helpers_of(process.pid)[0]}/cmdline").read_bytes()
        assert b"--no-web" in words and b"other.sqlite" not in words
        assert (tmp_path / "other.sqlite").exists() and not (tmp_path / "followup.sqlite").exists()
