"""A file of records, one JSON object a line: each action once, whatever crashes and whoever else writes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from followup_rules.errors import Misconfigured, Retriable

_START: Final = b'{"action":"'
_PATIENCE: Final = 10.0


class Records:
    """Appends records under a lock. What is in the file is read once, and then only what was added."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._forget((0, 0))

    def add(self, action: str, record: dict[str, Any]) -> tuple[bool, int]:
        """Write a record, unless the action has one; whether it was written, and the number of its line.

        Raises:
            Retriable: somebody else holds the file.
            Misconfigured: the file is not one of records.
            OSError: the file cannot be read or written.
        """
        line = json.dumps({"action": action, **record}, ensure_ascii=True, separators=(",", ":")).encode()
        with self._locked(), self._opened() as file:
            self._catch_up(file)
            if action in self._lines:
                return False, self._lines[action]
            # One write, and on the disk before anybody is told that it is done.
            _write(file, line + b"\n")
            os.fsync(file)
            self._catch_up(file)
            return True, self._lines[action]

    def line_of(self, action: str) -> int | None:
        """The number of the line of an action; None where it has none. Raises what `add` raises."""
        with self._locked(), self._opened() as file:
            self._catch_up(file)
            return self._lines.get(action)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{self._path}.lock", timeout=_PATIENCE):
                yield
        except Timeout:
            raise Retriable(f"another program has held '{self._path}' for {_PATIENCE:.0f} seconds", 5) from None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            yield file
        finally:
            os.close(file)

    def _forget(self, identity: tuple[int, int]) -> None:
        self._identity, self._read, self._lines, self._count = identity, 0, dict[str, int](), 0

    def _catch_up(self, file: int) -> None:
        """Read what is new. A file that was replaced or cut is read from its beginning."""
        status = os.fstat(file)
        identity = status.st_dev, status.st_ino
        if identity != self._identity or status.st_size < self._read:
            self._forget(identity)
        os.lseek(file, self._read, os.SEEK_SET)
        with os.fdopen(os.dup(file), "rb") as new:
            for line in new:
                if not line.endswith(b"\n"):
                    self._mend(file, line)
                    return
                self._enter(line)

    def _enter(self, line: bytes) -> None:
        action = _action(line)
        if action is None:
            where = f"'{self._path}' line {self._count + 1}"
            raise Misconfigured(f"{where} is no record of an action; mend the line or name another file")
        self._count += 1
        self._read += len(line)
        self._lines.setdefault(action, self._count)

    def _mend(self, file: int, torn: bytes) -> None:
        """A last line without its end: its writer crashed, and nobody was told that it was done."""
        if _action(torn) is not None:
            # Only the line break is missing.
            _write(file, b"\n")
            self._enter(torn + b"\n")
            return
        # A power cut may leave zeros. Anything else that we cannot have begun is somebody's own file.
        left = torn.strip(b"\0")
        if not (left.startswith(_START) or _START.startswith(left)):
            raise Misconfigured(f"'{self._path}' ends with something that is no record; name another file")
        os.ftruncate(file, self._read)
        os.fsync(file)


def _write(file: int, data: bytes) -> None:
    """All of it: a full disk may take a part, and the next writer mends that."""
    while data:
        data = data[os.write(file, data) :]


def _action(line: bytes) -> str | None:
    """The action that a line is the record of."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    action = record.get("action") if isinstance(record, dict) else None
    return action if isinstance(action, str) else None
