"""The adapter `ics`: each task is a file that calendars can open."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Order, Receipt
from followup_rules.errors import Misconfigured, Retriable
from followup_rules_caldav.todo import todo, uid


class IcsAdapter(Adapter):
    """Writes each to-do into a file of its own, and never overwrites one."""

    name = "ics"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"task"})
    tier = "silver"

    class Settings(AdapterSettings):
        """Where files go."""

        path: Path = Field(description="The folder for .ics files; made when the first task comes.")

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        if settings.path.exists() and not settings.path.is_dir():
            raise Misconfigured(f"'{settings.path}' is no folder")

    def carry_out(self, order: Order) -> Receipt:
        """Write the file, unless it is there. The reference is its name."""
        target, data = self._file(order), todo(order)
        try:
            self.settings.path.mkdir(parents=True, exist_ok=True)
            written = _write_new(target, data)
        except (FileExistsError, NotADirectoryError, PermissionError) as error:
            raise Misconfigured(f"'{self.settings.path}' cannot be written to: {error.strerror}") from error
        except OSError as error:
            raise Retriable(f"'{self.settings.path}' cannot be written to now: {error.strerror}") from error
        return Receipt(order.id, self.name, "done" if written else "already_done", target.name)

    def find(self, order: Order) -> Receipt | None:
        """The file of that name."""
        target = self._file(order)
        return Receipt(order.id, self.name, "already_done", target.name) if os.path.lexists(target) else None

    def preview(self, order: Order) -> str:
        """The file as it would be written."""
        return f"ics: {self._file(order)}\n\n{todo(order).decode('utf-8')}".replace("\r\n", "\n")

    def _file(self, order: Order) -> Path:
        return self.settings.path / f"{uid(order)}.ics"


def _write_new(target: Path, data: bytes) -> bool:
    """Write a file as a whole or not at all; False where it is there already."""
    if os.path.lexists(target):
        return False
    handle, temporary = tempfile.mkstemp(prefix=".todo-", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, target)
        except FileExistsError:
            return False
        except OSError:
            # Some file systems know no links.
            Path(temporary).replace(target)
        return True
    finally:
        Path(temporary).unlink(missing_ok=True)
