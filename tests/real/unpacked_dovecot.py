"""Dovecot from Debian's packages, unpacked into a cache folder; nothing is installed and no rights are needed.

    PYTHONPATH=tests python tests/real/unpacked_dovecot.py FOLDER

The packages look for their modules in one fixed folder. A link with a name of the same length stands in for it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from real.packages import unpack

PACKAGES = (
    "dovecot-core", "dovecot-imapd", "libexttextcat-2.0-0", "liblua5.4-0", "libsodium23", "libstemmer0d", "libwrap0",
)  # fmt: skip
_MODULES = b"/usr/lib/dovecot/modules"


class Dovecot(NamedTuple):
    """Where the programs are, and what must be in the environment of who starts them."""

    programs: Path
    libexec: Path
    environ: dict[str, str]


def dovecot(cache: Path) -> Dovecot:
    """The unpacked Dovecot; fetched where it is not there yet.

    Raises:
        RuntimeError: it cannot be had on this machine; says why.
    """
    root, marker = cache / "dovecot", cache / "dovecot" / "modules.link"
    if not marker.is_file():
        _fetch(cache, root)
    libexec = root / "usr/lib/dovecot"
    link = Path(marker.read_text("utf-8"))
    if not link.is_symlink():
        link.symlink_to(libexec / "modules")
    if link.readlink() != libexec / "modules":
        raise RuntimeError(f"{link} does not lead to {libexec}; remove {root} and start again")
    libraries = [libexec, *sorted((root / "usr/lib").glob("*-linux-gnu")), *sorted((root / "lib").glob("*-linux-gnu"))]
    return Dovecot(root / "usr", libexec, {"LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries))})


def _fetch(cache: Path, root: Path) -> None:
    part = cache / f"dovecot.{secrets.token_hex(4)}.part"
    try:
        tree = unpack(PACKAGES, part)
        _point_elsewhere(tree)
        if not root.exists():
            tree.rename(root)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _point_elsewhere(tree: Path) -> None:
    """Put a link's name in the place of the fixed folder, in every file that holds it."""
    name = f"/var/tmp/fr-{secrets.token_hex(6)}"
    assert len(name) == len(_MODULES)
    for file in sorted((tree / "usr/lib").rglob("*")):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            if _MODULES in content:
                file.write_bytes(content.replace(_MODULES, name.encode()))
    (tree / "modules.link").write_text(name, "utf-8")


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{dovecot(where).programs}\n")
