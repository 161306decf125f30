"""Which words can be what in a sentence, with their forms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from followup_rules.quality.loading import all_kept
from followup_rules.quality.phrases import word_sets

_VOWELS: Final = frozenset("aeiou")
_DOUBLING: Final = frozenset(
    "begin commit occur refer regret submit plan stop drop ship chat run sit get win cut swim prefer transfer admit "
    "permit travel cancel model label control equip fit stir step program forget fulfil overrun".split()
)
_IRREGULAR_PLURALS: Final = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "criterion": "criteria",
    "analysis": "analyses", "series": "series", "shelf": "shelves", "knife": "knives", "life": "lives",
    "wife": "wives", "staircase": "staircases", "photo": "photos", "video": "videos", "hero": "heroes",
}  # fmt: skip


class Verb(NamedTuple):
    """The forms of a verb."""

    base: str
    third: str
    past: str
    participle: str
    ing: str


def regular(base: str) -> Verb:
    """The forms of a regular verb."""
    third = _with_s(base)
    if base.endswith("e"):
        past, ing = base + "d", (base if base.endswith(("ee", "ye", "oe")) else base[:-1]) + "ing"
    elif base.endswith("y") and base[-2] not in _VOWELS:
        past, ing = base[:-1] + "ied", base + "ing"
    else:
        stem = base + base[-1] if _doubles(base) else base
        past, ing = stem + "ed", stem + "ing"
    return Verb(base, third, past, past, ing)


def plural_of(noun: str) -> str:
    """The plural of a noun that can be counted."""
    if noun.endswith(("man", "woman")):
        return noun[:-2] + "en"
    return _IRREGULAR_PLURALS.get(noun) or _with_s(noun)


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")) or word in ("go", "do", "undergo", "veto"):
        return word + "es"
    return word + "s"


def _doubles(base: str) -> bool:
    ends_short = base[-1] not in "aeiouwxy" and base[-2] in _VOWELS and base[-3:-2] not in _VOWELS
    return base in _DOUBLING or (2 < len(base) <= 4 and ends_short and sum(letter in _VOWELS for letter in base) == 1)


@lru_cache(maxsize=1)
@all_kept
def verbs() -> Mapping[str, Verb]:
    """Every verb of the lists by its plain form."""
    lists = word_sets("grammar_words")
    made: dict[str, Verb] = {}
    for base in lists["verb"] | lists["verb_2"] | lists["verb_noun"]:
        made[base] = regular(base)
    for entry in lists["irregular"]:
        base, past, participle = entry.split("/")
        made[base] = Verb(base, _with_s(base), past, participle, regular(base).ing)
    made["have"] = made["have"]._replace(third="has")
    made["be"] = Verb("be", "is", "was", "been", "being")
    for base in ("put", "set", "let", "cut", "read", "cost"):
        made[base] = Verb(base, base + "s", base, base, regular(base).ing)
    return made


@lru_cache(maxsize=1)
def by_form() -> Mapping[str, Verb]:
    """Every verb by each of its forms."""
    return {form: verb for verb in verbs().values() for form in reversed(verb)}


def _participles(known: Mapping[str, Verb]) -> frozenset[str]:
    return frozenset(verb.participle for verb in known.values())


@lru_cache(maxsize=1)
@all_kept
def classes() -> Mapping[str, frozenset[str]]:
    """The words of every class that a pattern can name."""
    lists = word_sets("grammar_words")
    made = {name: words for name, words in lists.items() if name != "irregular"}
    known = verbs()
    bases = frozenset(known)
    plain = lists["verb"]
    nouns = lists["count"]
    made["each"] = nouns - lists["group"]
    made["thing"] = made["each"] - bases
    made["base"] = bases
    made["plain"] = plain | {"be"}
    made["plain_be"] = (plain - lists["not_after_be"]) | {"select"}
    made["plain_have"] = plain - _participles(known) - {"suit", "supply", "select", "present", "design"}
    made["possessive"] = frozenset(noun + "'s" for noun in nouns | lists["job"])
    made["third_only"] = frozenset(known[base].third for base in plain)
    made["ing"] = frozenset(verb.ing for verb in known.values())
    made["past"] = frozenset(verb.past for verb in known.values()) - bases - {"felt", "left", "found"}
    made["participle"] = frozenset(verb.participle for verb in known.values())
    made["no_participle"] = frozenset(plain | lists["verb_2"]) - made["participle"]
    made["third"] = frozenset(known[base].third for base in bases) - {"is", "has", "does"}
    made["base_only"] = bases - frozenset("put set let cut read cost hit quit shut spread be need like".split())
    made["past_only"] = frozenset(
        verb.past for verb in known.values() if verb.past not in (verb.base, verb.participle)
    ) - {"rose", "bit", "got", "showed", "spoke", "was"}
    made["plural"] = frozenset(plural_of(noun) for noun in nouns) - {"series", "news"}
    made["lone"] = (nouns | lists["job"]) - lists["group"] - lists["house"] - lists["time"]
    made["plurals"] = frozenset(plural_of(noun) for noun in made["lone"]) - {"series", "news", "means"}
    made["plurals_only"] = made["plurals"] - made["third"]
    return made
