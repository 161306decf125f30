"""A text as every check sees it: words, sentences, the salutation and the closing, each with its place.

Places are characters of the text as it was given, so that a finding can point at them. All parts are worked out when
they are first asked for, once for all checks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache, partial
from typing import Final, NamedTuple

from followup_rules.quality.parts import closing_start, salutation_span

INVISIBLE: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Characters that nobody sees, as they stand in a class of a regular expression."""

_WORD: Final = re.compile(
    rf"[^\W\d_]+(?:[’'{INVISIBLE}-][^\W_]+)*|\d+(?:[.,:]\d+)*[^\W\d_]*"  # a hyphen stands last in the class
)
_UNSEEN: Final = re.compile(f"[{INVISIBLE}]+")
_PARAGRAPH: Final = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]*)*")
_ENDING: Final = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n(?=[ \t]{0,8}(?:[-*•·]|\d{1,2}[.)])\s)|\n(?=[ \t]*\n)")
_ABBREVIATED: Final = frozenset(
    "mr mrs ms mx dr prof sr jr st mt messrs rev fr hon gen col capt lt sgt engr adv sen rep gov pres inc ltd co corp "
    "plc llc e.g i.e eg ie etc vs no nos tel ext approx dept est fig vol jan feb mar apr jun jul aug sep sept oct nov "
    "dec inst ult prox a.m p.m am pm u.s u.k ph.d m.d b.sc m.sc".split()
)


_SHORT: Final = 200
"""Characters of a text that is remembered."""


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


class Text:
    """The subject and the body of one message: what its writer wrote, without quoted mail."""

    def __init__(self, body: str, subject: str = "", quoted: bool = False) -> None:
        self.body, self.subject = body, subject
        self.quoted = quoted
        """True where mail of somebody else was quoted below and has been set aside."""

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return _spans(self.body)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of the body."""
        return _words(self.body, self._spans, self.lowers)

    @cached_property
    def subject_words(self) -> tuple[Word, ...]:
        """The words of the subject."""
        return words_of(self.subject)

    @cached_property
    def lowers(self) -> tuple[str, ...]:
        """The words of the body in small letters."""
        return _lowers(self.body, self._spans)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._spans]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The words between two characters, as `words[first:last]`."""
        return bisect_left(self._starts, start), bisect_left(self._starts, end)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of the body, in order; the salutation and the closing are sentences of their own."""
        made: list[Sentence] = []
        marks = sorted({self.greeting.end, self.closing})
        for block in _PARAGRAPH.finditer(self.body):
            for start, end in _split(self.body, block.start(), block.end(), marks):
                first, last = self.between(start, end)
                if first < last:
                    made.append(Sentence(start, end, first, last))
        return tuple(made)

    @cached_property
    def core(self) -> tuple[Sentence, ...]:
        """The sentences between the salutation and the closing: what the message says."""
        return tuple([one for one in self.sentences if one.start >= self.greeting.end and one.end <= self.closing])

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The paragraphs between the salutation and the closing."""
        return tuple(
            Span(max(block.start(), self.greeting.end), min(block.end(), self.closing))
            for block in _PARAGRAPH.finditer(self.body)
            if block.end() > self.greeting.end and block.start() < self.closing
        )

    @cached_property
    def greeting(self) -> Span:
        """The salutation, as in 'Dear Ms Reyes,'; an empty span at the beginning where there is none."""
        return Span(*salutation_span(self.body))

    @cached_property
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
    """The words of a text; those of short ones, as the names and notes of an application, are remembered."""
    return _words_of_short(text) if len(text) <= _SHORT else _words_of(text)


@lru_cache(maxsize=4096)
def _words_of_short(text: str) -> tuple[Word, ...]:
    return _words_of(text)


def _words_of(text: str) -> tuple[Word, ...]:
    spans = _spans(text)
    return _words(text, spans, _lowers(text, spans))


def _spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(text)]


def _lowers(text: str, spans: list[tuple[int, int]]) -> tuple[str, ...]:
    plain = text.lower()
    if not text.isascii():
        if len(plain) != len(text):  # a few letters grow when they become small
            plain = "".join([small if len(small := letter.lower()) == 1 else letter for letter in text])
        plain = plain.replace("’", "'").replace("‘", "'")
        if _UNSEEN.search(plain):
            return tuple([_UNSEEN.sub("", plain[start:end]) for start, end in spans])
    return tuple([plain[start:end] for start, end in spans])


# A letter has a hundred words, and every message is made of them: this makes the named tuples without a call each.
_make_word: Final = partial(tuple.__new__, Word)


def _words(text: str, spans: list[tuple[int, int]], lowers: tuple[str, ...]) -> tuple[Word, ...]:
    made = zip([text[start:end] for start, end in spans], lowers, *zip(*spans, strict=True), strict=True)
    return tuple(map(_make_word, made)) if spans else ()


def _split(text: str, start: int, end: int, marks: list[int]) -> list[tuple[int, int]]:
    cuts: list[int] = [mark for mark in marks if start < mark < end]
    for match in _ENDING.finditer(text, start, end):
        if text[match.start()] == "." and match.end() - match.start() == 1 and _goes_on(text, match.start(), end):
            continue
        cuts.append(match.end())
    spans: list[tuple[int, int]] = []
    for cut in [*sorted(cuts), end]:
        while start < cut and text[start].isspace():
            start += 1
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            spans.append((start, stop))
        start = max(start, cut)
    return spans


def _goes_on(text: str, dot: int, end: int) -> bool:
    """True where a full stop belongs to an abbreviation or an initial, or the next word is in small letters."""
    begin = dot
    while begin > 0 and (text[begin - 1].isalnum() or text[begin - 1] == "."):
        begin -= 1
    word = text[begin:dot].lower()
    after = text[dot + 1 : end].lstrip()
    if not after:
        return False
    if after[0].islower():
        return text[dot + 1] != "\n"
    if word in _ABBREVIATED:
        return word not in ("am", "pm", "a.m", "p.m", "etc", "inc", "ltd", "co", "no") or not after[0].isupper()
    return len(word) == 1 and text[begin].isupper() and word != "i"
