"""What the words of a sentence may tell of its tone: themselves, if they are words of grammar; else stem and kinds.

So what is learned from 'I wasted a whole day' is known of 'I threw away an afternoon': both are 'i', a loss, a span.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.stems import stem
from followup_rules.quality.terms import is_date_word, terms_of
from followup_rules.quality.text import Sentence
from followup_rules.quality.tone.signs import STRONG, Sign

BIAS: Final = "bias"
"""The sign that every sentence has."""
_GRAMMAR: Final = "grammar"
_AS_SPELT: Final = "chat"  # 'bin' is a spelling of 'been', and 'bins' is not
_STEMMED_FROM: Final = 4
_LONGEST_PHRASE: Final = 5


class ToneWord(NamedTuple):
    """What a word may tell."""

    beside: tuple[str, ...]
    """What counts beside the neighbouring words."""
    alone: tuple[str, ...]
    """What counts by itself."""


NOTHING: Final = ToneWord(("·",), ())
"""A word that is not looked at."""
BEGIN: Final = ToneWord(("^",), ())
END: Final = ToneWord(("$",), ())


@lru_cache(maxsize=1)
@all_kept
def _kinds() -> dict[str, tuple[str, ...]]:
    """The kinds of the listed words and of their stems."""
    found: dict[str, list[str]] = {}
    for kind, words in word_sets("tone_words").items():
        if kind == _GRAMMAR:
            continue
        for word in words:
            stemmed = kind != _AS_SPELT and len(word) >= _STEMMED_FROM and "-" not in word
            for form in {word, stem(word)} if stemmed else {word}:
                kinds = found.setdefault(form, [])
                if kind not in kinds:
                    kinds.append(kind)
    return {form: tuple([f":{kind}" for kind in kinds]) for form, kinds in found.items()}


def is_grammar(word: str) -> bool:
    """True for words that count as themselves."""
    return word in word_sets("tone_words")[_GRAMMAR]


def tone_word(word: str) -> ToneWord:
    """What a word in small letters may tell."""
    known = _kinds()
    if is_grammar(word):
        return ToneWord((word,), (word, *known.get(word, ())))
    stemmed = (terms_of(word) or (word,))[0]
    found = [*known.get(word, ()), *known.get(stemmed, ())]
    if "-" in word:
        parts = [part for part in word.split("-") if not is_grammar(part)]
        found += [kind for part in parts for form in (part, stem(part)) for kind in known.get(form, ())]
    if word[:1].isdigit():
        found.append(":figure")
    elif is_date_word(word):
        found.append(":date")
    kinds, own = tuple(dict.fromkeys(found)), f"~{stemmed}"
    return ToneWord(kinds or (own,), (*kinds, own))


def pair_signs(left: ToneWord, right: ToneWord) -> list[str]:
    """What two neighbours tell together."""
    return [f"{one} {two}" for one in left.beside for two in right.beside]


def spread_signs(left: ToneWord, right: ToneWord) -> list[str]:
    """What two words with one between them tell; two stems so far apart say nothing general."""
    return [f"{one} _ {two}" for one in left.beside for two in right.beside if one[0] != "~" or two[0] != "~"]


def triple_signs(lowers: Sequence[str]) -> list[str]:
    """What three words in a row tell, as they are written; the ends of a sentence count as words."""
    row = ["^", *lowers, "$"]
    return [" ".join(three) for three in zip(row, row[1:], row[2:], strict=False)]


class SentenceForm(NamedTuple):
    """What a sentence looks like: its mark at the end, a small letter at the head, 'i', quotation marks, its length."""

    ending: str
    begins_small: bool
    small_i: bool
    quotes: bool
    length: str


def sentence_form(body: str, sentence: Sentence) -> SentenceForm:
    """What one sentence looks like."""
    start, end, first, last = sentence
    text = body[start:end]
    ending = text[-1]
    if ending not in ".?!":
        ending = text[-3:].rstrip("\"'”’)* ")[-1:]
    size = last - first
    length = "middling" if 8 < size <= 30 else "short4" if size <= 4 else "short8" if size <= 8 else "long"
    small_i = " i " in text or text.startswith("i ")
    return SentenceForm(ending, text[:1].islower(), small_i, '"' in text or "“" in text, length)


def form_signs(form: SentenceForm) -> list[str]:
    """What the look of a sentence tells."""
    told = [BIAS]
    if form.ending in ("?", "!"):
        told.append(form.ending)
    elif form.ending not in (".", ":"):
        told.append("noend")
    if form.begins_small:
        told.append("lowstart")
    if form.small_i:
        told.append("smalli")
    if form.quotes:
        told.append("quote")
    return [*told, form.length]


def sentence_signs(body: str, sentence: Sentence, found: Sequence[Sign]) -> list[str]:
    """What the sentence as a whole tells: how it looks, and which known phrases it has."""
    return [*form_signs(sentence_form(body, sentence)), *phrase_signs(found)]


def phrase_signs(found: Sequence[Sign]) -> list[str]:
    """What the known phrases in a sentence tell: of which kind they are, how clear, how many words long."""
    told: set[str] = set()
    for sign in found:
        clear = "+" if sign.weight >= STRONG else "-"
        size = min(len(sign.excerpt.split()), _LONGEST_PHRASE)
        told |= {f"={sign.kind}{clear}", f"={clear}", f"={clear}{size}"}
    if len(found) > 1:
        told.add("=many")
    return sorted(told)
