"""What stays the same of a record when its file changes around it: it is known again without its line."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from followup_rules.report.records import Record

_LINES: Final = re.compile(r"(?<=:)\d+\b|(?<=\bline )\d+")
"""Lines and columns that a message names."""


class Mark(NamedTuple):
    """By what a record is known again."""

    file: str
    code: str
    rule: str
    message: str
    excerpt: str = ""


def mark(record: Record, folder: Path | None = None) -> Mark:
    """The mark of a record; its file is named as seen from a folder, the working folder where none is given."""
    return Mark(
        relative(record.file, folder), record.code, record.rule, without_lines(record.message),
        " ".join(record.excerpt.split()),
    )  # fmt: skip


def without_lines(message: str) -> str:
    """A message without the lines and columns in it."""
    return _LINES.sub("N", message)


def relative(file: str, folder: Path | None = None) -> str:
    """A file as seen from a folder. What is no file, such as the name of a pack, stays as it is."""
    if not os.path.lexists(file):
        return file
    try:
        return Path(os.path.relpath(file, folder or Path())).as_posix()
    except ValueError:
        # On another drive.
        return Path(file).as_posix()


def hashes(records: Sequence[Record]) -> list[str]:
    """A short hash for each record; equal ones are told apart by their order."""
    seen: Counter[Mark] = Counter()
    made = []
    for record in records:
        one = mark(record)
        seen[one] += 1
        text = "\0".join((*one, str(seen[one])))
        made.append(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())
    return made
