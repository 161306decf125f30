"""A text as patterns of grammar see it: words by key, and the marks between them.

A word that some pattern names is its own key. Every other word is known by its form only: `*ing`, `*ed`, `*ly`, `*s`,
`*number`, `*year`, `*name` (a capital letter within a sentence) or `*`. Between words stand `.` (a sentence ends), `,`
and `;` (any other mark). Quoted words, addresses and code are one `;`: they are not the sender's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import compress, count, repeat
from operator import ne, sub
from typing import Final, NamedTuple

from followup_rules.quality.proofread.piece import Piece

_SIGNS: Final = ("@", "/", '"', "“", "_", "#", " '", "\n'", "‘", "`", ">", "|", "[sic", "«", "\\", "www.", "('")
"""What stands in a text that has anything to leave out."""
_OPAQUE: Final = re.compile(
    r"`[^`\n]{1,300}`|\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|(?<![\w’'])[‘'][^'’\n]{1,80}[’'](?![\w’'])"
    r"|www\.\S{1,2000}|^[>|].{0,500}$|\w{1,60} ?\[sic\]",
    re.MULTILINE,
)
_SIGN: Final = re.compile(r"[/\\_@#]")
_DATES: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february april june july september october "
    "november december".split()
)
_MONTH_WORDS: Final = frozenset(("March", "May", "August"))
_KEPT: Final = _DATES | {day + "'s" for day in _DATES} | {"i", "i'm", "i've", "i'd", "i'll", "cv", "cvs"}
"""What is written with a capital letter and no name."""
_TITLES: Final = frozenset(("mr", "mrs", "ms", "mx", "dr", "prof", "st", "messrs", "engr", "er"))
_ENDS: Final = frozenset((".", "?"))
_HIDDEN: Final = "\0"
_MOST: Final = 50_000
"""Words that are remembered at most."""


class Tokens(NamedTuple):
    """The words and marks of a text: the key of each, and where it starts and ends."""

    keys: list[str]
    starts: list[int]
    ends: list[int]


class Keys(dict[str, str]):
    """The key of every word in small letters; what is worked out once is remembered."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__((word, word) for word in known)
        self["1"] = "one"

    def __missing__(self, lower: str) -> str:
        key = form_of(lower)
        if len(self) < _MOST:
            self[lower] = key
        return key


def source_of(name: str) -> str:
    """The text of `words/<name>.txt`."""
    return (files("followup_rules.quality") / "words" / f"{name}.txt").read_text("utf-8")


def opaque_spans(text: str) -> list[tuple[int, int]]:
    """What is quoted, an address, a path or code, in order."""
    if not any(map(text.__contains__, _SIGNS)):
        return []
    spans = [match.span() for match in _OPAQUE.finditer(text)]
    end = 0
    for sign in _SIGN.finditer(text):
        if sign.start() >= end:
            start, end = _unbroken(text, sign.start())
            spans.append((start, end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _unbroken(text: str, at: int) -> tuple[int, int]:
    """The characters around a place up to the next spaces, two hundred to each side at most."""
    start = end = at
    while start > 0 and at - start < 200 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and end - at < 2000 and not text[end].isspace():
        end += 1
    while end > at + 1 and text[end - 1] in ".,;:!?)":
        end -= 1
    return start, end


def tokens_of(piece: Piece, keys: Keys) -> Tokens:
    """The words and marks of a text, with a full stop before and behind."""
    text, owns, lowers, starts, ends, opaque = piece
    if not owns:
        return Tokens([".", "."], [0, 0], [0, 0])
    if opaque:
        text = _masked(text, opaque)
    plain = list(map(keys.__getitem__, lowers))
    wide = compress(count(1), map(ne, map(sub, starts[1:], ends), repeat(1)))
    other = compress(count(1), map(ne, map(text.__getitem__, ends[:-1]), repeat(" ")))
    gaps = sorted({*wide, *other})
    marks = {at: _marks(text[ends[at - 1] : starts[at]], lowers[at - 1], owns[at][0]) for at in gaps}
    marks[0] = ["."]
    for at in compress(count(), map(ne, owns, lowers)):
        if owns[at][0].isupper() and not _ENDS.intersection(marks.get(at, ())[-1:]):
            plain[at] = _capital(owns[at], lowers[at], plain[at])
    made = Tokens(["."], [0], [0])
    begun = 0
    for at in [*gaps, len(owns)]:
        made.keys.extend(plain[begun:at])
        made.starts.extend(starts[begun:at])
        made.ends.extend(ends[begun:at])
        begun = at
        for mark in marks.get(at, ()):
            made.keys.append(mark)
            made.starts.append(ends[at - 1])
            made.ends.append(starts[at])
    made.keys.append("?" if text[ends[-1] : ends[-1] + 1] == "?" else ".")
    made.starts.append(ends[-1])
    made.ends.append(ends[-1])
    return made


def _masked(text: str, opaque: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in opaque:
        parts += (text[at:start], _HIDDEN * (end - start))
        at = end
    return "".join(parts) + text[at:]


def _marks(gap: str, before: str, first: str) -> list[str]:
    """What the characters between two words say; nothing where they only part them."""
    if gap == ", ":
        return [","]
    if _HIDDEN in gap:
        left, right = gap[: gap.index(_HIDDEN)], gap[gap.rindex(_HIDDEN) + 1 :]
        return [mark for mark in (_mark(left, before, "A"), ";", _mark(right, "", first)) if mark]
    mark = _mark(gap, before, first)
    return [mark] if mark else []


def _mark(gap: str, before: str, first: str) -> str:
    if not gap or gap.isspace():
        return "." if gap.count("\n") > 1 else ""
    if "?" in gap:
        return "?"
    if "." in gap or "!" in gap or "…" in gap or "\n\n" in gap:
        if "\n" not in gap and (before in _TITLES or (first.islower() and "!" not in gap)):
            return ";" if before not in _TITLES else ""
        return "."
    if gap.strip() == ",":
        return ","
    return ";"


def _capital(own: str, lower: str, key: str) -> str:
    """The key of a word with a capital letter within a sentence."""
    if lower in _KEPT:
        return key
    return "*month" if own in _MONTH_WORDS else "*name"


_EITHER: Final = ("ss", "us", "is", "ics", "as", "os")
"""Endings of words that may be one thing or several: 'thesis', 'campus', 'logistics', 'clinics', 'atlas'."""
_ONE: Final = frozenset(
    "lens series species news means headquarters premises summons crossroads barracks works gallows biceps forceps "
    "shambles corps mews innings pancreas always perhaps afterwards maths".split()
)
"""Words with an '-s' that is no plural, or need not be."""


def form_of(lower: str) -> str:
    """The key of a word that no pattern names."""
    if lower[0].isdigit():
        if not lower[-1].isdigit():
            return "*"
        return "*year" if len(lower) == 4 and lower.isdigit() and lower[:2] in ("19", "20") else "*number"
    if lower.endswith("s"):
        return "*ss" if lower.endswith(_EITHER) or lower in _ONE else "*s"
    return (
        "*ing" if lower.endswith("ing") else "*ed" if lower.endswith("ed") else "*ly" if lower.endswith("ly") else "*"
    )
