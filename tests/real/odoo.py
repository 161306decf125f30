"""An Odoo 19 of our own with recruitment and CRM: a new database for each one that is served, and a key for its API."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from postgres_server import postgres_server, programs
from real.processes import cache, free_port, listening, missing, stop, wait_until
from real.unpacked_odoo import Unpacked, alone, unpacked_odoo

MODULES = "hr_recruitment,crm,calendar,rpc"
LOGIN, PASSWORD = "admin", "admin"
_KEY = """
key = env["res.users.apikeys"].with_user(env.ref("base.user_admin"))._generate("rpc", "tests", None)
env.cr.commit()
print("KEY=" + key)
"""
# What installs itself with modules that are not unpacked stays "to install" for ever, and as long as anything does,
# Odoo loads all its modules anew for each request that follows the first change of any of them.
_LEFT_HANGING = """
update ir_module_module set state = 'uninstalled' where state in ('to install', 'to upgrade');
delete from ir_config_parameter where key = 'base.partially_updated_database';
"""
_PATIENCE, _PORTS = 600, 3


class Odoo:
    """A running server; `stop` and `start` keep its database."""

    def __init__(
        self, odoo: Unpacked, database: str, address: str, folder: Path, key: str, addons: Path | None
    ) -> None:
        self.odoo, self.database, self.key, self._folder, self._addons = odoo, database, key, folder, addons
        self._address = address
        # A client of its own for each question would read the machine's certificates each time. It keeps no session.
        strict = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self.client = httpx.Client(timeout=60, verify=False, trust_env=False, cookies=strict)
        for _ in range(_PORTS):
            self.port = free_port()
            if self._listens():
                return
        missing("Odoo", f"it does not start: {self.log()[-400:]}")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to listen again, where it did."""
        if not self._listens():
            pytest.fail(f"Odoo does not start again: {self.log()[-400:]}", pytrace=False)

    def stop(self) -> None:
        """Stop listening. The second word makes it leave at once, whoever still has a connection."""
        self._process.terminate()
        time.sleep(0.3)
        stop(self._process)

    def _listens(self) -> bool:
        """Start, and wait until it answers; False where it cannot, as where somebody else has got the port by now."""
        more = ["--http-port", str(self.port), "--http-interface", "127.0.0.1", "--max-cron-threads", "0"]
        command = [*_command(self.odoo, self._address, self._folder, self._addons), "-d", self.database, *more]
        before = len(self.log())
        with (self._folder / "odoo.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_dying_with_us(), *command], stdout=log, stderr=log, env=_environ(self.odoo), cwd=self._folder
            )
        # Odoo goes on without a port that it does not get.
        failed = lambda: self._process.poll() is not None or "Address already in use" in self.log()[before:]  # noqa: E731
        try:
            wait_until(lambda: failed() or self._answers(), "Odoo", 120)
        except BaseException:
            self.stop()
            raise
        if failed():
            self.stop()
            return False
        return True

    def log(self) -> str:
        """What it has said."""
        file = self._folder / "odoo.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def call(self, model: str, method: str, **arguments: Any) -> Any:
        """Its own API, asked without our adapter."""
        headers = {"Authorization": f"bearer {self.key}", "X-Odoo-Database": self.database}
        answer = self.client.post(f"{self.url}/json/2/{model}/{method}", json=arguments, headers=headers)
        assert answer.status_code == 200, answer.text[:1000]
        return answer.json()

    @property
    def address(self) -> str:
        """The URL of its database."""
        return f"{self._address.rpartition('/')[0]}/{self.database}"

    def sql(self, order: str) -> None:
        """A change of the database that Odoo does not see, as where time is to pass."""
        _sql(self._address, self.database, order)

    def shell(self, program: str) -> str:
        """What a program prints inside Odoo, with `env`; it commits what it wants to keep."""
        return _shell(self.odoo, self._address, self.database, self._folder, self._addons, program)

    def _answers(self) -> bool:
        if not listening(self.port):
            return False
        try:
            return self.client.get(f"{self.url}/web/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def serving(
    folder: Path, *, install: str = "", addons: Path | None = None, libraries: Sequence[Path] = ()
) -> Iterator[Odoo]:
    """A server with a database of its own for as long as the block lasts.

    Args:
        install: names of modules to install into that database first.
        addons: a folder with addons beside Odoo's own.
        libraries: folders with Python packages that they need.
    """
    odoo = _had()._replace(libraries=tuple(libraries))
    folder.mkdir(parents=True, exist_ok=True)
    with postgres_server(folder, "fsync=off", "full_page_writes=off") as address:
        key = _prepared(odoo, address, folder)
        database = f"test_{secrets.token_hex(3)}"
        _restore(odoo, address, database, folder)
        if install:
            _run([*_command(odoo, address, folder, addons), "-d", database, "-i", install, "--stop-after-init"], odoo)
        _sql(address, database, _LEFT_HANGING)
        _make_logins_cheap(address, database)
        server = Odoo(odoo, database, address, folder, key, addons)
        try:
            yield server
        finally:
            server.stop()
            server.client.close()


def _had() -> Unpacked:
    if programs() is None:
        missing("Odoo", "there is no PostgreSQL on this machine")
    try:
        return unpacked_odoo(cache())
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        missing("Odoo", error)


def _prepared(odoo: Unpacked, address: str, folder: Path) -> str:
    """The key of a database with the modules, whose dump is kept beside Odoo; made where there is none."""
    with alone(odoo.folder):
        dump = odoo.folder / "prepared.dump"
        secret = odoo.folder / "prepared.key"
        if not (dump.is_file() and secret.is_file()):
            _prepare(odoo, address, folder, dump, secret)
        return secret.read_text("utf-8")


def _prepare(odoo: Unpacked, address: str, folder: Path, dump: Path, secret: Path) -> None:
    database = "prepared"
    _create(address, database)
    command = [*_command(odoo, address, folder, None), "-d", database]
    _run([*command, "-i", MODULES, "--without-demo", "all", "--stop-after-init"], odoo)
    found = re.search(r"^KEY=(\w+)$", _shell(odoo, address, database, folder, None, _KEY), re.M)
    assert found is not None
    part = odoo.folder / f"prepared.{secrets.token_hex(3)}"
    _postgres("pg_dump", address, "-Fc", "-f", str(part), database)
    files = odoo.folder / "prepared.files"
    if not files.exists() and (folder / "data/filestore" / database).exists():
        shutil.copytree(folder / "data/filestore" / database, files)
    secret.write_text(found[1], "utf-8")
    part.rename(dump)


def _shell(odoo: Unpacked, address: str, database: str, folder: Path, addons: Path | None, program: str) -> str:
    python, script, *settings = _command(odoo, address, folder, addons)
    return _run([python, script, "shell", *settings, "-d", database, "--no-http"], odoo, program)


def _restore(odoo: Unpacked, address: str, database: str, folder: Path) -> None:
    _create(address, database)
    _postgres("pg_restore", address, "-O", "-d", database, str(odoo.folder / "prepared.dump"))
    if (odoo.folder / "prepared.files").exists():
        shutil.copytree(odoo.folder / "prepared.files", folder / "data/filestore" / database, dirs_exist_ok=True)


def _make_logins_cheap(address: str, database: str) -> None:
    """Odoo tries a key as the password first, which costs 600,000 rounds of hashing; a hash says its own number."""
    salt, rounds = secrets.token_bytes(16), 1000
    found = hashlib.pbkdf2_hmac("sha512", PASSWORD.encode(), salt, rounds)
    words = [base64.b64encode(one, b"./").rstrip(b"=").decode() for one in (salt, found)]
    hashed = f"$pbkdf2-sha512${rounds}${words[0]}${words[1]}"
    order = f"update res_users set password = '{hashed}' where login = '{LOGIN}'"
    _sql(address, database, order)


def _create(address: str, database: str) -> None:
    order = f"create database {database} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
    _postgres("psql", address, "-q", "-d", "postgres", "-c", order)


def _sql(address: str, database: str, order: str) -> None:
    _postgres("psql", address, "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", order)


def _postgres(program: str, address: str, *arguments: str) -> None:
    parts, folder = urlsplit(address), programs()
    assert folder is not None
    environ = {**os.environ, "PGPASSWORD": parts.password or "", "PGOPTIONS": "-c client_min_messages=warning"}
    where = ["-h", str(parts.hostname), "-p", str(parts.port), "-U", str(parts.username)]
    command = [str(folder / program), *where, *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-1000:]


def _command(odoo: Unpacked, address: str, folder: Path, addons: Path | None) -> list[str]:
    """How Odoo is started; with settings in the folder alone, whatever the machine has."""
    parts = urlsplit(address)
    places = [odoo.addons, *([addons] if addons is not None else [])]
    settings = {
        "db_host": parts.hostname, "db_port": parts.port, "db_user": parts.username, "db_password": parts.password,
        "addons_path": ",".join(map(str, places)), "data_dir": folder / "data", "list_db": "False",
        "workers": 0, "log_level": "warn",
    }  # fmt: skip
    file = folder / "odoo.conf"
    file.write_text("[options]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()), "utf-8")
    return [str(odoo.python), str(odoo.packages.parents[2] / "bin/odoo"), "-c", str(file)]


def _dying_with_us() -> list[str]:
    """What lets no server outlive the tests, however these come to their end."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _environ(odoo: Unpacked) -> dict[str, str]:
    paths = os.pathsep.join(map(str, (odoo.packages, *odoo.libraries)))
    return {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "ODOO_RC": "/dev/null"}


def _run(command: Sequence[str], odoo: Unpacked, given: str = "") -> str:
    done = subprocess.run(
        command, env=_environ(odoo), input=given, capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
