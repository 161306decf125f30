"""Statements that ask by wishing: 'I request an update', 'I'd value your view', 'I hope you can call'."""

from __future__ import annotations

from typing import Final

from followup_rules.quality.asking.clauses import HYPOTHETICAL, Clauses, listed, sets

_ADVERBS: Final = listed(
    """
    just only also simply kindly humbly politely respectfully hereby really therefore very much merely do again
    briefly quickly once still now then first most always gladly deeply truly certainly greatly highly sincerely
    """
)
_WRITER: Final = listed("i we i'd we'd i'll we'll i'm we're me us")
_BEING: Final = listed("am are be i'm we're been")
# What stands in front of 'to ask': an intention, not a duty of some job.
_MEANING_TO: Final = listed(
    """
    like love want wanted wish wished hope hoped hoping writing write emailing mailing calling keen here permit allow me
    us dare liked messaging contacting need needed eager touch note email message line going
    """
)
_WRITING: Final = listed(
    "writing write out emailing mailing calling contacting messaging touch note line email message"
)
FINDING: Final = listed("know learn hear find see discover understand")
"""Verbs of finding out, which `finds_out` looks at."""
_VALUED: Final = listed("appreciate welcome value treasure cherish")
VALUING: Final = _VALUED | listed("like love enjoy relish")
"""Verbs of wishing, which `values` looks at."""
_TALKING: Final = listed(
    """
    hearing knowing talking speaking discussing chatting meeting receiving getting seeing continuing learning finding
    """
)
_COULD: Final = listed("can could might will would may 'll shall")
_HOPED_ON: Final = listed("you we someone somebody anyone you'll we'll one")
# A hope that the reader decides well, or a hope for the job.
_KIND_TO_ME: Final = listed(
    "choose pick select give accept consider hire take make find apply reapply go ensure try prove see show"
)
_TOGETHER: Final = listed(
    "carry pick continue fix find make fit squeeze manage spare resume take grab sit keep stay sort"
)
_TIME: Final = listed("time minute minutes moment hour way space room slot")
_NOT_ASKED: Final = listed("""
    remember consider decide treat expect tell say get keep take make find hit go prove watch see leave bring help run
    set show
    """)
_REFUSED: Final = listed("won't not never nobody no-one cannot can't refuse")
_MINDING: Final = listed("mind help but hesitate resist like only")  # 'you will not mind my asking'
_INTENDED: Final = listed("was were had meant")
_FEARED: Final = listed("fear suspect doubt dread suppose")
_RELATIVE: Final = listed("as that which where who how what so because than if but until before after and whom")


def asks_for(one: Clauses, index: int) -> bool:
    """'I humbly request an update', 'writing to ask whether'; not 'they asked', 'my job is to request'."""
    known = sets()
    place = index - 1
    while place >= 0 and one.words[place] in _ADVERBS:
        place -= 1
    before = one.at(place)
    if one.words[index] in known["asking"]:
        meant = before in _BEING or place < 0
    else:
        meant = before in _WRITER or (before == "to" and one.at(place - 1) in _MEANING_TO)
    ahead = one.near(index + 1, 6)
    if meant and _is_not_asked(one, index):
        return False
    if not meant or not ahead or not known["no_ask"].isdisjoint(ahead) or one.words[0] in ("every", "each", "in"):
        return False
    plainly = place == index - 1 and before in _WRITER  # "I ask how ..." is more often what one does at work
    if (ahead[0] in known["ask_about"] and not plainly) or ahead[0] in ("you", "that"):
        return True
    if one.words[index] in ("ask", "asking", "beg", "begging") and "for" not in ahead:
        return False
    return not known["ask_about"].isdisjoint(ahead) or not known["answer"].isdisjoint(ahead)


def _is_not_asked(one: Clauses, index: int) -> bool:
    """'Nobody is going to beg you', 'I was going to ask how, but', 'I'd ask, but I fear': it is refused or given up."""
    start = index
    while start > 0 and not one.cut(start):
        start -= 1
    before = one.words[start:index]
    if before[:1] == ["nobody"] or before[:2] == ["no", "one"]:
        return True
    if not _REFUSED.isdisjoint(before[-4:]) and _MINDING.isdisjoint(before):
        return True
    rest = one.words[index + 1 :]
    if "but" in rest[:-2] and rest[rest.index("but") + 2] in _FEARED:
        return True
    return not _INTENDED.isdisjoint(before[-4:]) and "but" in rest


def finds_out(one: Clauses, index: int) -> bool:
    """'I am writing to learn whether'; 'I want to learn' alone is a wish for the job."""
    if one.at(index - 1) != "to" or one.at(index - 2) not in _WRITING:
        return False
    return not sets()["ask_about"].isdisjoint(one.near(index + 1, 3))


def values(one: Clauses, index: int) -> bool:
    """'I'd appreciate a nudge', 'I would value hearing why', 'I'd like your take on it'."""
    known = sets()
    if HYPOTHETICAL.isdisjoint(one.before(index, 4)) or "have" in one.before(index, 2):
        return False
    valued = one.words[index] in _VALUED
    place = index + 1
    while one.at(place) in _ADVERBS:
        place += 1
    head, ahead = one.at(place), one.near(place + 1, 3)
    if head in _TALKING:
        return not {"part", "offer"} & set(ahead)
    if head == "your" or (valued and head in ("any", "a", "an", "some", "even", "whatever")):
        return bool(ahead) and known["no_answer"].isdisjoint(ahead)
    if valued and head == "it" and ahead[:1] == ["if"]:
        return known["the_job"].isdisjoint(one.near(place + 2, 8))
    return valued and head in ("you", "someone", "somebody", "anyone") and bool(ahead) and ahead[0].endswith("ing")


def hopes_for_step(one: Clauses, index: int) -> bool:
    """'I hope you can fit in a call', 'hoping we could talk'; not 'I hope you will choose me'."""
    known = sets()
    place = index + 1
    while one.at(place) in ("that", "very", "maybe", "perhaps", "still"):
        place += 1
    who = one.at(place)
    if who not in _HOPED_ON:
        return False
    if not who.endswith("'ll"):
        place += 1
        if one.at(place) not in _COULD:
            return False
    place += 1
    while one.at(place) in _ADVERBS or one.at(place) in ("be", "able", "to", "soon", "perhaps", "possibly"):
        place += 1
    verb = one.at(place)
    if who.startswith("we"):
        return verb in known["next_step"] or (verb in _TOGETHER and "work" not in one.near(place, 4))
    if verb in _KIND_TO_ME:
        return verb == "find" and not _TIME.isdisjoint(one.near(place + 1, 4))
    return verb in known["do"] or verb in _TOGETHER


def may_do(one: Clauses, index: int) -> bool:
    """'You may appeal in writing'; not 'as you can imagine', 'which you can check'. `index` is the place of 'you'."""
    if one.at(index + 1) not in ("may", "can", "might") or one.at(index - 1) in _RELATIVE:
        return False
    known = sets()
    place = index + 2
    while one.at(place) in _ADVERBS or one.at(place) in known["filler"]:
        place += 1
    verb = one.at(place)
    return verb not in _NOT_ASKED and (verb in known["do"] or verb in known["do_or_noun"])
