"""Which common word a misspelling stands for: the one that a single slip of the hand leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import word_sets

SHORTEST: Final = 8
"""Letters that a common word must have to be recognised without a dictionary: shorter ones have too many neighbours."""

_LONG: Final = 9
"""Letters of a word that has few neighbours in another language or trade."""
_SURE: Final = 10
"""Letters of a word that has hardly any."""

_VOWELS: Final = frozenset("aeiouy")
_HISSING: Final = frozenset("scz")
_ALIKE: Final = re.compile(r"[aei](?:ble|bly|bility|nce|nces|ncy|nt|nts|ntly|r|ry|rs)$")
"""Endings that sound alike with another vowel."""

_AMERICAN: Final = (
    (re.compile(r"is(e|ed|er|ers|es|ing|ation|ations|able)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|er|es|ing)$"), r"yz\1"),
    (re.compile(r"our"), "or"),
    (re.compile(r"([lpts])\1(?=(?:ed|ing|er|ers|or|ors|ist|ery|ous)$)"), r"\1"),
    (re.compile(r"([aeiu])l(?=(?:ment|ments|ful|fully)$)"), r"\1ll"),
    (re.compile(r"[ao]e"), "e"), (re.compile(r"ogue"), "og"), (re.compile(r"([tb])re(?=s?$|d$)"), r"\1er"),
    (re.compile(r"enc(?=es?$|eless$)"), "ens"), (re.compile(r"mme(?=s?$)"), "m"), (re.compile(r"quer?(?=s?$)"), "ck"),
    (re.compile(r"(?<=dg)e(?=ment)"), ""), (re.compile(r"(?<=[kzvr])e(?=ab)"), ""), (re.compile(r"ph(?=ur)"), "f"),
    (re.compile(r"lli(?=(?:e?s)?$)"), "li"),
)  # fmt: skip
"""How a British spelling becomes an American one."""


def without_one(word: str) -> set[str]:
    """The word, and every form of it that lacks one letter."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@lru_cache(maxsize=1)
@all_kept
def _by_beginning() -> Mapping[tuple[str, int], tuple[str, ...]]:
    """The common words by first letter and length."""
    found: dict[tuple[str, int], list[str]] = {}
    for word in sorted(word_sets("common_words")["common"]):
        found.setdefault((word[0], len(word)), []).append(word)
    return {key: tuple(words) for key, words in found.items()}


@lru_cache(maxsize=1024)
@all_kept
def _lacking_one(first: str, length: int) -> Mapping[str, tuple[str, ...]]:
    """The common words with one beginning and length by every form that lacks one letter; made when first needed."""
    index: dict[str, list[str]] = {}
    for word in _by_beginning().get((first, length), ()):
        for form in without_one(word):
            index.setdefault(form, []).append(word)
    return {form: tuple(words) for form, words in index.items()}


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The list of common words, and the real words that only look like a slip of one."""
    lists = word_sets("common_words")
    return lists["common"] | lists["real"]


def is_common(word: str) -> bool:
    """True for a word of these lists."""
    return word in common_words()


def distance(one: str, other: str) -> int:
    """How many letters are to be put in, left out, changed or swapped to make one word of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                least = min(least, last[j - 2] + 1)
            row.append(least)
    return row[-1]


@lru_cache(maxsize=8192)
def meant_by(word: str, shortest: int = SHORTEST) -> str | None:
    """The common word that one slip makes of a word, where there is one that begins with the same letter.

    Any slip will do in a long word and in the words that such messages are made of; others take a typical one.
    A difference at the very end is none: it is as often another form or a newer word ('approver', 'learnings').
    """
    if len(word) < shortest - 1 or len(word) > 30 or is_common(word):
        return None
    forms = without_one(word)
    found = {
        common
        for near in [_lacking_one(word[0], length) for length in range(max(shortest, len(word) - 1), len(word) + 2)]
        for form in forms
        for common in near.get(form, ())
        if not _differs_at_the_end(word, common)
    }
    close = sorted(common for common in found if distance(word, common) == 1)
    if not close or not all(one[:5] == close[0][:5] for one in close):
        return None  # none, or too many to choose from
    if any(is_regional(word, one) or is_regional(one, word) for one in close):
        return None
    right = close[0]
    sure = len(word) >= _SURE or right in word_sets("common_words")["frequent"] or is_typical(word, right)
    return right if sure else None


def is_typical(word: str, common: str) -> bool:
    """True for a slip that people make in words they know; a word of another language is as often one letter away.

    Letters doubled or not ('comittee'), swapped ('recieve'), a vowel left out ('confirmaton') or a vowel for another in
    the endings that sound alike ('responsable'); in longer words any vowel, a letter too few, and 's', 'c' and 'z'.
    """
    at = next((at for at, (mine, theirs) in enumerate(zip(word, common, strict=False)) if mine != theirs), -1)
    if at < 0:  # one of them ends where the other goes on
        at = min(len(word), len(common))
    if len(word) == len(common):
        if word[at + 1] == common[at]:
            return True
        pair = {word[at], common[at]}
        if pair <= _VOWELS:
            return len(word) >= _LONG or bool(_ALIKE.search(common, at))
        return len(word) >= _LONG and pair <= _HISSING
    longer, here = (word, word[at]) if len(word) > len(common) else (common, common[at])
    if here in (longer[at - 1 : at], longer[at + 1 : at + 2]):
        return True
    if longer is common:
        return here in _VOWELS or len(word) >= _LONG
    return here in _VOWELS and len(word) >= _LONG


def _differs_at_the_end(one: str, other: str) -> bool:
    same = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        same += 1
    return same >= min(len(one), len(other)) - 2 and one[-2:] != other[-2:]


def is_regional(one: str, other: str) -> bool:
    """True where one word is the British spelling of the other: 'colour' and 'color'."""
    word = one
    for form, instead in _AMERICAN:
        if form.sub(instead, one) == other:
            return True
        word = form.sub(instead, word)
    return word == other
