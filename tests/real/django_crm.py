"""A Django-CRM 0.9.0 of our own: from PyPI into a cache folder, with a new SQLite database for each start."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.processes import cache, free_port, missing, stop, wait_until

USER, PASSWORD = "followup@example.com", "canary-7f3a"
# What this version was written for; none of it is named by the distribution itself.
_PACKAGES = (
    "django-crm==0.9.0", "Django>=3.2,<3.3", "djangorestframework>=3.12,<3.15", "djangorestframework-jwt==1.11.*",
    "PyJWT<2", "drf-yasg<1.21.8", "celery", "arrow", "django-phonenumber-field<7", "phonenumbers", "pytz", "six",
    "python-dotenv", "django-cors-headers<4", "django-ses<3.5", "sentry-sdk", "setuptools<80",
)  # fmt: skip
_SETTINGS = """\
from crm.settings import *
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "crm.sqlite"}}
"""
_MAKE_USER = f"""\
import django
django.setup()
from common.models import User
one = User.objects.create_user(email="{USER}", username="followup", password="{PASSWORD}")
one.role = "USER"
one.save()
"""


class DjangoCrm:
    """A running server. `titles` looks into its database, past its API."""

    def __init__(self, folder: Path) -> None:
        self._home, self._folder, self.port = _prepared(), folder, free_port()
        shutil.copy(self._home / "crm.sqlite", folder / "crm.sqlite")
        (folder / "followup_settings.py").write_text(_SETTINGS, "utf-8")
        command = [str(self._home / "bin/python"), "-m", "django", "runserver", "--noreload", f"127.0.0.1:{self.port}"]
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=_environ(folder))
        wait_until(lambda: self._answers() or self._process.poll() is not None, "Django-CRM", 60)
        if self._process.poll() is not None:
            missing("Django-CRM", f"it does not start: {(folder / 'log').read_text('utf-8')[-300:]}")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def titles(self) -> list[str]:
        """The titles of all tasks, from the database itself."""
        with sqlite3.connect(f"file:{self._folder / 'crm.sqlite'}?mode=ro", uri=True, timeout=20) as database:
            return [row[0] for row in database.execute("select title from tasks_task order by id")]

    def stop(self) -> None:
        """Stop listening."""
        stop(self._process)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/api/tasks/", timeout=5)
        except urllib.error.HTTPError as error:
            return error.code == 401
        except OSError:
            return False
        return True


def _environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "followup_settings", "PYTHONPATH": str(folder)}


def _prepared() -> Path:
    """An environment with the CRM and a database with a user, made once."""
    home = cache() / f"django-crm-0.9.0-python-{sys.version_info.major}.{sys.version_info.minor}"
    if not (home / "crm.sqlite").is_file():
        part = home.with_name(f"{home.name}.{secrets.token_hex(4)}.part")
        try:
            _prepare(part)
            if not home.exists():
                part.rename(home)
        except (OSError, RuntimeError) as error:
            missing("Django-CRM", error)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return home


def _prepare(part: Path) -> None:
    python = str(part / "bin/python")
    _run(part.parent, sys.executable, "-m", "venv", str(part))
    _run(part, python, "-m", "pip", "install", "-q", *_PACKAGES)
    (part / "followup_settings.py").write_text(_SETTINGS, "utf-8")
    _run(part, python, "-m", "django", "migrate")
    _run(part, python, "-c", _MAKE_USER)


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=_environ(folder))
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:4])}: {' '.join(done.stderr.split())[-300:]}")


@contextmanager
def serving(folder: Path) -> Iterator[DjangoCrm]:
    """A server for as long as the block lasts."""
    server = DjangoCrm(folder)
    try:
        yield server
    finally:
        server.stop()
