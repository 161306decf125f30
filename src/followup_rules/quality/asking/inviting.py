"""Statements that invite an answer or a step: 'A line would do', 'If you need copies, I can send them'."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from followup_rules.quality.asking.clauses import HYPOTHETICAL, INSIDE, Clauses, listed, sets
from followup_rules.quality.asking.offering import CHANCE, glad_to, looks_forward, wants_chance
from followup_rules.quality.asking.wishing import FINDING, VALUING, asks_for, finds_out, hopes_for_step, may_do, values

_IF: Final = frozenset(("if", "should", "in", "unless"))
_NEGATIVE: Final = listed("need needn't expect no not necessary nothing don't")
_WAITS: Final = listed("await awaiting awaits waiting wait waits anticipation expectation anticipating pending")
_COMPLAINS: Final = listed("stopped longer tired sick done been kept keep keeping can't cannot don't while was")
_OFFERS: Final = listed(
    "can could will would shall may might am are is has i'll we'll i'd we'd i'm we're 'd 'll here happy glad ready "
    "there's it's it'd"
)
_WRITER: Final = listed("i we i'm we're i'd we'd i'll we'll i've we've me us my our")
_POSSIBLE: Final = listed("could can would are were able might have had happen know feel will find get")
_WISHING: Final = listed(
    """
    need want like wish prefer require have are would feel think cannot can't find decide care fancy agree could can
    had get should desire wanting needing still also
    """
)
_SOME: Final = listed("any a an your even one quick short brief early prompt some further two")
_IS: Final = listed("would will is are 'd suffices suffice should does helps can shall it'd 'll")
_PRAISED: Final = listed("good positive favourable favorable great that you your")
_CONTINUED: Final = listed("continue resume talk speak chat discuss")
_NOT_AGAIN: Final = listed("work working career tradition legacy language languages french german")
_CASES: Final = listed("questions question need want wish like prefer require any queries useful helpful")
_COULD: Final = listed("could would can might were")
_SPOKEN: Final = listed("speak talk come know hear")
_OFFERED: Final = listed("offer give choose pick select hire employ appoint take accept favour favor")
_FOR_READER: Final = listed("you your")
_SEES_TO_IT: Final = listed("i'll we'll can could happy glad")
_STATED: Final = listed("am is are has")
# Behind these, 'if' means 'whether'.
_WHETHER: Final = listed("decide decides decided deciding see seen doubt doubts")
_TOLD: Final = listed("told informed notified contacted advised first last hear read lose see")
_DENIES: Final = listed("not don't doubt never nothing nobody hardly")
_ROOM: Final = listed("open room space fine good possible available")
_WISHES: Final = listed("appreciate welcome value love like treasure")
_THANKFUL: Final = listed("grateful glad thankful obliged happy pleased")


def invites(one: Clauses, late: bool) -> bool:
    """True where a statement leaves the next word or step to the reader; `late` as in `questions`."""
    if not _NEGATIVE.isdisjoint(one.words) and _declined(one):
        return False
    finders = _finders()
    places = [index for index, word in enumerate(one.words) if word in finders]
    return any(finders[one.words[index]](one, index, late) for index in places)


_Finder: TypeAlias = Callable[[Clauses, int, bool], bool]


@lru_cache(maxsize=1)
def _finders() -> dict[str, _Finder]:
    """Who looks at which word."""
    known = sets()
    by_words: tuple[tuple[Iterable[str], _Finder], ...] = (
        (known["answer"] | {INSIDE}, lambda one, index, late: _answer_is_welcome(one, index)),
        (known["ask"] | known["asking"], lambda one, index, late: asks_for(one, index)),
        (CHANCE, lambda one, index, late: late and wants_chance(one, index)),
        (VALUING, lambda one, index, late: late and values(one, index)),
        (("hope", "hoping", "trust", "hopefully"), lambda one, index, late: late and hopes_for_step(one, index)),
        (_WAITS, lambda one, index, late: _waits(one, index)),
        (_IF, lambda one, index, late: _leaves_choice(one, index)),
        (("if",), lambda one, index, late: _would_be_glad_if(one, index) or _leaves_choice(one, index)),
        (("forward",), looks_forward),
        (("you",), lambda one, index, late: late and may_do(one, index)),
        (FINDING, lambda one, index, late: finds_out(one, index)),
        (("to",), lambda one, index, late: late and _glad_to(one, index)),
    )
    return {word: finder for words, finder in by_words for word in words}


def _glad_to(one: Clauses, index: int) -> bool:
    """'I'd be glad to come', 'it would be grand to know'. `index` is the place of 'to'."""
    known = sets()
    if one.at(index - 1) in known["eager"] and glad_to(one, index):
        return True
    if one.at(index - 1) not in known["grateful"] or HYPOTHETICAL.isdisjoint(one.before(index, 7)):
        return False
    after = one.near(index + 1, 4)
    if after and after[0] in _CONTINUED:
        return "been" not in one.before(index, 4) and _NOT_AGAIN.isdisjoint(after)
    return after[:1] in (["know"], ["hear"]) and _PRAISED.isdisjoint(after)


def _declined(one: Clauses) -> bool:
    """'No reply is needed', 'you need not answer'."""
    words = set(one.words)
    for index, word in enumerate(one.words):
        if word not in ("reply", "answer", "respond", "response", "act", "action", "anything", "write"):
            continue
        if {"no", "nothing"} & set(one.before(index, 2)) and {"needed", "necessary", "required", "expected"} & words:
            return True
        before = one.before(index, 4)
        asked = "to" in before and {"need", "have", "expect", "necessary"} & set(before)
        if asked and {"no", "not", "don't", "needn't", "nothing"} & set(one.before(index, 6)):
            return True
        if before[-1:] == ["not"] and "need" in before:
            return True
    return False


def _waits(one: Clauses, index: int) -> bool:
    """'I await your answer', 'waiting for your kind response', 'in anticipation of your reply'."""
    answer = sets()["answer"]
    if not _COMPLAINS.isdisjoint(one.before(index, 4)):
        return False
    ahead = one.near(index + 1, 6)
    if {"hear", "hearing"} & set(ahead) and {"from", "your", "back", "what", "whether", "you"} & set(ahead):
        return True
    if "your" in ahead or "from" in ahead or one.words[index].startswith("await"):
        return any(word in answer or word == "instructions" for word in ahead)
    return False


def _would_be_glad_if(one: Clauses, index: int) -> bool:
    """'I'd be grateful if you could', 'It would help if we spoke': a request with its thanks in front or behind."""
    known = sets()
    before, after = one.before(index, 7), one.near(index + 1, 6)
    who = one.at(index + 1)
    if not known["hiring"].isdisjoint(after[:3]) or {"chance", "opportunity"} & set(after):
        return False
    if not known["grateful"].isdisjoint(before) and not HYPOTHETICAL.isdisjoint(one.words[:index]):
        if who in ("you", "we", "someone", "somebody", "your", "you'd", "one"):
            return True
        if who in ("i", "they"):
            spoken = not _SPOKEN.isdisjoint(after) or ("have" in after and not known["answer"].isdisjoint(after))
            return spoken and not _COULD.isdisjoint(after)
        return known["the_job"].isdisjoint(one.near(index + 1, 10))
    if who in ("you", "you'd", "your", "someone", "somebody", "anyone", "anybody") and not _POSSIBLE.isdisjoint(after):
        rest = one.words[index + 4 : index + 60]
        if not _OFFERED.isdisjoint(after) and known["answer"].isdisjoint(one.near(index + 1, 10)):
            return False
        return not known["grateful"].isdisjoint(rest) and not HYPOTHETICAL.isdisjoint(rest)
    return False


def _leaves_choice(one: Clauses, index: int) -> bool:
    """'If you need copies, I can send them', 'Should anything change, we are on 555 010'."""
    known = sets()
    word, who = one.words[index], one.at(index + 1)
    ahead = one.near(index + 1, 14)
    if word == "in" and who == "the":
        return ahead[1:2] == ["event"] and not known["condition"].isdisjoint(ahead[2:])
    if word == "in":
        return who == "case" and not _CASES.isdisjoint(ahead[:4])
    if word == "unless":
        return who.startswith("you") or ("otherwise" in ahead and bool({"hear", "tell", "let", "object"} & set(ahead)))
    if (word == "should" and index > 0) or one.at(index - 1) in _WHETHER:
        return False
    if who in ("i", "i'm", "i'd", "he", "she", "they", "not", "only", "ever", "so") or "i" in ahead[:2]:
        return who == "so" and index == 0 and not _OFFERS.isdisjoint(one.words[index + 2 :])
    if not known["one_who"].isdisjoint(ahead) or not known["hiring"].isdisjoint(ahead[:4]):
        return False
    clause = _clause(one, index)
    if word == "if" and _is_talked_of(one, index + 1 + len(clause)):
        return True
    if known["condition"].isdisjoint(clause) and not _helps(one, index, clause):
        return False
    if who.startswith("you") and not _wishes(ahead):
        return False
    rest = one.words[:index] if index > 2 else one.words[index + 2 :]
    offers = _OFFERS if who.startswith("you") or index < 3 else _OFFERS - _STATED
    return _is_offer(rest, offers) and not (
        _WRITER.isdisjoint(one.words) and "you" not in rest and _ROOM.isdisjoint(rest[len(clause) :])
    )


def _is_offer(rest: list[str], offers: frozenset[str]) -> bool:
    """True for what helps the reader on; not for 'you will be told', 'I don't see how you are to cope'."""
    made = offers.intersection(rest)
    if made <= _STATED and not _DENIES.isdisjoint(rest):
        return False
    for place, word in enumerate(rest):
        ahead = rest[place + 1 : place + 6]
        if word == "you'll" or (word == "will" and rest[place - 1 : place] == ["you"]):
            return _TOLD.isdisjoint(ahead)
    return bool(made)


def _is_talked_of(one: Clauses, index: int) -> bool:
    """'If the salary is a sticking point, we can talk about it': a next step, whatever the condition."""
    if one.at(index) not in ("i", "we") or one.at(index + 1) not in ("can", "could"):
        return False
    return one.at(index + 2) in _CONTINUED or one.at(index + 2) in ("meet", "send", "bring", "arrange", "rearrange")


def _helps(one: Clauses, index: int, clause: list[str]) -> bool:
    """'If the fare is a hurdle, we'll book you a ticket': whatever the matter, the writer sees to it for the reader."""
    known = sets()
    rest = one.words[index + 1 + len(clause) : index + 40]
    if not (known["past"].isdisjoint(clause) and known["the_job"].isdisjoint(clause)):
        return False
    return not _FOR_READER.isdisjoint(rest) and not _SEES_TO_IT.isdisjoint(rest)


def _clause(one: Clauses, index: int) -> list[str]:
    """The first words of a condition, up to the comma behind it."""
    end = min(index + 10, one.size)
    for place in range(index + 2, end):
        if one.cut(place):
            return one.words[index + 1 : place]
    return one.words[index + 1 : end]


def _wishes(ahead: list[str]) -> bool:
    """True for 'you need', 'you are interested', 'you have questions'; not for 'you used the time'."""
    if ahead[0] in ("your", "you'd", "you're", "you've"):
        return True
    return not _WISHING.isdisjoint(ahead[1:4])


def _answer_is_welcome(one: Clauses, index: int) -> bool:
    """'A line is enough', 'any news would be welcome', 'I would value your view'."""
    known = sets()
    before = one.before(index, 6)
    if not known["past"].isdisjoint(before[-4:]):
        return False
    if _is_wished_for(one, index, before):
        return True
    if index > 1 and _SOME.isdisjoint(before[-4:]):
        return False
    for place in range(index + 1, min(index + 10, one.size)):
        if one.words[place] == "and" and one.at(place + 1) in ("i'll", "we'll"):
            return True
        if one.words[place] in _IS:
            near = one.near(place, 5)
            return not known["welcome"].isdisjoint(near) and "not" not in near
    return False


def _is_wished_for(one: Clauses, index: int, before: list[str]) -> bool:
    """'I would appreciate any feedback', 'grateful for a line', 'thank you in advance for your reply'."""
    head = set(before)
    if _SOME.isdisjoint(head) or ({"positive", "favourable", "favorable", "good"} & head and "your" not in head):
        return False
    verbs = [place for place, word in enumerate(before) if word in _WISHES or word in _THANKFUL or word == "for"]
    if not verbs or _SOME.isdisjoint(before[verbs[-1] + 1 :][:2]):
        return False
    would = not HYPOTHETICAL.isdisjoint(one.before(index, 10))
    verb = before[verbs[-1]]
    if verb in _WISHES:
        return would
    if verb != "for":
        return False
    asked = would or bool({"any", "a", "an"} & set(before[verbs[-1] + 1 :]))
    return "advance" in head or (asked and not _THANKFUL.isdisjoint(head))
