"""Questions that wait for the reader's answer, as against small talk, rhetoric and sarcasm."""

from __future__ import annotations

from typing import Final

from followup_rules.quality.asking.clauses import Clauses, listed, sets
from followup_rules.quality.chains import chains

_OPENERS: Final = listed("could can would will may might shall should do does did are is am have has was were is there")
_MODALS: Final = listed("could can would will might may")
_HELPERS: Final = listed("shall should may might can could")
_AUXILIARIES: Final = _MODALS | _HELPERS
_OFFERED: Final = ("shall", "may", "might")
_READER: Final = listed("you your yours you'd you'll you're you've")
_WRITER: Final = listed("i we me us my our")
_ANSWERS: Final = listed(
    "yes no absolutely certainly definitely because simple simply probably hardly never nothing nobody exactly easy "
    "maybe perhaps obviously indeed sure well"
)
_UNMARKED: Final = (("do", "you"), ("are", "you"), ("would", "you"), ("have", "you"))
"""What begins a question to the reader, though its mark was forgotten."""
_NEGATED: Final = listed("isn't wasn't aren't weren't ain't")
_TAGS: Final = (("won't", "you"), ("will", "you"), ("isn't", "it"), ("wasn't", "it"), ("doesn't", "it"))
_TAG_VERBS: Final = listed(
    "do don't does doesn't did didn't would wouldn't will won't are aren't is isn't can can't could couldn't have"
)
_PEOPLE: Final = listed(
    """
    people person companies company firms firm employers employer bosses boss managers manager professionals adults folk
    candidates candidate recruiters recruiter grown-ups nobody anybody everybody everyone anyone
    """
)
"""Whom a reproach speaks of: 'decent people ring back, don't they?'."""
_PAST: Final = listed("did was were")
_EXPECTED: Final = listed("want expect need expecting wanting after looking hoping think meant supposed hope wish")
# What a question to the reader is about when it names neither reader nor writer.
_STEP: Final = listed(
    """
    suit suits work works ok okay fine convenient possible feasible doable useful helpful help news update updates
    decision decided progress status timeline timescale role position post vacancy spot job open filled available
    call meeting interview visit chat coffee conversation talk time date day slot tomorrow today monday tuesday
    wednesday thursday friday saturday sunday week month morning afternoon evening send sent deadline next step steps
    round stage feedback anything something anyone chance word interest interested better best realistic enough
    question questions prefer preferred preference still address number reference references copy certificate
    things stand stands happens happen matters person ask contact right write thoughts thought agreed doable views
    documents yet met decide decides panel board committee hiring process needed required necessary acceptable okay
    alright fit difference plan plans
    """
)


def questions(one: Clauses, late: bool, answered: str) -> bool:
    """True where the sentence puts a question to the reader.

    `late` is true in the second half of a message, where a question is seldom rhetorical; `answered` is the first word
    of the next sentence, or 'short' where that is of few words and none of them speaks to the reader.
    """
    turned = _turned(one)
    if not one.asks:
        if tuple(one.words[:2]) in _UNMARKED:
            return not _idle(one)
        return turned >= 0 and one.words[turned + 1] == "you" and not _idle(one)
    if _idle(one) or (turned < 0 and (_reported(one) or _exclaims(one) or _mocks(one))):
        return False
    if turned > 0 and one.words[turned - 1] in sets()["wh"] and answered == "short" and _of_oneself(one):
        return False
    if turned >= 0:
        return one.words[turned + 1] == "you" or one.words[turned] in _OFFERED or answered not in _ANSWERS
    words = set(one.words)
    if words.isdisjoint(_READER) and (answered in _ANSWERS or (answered == "short" and _of_oneself(one))):
        return False
    if one.size < 4 and not words.isdisjoint(_STEP):
        return True
    to_reader = not words.isdisjoint(_READER)
    about_step = not words.isdisjoint(_STEP)
    # What a message asks in its second half and does not answer itself is seldom mere rhetoric.
    return late or (to_reader and about_step and _opens(one))


def _turned(one: Clauses) -> int:
    """Where 'could you', 'may I', 'shall we' begins a clause; -1 where it does not."""
    if _AUXILIARIES.isdisjoint(one.words):
        return -1
    known = sets()
    for index in range(one.size - 1):
        word, after = one.words[index], one.words[index + 1]
        if word not in _AUXILIARIES:
            continue
        if after not in ("you", "i", "we") or not _leads(one, index, known["lead"] | known["wh"]):
            continue
        if after == "you":
            if word in _MODALS and one.at(index + 2) not in ("believe", "imagine", "blame", "have"):
                return index
        elif word in _HELPERS and one.asks:
            return index
    return -1


def _leads(one: Clauses, index: int, small: frozenset[str]) -> bool:
    return index == 0 or one.cut(index) or one.words[index - 1] in small or one.words[0] in small


def _of_oneself(one: Clauses) -> bool:
    """True for 'When can I start?': with a short answer behind it the writer has asked and answered."""
    return any(word in _OPENERS and one.at(index + 1) in ("i", "we") for index, word in enumerate(one.words))


def _opens(one: Clauses) -> bool:
    """True where a clause begins with the verb or with a word such as 'when'."""
    known = sets()
    return any(
        (word in _OPENERS or word in known["wh"] or word == "any") and _leads(one, index, known["lead"])
        for index, word in enumerate(one.words)
    )


def _reported(one: Clauses) -> bool:
    words = one.words
    return "asked" in words or "wondered" in words or words[0] in ("remember", "guess")


def _exclaims(one: Clauses) -> bool:
    """'Isn't the harbour a sight?', 'Mind the ice, won't you?'."""
    if tuple(one.words[-2:]) in _TAGS:
        return True
    tagged = one.words[-1] in ("they", "one") and one.at(one.size - 2) in _TAG_VERBS
    if tagged and not _PEOPLE.isdisjoint(one.words[:6]):
        return True
    if one.words[:3] == ["how", "are", "you"]:
        return {"fixed", "placed", "set"}.isdisjoint(one.words)
    return one.words[0] in _NEGATED and _STEP.isdisjoint(one.words)


def _mocks(one: Clauses) -> bool:
    """'What did you expect, a brass band?': a question about the past that brings its own absurd answer."""
    if one.words[0] not in ("what", "who") or "or" in one.words or _EXPECTED.isdisjoint(one.words):
        return False
    if _PAST.isdisjoint(one.words[:4]):
        return False
    return any(word in ("a", "an") and "," in one.gap(index) for index, word in enumerate(one.words))


def _idle(one: Clauses) -> bool:
    """True for small talk, rhetoric and sarcasm."""
    return any(
        not hit.tag.startswith("^") or one.opens(hit.first)
        for hit in chains("idle_questions").find(one.words, 0, one.size)
    )
