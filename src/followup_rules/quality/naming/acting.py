"""Whether the words behind a name show that it is somebody: 'Bill sent', 'Faith has accepted', 'Joy and her plan'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from followup_rules.quality.naming.strangers import Atom
from followup_rules.quality.phrases import word_sets

_ENDED: Final = re.compile(r"[.!?\n]")
_PERSONAL: Final = frozenset(("his", "her", "himself", "herself", "he", "she", "hers"))
_MODAL: Final = frozenset(
    (
        "has", "have", "had", "also", "already", "just", "recently", "kindly", "even", "actually", "since", "then",
        "later", "finally", "now", "clearly", "always", "never", "still", "only", "himself", "herself", "first",
        "hasnt", "hadnt", "havent", "yesterday", "privately", "politely", "bravely", "nicely", "gladly", "at", "once",
    )
)  # fmt: skip
_HELPERS: Final = frozenset(
    (
        "has", "had", "hasnt", "hadnt", "would", "wouldnt", "could", "couldnt", "should", "might", "didnt", "doesnt",
        "did", "does", "was", "wasnt", "isnt", "remains", "became",
    )
)  # fmt: skip
_BEING: Final = frozenset(("is", "was", "seems", "seemed", "remains"))

_NOUNS: Final = frozenset(
    ("works", "leads", "offers", "calls", "shows", "starts", "needs", "sounds", "likes", "wins", "helps", "moves")
)
"""Verbs that are nouns too: 'Chase leads', 'Mark works'."""


def acts(text: str, atoms: Sequence[Atom], after: int, kind: str) -> bool:
    """True where a name at the beginning of a sentence does what people do; `atoms[after]` stands behind it."""
    sets = word_sets("homonyms")
    keys = _rest(text, atoms, after)
    if not keys:
        return False
    name = atoms[after - 1].key
    if keys[0] == "from" and kind == "word" and len(keys) > 1 and atoms[after + 1].capital:
        return name not in sets["mass"]  # 'Holly from Northgate'
    mass = kind != "word" or name in sets["mass"] or (name.endswith("s") and not name.endswith("ss"))
    if keys[0] == "and" and keys[1:2] and keys[1] in ("his", "her"):
        return True
    if _speaks(keys, kind) or (keys[0] in _BEING and not sets["state"].isdisjoint(keys[1:3])):
        return True
    does = keys[0] in sets["acts"] or keys[0] in sets["does"] or keys[0] in _HELPERS
    if not does or keys[0] in _NOUNS:
        return False
    return not mass or not _PERSONAL.isdisjoint(keys[1:])


def _rest(text: str, atoms: Sequence[Atom], after: int) -> list[str]:
    """The words behind, as far as the sentence goes; nothing where a comma parts them from the name."""
    keys: list[str] = []
    end = atoms[after - 1].end
    for atom in atoms[after:]:
        gap = text[end : atom.start]
        if _ENDED.search(gap) or (not keys and gap.strip()):
            break
        keys.append(atom.key)
        end = atom.end
    return keys


def _speaks(keys: Sequence[str], kind: str) -> bool:
    """True for 'said', 'has already said': even a month that does so is somebody."""
    at = 0
    while at < 3 and at < len(keys) and keys[at] in _MODAL:
        at += 1
    sets = word_sets("homonyms")
    if at == len(keys) or keys[at] not in sets["spoke"] or (kind == "time" and keys[at] in sets["impersonal"]):
        return False
    return at > 0 or not kind or kind == "word"
