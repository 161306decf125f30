"""The adapter `jsonl`: actions are lines of one file, applications are read from another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from followup_rules.adapter import Adapter, AdapterSettings, Capability, Order, Receipt
from followup_rules.errors import InvalidInput, Misconfigured, Retriable
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules_jsonl.records import Records


class JsonlAdapter(Adapter):
    """Each action is one line. It never sends: somebody or something else reads the file."""

    name = "jsonl"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({"draft", "task", "note", "read_applications"})

    tier = "silver"

    class Settings(AdapterSettings):
        """Which files."""

        actions: Path = Field(description="The file that actions are appended to; made when the first comes.")
        applications: Path | None = Field(default=None, description="The file that applications are read from.")

    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        for path in (settings.actions, settings.applications):
            if path is not None and path.exists() and not path.is_file():
                raise Misconfigured(f"'{path}' is no file")
        if settings.applications is not None and settings.actions.absolute() == settings.applications.absolute():
            raise Misconfigured(f"'{settings.actions}' cannot hold both actions and applications")
        self._records = Records(settings.actions)

    def carry_out(self, order: Order) -> Receipt:
        """Append the action, unless its line is there. The reference is the file's name and the line."""
        path = self.settings.actions
        with self._told():
            written, line = self._records.add(order.id, _record(order))
        return Receipt(order.id, self.name, "done" if written else "already_done", f"{path.name}:{line}")

    def find(self, order: Order) -> Receipt | None:
        """The line of the action."""
        path = self.settings.actions
        if not path.exists():
            return None
        with self._told():
            line = self._records.line_of(order.id)
        return None if line is None else Receipt(order.id, self.name, "already_done", f"{path.name}:{line}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        path = self.settings.actions
        try:
            yield
        except (FileExistsError, NotADirectoryError, PermissionError, IsADirectoryError) as error:
            raise Misconfigured(f"'{path}' cannot be written to: {error.strerror}") from error
        except OSError as error:
            raise Retriable(f"'{path}' cannot be written to now: {error.strerror}") from error

    def read_applications(self) -> Iterator[Application | Refusal]:
        """Every application of the file, by the rules of the host for application files.

        Raises:
            Misconfigured: no file is set, or it cannot be read as a whole.
        """
        from followup_rules.load.applications import read_applications

        path = self.settings.applications
        if path is None:
            raise Misconfigured("the adapter 'jsonl' reads applications only where 'applications' names a file")
        try:
            for read in read_applications(path, path.as_posix()):
                yield read.item
        except InvalidInput as error:
            raise Misconfigured(str(error)) from error


_APART = ("id", "draft", "candidate", "job", "person")
"""What stands elsewhere in the record, or in the application that it names."""


def _record(order: Order) -> dict[str, Any]:
    """The action as JSON: moments with their offset, no draft where the rule has no template."""
    words = {key: value for key, value in order._asdict().items() if key not in _APART}
    for moment in ("at", "due_at", "expires_at"):
        words[moment] = words[moment].isoformat() if words[moment] is not None else None
    return {**words, "draft": order.draft._asdict() if order.draft is not None else None}
