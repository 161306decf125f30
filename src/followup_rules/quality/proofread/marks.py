"""Spaces, marks and capital letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count
from typing import Final

from followup_rules.quality.proofread.piece import Piece
from followup_rules.quality.proofread.slips import Slip

_MAY_BE: Final = re.compile(r"[ ](?=[ ,;!?.])|[,;](?=[a-z,;.])|[.!?](?=[.A-Z]|[ \n]{1,2}[a-z])")
_MARKS: Final = re.compile(
    r"(?P<wide>[ ]{2,3}(?=[a-zA-Z]))|(?P<before>[ ]{1,2}(?=[,;]|[!?.](?:\s|$)))|(?P<small>[.!?][ \n]{1,2}(?=[a-z]))"
    r"|(?P<twice>,,|,\.(?=\s|$)|;;|\?\.(?=\s|$)|\.\.(?=\s|$))|(?P<comma>,(?=[a-z]{2}))"
    r"|(?P<stop>[.!?](?=(?:I|The|We|Thank|Thanks|Please|It|This|My|You|If|As)\b))"
)
_BEHIND: Final = {
    "wide": re.compile(r"[a-z,]"), "before": re.compile(r"[a-z\d]"), "small": re.compile(r"[a-z\d)]"),
    "twice": re.compile(r"[^.\s]"), "comma": re.compile(r"[a-z]"), "stop": re.compile(r"[a-z]"),
}  # fmt: skip
"""What stands in front of a mark that is a slip."""

_SAYS: Final = {
    "wide": ("two spaces stand where one belongs", "write one space", " "),
    "before": ("a space stands before a mark, which belongs to the word in front of it", "leave out the space", ""),
    "twice": ("two marks stand where one belongs", "keep one of them", None),
    "comma": ("a space is missing behind the comma", "put a space behind it", ", "),
    "stop": ("a space is missing behind the end of a sentence", "put a space behind it", None),
}
_ABBREVIATED: Final = frozenset(
    "mr mrs ms mx dr prof sr jr st inc ltd co corp vs no nos tel ext approx dept est fig vol etc al cf ca incl "
    "excl min max sec hr hrs jan feb mar apr jun jul aug sep sept oct nov dec am pm resp temp ref pp ed eds plc "
    "govt asst mgr jnr snr esq inst ult prox nr wk wks yr yrs mth mths viz".split()
)
_STARTERS: Final = frozenset(
    "the a an we you he she it they this that these those there my your our his her their its if when as in on at "
    "for from with after before since because but and so also please thank thanks many who what how where which "
    "would could can will is are was were do does did have has had let looking hope hoping however although while "
    "once during unfortunately meanwhile furthermore additionally moreover kindly sorry first then finally not no "
    "yes to of by all some any it's i'm i've that's there's we're you're they're don't another both each every "
    "until though maybe perhaps regarding following currently recently yesterday today tomorrow".split()
)
_CAPITALS: Final = {
    word: word.capitalize()
    for word in (
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
        "fridays january february april june july september october november december english german spanish "
        "italian portuguese japanese russian korean arabic hindi european british african indian canadian "
        "australian christmas"
    ).split()
}
_SELF: Final = {form: "I" + form[1:] for form in ("i", "i'm", "i've", "i'd", "i'll", "i’m", "i’ve", "i’d", "i’ll")}
_SMALL: Final = frozenset((*_CAPITALS, *_SELF))
_LINE: Final = re.compile(r"\n[ \t]{0,9}(?=[a-z])")
_PROSE: Final = re.compile(r"([a-z]+(?:['’][a-z]+)?)[ ,][^\n]{10,2000}[.!?]")
_FIRST_WORD: Final = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_HERE: Final = "; slips like this make the reader doubt the care behind the message"


def marks(text: str, first: int, last: int) -> Iterator[Slip]:
    """Spaces and marks that are one too many or one too few, and sentences that begin small."""
    for place in _MAY_BE.finditer(text, first, last):
        match = _MARKS.match(text, place.start(), last)
        if match is None or place.start() <= first:
            continue
        name, (start, end) = match.lastgroup or "", match.span()
        if not _BEHIND[name].match(text, start - 1):
            continue
        if name == "small":
            word = _FIRST_WORD.match(text, end, last)
            if word and word.group().replace("’", "'") in _STARTERS and not _is_abbreviation(text, start):
                yield _capital(text, word.start(), word.end(), "a sentence begins with a small letter")
        elif name not in ("comma", "stop") or text[start - 2 : start].isalpha():
            what, hint, fix = _SAYS[name]
            yield Slip("grammar", start, end, what + _HERE, hint, fix)


_ITS: Final = re.compile(r"\b[Ii]ts[’'] (?=[a-z])")


def its_apostrophe(text: str, first: int, last: int) -> Iterator[Slip]:
    """'its' own way'; in a message without other single quotation marks."""
    if ("its'" in text or "its’" in text) and " '" not in text and "‘" not in text:
        for match in _ITS.finditer(text, first, last):
            what = "'its' takes no apostrophe" + _HERE
            yield Slip("grammar", match.start(), match.end() - 1, what, "write 'its'", match[0][:3])


def _is_abbreviation(text: str, dot: int) -> bool:
    if text[dot] != ".":
        return False
    begin = dot
    while begin > 0 and dot - begin < 12 and (text[begin - 1].isalnum() or text[begin - 1] in ".-"):
        begin -= 1
    word = text[begin:dot].lower()
    return len(word) < 2 or word in _ABBREVIATED or not word.isalpha()


def _capital(text: str, start: int, end: int, what: str) -> Slip:
    right = text[start].upper() + text[start + 1 : end]
    return Slip("grammar", start, end, f"{what}: '{text[start:end]}'{_HERE}", f"write '{right}'", right)


def small_paragraphs(text: str, first: int, last: int) -> Iterator[Slip]:
    """A paragraph of prose that begins with a small letter, as below the salutation."""
    for line in _LINE.finditer(text, first, last):
        before = text[max(first, line.start() - 20) : line.start()].rstrip(" \t\n")
        if line.start() > first and (before[-1:] not in (".", "!", "?", "") or not text[line.start() - 1].isspace()):
            continue
        prose = _PROSE.match(text, line.end(), last)
        if prose and prose[1].replace("’", "'") in _STARTERS:
            yield _capital(text, prose.start(1), prose.end(1), "a paragraph begins with a small letter")


def small_words(piece: Piece) -> Iterator[Slip]:
    """'i', and days, months and languages in small letters."""
    if _SMALL.isdisjoint(piece.owns):
        return
    text = piece.text
    for word in map(piece.word, compress(count(), map(_SMALL.__contains__, piece.owns))):
        own = word.text
        if own in _CAPITALS:
            yield _capital(text, word.start, word.end, "a name is written with a small letter")
        elif (
            text[word.end : word.end + 1] not in (".", ")", "/", ":") and text[word.start - 1 : word.start] not in "(./"
        ):
            yield Slip(
                "grammar", word.start, word.end, "'I' is written small" + _HERE, f"write '{_SELF[own]}'", _SELF[own]
            )
