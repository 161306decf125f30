"""A text as every check sees it: words, sentences, the salutation and the closing, each with its place.

Places are characters of the text as it was given, so that a finding can point at them. All parts are worked out when
they are first asked for, once for all checks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final, NamedTuple

from followup_rules.quality.once import once
from followup_rules.quality.parts import closing_start, salutation_span

INVISIBLE: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Characters that nobody sees, as they stand in a class of a regular expression."""

_WORD: Final = re.compile(
    rf"([^\W\d_]+(?:[’'{INVISIBLE}-][^\W_]+)*|\d+(?:[.,:]\d+)*[^\W\d_]*)"  # a hyphen stands last in the class
)
_ASCII_WORD: Final = re.compile(r"([A-Za-z]+(?:['-][A-Za-z0-9]+)*|[0-9]+(?:[.,:][0-9]+)*[A-Za-z]*)")
"""The same for text without other letters: a quarter cheaper."""
_UNSEEN: Final = re.compile(f"[{INVISIBLE}]+")
_PARAGRAPH: Final = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]*)*")
_ENDING: Final = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n(?=[ \t]{0,8}(?:[-*•·]|\d{1,2}[.)])\s)|\n(?=[ \t]*\n)")
_NEXT: Final = re.compile(r"(?:[^\S\n]|\n(?![ \t]*\n))*([^\s])")
"""What stands behind a full stop, in the same paragraph."""
_ABBREVIATED: Final = frozenset(
    "mr mrs ms mx dr prof sr jr st mt messrs rev fr hon gen col capt lt sgt engr er adv sen rep gov pres inc ltd co "
    "corp plc llc e.g i.e eg ie etc vs no nos tel ext approx dept est fig vol jan feb mar apr jun jul aug sep sept oct "
    "nov dec inst ult prox a.m p.m am pm u.s u.k ph.d m.d b.sc m.sc".split()
)


class Word(NamedTuple):
    """A word or a number: `lower` is in small letters with straight apostrophes."""

    text: str
    lower: str
    start: int
    end: int


class Span(NamedTuple):
    """Characters of a text, end exclusive."""

    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence or an item of a list: its characters, and its words as `words[first:last]`."""

    start: int
    end: int
    first: int
    last: int


class Apart(NamedTuple):
    """The words of a text: as they stand there, in small letters, and where each starts and ends."""

    owns: list[str]
    lowers: tuple[str, ...]
    starts: list[int]
    ends: list[int]


class Text:
    """The subject and the body of one message: what its writer wrote, without quoted mail."""

    def __init__(self, body: str, subject: str = "", quoted: bool = False) -> None:
        self.body, self.subject = body, subject
        self.quoted = quoted
        """True where mail of somebody else was quoted below and has been set aside."""

    @once
    def whole(self) -> Apart:
        """All words of the body with their places."""
        return taken_apart(self.body)

    @once
    def words(self) -> tuple[Word, ...]:
        """The words of the body."""
        return _words(self.whole)

    @once
    def subject_words(self) -> tuple[Word, ...]:
        """The words of the subject."""
        return _words(self.subject_whole)

    @once
    def subject_whole(self) -> Apart:
        """All words of the subject with their places."""
        return taken_apart(self.subject)

    @once
    def owns(self) -> list[str]:
        """The words of the body as they stand there."""
        return self.whole.owns

    @once
    def lowers(self) -> tuple[str, ...]:
        """The words of the body in small letters."""
        return self.whole.lowers

    @once
    def starts(self) -> list[int]:
        """Where each word of the body starts."""
        return self.whole.starts

    @once
    def ends(self) -> list[int]:
        """Where each word of the body ends."""
        return self.whole.ends

    def apart(self, first: int, last: int) -> Apart:
        """The words `first:last` of the body with their places."""
        return Apart(self.owns[first:last], self.lowers[first:last], self.starts[first:last], self.ends[first:last])

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The words between two characters, as `words[first:last]`."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    @once
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of the body, in order; the salutation and the closing are sentences of their own."""
        made: list[Sentence] = []
        starts, first = self.starts, 0
        for start, end in _split(self.body, self.greeting.end, self.closing):
            last = bisect_left(starts, end, first)
            if first < last:
                made.append(Sentence(start, end, first, last))
            first = last
        return tuple(made)

    @once
    def core(self) -> tuple[Sentence, ...]:
        """The sentences between the salutation and the closing: what the message says."""
        first, last = self.greeting.end, self.closing
        return tuple([one for one in self.sentences if one.start >= first and one.end <= last])

    @once
    def paragraphs(self) -> tuple[Span, ...]:
        """The paragraphs between the salutation and the closing."""
        return tuple(
            Span(max(block.start(), self.greeting.end), min(block.end(), self.closing))
            for block in _PARAGRAPH.finditer(self.body)
            if block.end() > self.greeting.end and block.start() < self.closing
        )

    @once
    def greeting(self) -> Span:
        """The salutation, as in 'Dear Ms Reyes,'; an empty span at the beginning where there is none."""
        return Span(*salutation_span(self.body))

    @once
    def closing(self) -> int:
        """Where the closing begins ('Kind regards', names and what stands below); the end where there is none."""
        return closing_start(self.body, self.greeting.end)

    def excerpt(self, start: int, end: int) -> str:
        """Characters of the body."""
        return self.body[start:end]

    def sentence_at(self, position: int) -> Sentence | None:
        """The sentence that a character of the body belongs to."""
        index = bisect_right([one.start for one in self.sentences], position) - 1
        return self.sentences[index] if index >= 0 and self.sentences[index].end > position else None


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text."""
    return _words(taken_apart(text))


@lru_cache(maxsize=4096)
def lowers_of(text: str) -> tuple[str, ...]:
    """The words of a short text in small letters; remembered, for several checks ask for names, skills and notes."""
    return taken_apart(text).lowers


@lru_cache(maxsize=4096)
def owns_of(text: str) -> tuple[str, ...]:
    """The words of a short text as they stand there; remembered as well."""
    return tuple(taken_apart(text).owns)


def taken_apart(text: str) -> Apart:
    """The words of a text, and their places."""
    plain = text.isascii()
    parts = (_ASCII_WORD if plain else _WORD).split(text)  # what is between words, a word, what is between
    places = list(accumulate(map(len, parts)))
    owns = parts[1::2]
    lowers = map(str.lower, owns) if plain else [own.lower() if own.isascii() else _small(own) for own in owns]
    return Apart(owns, tuple(lowers), places[:-1:2], places[1::2])


def _small(own: str) -> str:
    """A word in small letters with straight apostrophes and without what nobody sees."""
    small = own.lower()
    if len(small) != len(own):  # a few letters grow when they become small
        small = "".join([one if len(one := letter.lower()) == 1 else letter for letter in own])
    return _UNSEEN.sub("", small.replace("’", "'"))


# A letter has a hundred words, and every message is made of them: this makes the named tuples without a call each.
_make_word: Final = partial(tuple.__new__, Word)


def _words(apart: Apart) -> tuple[Word, ...]:
    return tuple(map(_make_word, zip(*apart, strict=True)))


def _split(text: str, *marks: int) -> list[tuple[int, int]]:
    """The characters of the sentences of a text, which is cut at some marks as well."""
    cuts = [match.end() for match in _ENDING.finditer(text) if match[0] != "." or not _goes_on(text, match.start())]
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in sorted({*cuts, *marks, len(text)}):
        said = text[start:cut].rstrip()
        bare = said.lstrip()
        if bare:
            spans.append((start + len(said) - len(bare), start + len(said)))
        start = cut
    return spans


def _goes_on(text: str, dot: int) -> bool:
    """True where a full stop belongs to an abbreviation or an initial, or the next word is in small letters."""
    after = _NEXT.match(text, dot + 1)
    if after is None:
        return False
    if after[1].islower():
        return text[dot + 1] != "\n"
    begin = dot
    while begin > 0 and (text[begin - 1].isalnum() or text[begin - 1] == "."):
        begin -= 1
    word = text[begin:dot].lower()
    if word in _ABBREVIATED:
        return word not in ("am", "pm", "a.m", "p.m", "etc", "inc", "ltd", "co", "no") or not after[1].isupper()
    return len(word) == 1 and text[begin].isupper() and word != "i"
