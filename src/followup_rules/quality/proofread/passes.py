"""One reading of a text for all proofreading checks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from followup_rules.quality.proofread.articles import articles
from followup_rules.quality.proofread.engine import engine
from followup_rules.quality.proofread.farewells import farewell_slips
from followup_rules.quality.proofread.marks import its_apostrophe, marks, small_paragraphs, small_words
from followup_rules.quality.proofread.patterns import patterns
from followup_rules.quality.proofread.piece import piece_of
from followup_rules.quality.proofread.sentences import sentence_slips
from followup_rules.quality.proofread.slips import Slip
from followup_rules.quality.proofread.spelling import doubled, misspelt, names_among
from followup_rules.quality.proofread.tokens import opaque_spans, tokens_of
from followup_rules.quality.proofread.wording import told
from followup_rules.quality.text import Text, taken_apart

LONGEST = 100_000
"""Characters of a body that are read; what stands behind them is left alone."""

_read: WeakKeyDictionary[Text, tuple[Slip, ...]] = WeakKeyDictionary()


def proofread(text: Text) -> tuple[Slip, ...]:
    """The slips of a text, in order, each place once. Salutation, closing, quoted words and addresses are not read."""
    found = _read.get(text)
    if found is None:
        found = _read[text] = tuple(_distinct([*_subject(text), *_body(text)]))
    return found


def _body(text: Text) -> Iterator[Slip]:
    first, last = text.greeting.end, min(text.closing, LONGEST)
    begin, end = text.between(first, last)
    body = text.body
    piece = piece_of(body, text.apart(begin, end), opaque_spans(body[:last]))
    yield from doubled(piece)
    yield from misspelt(piece, text.whole)
    yield from small_words(piece)
    yield from articles(piece)
    for slip in (*marks(body, first, last), *small_paragraphs(body, first, last), *its_apostrophe(body, first, last)):
        if not piece.hides(slip.start):
            yield slip
    tokens = tokens_of(piece, patterns().keys)
    for hit in patterns().find(tokens):
        yield told(hit, tokens, body)
    yield from sentence_slips(text, [one for one in text.core if one.end <= last])
    if text.closing < LONGEST:
        yield from farewell_slips(body, text.closing)
    more = engine()
    if more is not None:
        yield from more.read(body, first, last, piece, names_among(text.whole))


def _subject(text: Text) -> Iterator[Slip]:
    subject = text.subject
    piece = piece_of(subject, text.subject_whole, opaque_spans(subject))
    for slip in (*doubled(piece), *misspelt(piece, taken_apart(""))):
        yield slip._replace(part="subject")
    tokens = tokens_of(piece, patterns().keys)
    for hit in patterns().find(tokens):
        if not hit.pattern.line.section.body_only:
            yield told(hit, tokens, subject)._replace(part="subject")


def _distinct(slips: list[Slip]) -> Iterator[Slip]:
    """The first slip of every place: own findings come before those of the engine, and point more exactly."""
    taken: dict[str, list[tuple[int, int]]] = {"subject": [], "body": []}
    kept: list[Slip] = []
    for slip in slips:
        others = taken[slip.part]
        place = (slip.start, max(slip.end, slip.start + 1))
        at = bisect_right(others, place)
        before = at == 0 or others[at - 1][1] <= place[0]
        if before and (at == len(others) or place[1] <= others[at][0]):
            others.insert(at, place)
            kept.append(slip)
    yield from sorted(kept, key=lambda slip: (slip.part == "body", slip.start))
