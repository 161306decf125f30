"""How far a sentence of a candidate can refer to the conversation: one that only tells of the writer hardly does.

'I have carried a caseload of 22' has the words of the note 'Caseload of 22', and yet it may stand in any letter.
'Your caseload of 22', 'we spoke of 22 families' and 'I keep thinking of the 22' may not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from followup_rules.quality.phrases import word_sets
from followup_rules.quality.recall.reference import COMMON, weighed

CLAIM: Final = 0.2
OTHER: Final = 0.6
_NEAR: Final = 4
_YOURS: Final = 3
_SUBJECT: Final = 5
_HOUSES: Final = frozenset(
    "university college school club society church parish village family class year faculty choir band union".split()
)
_ANY: Final = frozenset(("a", "an"))


def share(words: Sequence[str]) -> float:
    """What a word of a sentence counts there: 1, less in a statement about oneself, least in a claim."""
    sets = word_sets("oneself")
    here = frozenset(words)
    if sets["i"].isdisjoint(here) and "my" not in here:
        return CLAIM if _made_able(words) and sets["theirs"].isdisjoint(here) and not _acts(words) else 1.0
    if (not sets["theirs"].isdisjoint(here) and _shares(words, sets["theirs"])) or _acts(words):
        return 1.0
    talks = not sets["talk"].isdisjoint(here) and _talks(words, sets["talk"])
    if claims(words):
        return OTHER if talks else CLAIM
    return 1.0 if talks or sets["i"].isdisjoint(words[:_SUBJECT]) or owned(words) else OTHER


def _shares(words: Sequence[str], theirs: frozenset[str]) -> bool:
    """True where both sides take part: not in 'the treasurer of our college', which is the writer's."""
    nexts = (*words[1:], "")
    return any(
        one in theirs and not (one == "our" and after.removesuffix("'s").removesuffix("’s") in _HOUSES)
        for one, after in zip(words, nexts, strict=True)
    )


def _talks(words: Sequence[str], talk: frozenset[str]) -> bool:
    """True where the talk was this one: not in 'good enough for a hard conversation'."""
    return any(word in talk and _ANY.isdisjoint(words[max(0, at - 2) : at]) for at, word in enumerate(words))


def _acts(words: Sequence[str]) -> bool:
    """True where the other side does something: 'you lose', but not 'work for you'."""
    only_served = word_sets("oneself")["for_you"]
    return any(word == "you" and (at == 0 or words[at - 1] not in only_served) for at, word in enumerate(words))


def owned(words: Sequence[str]) -> dict[str, float]:
    """What the other side has, 'your night desk', and what it counts: less where it is only to be served."""
    if "your" not in words:
        return {}
    served = word_sets("oneself")["for_you"]
    found: dict[str, float] = {}
    for at, word in enumerate(words):
        if word != "your":
            continue
        near = words[at + 1 : at + 1 + _YOURS]
        if any(weight >= COMMON for one in near for _, weight in weighed(one)):
            counts = OTHER if at and words[at - 1] in served else 1.0
            found.update([(one, max(counts, found.get(one, 0.0))) for one in near])
    return found


def claims(words: Sequence[str]) -> bool:
    """True where the writer claims work or a possession: 'I ran', 'I have nine', 'I have reported', 'my results'."""
    own, verbs = word_sets("oneself"), word_sets("claims")
    figured = any(word[0].isdigit() for word in words)  # beside a figure any past form tells of work: 'I recovered 4'
    if words[0] == "with" and not own["times"].isdisjoint(words[1:5]):  # 'With nine years on the lines, I could begin'
        return True
    if _made_able(words):
        return True
    for at, word in enumerate(words):
        near = words[at + 1 : at + 1 + _NEAR]
        if word in own["before"]:
            if not near or near[0] in own["wanting"]:
                continue
            if not verbs["strong"].isdisjoint(near) or not own["claiming"].isdisjoint(near):
                return True
            if figured and near[0].endswith("ed") and near[0] not in own["talk"] and near[0] not in own["idle"]:
                return True
            if _has(word, near, own):
                return True
        elif word == "my" and not verbs["my"].isdisjoint(near[:3]):
            return True
    return False


def _made_able(words: Sequence[str]) -> bool:
    """'Eleven years in kitchens have taught me', 'Two winters at sea gave me': a claim, whatever follows."""
    sets = word_sets("oneself")
    if sets["times"].isdisjoint(words[:_NEAR]):
        return False
    return any(word in sets["giving"] and "me" in words[at + 1 : at + 3] for at, word in enumerate(words))


def _has(pronoun: str, near: Sequence[str], own: Mapping[str, frozenset[str]]) -> bool:
    """'I have a licence', 'I hold two' and 'I have prepared'; not 'I have to', nor 'I have enjoyed'."""
    if pronoun != "i've":
        if near[0] not in own["having"]:
            return False
        near = near[1:]
    if not near or near[0] in own["talk"]:
        return False
    return near[0] in own["had"] or near[0][0].isdigit() or near[0].endswith("ed")
