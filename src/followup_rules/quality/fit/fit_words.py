"""What one word may tell of fit: itself, if it is a word of grammar; else only its kinds, its stem and its ending.

So what is learned from welders holds for nurses: 'I welded' and 'I nursed' are both 'i :work :past'. The ending says a
little of words that no list has and nothing was learned from: 'your taxidermy' is a craft or a field of knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.terms import is_date_word, terms_of

_LISTED: Final = word_sets("fit_words")
_WORKING: Final = word_sets("claims")

# The kinds that count beside their neighbours too; every other tag of fit_words counts by itself.
_PAIRED: Final = {
    "work": _WORKING["strong"],
    "wide": _WORKING["weak"],
    "idle": _WORKING["never"],
    "holding": _WORKING["have"],
    "trait": _WORKING["be"],
    "mine": _WORKING["my"],
    "offer": _WORKING["offer"],
    "concrete": _WORKING["support"],
    "result": _WORKING["result"],
    "years": _LISTED["years"],
}
_ELSEWHERE: Final = ("grammar", "number", "past", "years", "procedure")
_SINGLE: Final = {tag: words for tag, words in _LISTED.items() if tag not in _ELSEWHERE}


def _by_word(lists: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """The tags of each word of some lists."""
    found: dict[str, tuple[str, ...]] = {}
    for tag, words in lists.items():
        for word in words:
            found[word] = (*found.get(word, ()), f":{tag}")
    return found


_PAIRED_OF: Final = _by_word(_PAIRED)
_SINGLE_OF: Final = _by_word(_SINGLE)
_ORDINAL: Final = ("st", "nd", "rd", "th")
_CENTURIES: Final = ("19", "20")
_SHORT: Final = 4
"""Words of so many letters or fewer have no ending to speak of."""


class FitWord(NamedTuple):
    """What a word may tell."""

    stem: str
    paired: tuple[str, ...]
    """What counts beside the neighbouring words too."""
    single: tuple[str, ...]
    """What counts by itself only."""


def fit_word(word: str) -> FitWord:
    """What a word in small letters may tell."""
    terms = terms_of(word)
    stem = terms[0] if terms else word
    paired = (*_figures(word), *_PAIRED_OF.get(word, ()))
    if word.endswith("ed") or word in _LISTED["past"]:
        paired = (*paired, ":past")
    elif word.endswith("ing") and len(word) > 5:
        paired = (*paired, ":going")
    if word in _LISTED["procedure"]:
        paired = (*paired, ":procedure")
    single = _SINGLE_OF.get(word, ())
    if is_grammar(word):
        return FitWord(stem, (word, *paired), single)
    ending = (f"-{word[-2:]}",) if len(word) > _SHORT else ()
    return FitWord(stem, paired, (*single, f"~{stem}", *ending))


def is_grammar(word: str) -> bool:
    """True for words that count as themselves, whoever writes about whatever."""
    return word in _LISTED["grammar"]


def _figures(word: str) -> tuple[str, ...]:
    if not word[:1].isdigit():
        return (":figure",) if word in _LISTED["number"] else (":date",) if is_date_word(word) else ()
    if word.endswith(_ORDINAL):
        return (":date",)
    if ":" in word:
        return (":clock",)
    if len(word) == 4 and word.isdigit() and word.startswith(_CENTURIES):
        return (":calendar",)
    return (":figure", ":few") if len(word) <= 2 else (":figure",)
