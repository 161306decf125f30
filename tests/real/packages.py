"""Debian's packages, unpacked into a folder: nothing is installed, and no rights are needed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_PATIENCE = 600


def unpack(names: Sequence[str], folder: Path, *, needed: bool = False) -> Path:
    """Fetch packages and unpack them; gives back the tree.

    Args:
        names: which ones.
        folder: empty; what is fetched stays in it until the caller removes it.
        needed: also what they depend on and the machine does not have.

    Raises:
        RuntimeError: it cannot be done on this machine; says why.
    """
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise RuntimeError(f"there is no {program} on this machine")
    packages = folder / "packages"
    packages.mkdir(parents=True)
    try:
        _download(names, packages, [], needed)
    except RuntimeError:
        # Without lists of packages: some of our own, so that the machine's stay as they are.
        own = ["-o", f"Dir::State::lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"]
        (folder / "lists/partial").mkdir(parents=True)
        (folder / "cache/archives/partial").mkdir(parents=True)
        run("apt-get", *own, "update", folder=packages)
        _download(names, packages, own, needed)
    tree = folder / "tree"
    for package in sorted(packages.glob("*.deb")):
        run("dpkg-deb", "-x", str(package), str(tree), folder=packages)
    return tree


def _download(names: Sequence[str], packages: Path, options: list[str], needed: bool) -> None:
    if needed:
        told = run("apt-get", *options, "install", "-s", "--no-install-recommends", *names, folder=packages)
        lines = [line.split() for line in told.splitlines()]
        missing = [words[1] for words in lines if words[:1] == ["Inst"]]
        names = sorted({*names, *missing})
    run("apt-get", *options, "download", *names, folder=packages)


def run(*command: str, folder: Path) -> str:
    """What a command prints.

    Raises:
        RuntimeError: it failed or did not end; says why.
    """
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"{command[0]}: {error}") from error
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {' '.join(done.stderr.split())[-300:]}")
    return done.stdout
