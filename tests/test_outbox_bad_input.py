"""What can be wrong around the outbox is told plainly, with a code; nothing is lost and no traceback is shown."""

from __future__ import annotations

import os
import resource
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import Run
from followup_rules.outbox.address import address
from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.migrations import KNOWN
from followup_rules.outbox.opening import open_outbox
from outbox_helping import START, Scene, opened, order, plan
from postgres_server import PASSWORD


def test_a_newer_outbox_is_not_touched(tmp_path: Path, run: Run) -> None:
    """FR902: not one byte of it changes, and no file appears beside it."""
    file = tmp_path / "o.sqlite"
    opened(file).close()
    with sqlite3.connect(file) as raw:
        raw.execute("update followup_version set version = ?", [KNOWN + 1])
    raw.close()
    before = file.read_bytes(), sorted(tmp_path.iterdir())
    ran = run("outbox", "list", "--store", file)
    assert (ran.status, "FR902" in ran.err) == (2, True)
    assert (file.read_bytes(), sorted(tmp_path.iterdir())) == before


@pytest.mark.parametrize("content", [b"this is a letter\n" * 100, b"PK\x03\x04" + bytes(2000)])
def test_another_file_is_no_outbox(tmp_path: Path, run: Run, content: bytes) -> None:
    """FR901, and it stays as it was."""
    file = tmp_path / "letter.txt"
    file.write_bytes(content)
    ran = run("outbox", "list", "--store", file)
    assert (ran.status, "FR901" in ran.err) == (2, True)
    assert file.read_bytes() == content


def test_another_database_is_no_outbox(tmp_path: Path) -> None:
    """FR901, also where one could be made."""
    with sqlite3.connect(tmp_path / "books.sqlite") as raw:
        raw.execute("create table books (title text)")
    raw.close()
    with pytest.raises(OutboxFault, match=r"FR901.*something else"):
        opened(tmp_path / "books.sqlite", create=True)


@pytest.mark.parametrize("where", ["nowhere/o.sqlite", "file/o.sqlite", "."])
def test_a_folder_that_cannot_be_written_to(tmp_path: Path, where: str) -> None:
    """FR901: it is not there, is a file, or is what should be the file."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxFault, match="FR901"):
        opened(tmp_path / where, create=True)


def test_a_locked_database(tmp_path: Path) -> None:
    """FR903 after some patience; what was asked for was not done, and later it can be."""
    opened(tmp_path / "o.sqlite").close()
    ledger = open_outbox(address(str(tmp_path / "o.sqlite")), START, patience=0.1)
    other = sqlite3.connect(tmp_path / "o.sqlite", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(OutboxFault, match="FR903"):
        plan(ledger, order(1))
    assert ledger.rows() == []
    other.execute("rollback")
    other.close()
    plan(ledger, order(1))
    assert ledger.counts() == {"planned": 1}
    ledger.close()


def test_a_clock_that_is_behind(tmp_path: Path) -> None:
    """FR905 for whoever would change something; reading goes on."""
    opened(tmp_path / "o.sqlite").close()
    ledger = opened(tmp_path / "o.sqlite")
    plan(ledger, order(1))
    ledger.close()
    with pytest.raises(OutboxFault, match="FR905"):
        opened(tmp_path / "o.sqlite", START - timedelta(minutes=6))
    opened(tmp_path / "o.sqlite", START - timedelta(minutes=4)).close()


def test_data_that_cannot_be_read(tmp_path: Path) -> None:
    """Somebody has changed a row by other means: it is canceled, and the others go on."""
    ledger = opened(tmp_path / "o.sqlite")
    plan(ledger, order(1), order(2))
    with sqlite3.connect(tmp_path / "o.sqlite") as raw:
        raw.execute("update followup_actions set data = '{}' where id = ?", [order(1).id])
    raw.close()
    scene = Scene(ledger)
    scene.steps()
    assert [scene.state(1), scene.state(2)] == ["canceled", "confirmed"]
    ledger.close()


FULL = """
import resource, sys
sys.path.insert(0, {tests!r})
from outbox_helping import Scene, opened
from followup_rules.outbox.faults import OutboxFault
ledger = opened({file!r})
scene = Scene(ledger)
sent = open({sent!r}, "a")
done = scene.adapter.done
def carry(order):
    print(order.id, file=sent, flush=True)
    return done(order)
scene.adapter.deliveries = [carry] * 1000
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    scene.steps()
except OutboxFault as fault:
    sys.exit(fault.code)
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """FR904: no more leaves than was written down, and with room again nothing is lost and nothing twice."""
    file, sent = tmp_path / "o.sqlite", tmp_path / "sent"
    ledger = opened(file)
    orders = [order(number) for number in range(200)]
    plan(ledger, *orders)
    ledger.close()
    limit = file.stat().st_size + 20_000
    words = {"tests": str(Path(__file__).parent), "file": str(file), "sent": str(sent), "limit": limit}
    ran = subprocess.run([sys.executable, "-c", FULL.format(**words)], capture_output=True, text=True, check=False)
    assert ran.stderr.strip() == "FR904"
    ledger = opened(file)
    scene = Scene(ledger)
    scene.adapter.records = sent.read_text().split()
    assert 0 < len(scene.adapter.records) < 200
    scene.steps()
    scene.clock.pass_(600)
    scene.steps()
    assert Counter(scene.adapter.records) == Counter(one.id for one in orders)
    assert ledger.counts() == {"confirmed": 200}
    ledger.close()


def test_the_limit_of_this_test_is_not_ours() -> None:
    """The disk of the test above is full for a process of its own alone."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_server_that_is_not_there(run: Run) -> None:
    """FR901 within seconds, and the password is not shown."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        ran = run("outbox", "list", "--store", f"postgresql://ada:planted-1@127.0.0.1:{port}/db")
    assert (ran.status, "FR901" in ran.err, "planted-1" in ran.err) == (2, True, False)


@pytest.mark.real
def test_a_wrong_password(postgres: str, run: Run) -> None:
    """FR901 with what the server said, and neither the right nor the wrong one."""
    ran = run("outbox", "list", "--store", postgres.replace(PASSWORD, "planted-2"))
    assert (ran.status, "FR901" in ran.err) == (2, True)
    assert "planted" not in ran.err


@pytest.mark.real
def test_on_postgresql_as_on_sqlite(postgres: str, run: Run) -> None:
    """The same ledger, the same history that is only added to, and no password in what is shown."""
    import psycopg

    ledger = opened(postgres)
    wanted = [order(number) for number in range(9001, 9004)]
    plan(ledger, *wanted)
    scene = Scene(ledger)
    scene.steps()
    assert [scene.state(number) for number in range(9001, 9004)] == ["confirmed"] * 3
    ledger.close()
    ran = run("outbox", "show", wanted[0].id, "--store", postgres)
    assert (ran.status, PASSWORD in ran.out + ran.err) == (0, False)
    with psycopg.connect(postgres) as raw, pytest.raises(psycopg.Error, match="only added to"):
        raw.execute("delete from followup_history")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_cannot_be_written_to(tmp_path: Path) -> None:
    """FR901: the outbox can be read and not written."""
    file = tmp_path / "o.sqlite"
    opened(file).close()
    file.chmod(0o400)
    with pytest.raises(OutboxFault, match="FR901"):
        ledger = opened(file)
        plan(ledger, order(1))
