"""How much a word tells of one conversation.

`words/generic.txt` names the words that say nothing about it, those that every message of one line of work has, and
those of everyday English. Every other word is rare and counts in full.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from followup_rules.check import Context
from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.terms import is_date_word, terms_of
from followup_rules.quality.text import lowers_of

RARE: Final = 1.0
COMMON: Final = 0.5
WIDE: Final = 0.25
FRACTION: Final = 0.9
NUMBER: Final = 0.6
SMALL_NUMBER: Final = 0.3
_YEARS: Final = range(1900, 2100)
_SECTIONS: Final = (("common", COMMON), ("wide", WIDE), ("generic", 0.0), ("grammar", 0.0))  # the later ones win


@lru_cache(maxsize=1)
def _words() -> dict[str, float]:
    sets = word_sets("generic")
    return {word: weight for section, weight in _SECTIONS for word in sets[section]}


@lru_cache(maxsize=1)
@all_kept
def _stems() -> dict[str, float]:
    grammar = word_sets("generic")["grammar"]
    return {one: weight for word, weight in _words().items() if word not in grammar for one in terms_of(word)}


@lru_cache(maxsize=16384)
def weighed(word: str) -> tuple[tuple[str, float], ...]:
    """The stems of a word in small letters, each with its weight; nothing for words that say nothing."""
    if is_date_word(word):
        return ()
    listed = _words().get(word, _words().get(word.removesuffix("s")))
    if listed == 0.0:
        return ()
    found = []
    for one in terms_of(word):
        if one[:1].isdigit():
            weight = _number(one)
        elif listed is not None:  # before its stem: 'total' is no 'totally'
            weight = listed
        else:
            weight = _stems().get(one, RARE if len(one) > 1 else 0.0)
        if weight:
            found.append((one, weight))
    return tuple(found)


def _number(digits: str) -> float:
    if not digits.isdigit():
        return FRACTION
    if digits[0] == "0":  # the beginning of a telephone number
        return 0.0
    value = int(digits[:9])
    return NUMBER if value > 12 and value not in _YEARS else SMALL_NUMBER


@lru_cache(maxsize=1024)
def stems_of(text: str) -> frozenset[str]:
    """The stems of all the words of a text."""
    return frozenset(one for word in lowers_of(text) for one in terms_of(word))


def known(context: Context) -> frozenset[str]:
    """Stems that belong to every message of this application: the company, the role, the two names."""
    return _known((context.company, context.role, context.recipient, context.sender))


def telling_nothing(context: Context) -> frozenset[str]:
    """The same and the names of other applications: whoever writes these by mistake comes back to nothing.

    A note counts in any case, though it may share a word with such a name.
    """
    return known(context) | _known(context.other_names or ())


@lru_cache(maxsize=1024)
def _known(names: tuple[str | None, ...]) -> frozenset[str]:
    taken = stems_of(" ".join([name for name in names if name]))
    doublets = _doublets()
    return taken.union(*[same for one in taken if one in doublets for same in doublets[one]])


@lru_cache(maxsize=1)
def _doublets() -> dict[str, list[frozenset[str]]]:
    """Words that are one thing under two names: who applies as a bicycle mechanic is not told anything by 'bike'."""
    text = (files("followup_rules.quality") / "words" / "doublets.txt").read_text("utf-8")
    found: dict[str, list[frozenset[str]]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            same = stems_of(line)
            for one in same:
                found.setdefault(one, []).append(same)
    return found
