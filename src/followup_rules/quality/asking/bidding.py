"""What bids the reader do something: 'please ...', 'kindly ...', 'let's ...', and verbs in the imperative."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from followup_rules.quality.asking.clauses import Clauses, listed, sets
from followup_rules.quality.chains import chains

_MODALS: Final = frozenset(("would", "could", "will", "can", "might", "may"))
_JOINING: Final = ("and", "or", "but", "then")
# Whose wish it is in 'we are pleased', 'to please', 'as you please'.
_PLEASED: Final = listed("to you yes whatever they will we are am is be was")
# Hardly ever the noun at the head of a sentence, whatever follows.
_SURE: Final = listed("send confirm tell choose bring inform advise notify ensure select submit")
# Verbs that are a request only with one of these words soon behind them.
_TAKES: Final = {
    "let": listed("know have hear see"),
    "keep": listed("posted informed updated free clear touch loop abreast open handy ready eye copy"),
    "think": listed("over about through"),
    "sleep": listed("on"),
    "feel": frozenset(("free", "welcome")),
    "have": frozenset(("look", "think", "read", "glance", "chat", "me", "us")),
    "take": listed("look moment minute pick glance part seat choice photo picture slot bus train tram lift left right"),
    "stay": frozenset(("touch",)),
    "be": listed("touch there so sure kind ready at back prepared"),
}
_MEETING: Final = listed("talk speak meet arrange find fix schedule discuss set plan chat agree settle continue")
_OTHERS: Final = listed("i we he she they who which i'd we'd i'm we're i've we've i'll we'll")
# An imperative hardly ever stands behind these: most verbs are settled by them.
_RECIPES: Final = listed("method recipe trick rule motto routine principle approach secret maxim habit")
"""What tells behind a colon how something is done, and bids nobody do it."""
_NEVER_LED: Final = listed("the a to of my your our i you we they he she it this that would will can could in on for")
_FIRST_NAMES: Final = listed("chuck mark drew rob pat bill sue will jack hunt park page wade")
# "Let's" with these proposes nothing.
_NO_PLAN: Final = listed("say hope face be not just begin start assume pretend imagine call see admit leave never go")


def bids(one: Clauses, last: bool) -> bool:
    """True where some verb asks the reader for an answer or a step; `last` is true in the last few sentences."""
    finders = _finders()
    places = [index for index, word in enumerate(one.words) if word in finders]
    return any(finders[one.words[index]](one, index) for index in places if last or not _orders(one, index))


@lru_cache(maxsize=1)
def _finders() -> dict[str, Callable[[Clauses, int], bool]]:
    """Who looks at which word."""
    known = sets()
    by_words: tuple[tuple[Iterable[str], Callable[[Clauses, int], bool]], ...] = (
        (known["do"] | known["do_or_noun"] | _TAKES.keys(), _imperative),
        (("let's", "lets"), _lets),
        (("hesitate",), _do_not_hesitate),
        (known["polite"], _please),
    )
    return {word: finder for words, finder in by_words for word in words}


def _orders(one: Clauses, index: int) -> bool:
    """'Return everything to this mailbox': a bare order, which closes nothing politely where more follows."""
    known = sets()
    word = one.words[index]
    ordered = index == 0 and (word in known["do"] or word in known["do_or_noun"])
    return ordered and known["me"].isdisjoint(one.words) and known["polite"].isdisjoint(one.words)


def _imperative(one: Clauses, index: int) -> bool:
    """'Send me a line', 'if so, call'; what stands behind 'please' is not looked at."""
    before = one.at(index - 1)
    if before in _NEVER_LED and one.gap(index) == " ":
        return False
    if not _RECIPES.isdisjoint(one.words[:index]) and any(":" in one.gap(at) for at in range(1, index + 1)):
        return False  # 'My method is simple: weigh, wait, sign'
    return before not in sets()["polite"] and _begins(one, index) and _bare(one, index)


def _lets(one: Clauses, index: int) -> bool:
    """'Let's meet'; not 'let's hope'."""
    return one.cut(index) and index + 1 < one.size and one.words[index + 1] not in _NO_PLAN


def _do_not_hesitate(one: Clauses, index: int) -> bool:
    """'Do not hesitate to write'; not 'I did not hesitate'."""
    before = set(one.before(index, 3))
    refused = {"not", "don't", "dont", "never", "without"}
    return bool(before & refused) and not before & {"i", "we", "he", "she", "they", "did", "didn't", "you"}


def _please(one: Clauses, index: int) -> bool:
    """'Please send', 'Kindly confirm'; not 'please find attached', 'hard to please', 'you kindly sent'."""
    known = sets()
    before, after = one.at(index - 1), one.at(index + 1)
    asked = before in ("you", "i", "we", "they") and one.at(index - 2) in _MODALS
    if one.words[index] == "kindly":
        if before in ("i", "we") and after in ("ask", "request", "beg", "await"):
            return True
        if one.cut(index) and one.cut(index + 1):
            return False  # 'tell him, kindly, that we are full'
        if not (asked or one.cut(index) or before in known["lead"]):
            return False
    elif before in _PLEASED and not asked and one.gap(index).isspace():
        return False
    place = index + 1
    while one.at(place) in known["filler"]:
        place += 1
    if place >= one.size:
        return index > 1 and one.words[index] != "kindly"
    return _asked(one, place)


def _asked(one: Clauses, place: int) -> bool:
    """True where the verb behind 'please' asks for an answer or a step."""
    known = sets()
    verb, after = one.words[place], one.at(place + 1)
    if verb in ("do", "don't", "not", "never") and "hesitate" in one.near(place, 4):
        return True
    if verb in known["formula"] and not (verb == "note" and after in ("down", "your")):
        return False
    if _passes_on(one, place):
        return False
    following = one.near(place + 1, 4)
    if verb in ("see", "be", "let", "have", "stay", "feel"):
        return not _TAKES.get(verb, frozenset(("if", "whether", "me", "us", "to"))).isdisjoint(following)
    if verb in ("accept", "keep", "take", "continue", "get"):
        return after not in (
            "my",
            "our",
            "up",
            "well",
            "safe",
            "smiling",
            "your",
            "care",
            "this",
            "being",
            "warm",
            "dry",
            "cool",
        )
    if verb in ("say", "tell"):
        return after in ("me", "us", "so", "yes", "when", "if", "whether", "which", "what", "the", "how")
    if verb == "consider":
        return {"environment", "before", "my", "me", "mine", "closed", "final"}.isdisjoint(following)
    if verb == "remember":
        return after == "to"
    return not verb.endswith("ly") or verb in ("reply", "apply", "supply", "comply")


def _passes_on(one: Clauses, index: int) -> bool:
    """'Give my regards', 'pass on our thanks': for somebody else."""
    known = sets()
    if one.words[index] not in known["passing"]:
        return False
    following = one.near(index + 1, 7)
    return not known["greetings"].isdisjoint(following) or following[1:2] == ["best"]


def _begins(one: Clauses, index: int) -> bool:
    """True where an imperative may stand."""
    if index == 0:
        return True
    known = sets()
    before = one.words[index - 1]
    if one.cut(index):
        return _free(one, index)
    if before not in known["lead"]:
        return False
    if before in _JOINING or not _led(one, index - 1):
        return before in _JOINING and _joined(one, index)
    return True


def _led(one: Clauses, index: int) -> bool:
    """True where the small words before an imperative begin the clause."""
    lead = sets()["lead"]
    while index > 0 and not one.cut(index) and one.words[index - 1] in lead:
        index -= 1
    return one.cut(index)


def _joined(one: Clauses, index: int) -> bool:
    """True where 'and call me' goes on a request and has no subject in front of it."""
    known = sets()
    first, ahead = one.words[0], one.words[: index - 1]
    if one.at(index + 1) not in known["object"]:
        return False
    if first in known["first_bid"] or first in known["do"] or first in _TAKES:
        return _OTHERS.isdisjoint(ahead)
    return (first in known["polite"] or first in known["lead"]) and known["subject"].isdisjoint(ahead)


def _free(one: Clauses, index: int) -> bool:
    """After a comma: what comes before is a condition or the like, or the verb takes the writer as its object."""
    known = sets()
    first = one.words[0]
    if one.at(index + 1) in known["me"] or first in known["list_heads"] or first in known["lead"]:
        return True
    if one.words[index] in _TAKES or one.words[index] in ("reply", "say"):
        return True
    return not {";", ":", "—", "–"}.isdisjoint(one.gap(index))


def _bare(one: Clauses, index: int) -> bool:
    """True where a verb at the head of a clause is a request and no noun, idiom or wish."""
    known = sets()
    word, after = one.words[index], one.at(index + 1)
    if any(match.first == index for match in chains("idle_bidding").find(one.words, index, min(one.size, index + 5))):
        return False
    if word in _TAKES:
        if word == "let" and after == "us" and one.at(index + 2) in _MEETING:
            return True
        if word == "let" and after not in ("me", "us"):
            return "know" in one.near(index + 2, 2)
        if word == "have" and after not in ("a", "another", "your"):
            return False
        return not _TAKES[word].isdisjoint(one.near(index + 1, 4))
    if _passes_on(one, index):
        return False
    if word == "hit" and after == "reply":
        return True
    if one.size == index + 1:
        return one.at(index - 1) in ("just", "please", "do")
    if word in known["do_or_noun"] and not known["past"].isdisjoint(one.words):
        return False
    if _is_item(one, index):
        return after in known["me"]
    if word in _SURE or after in known["object"] or (word in known["do"] and after == "for"):
        return True
    return _names(one, index + 1)


def _names(one: Clauses, index: int) -> bool:
    """True where a word inside a sentence is written as a name: 'ask Jo', 'ring Babs'."""
    if not 0 < index < one.size - 1 or one.words[index - 1] in _FIRST_NAMES:
        return False
    return one.text.owns[one.sentence.first + index][:1].isupper()


def _is_item(one: Clauses, index: int) -> bool:
    """True for the first word of an item in a list: there it is a heading or a task more often than a request."""
    start = one.sentence.start
    return index == 0 and one.text.body[start : start + 2].strip() in ("-", "*", "•", "·")
