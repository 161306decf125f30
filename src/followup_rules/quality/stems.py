"""The stem of a word: what its inflections and its nearest derivations have in common.

It need not be a word, and is good for comparing only. `organised`, `organizing` and `organisation` have one stem,
so have `ran` and `running`. Where a rule is in doubt it leaves the word alone: two stems that should be one cost a
match, one that should be two costs a false one.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

# The ending, what stands in its place, and how many letters must be left before it; the longest first.
_ENDINGS: Final = (
    ("isations", "iz", 3), ("izations", "iz", 3), ("isation", "iz", 3), ("ization", "iz", 3),
    ("fulness", "", 3), ("ifications", "ifi", 1), ("ification", "ifi", 1), ("ements", "e", 4),
    ("ations", "", 4), ("itions", "", 4), ("ation", "", 4), ("ition", "", 4), ("ively", "", 4),
    ("ement", "e", 4), ("fully", "", 3), ("ments", "", 4), ("ances", "", 4), ("ences", "", 4), ("ingly", "", 3),
    ("ising", "iz", 3), ("izing", "iz", 3), ("ysing", "yz", 3), ("ment", "", 4), ("ness", "", 3),
    ("ance", "", 4), ("ence", "", 4), ("able", "", 4), ("ible", "", 4), ("ship", "", 4), ("ions", "", 4),
    ("ised", "iz", 3), ("ized", "iz", 3), ("ises", "iz", 3), ("izes", "iz", 3), ("ysed", "yz", 3),
    ("ings", "", 3), ("iest", "i", 3), ("less", "", 4), ("ful", "", 4), ("ion", "", 4), ("ive", "", 4),
    ("ist", "", 4), ("ism", "", 4), ("ity", "", 4), ("ise", "iz", 3), ("ize", "iz", 3), ("yse", "yz", 3),
    ("ing", "", 3), ("ies", "i", 2), ("ied", "i", 2), ("ily", "i", 3), ("ier", "i", 3), ("ers", "", 4),
    ("ors", "", 4), ("ses", "s", 3), ("xes", "x", 2), ("ches", "ch", 2), ("shes", "sh", 2), ("zes", "z", 3),
    ("ant", "", 4), ("ent", "", 5), ("eed", "ee", 2), ("ed", "", 3), ("er", "", 4), ("or", "", 4),
    ("ly", "", 3), ("al", "", 4), ("ic", "", 4), ("es", "e", 2), ("s", "", 3),
)  # fmt: skip
_BY_TWO: Final = {
    two: tuple(sorted((one for one in _ENDINGS if two.endswith(one[0][-2:])), key=lambda one: -len(one[0])))
    for two in {one[0][-2:] for one in _ENDINGS}
}
"""What a word may end with, by its last two letters."""
_PLURAL: Final = _BY_TWO["s"]
_VOWELS: Final = frozenset("aeiouy")
_AFTER_E: Final = frozenset(["ing", "ed", "er", "ings", "ers"])
_SHORT: Final = re.compile(r"[^aeiou]{0,4}[aeiouy][^aeiouwxy]")
_KEEP_S: Final = ("ss", "us", "is")
_BRITISH: Final = (
    ("ogramme", "ogram"), ("centre", "center"), ("theatre", "theater"), ("metre", "meter"), ("litre", "liter"),
)  # fmt: skip
_LONGEST: Final = 40
_ROUNDS: Final = 3


@cache
def _irregular() -> dict[str, str]:
    text = (files("followup_rules.quality") / "words" / "irregular.txt").read_text("utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {form: words[0] for words in lines for form in words[1:]}


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """The stem of a word in small letters."""
    word = word.removesuffix("'s").rstrip("'")
    known = _irregular()
    word = known.get(word, word)
    if len(word) < 4 or len(word) > _LONGEST or not word.isalpha():
        return word
    if "tre" in word or "ogramme" in word:
        for old, new in _BRITISH:
            word = word.replace(old, new)
    if word.find("our") > 2:  # 'labour' and 'neighbourly', but 'courts' has the stem of 'court'
        word = word.replace("our", "or")
    for _ in range(_ROUNDS):
        shorter = _without_ending(word)
        shorter = known.get(shorter, shorter)
        if shorter == word:
            break
        word = shorter
    if len(word) > 3 and word[-1] == "e" and not _is_short(word[:-1]):
        word = word[:-1]
    word = _single(word)
    if len(word) > 6 and word.endswith("at"):
        word = word[:-2]
    return word[:-1] + "i" if len(word) > 2 and word[-1] == "y" else word


def _single(word: str) -> str:
    """Without the doubled letter at the end that an ending or a British hand put there."""
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiosz" else word


def _is_short(word: str) -> bool:
    """True for one syllable with one vowel and one consonant at its end: 'hop', 'plan', 'writ'."""
    return bool(_SHORT.fullmatch(word))


def _mended(left: str) -> str:
    """What stood before `ing` or `ed`: 'hopping' is from 'hop', 'hoping' from 'hope'."""
    single = _single(left)
    return left + "e" if single == left and _is_short(left) else single


def _without_ending(word: str) -> str:
    for ending, put, least in _BY_TWO.get(word[-2:]) or (_PLURAL if word[-1] == "s" else ()):
        size = len(word) - len(ending)
        if size >= least and word.endswith(ending):
            if ending == "s" and word.endswith(_KEEP_S):
                continue
            left = word[:size]
            if _VOWELS.isdisjoint(left):
                continue
            return _mended(left) if ending in _AFTER_E else left + put
    return word
