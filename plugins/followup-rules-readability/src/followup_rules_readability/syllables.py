"""How many syllables a word has, as far as hyphenation tells: about three in a hundred are missed."""

from __future__ import annotations

from functools import cache, lru_cache

import pyphen  # type: ignore[import-untyped]

_LONGEST = 40


@cache
def _hyphenation() -> pyphen.Pyphen:
    """The American patterns, which break between syllables; the British ones break between parts of words.

    Reading them takes 0.05 seconds, so nobody who judges no text waits for it. No letter is too near an edge: 'a-gain'.
    """
    return pyphen.Pyphen(lang="en_US", left=1, right=1)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """The syllables of a word in small letters; a number, an initial or a jumble counts as one."""
    if not word.isalpha() and "-" in word:
        return sum(syllables(part) for part in word.split("-") if part) or 1
    if len(word) > _LONGEST:
        return 1
    return len(_hyphenation().positions(word)) + 1 if word.isalpha() else 1
