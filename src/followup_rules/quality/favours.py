"""Thanks without words of thanks: what the reader did for the writer, and what it was worth.

'I was glad that you let me try the crane' names a favour ('you let me') and its worth ('glad'). Either alone is no
thanks: 'you showed us three drawings' reports, 'I was glad to hear of the new depot' is about something else. A
virtue of the reader ('your kindness') tells both. What is only wished for or asked for ('would', 'if', a question)
does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from followup_rules.quality.phrases import word_sets

_REACH = 9
"""How many words behind the reader the favour may stand: 'you and your colleagues so patiently let'."""


@lru_cache(maxsize=1)
def _sets() -> dict[str, frozenset[str]]:
    return word_sets("favours")


def is_favour(words: Sequence[str]) -> bool:
    """True where a sentence or a part of it names a favour of the reader and its worth."""
    sets = _sets()
    said = frozenset(words)
    if sets["reader"].isdisjoint(said) or not sets["unreal"].isdisjoint(said):
        return False
    if not sets["virtue"].isdisjoint(said) and _is_readers(words):
        return True
    return not sets["worth"].isdisjoint(said) and not sets["deed"].isdisjoint(said) and _is_done(words)


def _is_readers(words: Sequence[str]) -> bool:
    """'your great kindness', 'the generosity that you and yours showed'."""
    sets = _sets()
    for at, word in enumerate(words):
        if word in sets["virtue"]:
            before, after = words[max(0, at - 4) : at], words[at + 1 : at + 5]
            if "your" in before or not sets["reader"].isdisjoint(after[:4]):
                return sets["mine"].isdisjoint(before)
    return False


def _is_done(words: Sequence[str]) -> bool:
    """The reader is who did it, and the writer or the writer's side is who had it: 'you let me', 'you gave us'."""
    sets = _sets()
    for at, word in enumerate(words):
        if word in sets["reader"]:
            for number, verb in enumerate(words[at + 1 : at + _REACH], at + 1):
                if verb in sets["deed"] and words[number - 1] not in ("i", "we", "to", "they", "he", "she"):
                    behind = words[number + 1 : number + 1 + _REACH]
                    if not sets["had"].isdisjoint(behind) or verb in sets["own favour"]:
                        return True
                if verb in sets["other subject"]:
                    break
    return False
