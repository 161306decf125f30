"""The check `readability`: a text above a school grade, and sentences without end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pydantic import Field

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.quality.text import Sentence, Text, Word
from followup_rules_readability.syllables import syllables

_GRADED: Final = 8
"""Shorter sentences are not named as hard: a name and a title make them look so."""

_LONG: Final = 25
"""The words from which on a sentence is split rather than given shorter words; GOV.UK splits from 25 on."""

_HEAVY: Final = 4
"""The syllables of a word that a shorter one may replace."""

_JOINTS: Final = frozenset(
    (
        "and",
        "but",
        "because",
        "which",
        "who",
        "while",
        "whereas",
        "although",
        "so",
        "since",
        "if",
        "when",
        "as",
        "where",
    )
)
"""Words before which a long sentence can often be ended."""


class Measured(NamedTuple):
    """A sentence with its words and its Flesch-Kincaid grade."""

    sentence: Sentence
    words: Sequence[Word]
    grade: float


def grade(words: int, sentences: int, syllable_count: int) -> float:
    """The Flesch-Kincaid grade: the years of American school after which a text of this kind is read with ease.

    Kincaid, Fishburne, Rogers and Chissom, Derivation of new readability formulas, 1975.
    """
    return 0.39 * words / sentences + 11.8 * syllable_count / words - 15.59


class Readability(Check):
    """A text that is harder to read than wanted, and sentences that are longer than wanted."""

    name = "readability"
    code = "READ001"
    title = "a text that is hard to read"

    class Options(CheckOptions):
        """How hard a text may be."""

        grade_at_most: float = Field(
            default=12, ge=1, le=30, description="The highest Flesch-Kincaid grade; 12 is the last year of school."
        )
        sentence_at_most: int = Field(default=45, ge=5, le=500, description="The words of the longest sentence.")
        words_at_least: int = Field(
            default=40, ge=1, description="A shorter text has no grade: one name would decide it."
        )
        shown: int = Field(default=2, ge=1, le=20, description="How many of the hardest sentences are shown.")

    options: Options

    def faults(self, text: Text, context: Context) -> Iterator[Fault]:
        """Sentences that are too long, and the hardest ones of a text whose grade is too high; in their order."""
        measured = list(_measured(text))
        found = [_too_long(one, self.options.sentence_at_most) for one in measured if self._is_long(one)]
        words = sum(len(one.words) for one in measured)
        if words >= self.options.words_at_least:
            count = sum(syllables(word.lower) for one in measured for word in one.words)
            whole = grade(words, len(measured), count)
            if whole > self.options.grade_at_most:
                found += self._hardest(measured, whole)
        yield from sorted(found, key=lambda fault: fault.start)

    def _is_long(self, one: Measured) -> bool:
        return len(one.words) > self.options.sentence_at_most

    def _hardest(self, measured: Sequence[Measured], whole: float) -> list[Fault]:
        hard = [one for one in measured if len(one.words) >= _GRADED and one.grade >= whole and not self._is_long(one)]
        hard.sort(key=lambda one: -one.grade)
        return [_too_hard(one, whole, self.options.grade_at_most) for one in hard[: self.options.shown]]


def _measured(text: Text) -> Iterator[Measured]:
    for sentence in text.core:
        words = text.words[sentence.first : sentence.last]
        yield Measured(sentence, words, grade(len(words), 1, sum(syllables(word.lower) for word in words)))


def _too_long(one: Measured, most: int) -> Fault:
    message = f"this sentence has {len(one.words)} words, more than {most}; at its end the beginning is forgotten"
    return Fault(message, one.sentence.start, one.sentence.end, _split(one.words))


def _too_hard(one: Measured, whole: float, most: float) -> Fault:
    message = (
        f"the text reads at grade {whole:.1f}, more than {most:g}, and this sentence at {one.grade:.1f}; "
        "who has little time reads it twice, or not at all"
    )
    heavy = dict.fromkeys(word.lower for word in one.words if syllables(word.lower) >= _HEAVY)
    heaviest = sorted(heavy, key=lambda word: -syllables(word))[:3]
    if len(one.words) >= _LONG or not heaviest:
        hint = _split(one.words)
    else:
        listed = ", ".join([f"'{word}'" for word in heaviest])
        hint = f"say it in shorter words than {listed}"
    return Fault(message, one.sentence.start, one.sentence.end, hint)


def _split(words: Sequence[Word]) -> str:
    """Where a sentence may be ended: before the joint that is nearest to its middle."""
    middle = len(words) / 2
    joints = [place for place, word in enumerate(words) if 3 <= place < len(words) - 3 and word.lower in _JOINTS]
    if not joints:
        return "make two sentences of it"
    place = min(joints, key=lambda one: abs(one - middle))
    before = " ".join(word.text for word in words[place - 2 : place])
    return f"make two sentences of it, for instance after '{before}'"
