"""Offers of a next step: 'I'd be glad to come back', 'I look forward to hearing from you', 'a chance to discuss it'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from followup_rules.quality.asking.clauses import HYPOTHETICAL, Clauses, listed, sets

_READY: Final = ("happy", "ready", "willing", "available", "prepared", "free")
# 'I'd love to ...' and 'I'd like to ...' are offers with few verbs; with others they are wishes.
_LIKED: Final = listed(
    """
    hear know speak talk chat meet discuss come see arrange schedule book continue visit call ring invite return sit
    organise organize answer interview demonstrate explain receive
    """
)
_HEARD: Final = listed(
    "from back what how whether when if your any more where which about feedback further an answer reply"
)
_WISHED: Final = listed("good positive favourable favorable great that of")
_COMING: Final = listed("back in again over by along down round up out and for to on any at whenever")
CHANCE: Final = frozenset(("chance", "opportunity", "occasion", "possibility"))
"""What one wishes for and may be given by the reader."""
_TALKS: Final = listed("call conversation interview talk chat discussion meeting")
# What one looks forward to when the next word or step is the reader's, and what is only hope for the job.
_FORWARD: Final = listed(
    """
    hearing hear reply response answer feedback thoughts decision speaking talking meeting discussing call conversation
    update word comments receiving confirmation step steps stage stages round continuing knowing chat interview chatting
    catching connecting
    message email e-mail mail views guidance instructions invitation replies news discussion visit answers acceptance
    suggestions receive talk meet speak reading exploring further responses input advice instruction
    """
)
_NOT_FORWARD: Final = listed(
    "working work joining join contributing welcoming starting beginning being becoming good positive great"
)
# The verbs that are a next step only with one of these words behind them.
_WITH: Final[dict[str, frozenset[str]]] = {
    "provide": listed("any more further it additional whatever you references copies details samples proof evidence"),
    "be": listed("contacted interviewed invited called considered"),
    "get": frozenset(("back", "together")),
    "come": _COMING,
}
_WITH_READER: Final = listed("you any another a your whether if out further in one")
_TASKS: Final = listed("test task exercise trial take-home assessment form forms interview call")
_SEEING: Final = listed("see invite attend find fill check hold offer undertake prepare move")
_BRINGING: Final = listed("bring take give have put run ask complete go pass make")


def glad_to(one: Clauses, index: int) -> bool:
    """'I'd be happy to come': no announcement and no wish for the job. `index` is the place of 'to'."""
    known = sets()
    before = one.before(index - 1, 6)
    if not known["past"].isdisjoint(before[-3:]) or ("you" in before[-4:] and "if" not in before):
        return False
    place = index + 1
    while one.at(place).endswith("ly") or one.at(place) in ("also", "further", "then", "just"):
        place += 1
    adjective = one.words[index - 1]
    would = not HYPOTHETICAL.isdisjoint(before)
    if adjective == "welcome" or (adjective in ("love", "like") and not (would and one.at(place) in _LIKED)):
        return False
    return is_step(one, place, firm=would or adjective in _READY)


def is_step(one: Clauses, place: int, firm: bool) -> bool:
    """True where the words from a verb on are a next step between writer and reader.

    `firm` is true where the step lies ahead; otherwise 'glad to share' and the like announce something.
    """
    known = sets()
    verb, after = one.at(place), one.at(place + 1)
    if verb in known["announce"] and (not firm or after in known["news_told"] or after == "you"):
        return (verb in ("meet", "invite", "find") and after == "you") or (verb == "hear" and after in ("from", "back"))
    if verb in ("hear", "know", "receive", "learn"):
        rest = one.near(place + 1, 3)
        return verb != "learn" and _WISHED.isdisjoint(rest) and not _HEARD.isdisjoint(rest)
    if verb in ("walk", "show", "guide", "take", "brief", "lead") and after == "you" and firm:
        return True
    if verb in _WITH:
        return after in _WITH[verb] and (after, one.at(place + 2)) != ("back", "to")
    return verb in known["next_step"] or _is_step_with(one, place)


def _is_step_with(one: Clauses, place: int) -> bool:
    """True for verbs that are a next step only with certain words behind them."""
    verb, after, then = one.at(place), one.at(place + 1), one.at(place + 2)
    if verb == "set":
        return then in ("a", "another", "some") or after in ("another", "aside")
    if verb == "help":
        asked = {"any", "anything", "questions", "if", "further", "you"} & set(one.near(place + 1, 4))
        return bool(asked) and one.size - place < 7
    if verb == "join":
        joined = ("call", "second", "further", "video", "meeting", "for")
        return after in ("a", "you", "any", "another") and then in joined
    if verb == "do":
        return after in ("another", "so", "any", "a") or (after == "the" and then in _TASKS)
    if verb in _BRINGING:
        return after in sets()["next_step_object"]
    return verb in _SEEING and after in _WITH_READER


def looks_forward(one: Clauses, index: int, late: bool) -> bool:
    """'I look forward to hearing from you'; not 'to working with you', not 'I looked forward'."""
    before = one.at(index - 1)
    if not before.startswith("look") or before == "looked" or (before == "looks" and "you" in one.before(index, 3)):
        return False
    ahead = one.near(index + 1, 8)
    for place, word in enumerate(ahead):
        if word in _NOT_FORWARD and not {"from", "your"} & set(ahead[:place]):
            return False
        if word in _FORWARD and not _WISHED & set(ahead[place + 1 : place + 2]):
            return late or word not in ("meeting", "interview", "meet")
        if word in ("seeing", "see"):
            return late and bool({"again", "soon"} & set(one.near(index + place, 6)))
        if word in CHANCE:
            return is_step(one, index + place + 3, firm=True)
    return False


def wants_chance(one: Clauses, index: int) -> bool:
    """'I would welcome the chance to meet': the chance lies ahead, and is no chance to work there."""
    if one.words[index] not in CHANCE or one.at(index + 1) not in ("to", "for", "of"):
        return False
    before = set(one.before(index, 8))
    if before & {"thank", "thanks", "was", "had"}:
        return False
    if not before & (HYPOTHETICAL | {"hope", "hoping", "appreciate", "welcome", "request"}):
        return False
    if one.at(index + 1) == "to":
        return is_step(one, index + 2, firm=True)
    return _any(_TALKS, one.near(index + 2, 4))


def _any(wanted: frozenset[str], words: Iterable[str]) -> bool:
    return not wanted.isdisjoint(words)
