"""Debian's Chromium without a window, unpacked into a cache folder; nothing is installed and no rights are needed.

PYTHONPATH=tests python tests/real/unpacked_chromium.py FOLDER
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from real.packages import unpack

# Letters of several scripts, because a page without them shows boxes. The shell brings no fonts of its own.
PACKAGES = ("chromium-headless-shell", "fonts-dejavu-core", "fontconfig-config")


class Chromium(NamedTuple):
    """Where the program is, and what must be in the environment of who starts it."""

    program: Path
    environ: dict[str, str]


def chromium(cache: Path) -> Chromium:
    """The unpacked browser; fetched where it is not there yet.

    Raises:
        RuntimeError: it cannot be had on this machine; says why.
    """
    root = cache / "chromium"
    if not root.exists():
        part = cache / f"chromium.{secrets.token_hex(4)}.part"
        try:
            tree = unpack(PACKAGES, part, needed=True)
            if not root.exists():
                tree.rename(root)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    program = root / "usr/lib/chromium/chromium-headless-shell"
    if not program.is_file():
        raise RuntimeError(f"there is no headless shell in {root}; remove it and start again")
    folders = [*(root / "usr/lib").glob("*-linux-gnu"), *(root / "lib").glob("*-linux-gnu")]
    inside = [one for folder in folders for one in folder.iterdir() if one.is_dir() and any(one.glob("*.so*"))]
    return Chromium(program, {"LD_LIBRARY_PATH": os.pathsep.join(map(str, sorted([*folders, *inside])))})


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{chromium(where).program}\n")
