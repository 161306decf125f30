"""'a' and 'an', by the sound that follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress, count
from typing import Final

from followup_rules.quality.proofread.piece import Piece
from followup_rules.quality.proofread.slips import Slip

_LIKE_YOU: Final = re.compile(
    r"(?:uni(?!n|m)|us(?:e|a(?!n)|u)|ut(?:i|e)|ub(?:iq|er)|eu|ew|ur(?:e|i)|ukr|uk|ufo|ou(?:i|ija)|one(?:$|[-s'])|once|u-)"
)
"""Words that begin with the sound of 'you' or 'one', though with a vowel letter."""

_SILENT_H: Final = re.compile(r"(?:hour|honest|honou?r|heir)")
_EITHER: Final = re.compile(
    r"(?:herb|hotel|histor|habitual|hysteri|heroic|hallucin|hilario|homage|humble|url|sql|ubuntu|uni$|un$)"
)
_NO_NOUN: Final = frozenset(
    "and or is are as at in on of if it i am an a also all us any e u o be the to for with was were has had i'm "
    "other".split()
)
_ARTICLES: Final = frozenset(("a", "an"))
_EIGHTS: Final = re.compile(r"(?:8\d*|11|18)(?!\d)")
_CENTURIES: Final = re.compile(r"1[18]\d\d(?!\d)")
"""Eleven hundred, or one thousand one hundred: both are heard."""


def articles(piece: Piece) -> Iterator[Slip]:
    """'a' before a vowel sound, 'an' before a consonant."""
    text = piece.text
    for at in compress(count(), map(_ARTICLES.__contains__, piece.lowers)):
        if at + 1 == len(piece.lowers):
            return
        one, two = piece.word(at), piece.word(at + 1)
        wanted = _article(two.text, two.lower)
        if wanted in ("", one.lower):
            continue
        if one.text == "A" and two.text[0].isupper():
            continue
        if (one.text in ("AN", "An") and two.text.isupper()) or text[one.end : two.start] not in (" ", "\n", "  "):
            continue
        if text[one.start - 1 : one.start] in ("-", "'", "’", ".", "+", "&", "/", "("):
            continue
        right = wanted.capitalize() if one.text[0].isupper() else wanted
        message = f"'{one.lower} {two.text}': before this sound stands '{wanted}'; the slip catches the reader's ear"
        yield Slip("grammar", one.start, two.end, message, f"write '{right} {two.text}'", f"{right} {two.text}")


@lru_cache(maxsize=4096)
def _article(own: str, lower: str) -> str:
    """'a' or 'an'; empty where both are heard or it cannot be told."""
    if own[0].isdigit():
        if _CENTURIES.match(own):
            return ""
        return "an" if _EIGHTS.match(own) else "a"
    part = re.split(r"['-]", lower)[0]
    if len(part) < 2 or not own[1:].replace("-", "").replace("'", "").islower():
        return ""  # letters by name: 'an F', 'an HR'
    if lower in _NO_NOUN or _EITHER.match(lower) or not lower[0].isascii() or not re.search(r"[aeiouy]", part[:3]):
        return ""
    if lower[0] in "aeiou":
        return "a" if _LIKE_YOU.match(lower) else "an"
    return "an" if _SILENT_H.match(lower) else "a"
