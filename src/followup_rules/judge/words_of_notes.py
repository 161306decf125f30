"""Interview notes put into a letter: what the reader said becomes 'you ...', what was discussed is named as it is.

Notes are written about people in the third person. One that speaks of the writer, or of 'he' or 'she', reads wrongly
in a letter to the person meant, so it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_SAID: Final = frozenset(
    [
        "said",
        "told",
        "spoke",
        "gave",
        "led",
        "took",
        "went",
        "thought",
        "brought",
        "drew",
        "saw",
        "put",
        "made",
        "met",
        "ran",
        "wrote",
        "showed",
    ]
)
_OTHERS: Final = frozenset(["he", "she", "him", "his", "her", "he's", "she's", "they", "their", "them", "candidate"])
_TITLES: Final = frozenset(["dr", "dr.", "prof", "prof.", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "mx", "mx."])
_SHORTEST, _LONGEST = 3, 30


def told(notes: Sequence[str], reader: Mapping[str, Any], writer: Mapping[str, Any]) -> str:
    """What the reader said, in the words of the first note that tells it: 'described the move to event streams'."""
    you = _first(reader)
    for note, words in _usable(notes, writer):
        if you and words[0] == you and (words[1].endswith("ed") or words[1] in _SAID):
            return note.split(" ", 1)[1].rstrip(".")
    return ""


def topic(notes: Sequence[str], reader: Mapping[str, Any], writer: Mapping[str, Any]) -> str:
    """The first note that speaks of a thing and of nobody, as a sentence."""
    you = _first(reader)
    for note, words in _usable(notes, writer):
        if not you or not {you, f"{you}'s"} & set(words):
            return note if note[-1] in ".?!" else f"{note}."
    return ""


def _usable(notes: Sequence[str], writer: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    me = _first(writer)
    others = _OTHERS | ({me, f"{me}'s"} if me else set())
    for raw in notes:
        note = " ".join(raw.split())
        words = note.lower().split()
        if _SHORTEST <= len(words) <= _LONGEST and not others & set(words):
            yield note, words


def _first(person: Mapping[str, Any]) -> str:
    name = person.get("name")
    return first_name(str(name)).lower() if name else ""


def first_name(name: str) -> str:
    """The first name in a full name, titles left out: 'Dr. Ada Park' is 'Ada'."""
    words = [word for word in name.split() if word.lower() not in _TITLES]
    return words[0] if words else name
