"""A Tryton 8.2 of our own, with opportunities: from PyPI into a cache folder, with a new database for each start."""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from real.processes import cache, free_port, listening, missing, stop, wait_until

DATABASE, ADMIN, USER, PASSWORD = "ready", "admin", "followup", "canary-7f3a"
_SERIES = "8.2"
_PACKAGES = (f"trytond=={_SERIES}.*", f"trytond_sale_opportunity=={_SERIES}.*")
_CONFIG = """\
[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:{port}
[session]
authentications = password
"""


class Tryton:
    """A running server. `admin` asks it as an administrator, by its own API; adapters ask as `USER`."""

    def __init__(self, folder: Path) -> None:
        home = _prepared()
        self._python, self.port = home / "bin" / "python", free_port()
        self._home, self._folder = home, folder
        folder.mkdir(exist_ok=True)
        shutil.copy(home / "ready.sqlite", folder / f"{DATABASE}.sqlite")
        (folder / "trytond.conf").write_text(_CONFIG.format(folder=folder, port=self.port), "utf-8")
        self.start()
        self._session = ""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to listen."""
        command = [self._python, self._home / "bin/trytond", "-c", self._folder / "trytond.conf", "-d", DATABASE]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log)
        wait_until(lambda: listening(self.port) or self._process.poll() is not None, "Tryton", 60)
        if self._process.poll() is not None:
            missing("Tryton", f"it does not start: {self.log()[-300:]}")

    def stop(self) -> None:
        """Stop listening; the database stays."""
        stop(self._process)

    def log(self) -> str:
        """What the server has written down."""
        return (self._folder / "log").read_text("utf-8", "replace")

    def admin(self, model: str, method: str, *given: Any, context: dict[str, Any] | None = None) -> Any:
        """A call as an administrator, by a client that is not ours."""
        if not self._session:
            user, session = self._rpc("common.db.login", ADMIN, {"password": PASSWORD}, "en")[:2]
            self._session = base64.b64encode(f"{ADMIN}:{user}:{session}".encode()).decode()
        return self._rpc(f"model.{model}.{method}", *given, {"company": 1, **(context or {})})

    def opportunity(self, name: str = "Sam Reyes", description: str = "Data Engineer") -> str:
        """The number of a new opportunity, whose party has an address for mail."""
        mail = {"type": "email", "value": "sam@example.com"}
        (party,) = self.admin("party.party", "create", [{"name": name, "contact_mechanisms": [["create", [mail]]]}])
        words = {"party": party, "company": 1, "currency": 1, "employee": 1, "description": description}
        (made,) = self.admin("sale.opportunity", "create", [words])
        return str(made)

    def notes(self, opportunity: str | None = None) -> list[str]:
        """The notes on an opportunity, or on all."""
        where = [] if opportunity is None else [["resource", "=", f"sale.opportunity,{opportunity}"]]
        found = self.admin("ir.note", "search_read", where, 0, None, [["id", "ASC"]], ["message"])
        return [one["message"] for one in found]

    def furnish(self) -> None:
        """A company with an employee, and a user who may do no more than adapters need."""
        (currency,) = self.admin("currency.currency", "create", [{"name": "Euro", "code": "EUR", "symbol": "E"}])
        (party,) = self.admin("party.party", "create", [{"name": "Northwind"}])
        (company,) = self.admin(
            "company.company", "create", [{"party": party, "currency": currency, "timezone": "America/New_York"}]
        )
        (person,) = self.admin("party.party", "create", [{"name": "Ada Park"}])
        (employee,) = self.admin("company.employee", "create", [{"party": person, "company": company}])
        assert (currency, company, employee) == (1, 1, 1)
        groups = self.admin("res.group", "search", [["name", "=", "Sale Opportunity"]], 0, 1, None)
        own = {"companies": [["add", [company]]], "company": company, "employees": [["add", [employee]]]}
        user = {"name": "Follow-up", "login": USER, "password": PASSWORD, "groups": [["add", groups]], **own}
        (made,) = self.admin("res.user", "create", [user])
        self.admin("res.user", "write", [made], {"employee": employee})
        self.admin("res.user", "write", [1], {**own, "employee": employee})
        (sequence,) = self.admin("ir.sequence", "search", [["name", "=", "Sale Opportunity"]], 0, 1, None)
        self.admin("sale.configuration", "write", [1], {"sale_opportunity_sequence": sequence})

    def _rpc(self, method: str, *given: Any) -> Any:
        body = json.dumps({"id": 1, "method": method, "params": given}).encode()
        headers = {"Content-Type": "application/json"}
        if self._session:
            headers["Authorization"] = f"Session {self._session}"
        request = urllib.request.Request(f"{self.url}/{DATABASE}/rpc/", body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            data = json.load(answer)
        assert "error" not in data, f"{method}: {data['error']}"
        return data["result"]


def _prepared() -> Path:
    """An environment with Tryton and a database with its modules, made once."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    home = cache() / f"tryton-{_SERIES}-python-{python}"
    if not (home / "ready.sqlite").is_file():
        part = home.with_name(f"{home.name}.{secrets.token_hex(4)}.part")
        try:
            _prepare(part)
            if not home.exists():
                part.rename(home)
        except (OSError, RuntimeError) as error:
            missing("Tryton", error)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return home


def _prepare(part: Path) -> None:
    _run(sys.executable, "-m", "venv", str(part))
    _run(str(part / "bin/python"), "-m", "pip", "install", "-q", *_PACKAGES)
    (part / "making.sqlite").touch()
    (part / "making.conf").write_text(_CONFIG.format(folder=part, port=free_port()), "utf-8")
    (part / "password").write_text(PASSWORD, "utf-8")
    admin = [str(part / "bin/python"), str(part / "bin/trytond-admin"), "-c", str(part / "making.conf"), "-d", "making"]
    more = ["-u", "sale_opportunity", "--activate-dependencies", "--email", "ada@example.com", "--password"]
    _run(*admin, *more, environ={"TRYTONPASSFILE": str(part / "password")})
    (part / "making.sqlite").rename(part / "ready.sqlite")


def _run(*command: str, environ: dict[str, str] | None = None) -> None:
    given = {**os.environ, **(environ or {})}
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env=given)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} {' '.join(command[1:4])}: {' '.join(done.stderr.split())[-300:]}")


@contextmanager
def serving(folder: Path) -> Iterator[Tryton]:
    """A server for as long as the block lasts."""
    server = Tryton(folder)
    try:
        server.furnish()
        yield server
    finally:
        server.stop()
