"""Safe fixes put into a file: only where the file has, at that place, exactly what the finding is about."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.model.decision import Finding


class Mended(NamedTuple):
    """A text with its safe fixes, how many were made, and how many could not be made in this file."""

    before: str
    after: str
    made: int
    left: int


def mend(source: str, fixes: Iterable[tuple[Finding, Place]]) -> Mended:
    """Put the fixes of findings into a text. Of two that overlap, the first is made.

    Args:
        source: the whole file, line ends as they are.
        fixes: findings that have a fix, each with its place in the file.
    """
    starts = [0]
    for index, letter in enumerate(source):
        if letter == "\n":
            starts.append(index + 1)
    spans: list[tuple[int, int, str]] = []
    left = 0
    for finding, place in fixes:
        begin = starts[place.line - 1] + place.column - 1 if 0 < place.line <= len(starts) else len(source) + 1
        end = begin + finding.end - finding.start
        if source[begin:end] != finding.excerpt:
            left += 1  # the text was decoded or cut on its way: its places are not the file's
        else:
            spans.append((begin, end, finding.fix or ""))
    after, made, position = [], 0, 0
    for begin, end, fix in sorted(spans):
        if begin < position:
            left += 1
            continue
        after += [source[position:begin], fix]
        made, position = made + 1, end
    return Mended(source, "".join([*after, source[position:]]), made, left)


def diff(mended: Mended, shown: str) -> str:
    """The change as a unified diff."""
    before, after = (text.splitlines(keepends=True) for text in (mended.before, mended.after))
    made = difflib.unified_diff(before, after, f"a/{shown}", f"b/{shown}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in made)


def read_source(path: Path, shown: str) -> str:
    """The file with its line ends.

    Raises:
        InvalidInput: it is not UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        hint = "save it as UTF-8 first"
        raise InvalidInput([Problem("FR002", "only UTF-8 files can be mended", Place(shown), hint)]) from None


def write_source(path: Path, text: str) -> None:
    """Put a text in the place of a file as a whole or not at all; its mode stays.

    Raises:
        InvalidInput: it cannot be written.
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=".mend-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
            with suppress(OSError):
                Path(temporary).chmod(path.stat().st_mode & 0o7777)
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput([Problem("FR001", f"it cannot be written: {error.strerror}", Place(str(path)))]) from None
