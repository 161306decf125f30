"""Every phrase and mark of a message that is known to jar, each with its kind and its weight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from followup_rules.check import Part
from followup_rules.quality.chains import Chains, chains
from followup_rules.quality.quotation import is_within, quotations
from followup_rules.quality.text import Apart, Sentence, Text
from followup_rules.quality.tone.loudness import capitals, emoji, exclamations, masked

LISTS: Final = ("tone_slang", "tone_push", "tone_edge", "tone_gush")
STRONG: Final = 10
"""The weight of a clear sign."""
ALONE: Final = frozenset(("emoji", "swearing", "shouting", "exclamation"))
"""Kinds that need no reading of the sentence round them."""
_CLEAR_ALONE: Final = "slang"

_CODE: Final = frozenset('\\"(){}[]=<>|/_@#$%+*`')
_KISSES: Final = frozenset(("x", "xx", "xxx", "xxxx"))
_THANKS: Final = frozenset(("thank", "thanks", "you", "appreciate", "appreciated"))
_SUBJECTS: Final = frozenset(("i", "you", "he", "she", "they", "we", "it", "people", "anybody", "anyone"))


class Sign(NamedTuple):
    """A place where the tone slips: what kind of slip it is, how heavy (ten is enough alone), what to say instead."""

    kind: str
    weight: int
    start: int
    end: int
    excerpt: str
    instead: str = ""
    part: Part = "body"

    @property
    def decides(self) -> bool:
        """True where the sentence round it need not be read: marks, swearing, and clear slang and chat-speak."""
        return self.kind in ALONE or (self.kind == _CLEAR_ALONE and self.weight >= STRONG)


@lru_cache(maxsize=1)
def _lists() -> Chains:
    return chains(*LISTS)


@lru_cache(maxsize=512)
def _kind_and_weight(tag: str) -> tuple[str, int]:
    kind, _, weight = tag.partition(" ")
    return kind, int(weight)


def signs_in(text: Text, *, marks_allowed: int) -> list[Sign]:
    """Every sign in the subject and then in the body; of signs that overlap only the heaviest."""
    words = text.subject_whole
    title = _signs(text.subject, words, [Sentence(0, len(text.subject), 0, len(words.lowers))], marks_allowed)
    left = max(marks_allowed - text.subject.count("!"), 0)
    body = _signs(text.body, text.whole, text.sentences, left)
    body += _kisses(text)
    return [*[sign._replace(part="subject") for sign in _heaviest(title)], *_heaviest(body)]


def _signs(body: str, words: Apart, sentences: Sequence[Sentence], marks_allowed: int) -> list[Sign]:
    found = list(_phrases(body, words, sentences))
    if found:
        quoted = quotations(body)
        found = [sign for sign in found if not is_within(quoted, sign.start, sign.end)]
    for kind, places in (
        ("emoji", emoji(body)),
        ("swearing", masked(body)),
        ("shouting", capitals(body, words)),
        ("exclamation", exclamations(body, marks_allowed)),
    ):
        found += [Sign(kind, weight, start, end, body[start:end]) for start, end, weight in places]
    return found


def _phrases(body: str, words: Apart, sentences: Sequence[Sentence]) -> Iterator[Sign]:
    lists = _lists()
    owns, lowers, starts, ends = words
    for sentence in sentences:
        for match in lists.find(lowers, sentence.first, sentence.last):
            kind, weight = _kind_and_weight(match.tag)
            if match.last == match.first + 1 and match.first > sentence.first and owns[match.first][0].isupper():
                continue  # a name: Slack, Vibe, Chuck
            if _is_meant_well(kind, lowers[sentence.first : match.first], lowers[match.first : match.last]):
                continue
            start, end = starts[match.first], ends[match.last - 1]
            around = body[max(start - 1, 0) : end + 1].strip('()*_"[]')
            if _CODE.isdisjoint(around):  # not in an address or in code
                yield Sign(kind, weight, start, end, body[start:end], match.note)


def _is_meant_well(kind: str, before: Sequence[str], said: Sequence[str]) -> bool:
    """True for 'do not feel that you must', 'thank you so much for the' and 'I was too slow to'."""
    if kind == "pressure":
        return "feel" in before[-3:]
    if kind == "sarcasm":
        return tuple(said[:3]) == ("so", "much", "for") and not _THANKS.isdisjoint(before[-2:])
    if kind == "belittling" and said[0] in ("too", "so"):
        who = next((word for word in reversed(before) if word in _SUBJECTS), "")
        return who == "i"
    return False


def _kisses(text: Text) -> list[Sign]:
    """'Ann xx' at the very end."""
    if text.owns and text.owns[-1] in _KISSES and text.starts[-1] >= text.closing:
        return [Sign("familiar", STRONG, text.starts[-1], text.ends[-1], text.owns[-1])]
    return []


def _heaviest(found: list[Sign]) -> list[Sign]:
    """The heaviest first, the longer before the shorter; what overlaps with one that is kept is dropped."""
    kept: list[Sign] = []
    starts: list[int] = []
    for sign in sorted(found, key=lambda one: (-one.weight, one.start - one.end, one.start)):
        at = bisect_right(starts, sign.start)
        before_ends = at == 0 or kept[at - 1].end <= sign.start
        if before_ends and (at == len(kept) or sign.end <= kept[at].start):
            starts.insert(at, sign.start)
            kept.insert(at, sign)
    return kept
