"""One sentence as the finders of requests read it: its words, what stands between them, and where clauses begin."""

from __future__ import annotations

import re
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Sentence, Text

# What somebody else said or might say: no request of the writer's own.
_QUOTATION: Final = re.compile(r"[“\"][^“”\"\n]{1,300}[”\"]|(?<!\w)[‘'][^‘’'\n]{2,200}[’'](?!\w)")


def listed(words: str) -> frozenset[str]:
    """Words that stand between blanks in one string."""
    return frozenset(words.split())


# More words than anybody writes between two full stops: of such a sentence only the end is read.
_LONGEST: Final = 400
_BREAKS: Final = frozenset(",;:—–()-…/|•*!?.")
INSIDE: Final = "\u0000"
"""Stands for a word inside quotation marks."""
HYPOTHETICAL: Final = listed(
    "would should could might 'd i'd we'd it'd they'd that'd will i'll we'll it'll shall id wud"
)
"""Words by which something lies ahead or is only thought of."""


class Clauses:
    """The words of one sentence, those inside quotation marks made unreadable."""

    def __init__(self, text: Text, sentence: Sentence) -> None:
        if sentence.last - sentence.first > _LONGEST:
            first = sentence.last - _LONGEST
            sentence = sentence._replace(start=text.starts[first], first=first)
        self.text, self.sentence = text, sentence
        self.words: list[str] = list(text.lowers[sentence.first : sentence.last])
        self.size = len(self.words)
        raw = text.body[sentence.start : sentence.end]
        if '"' in raw or "“" in raw or "‘" in raw or " '" in raw:
            self._mask(raw)

    def _mask(self, raw: str) -> None:
        for match in _QUOTATION.finditer(raw):
            first, last = self.text.between(self.sentence.start + match.start(), self.sentence.start + match.end())
            for index in range(first - self.sentence.first, min(last - self.sentence.first, self.size)):
                self.words[index] = INSIDE

    @property
    def asks(self) -> bool:
        """True where the sentence ends in a question mark of the writer's own."""
        return self.text.body[self.sentence.start : self.sentence.end].rstrip(" )]!*_").endswith("?")

    def gap(self, index: int) -> str:
        """What stands between a word and the word before it."""
        if index <= 0:
            return ""
        text, at = self.text, self.sentence.first + index
        return text.body[text.ends[at - 1] : text.starts[at]]

    def cut(self, index: int) -> bool:
        """True where a clause begins by punctuation, or the sentence begins."""
        return index == 0 or not _BREAKS.isdisjoint(self.gap(index))

    def opens(self, index: int) -> bool:
        """True where a clause begins, be it behind 'and', 'so', 'then'."""
        return self.cut(index) or (self.words[index - 1] in sets()["lead"] and index < 4)

    def at(self, index: int) -> str:
        """A word, or nothing beyond the sentence."""
        return self.words[index] if 0 <= index < self.size else ""

    def near(self, index: int, count: int) -> list[str]:
        """The words from one on."""
        return self.words[index : index + count]

    def before(self, index: int, count: int) -> list[str]:
        """The words before one."""
        return self.words[max(0, index - count) : index]


def sets() -> dict[str, frozenset[str]]:
    """The words by which one asks, by kind."""
    return word_sets("asking")
