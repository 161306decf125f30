"""Names of people who applied nowhere: the writer's own, great ones, and those whom the text has introduced."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from followup_rules.quality.naming.names import fold
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Word

_RELATIONS: Final = frozenset(
    (
        "wife", "husband", "partner", "brother", "sister", "son", "daughter", "mother", "father", "mum", "mom", "dad",
        "uncle", "aunt", "cousin", "nephew", "niece", "grandmother", "grandfather", "grandson", "granddaughter", "dog",
        "cat", "horse", "neighbour", "neighbor", "friend", "teacher", "mentor", "coach", "tutor", "godson", "fiance",
        "fiancee", "twin", "baby", "boy", "girl", "landlady", "landlord", "flatmate", "roommate",
    )
)  # fmt: skip
_MY: Final = frozenset(("my", "our", "his", "her"))
_EPONYMS: Final = frozenset(
    (
        "law", "laws", "theorem", "theory", "principle", "effect", "equation", "equations", "constant", "number",
        "syndrome", "disease", "lemma", "paradox", "scale", "cipher", "transform", "distribution", "coefficient",
        "radar", "engine", "valve", "wrench", "slaw", "curve", "diagram", "pipeline", "pipelines", "time",
    )
)  # fmt: skip
_FIRST_WORDS: Final = 400
"""How far the text is read for it: a letter is shorter, and longer texts would cost too much."""

_AGAINST: Final = frozenset(("v", "vs", "versus"))
_PERFORMED: Final = frozenset(("played", "play", "playing", "sang", "sing", "singing", "quoted", "recited", "reciting"))


def is_related(before: Sequence[str], titles: Collection[str]) -> bool:
    """True behind 'my wife' and 'my old teacher, Mr'; `before` are the keys of the words before the name."""
    keys = list(before)
    if keys and keys[-1] in titles and keys[-1] not in _RELATIONS:
        keys.pop()
    return bool(keys) and keys[-1] in _RELATIONS and not _MY.isdisjoint(keys)


def is_cited(before: str, after: str) -> bool:
    """True for 'Newton's laws', 'we played Bach' and 'Smith v Jones'."""
    return after in _EPONYMS or before in _PERFORMED or before in _AGAINST or after in _AGAINST


def introduced(text: str, words: Sequence[Word], given: str, until: int, no_names: Collection[str]) -> str:
    """The surname that first stands behind a first name earlier in the text; empty where there is none."""
    plain = word_sets("names")["not_names"]
    for word, after in pairwise(words[:_FIRST_WORDS]):
        if word.start >= until:
            break
        same = word.lower == given or (not word.lower.isascii() and fold(word.lower) == given)
        if same and word.text[0].isupper() and text[word.end : after.start] == " ":
            surname = fold(after.lower).removesuffix("'s")
            capital = after.text[0].isupper() and after.text[1:].islower()
            if capital and surname not in plain and surname not in no_names:
                return surname
    return ""
