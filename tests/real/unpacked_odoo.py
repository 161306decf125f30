"""Odoo from Debian's package, unpacked into a cache folder, with a virtual environment; nothing is installed.

    python tests/real/unpacked_odoo.py FOLDER

The package is in the suite sid alone. It is fetched with lists of packages of our own, so that the machine's stay.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_PACKAGE = "odoo-19"
_LEFT_OUT = (
    "*/i18n", "*/addons/l10n_*", "*/addons/website*", "*/addons/pos_*", "*/addons/theme_*", "*/static/tests",
    "*/static/description", "*/addons/spreadsheet_dashboard_pos_*", "*/addons/spreadsheet_dashboard_website_*",
)  # fmt: skip
_LIBRARIES = (
    "asn1crypto", "babel", "cbor2", "chardet", "cryptography", "python-dateutil", "docutils", "geoip2", "gevent",
    "greenlet", "idna", "jinja2", "libsass", "lxml", "lxml_html_clean", "markupsafe", "num2words", "ofxparse",
    "openpyxl", "pyopenssl", "pillow", "polib", "psutil", "psycopg2-binary", "pypdf", "pytz", "qrcode", "reportlab",
    "requests", "rjsmin", "pyserial", "python-stdnum", "urllib3", "pyusb", "vobject", "werkzeug<3.1", "xlrd",
    "xlsxwriter", "xlwt", "zeep", "freezegun", "python-magic", "passlib", "setuptools",
)  # fmt: skip
_WEB = (
    "libjs-jquery", "libjs-jquery-form", "libjs-underscore", "fonts-font-awesome", "fonts-roboto-unhinted",
)  # fmt: skip
_PATIENCE = 900


class Unpacked(NamedTuple):
    """Where Odoo's packages are, which Python has its libraries, where more can be kept beside them,
    and folders with more Python packages."""

    packages: Path
    python: Path
    folder: Path
    libraries: tuple[Path, ...] = ()

    @property
    def addons(self) -> Path:
        """Odoo's own addons."""
        return self.packages / "odoo" / "addons"


def unpacked_odoo(cache: Path) -> Unpacked:
    """The unpacked Odoo and its environment; made where they are not there yet.

    Raises:
        RuntimeError: they cannot be had on this machine; says why.
    """
    # An environment belongs to the Python that made it.
    folder = cache / f"odoo-19-py{sys.version_info.major}.{sys.version_info.minor}"
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        if not (folder / "whole").is_file():
            _make(cache, folder)
    return Unpacked(folder / "tree/usr/lib/python3/dist-packages", folder / "venv/bin/python", folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else makes anything in that folder meanwhile: tests run in several processes, and each may be first.

    Raises:
        RuntimeError: somebody else has been making something there for too long.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "making.lock", timeout=_PATIENCE):
            yield
    except Timeout:
        raise RuntimeError(f"somebody else is still at work in {folder.name}") from None


def add_web_client(odoo: Unpacked) -> None:
    """What Odoo's web client has from other packages: scripts and fonts, to which Odoo's own tree has links.

    Raises:
        RuntimeError: they cannot be had on this machine; says why.
    """
    from real.packages import unpack

    share = odoo.folder / "tree/usr/share"
    with alone(odoo.folder):
        if (share / "whole-web").is_file():
            return
        part = odoo.folder / f"web.{secrets.token_hex(4)}.part"
        try:
            found = unpack(_WEB, part) / "usr/share"
            for name in ("javascript", "fonts-font-awesome", "fonts"):
                shutil.copytree(found / name, share / name, symlinks=True, dirs_exist_ok=True)
            (share / "whole-web").touch()
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _make(cache: Path, folder: Path) -> None:
    for program in ("apt-get", "dpkg-deb", "tar"):
        if shutil.which(program) is None:
            raise RuntimeError(f"there is no {program} on this machine")
    part = cache / f"odoo.{secrets.token_hex(4)}.part"
    part.mkdir(parents=True)
    try:
        _unpack(_download(part), part / "tree")
        # Environments cannot be moved: it is made at its place.
        if not (folder / "tree").exists():
            (part / "tree").rename(folder / "tree")
        venv.create(folder / "venv", with_pip=True, clear=True)
        _run(str(folder / "venv/bin/python"), "-m", "pip", "install", "-q", *_LIBRARIES, folder=folder)
        (folder / "whole").touch()
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _download(part: Path) -> Path:
    """The package, from wherever this machine has its own packages from."""
    uris = _run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", folder=part).split()
    uri = next((one for one in uris if one.rstrip("/").endswith("/debian")), None)
    if uri is None:
        raise RuntimeError("apt knows no place of Debian's packages")
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (part / "sources.list").write_text(f"deb [signed-by={keys}] {uri} sid main\n", "utf-8")
    for name in ("lists/partial", "cache/archives/partial", "packages"):
        (part / name).mkdir(parents=True)
    own = ["-o", f"Dir::State::lists={part / 'lists'}", "-o", f"Dir::Cache={part / 'cache'}"]
    own += ["-o", f"Dir::Etc::sourcelist={part / 'sources.list'}", "-o", "Dir::Etc::sourceparts=/dev/null"]
    own += ["-o", "APT::Sandbox::User="]
    _run("apt-get", *own, "update", folder=part / "packages")
    _run("apt-get", *own, "download", _PACKAGE, folder=part / "packages")
    return next((part / "packages").glob("*.deb"))


def _unpack(package: Path, tree: Path) -> None:
    """What is needed of it: without translations, countries and web sites, a fifth of the size."""
    tree.mkdir()
    archive = package.with_suffix(".tar")
    with archive.open("wb") as file:
        subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=file, check=True, timeout=_PATIENCE)
    _run("tar", "-xf", str(archive), *(f"--exclude={one}" for one in _LEFT_OUT), folder=tree)


def _run(*command: str, folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"{command[0]}: {error}") from error
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)[:200]}: {' '.join(done.stderr.split())[-300:]}")
    return done.stdout


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{unpacked_odoo(where).packages}\n")
