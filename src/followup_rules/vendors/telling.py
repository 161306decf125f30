"""Which files are vendor files, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from followup_rules.errors import InvalidInput, Problem

_HEAD: Final = re.compile(rb"^schema:[ \t]*[\"']?followup-vendor/", re.MULTILINE)
_ENOUGH: Final = 4000


def are_vendor_files(names: Iterable[str]) -> tuple[str, ...]:
    """Those of some files that say at their head that they are vendor files."""
    return tuple(name for name in names if name.endswith((".yaml", ".yml")) and _HEAD.search(_head(Path(name))))


def vendor_problems(names: Iterable[str]) -> Iterator[Problem]:
    """Everything that is wrong with some vendor files."""
    from followup_rules.vendors.reading import read_vendor

    for name in names:
        try:
            read_vendor(Path(name), name)
        except InvalidInput as error:
            yield from error.problems


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_ENOUGH)
    except OSError:
        return b""
