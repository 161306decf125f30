"""Where words or phrases that somebody listed stand in a text: as whole words, in any case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from followup_rules.check import Part
from followup_rules.quality.text import Text, Word, lowers_of


class Place(NamedTuple):
    """Characters of the subject or of the body."""

    part: Part
    start: int
    end: int


def places(text: Text, phrase: str) -> Iterator[Place]:
    """Every place of a phrase, those in the subject first; none for a phrase without a letter or a digit."""
    wanted = lowers_of(phrase)
    if wanted:
        yield from _among(text.subject_whole.lowers, text.subject_words, wanted, "subject")
        yield from _among(text.lowers, text.words, wanted, "body")


def _among(lowers: tuple[str, ...], words: Sequence[Word], wanted: tuple[str, ...], part: Part) -> Iterator[Place]:
    head, size, first = wanted[0], len(wanted), -1
    for _ in range(lowers.count(head)):
        first = lowers.index(head, first + 1)
        if lowers[first : first + size] == wanted:
            yield Place(part, words[first].start, words[first + size - 1].end)
