"""Misspelt and doubled words, found without a dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import compress, count, pairwise
from operator import eq
from typing import Final

from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import read_entries
from followup_rules.quality.proofread.lexicon import classes
from followup_rules.quality.proofread.near import common_words, meant_by
from followup_rules.quality.proofread.piece import Piece
from followup_rules.quality.proofread.slips import Slip
from followup_rules.quality.proofread.tokens import source_of
from followup_rules.quality.text import Apart, Word

_PLAIN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")
_TWICE: Final = frozenset(
    "that had very so really no yes far long many much do more her bye ha well now there hear knock aye tut please "
    "again quite never big out over new ever hush come wow same half bla blah pom tom chop hubba can".split()
)
"""Words that can stand twice: 'that that', 'had had', 'very very'."""
_BEFORE_TWICE: Final = {
    "is": frozenset("it this that what problem all there thing point question".split()),
    "was": frozenset("it this that what problem all there thing point question".split()),
    "in": frozenset(
        "log logged logging come comes came dial dialled call called check checked get go hand put sign".split()
    ),
    "on": frozenset("going go carry carried move moved log logged get pass passed keep kept sign signed".split()),
    "to": frozenset("spoke speak used look looked talk talked listened wrote spoken".split()),
    "you": frozenset("give gave tell told show showed send sent thank wish remind offer".split()),
    "it": frozenset("give gave do did make made".split()),
}
_TOLD: Final = frozenset(("says", "said", "spelt", "spelled", "reads", "written", "typed"))
"""Before a misspelling that is told of: 'your page says Febuary'."""
_PAIRS: Final = frozenset(
    "i you we they he it am are is was were be been have has had will would can could should the a an my your our "
    "this of in to for with at from on that as if please look".split()
)
"""Words of which two in a row hardly ever stand twice on purpose: 'I am I am'."""


@lru_cache(maxsize=1)
@all_kept
def typos() -> Mapping[str, str]:
    """What is meant by each misspelling of the list."""
    return {wrong: right for _, wrong, right in read_entries(source_of("typos"))}


def misspelt(piece: Piece, around: Apart) -> Iterator[Slip]:
    """Words of the list of misspellings, and words that are one slip away from a common one.

    A word that stands with a capital letter elsewhere in the message, among the words `around`, is a name.
    """
    known = typos()
    unsure = {
        lower for lower in set(piece.lowers) - _ordinary() if len(lower) > 6 or lower in known or lower[-2:] == "ys"
    }
    if not unsure:
        return
    names: frozenset[str] | None = None
    for at in compress(count(), map(unsure.__contains__, piece.lowers)):
        word = piece.word(at)
        lower = word.lower
        right = known.get(lower)
        if right is None and word.text.islower() and _PLAIN.fullmatch(lower):
            right = meant_by(lower) or _misformed(lower)
        elif right is None and "-" in lower:
            right = _half_misspelt(lower, known)
        capital = right is not None and right[0].isupper() and right.isalpha()  # 'Febuary' is no name
        if (
            right is None
            or (at and piece.lowers[at - 1] in _TOLD)
            or not (capital or _may_be_judged(piece.text, word, lower))
        ):
            continue
        names = names_among(around) if names is None else names
        if capital or lower not in names:
            right = right[0].upper() + right[1:] if word.text[0].isupper() else right
            yield _misspelt(word, right)


_BUILT: Final = re.compile(r"[a-z]{2,}[bcdfglmnprtv]ys|[a-z]{3,}full")
_BUILT_SO: Final = frozenset(
    "overfull brimfull topfull flybys standbys laybys passerbys goodbys drys trys spys".split()
)


def _misformed(word: str) -> str | None:
    """What is meant by a word with a wrong ending: 'companys' and 'restfull'."""
    if not _BUILT.fullmatch(word) or word in _BUILT_SO:
        return None
    return word[:-1] if word[-1] == "l" else word[:-2] + "ies"


def _half_misspelt(word: str, known: Mapping[str, str]) -> str | None:
    """What is meant by a word with a hyphen of which one half is in the list: 'folow-up'."""
    halves = word.split("-")
    if known.keys().isdisjoint(halves):
        return None
    return "-".join([known.get(half, half) for half in halves])


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """Words that are no misspelling."""
    return common_words().union(*classes().values()) - typos().keys()


def names_among(words: Apart) -> frozenset[str]:
    """Words that are written with a capital letter where no sentence begins, in small letters."""
    behind = zip(words.owns[1:], words.lowers[1:], words.starts[1:], words.ends, strict=False)
    return frozenset(lower for own, lower, start, end in behind if own[0].isupper() and start - end == 1)


def _misspelt(word: Word, right: str) -> Slip:
    message = f"'{word.text}' is a misspelling of '{right}'; a reader takes it for a lack of care"
    return Slip("spelling", word.start, word.end, message, f"write '{right}'", right, word=word.lower)


def _may_be_judged(text: str, word: Word, lower: str) -> bool:
    if word.text.isupper() and len(lower) > 1:
        return False
    if lower in ("im", "ive") and word.text[0].isupper():
        return text[word.end : word.end + 2].strip().islower()
    return word.text[0].islower() or _begins_sentence(text, word.start)


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \"'“‘(*-•")
    return not before or before[-1] in ".!?\n"


def doubled(piece: Piece) -> Iterator[Slip]:
    """'the the', and two words that stand twice: 'I am I am'."""
    text, lowers = piece.text, piece.lowers
    for at in compress(count(), map(eq, lowers, lowers[1:])):
        one, two = piece.word(at), piece.word(at + 1)
        if lowers[at].isalpha() and _adjoin(text, one, two) and _is_slip(one, two, lowers[at - 1] if at else ""):
            message = f"'{two.lower}' stands twice in a row; a reader takes it for a lack of care"
            yield Slip("spelling", one.start, two.end, message, "leave out one of them", one.text)
    for at in compress(count(), map(eq, lowers, lowers[2:])):
        pair = lowers[at : at + 2]
        four = [piece.word(one) for one in range(at, min(at + 4, len(lowers)))]
        if pair != lowers[at + 2 : at + 4] or pair[0] == pair[1] or not _PAIRS.issuperset(pair):
            continue
        if all(_adjoin(text, a, b) for a, b in pairwise(four)):
            message = f"'{pair[0]} {pair[1]}' stands twice in a row; a reader takes it for a lack of care"
            fix = text[four[0].start : four[1].end]
            yield Slip("spelling", four[0].start, four[3].end, message, "leave out one of them", fix)


def _is_slip(one: Word, two: Word, before: str) -> bool:
    if one.text[0].isupper() and two.text[0].isupper():
        return False  # a name: 'Duran Duran'
    if (len(one.lower) == 1 and one.lower not in "ia") or (one.text, two.text) == ("object", "Object"):
        return False  # '[object Object]' is what a program prints
    return two.lower not in _TWICE and before not in _BEFORE_TWICE.get(two.lower, ())


def _adjoin(text: str, one: Word, two: Word) -> bool:
    gap = text[one.end : two.start]
    return gap.isspace() and gap.count("\n") < 2
