"""What was handed over: one file for each action, because no mail server can be asked what it was given.

`ACTION.begun` is written before the text goes out, and becomes `ACTION.sent` when the server has taken it. What stays
begun was broken off in between: nobody knows.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

State = Literal["sent", "begun", "none"]


class Journal:
    """A folder of such files. Two programs that use one folder do not send the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def state(self, action: str) -> State:
        """What is known of an action.

        Raises:
            OSError: the folder cannot be read.
        """
        # A rename in between would hide a file that is looked for last.
        if self._file(action, "begun").exists():
            return "sent" if self._file(action, "sent").exists() else "begun"
        return "sent" if self._file(action, "sent").exists() else "none"

    def begin(self, action: str) -> bool:
        """Say that it goes out now; False where it has done so already, or does at this moment.

        Raises:
            OSError: the folder cannot be written to.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        begun = self._file(action, "begun")
        try:
            file = os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return False
        try:
            with os.fdopen(file, "w", encoding="ascii", errors="backslashreplace") as text:
                text.write(f"{action}\n")
                text.flush()
                os.fsync(text.fileno())
            self._settle()
        except OSError:
            # A full disk: nothing has gone out, and nothing may say that it has.
            begun.unlink(missing_ok=True)
            raise
        if self._file(action, "sent").exists():
            begun.unlink()
            return False
        return True

    def confirm(self, action: str) -> None:
        """The server has taken it."""
        self._file(action, "begun").replace(self._file(action, "sent"))
        self._settle()

    def withdraw(self, action: str) -> None:
        """The server has not taken it."""
        self._file(action, "begun").unlink(missing_ok=True)
        self._settle()

    def begun_file(self, action: str) -> Path:
        """The file that says that nobody knows."""
        return self._file(action, "begun")

    def _file(self, action: str, state: str) -> Path:
        mark = hashlib.blake2b(action.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return self._folder / f"{mark}.{state}"

    def _settle(self) -> None:
        """Names are on the disk only when their folder is."""
        if os.name != "posix":
            return
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
