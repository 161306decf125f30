"""What an editor knows at one moment: texts that are not saved, before the files on disk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from followup_rules.check import Check
from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.load.loader import Loader
from followup_rules.load.sources import SUFFIXES, Source, is_scenario_file
from followup_rules.load.yaml import LARGEST, read_text
from followup_rules.lsp.chunks import Header, header_of
from followup_rules.policy import Pack

_OURS: Final = re.compile(r"^(?:schema:[ \t]*[\"']?followup-rules|pack:[ \t]*\S)", re.MULTILINE)
_MOST_SIBLINGS: Final = 200


class Snapshot(NamedTuple):
    """Open texts by path, and what plugins bring."""

    buffers: Mapping[Path, str]
    packs: Mapping[str, Source]
    checks: Mapping[str, type[Check]]

    def read(self, path: Path, shown: str, largest: int = LARGEST) -> str:
        """The text of a file, unsaved texts first.

        Raises:
            InvalidInput: FR001, FR002 or FR005.
        """
        text = self._buffer(path)
        if text is None:
            return read_text(path, shown, largest)
        if len(text) > largest or len(text.encode("utf-8", "replace")) > largest:
            raise InvalidInput([Problem("FR005", f"is larger than {largest // 1_000_000} MB", Place(shown))])
        return text.removeprefix("\ufeff")

    def exists(self, path: Path) -> bool:
        """True for a file on disk or in the editor."""
        return self._buffer(path) is not None or path.is_file()

    def with_text(self, path: Path, text: str) -> Snapshot:
        """The same with another text of one file."""
        return self._replace(buffers={**self.buffers, path.resolve(): text})

    def loader(self) -> Loader:
        """What reads rule files from here."""
        return Loader(self.packs, self.read, self.exists)

    def group(self, path: Path) -> list[Source]:
        """A file, those beside it with the same pack name, and the packs beside it that these extend by name."""
        own = header_of(self._text(path))
        beside = {one: header_of(self._text(one)) for one in self._siblings(path)}
        sources, wanted, done = [_source(path)], [own], {path}
        while wanted:
            header = wanted.pop()
            for other, its in beside.items():
                if other not in done and its.pack and its.pack in (own.pack, *header.extends):
                    done.add(other)
                    sources.append(_source(other))
                    wanted.append(its)
        return sources

    def ancestors(self, path: Path) -> tuple[Loader, list[Pack]]:
        """Every pack that a file extends, the nearest first; what the file itself has wrong plays no part."""
        key = path.resolve()
        texts = {source.path: self._text(source.path) for source in self.group(path)}
        snapshot = self.with_text(key, _head_alone(header_of(self._text(path))))
        loader = snapshot.loader()
        found = loader.load_sources([_source(one) for one in texts])
        own = next((pack for pack in found if loader.path_of(pack) == key), None)
        beside = [pack for pack in found if own is not None and pack is not own and pack.name == own.name]
        packs = [*beside, *_above(own)] if own is not None else []
        return loader, list(dict.fromkeys(packs))

    def texts(self, path: Path) -> dict[str, str]:
        """The texts of a file and of those beside it, by the names that problems show."""
        return {one.as_posix(): self._text(one) for one in (path, *self._siblings(path))}

    def pack_name(self, path: Path) -> str:
        """The pack that a file says it is."""
        return header_of(self._text(path)).pack

    def beside(self, path: Path) -> list[Path]:
        """The other rule files in the folder of a file."""
        return list(self._siblings(path))

    def _buffer(self, path: Path) -> str | None:
        if path in self.buffers:
            return self.buffers[path]
        return self.buffers.get(path.resolve()) if self.buffers else None

    def _text(self, path: Path) -> str:
        try:
            return self.read(path, str(path))
        except InvalidInput:
            return ""

    def _siblings(self, path: Path) -> Iterator[Path]:
        folder = path.parent
        try:
            on_disk = [one for one in folder.iterdir() if _may_be_rules(one)] if folder.is_dir() else []
        except OSError:
            on_disk = []
        open_ones = [one for one in self.buffers if one.parent == folder and _may_be_rules(one)]
        for one in sorted({*on_disk, *open_ones} - {path})[:_MOST_SIBLINGS]:
            if self.exists(one) and looks_like_rules(self._text(one)):
                yield one


def looks_like_rules(text: str) -> bool:
    """True where a YAML text says that it is a rule file."""
    return _OURS.search(text) is not None


def _may_be_rules(path: Path) -> bool:
    return path.suffix in SUFFIXES and not is_scenario_file(path) and not path.name.startswith(".")


def _source(path: Path) -> Source:
    return Source(path, path.as_posix())


def _head_alone(header: Header) -> str:
    names = ", ".join(f"'{name}'" for name in header.extends if "'" not in name)
    return f"schema: followup-rules/1\npack: '{header.pack or 'none'}'\nextends: [{names}]\nrules: []\n"


def _above(pack: Pack) -> Iterator[Pack]:
    """What a pack extends, level by level."""
    level = list(pack.parents)
    while level:
        yield from level
        level = [parent for one in level for parent in one.parents]
