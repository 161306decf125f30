"""Whether the tone of a message slips, and where: marks that decide alone, and what each sentence adds up to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from followup_rules.check import Part
from followup_rules.quality.text import Sentence, Text
from followup_rules.quality.tone.reading import kind_of, together, tone_model, without
from followup_rules.quality.tone.signs import ALONE, STRONG, Sign, signs_in

_SCALE: Final = 3.0
"""How many points of evidence one unit of score is worth."""
_ALSO: Final = -1.0
"""From which score on a sentence is named beside the worst one."""
_TELLING: Final = 5
"""From which weight on a known phrase is pointed at; lighter ones only add to the score."""
_MANY: Final = 3
"""So many clear phrases jar, however plain the sentences round them are."""
_SHORT: Final = 14
_CLAUSE: Final = re.compile(r"[,;:()–—]|\s-\s")


class Judgement(NamedTuple):
    """How much speaks against the tone of a message, ten being enough, and the places that do."""

    evidence: float
    signs: list[Sign]


class _Judged(NamedTuple):
    score: float
    sentence: Sentence
    part: Part
    found: list[Sign]


def judge(text: Text, *, marks_allowed: int, enough: int, allowed: Collection[str] = frozenset()) -> Judgement:
    """Reads a message; `allowed` are words and phrases, in small letters, that are all right."""
    signs = [sign for sign in signs_in(text, marks_allowed=marks_allowed) if sign.excerpt.lower() not in allowed]
    many = sum(sign.weight >= STRONG for sign in signs) >= _MANY
    loud = [sign for sign in signs if sign.decides or (many and sign.weight >= STRONG)]
    noise = sum(sign.weight for sign in loud)
    lowers = _left(text.lowers, allowed)
    judged = list(_judged(text, lowers, [sign for sign in signs if sign.kind not in ALONE]))
    score = together([one.score for one in judged]) if judged else -STRONG
    evidence = max(float(noise), STRONG + _SCALE * score)
    if evidence < enough:
        return Judgement(evidence, [])
    named = list(loud)
    if STRONG + _SCALE * score >= enough:
        best = max(one.score for one in judged)
        for one in judged:
            if one.score >= min(best, _ALSO):
                known = [sign for sign in one.found if sign.weight >= _TELLING]
                named += known or [_learned(text, lowers, one)]
    named = list(dict.fromkeys(named))
    return Judgement(evidence, sorted(named, key=lambda sign: (sign.part == "body", sign.start)))


def _judged(text: Text, lowers: Sequence[str], signs: Sequence[Sign]) -> Iterator[_Judged]:
    """Every sentence between salutation and closing; subject, salutation and closing only with a clear phrase."""
    model = tone_model()
    for sentence in text.core:
        found = _within(signs, sentence) if signs else []
        yield _Judged(model.score(text.body, lowers, sentence, found), sentence, "body", found)
    if not any(sign.weight >= STRONG for sign in signs):
        return
    for sentence in text.sentences:
        found = _within(signs, sentence)
        if sentence not in text.core and any(sign.weight >= STRONG for sign in found):
            yield _Judged(model.score(text.body, lowers, sentence, found), sentence, "body", found)
    title = [sign for sign in signs if sign.part == "subject"]
    if any(sign.weight >= STRONG for sign in title):
        words = text.subject_whole.lowers
        whole = Sentence(0, len(text.subject), 0, len(words))
        yield _Judged(model.score(text.subject, words, whole, title), whole, "subject", title)


def _within(signs: Sequence[Sign], sentence: Sentence) -> list[Sign]:
    return [sign for sign in signs if sentence.start <= sign.start < sentence.end and sign.part == "body"]


def _left(lowers: Sequence[str], allowed: Collection[str]) -> Sequence[str]:
    """The words of the body, without those that are allowed alone or as parts of allowed phrases."""
    if not allowed:
        return lowers
    left = without(lowers, allowed)
    for phrase in allowed:
        words = phrase.split()
        if len(words) > 1:
            for at in range(len(lowers) - len(words) + 1):
                if list(lowers[at : at + len(words)]) == words:
                    left[at : at + len(words)] = [""] * len(words)
    return left


def _learned(text: Text, lowers: Sequence[str], one: _Judged) -> Sign:
    """The clause or the words of a sentence that add most to its score."""
    if one.part == "subject":
        return Sign("rude", STRONG, 0, len(text.subject), text.subject, part="subject")
    first, last = _heaviest_run(tone_model().shares(lowers, one.sentence))
    first, last = first + one.sentence.first, last + one.sentence.first
    start, end = text.starts[first], text.ends[last - 1]
    before = [match.end() for match in _CLAUSE.finditer(text.body, one.sentence.start, start)]
    behind = _CLAUSE.search(text.body, end, one.sentence.end)
    wide = text.between(before[-1] if before else one.sentence.start, behind.start() if behind else one.sentence.end)
    if wide[1] - wide[0] <= _SHORT and wide[0] < wide[1]:
        start, end = text.starts[wide[0]], text.ends[wide[1] - 1]
    kind = kind_of(lowers[one.sentence.first : one.sentence.last])
    return Sign(kind, STRONG, start, end, text.body[start:end])


def _heaviest_run(shares: Sequence[float]) -> tuple[int, int]:
    """The run of words with the greatest sum, at least two words where there are two."""
    best, run, begin = float("-inf"), 0.0, 0
    found = 0, 1
    for at, share in enumerate(shares):
        if run <= 0:
            run, begin = 0.0, at
        run += share
        if run > best:
            best, found = run, (begin, at + 1)
    first, last = found
    if last - first == 1:
        last = min(last + 1, len(shares))
        first = max(0, last - 2)
    return first, last
