"""What the server remembers between messages: which texts are open, and what was last said about each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from followup_rules.check import Check
from followup_rules.load.sources import Source
from followup_rules.lsp.diagnosing import Remark
from followup_rules.lsp.lines import Lines
from followup_rules.lsp.snapshot import Snapshot


class Open(NamedTuple):
    """An open text: where its file is or would be, and what it says now."""

    uri: str
    path: Path
    text: str
    version: int | None


class Session:
    """The open texts of one client."""

    def __init__(self, packs: Mapping[str, Source], checks: Mapping[str, type[Check]]) -> None:
        self._packs, self._checks = packs, checks
        self._open: dict[str, Open] = {}
        self.said: dict[str, tuple[Remark, ...]] = {}
        self.saved: set[str] = set()
        """The texts that are as they are on disk; only these are analysed deeply."""
        self.root = Path()

    def put(self, uri: str, text: str, version: int | None, file: str | None) -> None:
        """A text was opened or changed. One without a file on disk is thought to be in the root folder."""
        clean = text.encode("utf-8", "replace").decode("utf-8")
        path = Path(file).resolve() if file is not None else self.root.resolve() / f"{quote(uri, safe='')}.yaml"
        self._open[uri] = Open(uri, path, clean, version)

    def close(self, uri: str) -> None:
        """A text was closed: from now on its file counts."""
        self._open.pop(uri, None)
        self.said.pop(uri, None)
        self.saved.discard(uri)

    def get(self, uri: str) -> Open | None:
        """An open text; None for what was never opened, or is closed."""
        return self._open.get(uri)

    def uris(self) -> list[str]:
        """Every open text."""
        return list(self._open)

    def snapshot(self) -> Snapshot:
        """What is known now; later changes do not show in it."""
        return Snapshot({one.path: one.text for one in self._open.values()}, self._packs, self._checks)


def lines_of(lines: Lines) -> list[str]:
    """The lines of a text, as the protocol counts them."""
    return [lines.line(number) for number in range(len(lines))]
