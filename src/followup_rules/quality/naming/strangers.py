"""Names of other applications: which words of them give them away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from followup_rules.quality.naming.names import bare, fold, is_first_name, spellings
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Word, owns_of

Keys = tuple[str, ...]
_HYPHENS: Final = re.compile(r"[-‐‑]")
_CONNECTORS: Final = frozenset(("and", "und", "et", "y", "of", "the", "for", "de", "la", "in", "on"))
_HUMPS: Final = re.compile(r"[A-Z][a-z]+")
_UMLAUT: Final = re.compile(r"(?<=[^aeiouq])([uoa])e(?=[^aeiou])")
_LONGEST: Final = 80
_CASELESS: Final = re.compile(r"[֐-ࣿऀ-჏ᄀ-ᇿ⺀-퟿]")
"""Letters of scripts that have no capitals."""


class Atom(NamedTuple):
    """A word, or one half of a hyphened one: its key, whether it is capitalised, and where it stands."""

    key: str
    capital: bool
    start: int
    end: int
    owner: bool
    """Whether it has a possessive ending."""


class Stranger(NamedTuple):
    """A name that does not belong in this message.

    `full` are the ways to write all of it, `short` those of a company's name without what tells nothing apart;
    `given` and `family` are the parts of a person's name.
    """

    name: str
    company: bool
    full: tuple[Keys, ...]
    short: tuple[Keys, ...] = ()
    given: frozenset[Keys] = frozenset()
    family: frozenset[Keys] = frozenset()
    initial: str = ""
    begin: frozenset[str] = frozenset()
    """The keys that one of these begins with."""


def atoms_of(words: Iterable[Word]) -> list[Atom]:
    """The words of a text, hyphened ones in parts, without the ending of the possessive."""
    return [
        Atom(key, capital, word.start + begin, word.start + end, owner)
        for word in words
        for key, capital, begin, end, owner in parts_of(word.text)
    ]


@lru_cache(maxsize=8192)
def parts_of(word: str) -> tuple[Atom, ...]:
    """The atoms of one word."""
    at = 0
    made: list[Atom] = []
    for part in _HYPHENS.split(word[:_LONGEST]):
        if part:
            made.append(_atom(part, at))
        at += len(part) + 1
    return tuple(made)


def _atom(part: str, at: int) -> Atom:
    plain = part.replace("’", "'")
    owner = plain.endswith(("'s", "'S")) and len(plain) > 2
    key = fold(plain[:-2] if owner else plain).replace("'", "")
    capital = not part[0].islower() and part[0].isalpha()
    capital = capital or (part[0].isdigit() and part[-1].isupper())  # '3M'
    capital = capital or (plain[1:2] == "'" and plain[2:3].isupper())  # "d'Souza" and "l'Oréal"
    return Atom(key, capital, at, at + len(part), owner)


def keys_of(text: str) -> Keys:
    """The keys of a name."""
    return tuple([key for word in owns_of(text) for key in _keys(word)])


def _keys(word: str) -> list[str]:
    if word.isascii() and word.isalpha():
        return [word[:_LONGEST].lower()]
    return [atom.key for atom in parts_of(word)]


@lru_cache(maxsize=4096)
def heads_of(name: str) -> tuple[str, ...]:
    """What any form of a name may begin with, and a little more; quickly told, for most texts hold none of it.

    Every key of a name; the parts of 'BrightPath'; 'Muller' for 'Mueller', and 'Mueller' for 'Müller'.
    """
    keys = keys_of(name)
    heads = {*keys, "".join(keys), *[_UMLAUT.sub(r"\1", key) for key in keys if "e" in key]}
    if not name.isascii():
        heads.update(*map(spellings, owns_of(name)))
    if "&" in name:
        heads.add("and")
    if not (name.islower() or name.istitle()):
        humps = [fold(part) for part in _HUMPS.findall(name)]
        heads.update((*humps, "".join(humps)))
    return tuple(heads - {""})


@lru_cache(maxsize=4096)
def stranger(name: str) -> Stranger | None:
    """What gives a name away; None for what is no name."""
    keys = keys_of(name)
    if not keys:
        return None
    made = _company(name, keys) if _is_company(name, keys) else _person(name, keys)
    made = made._replace(
        full=_spelled(made.full, name),
        short=_spelled(made.short, name),
        given=frozenset(_spelled(made.given, name)) - _plain_words(),
        family=frozenset(_spelled(made.family, name)) - _plain_words(),
    )
    forms = (*made.full, *made.short, *made.given, *made.family)
    return made._replace(begin=frozenset(form[0] for form in forms if form))


def _spelled(forms: Iterable[Keys], name: str) -> tuple[Keys, ...]:
    """The forms, and those with 'ue' for 'ü' and the like."""
    if name.isascii():
        return tuple(forms)
    other = {key: max(spellings(word), key=len) for word in owns_of(name) for key in (fold(word),)}
    return tuple(dict.fromkeys(one for form in forms for one in (form, tuple(other.get(key, key) for key in form))))


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[Keys]:
    """Words that are no name by themselves: 'There' of 'Bean There'."""
    sets = word_sets("homonyms")
    names = sets["time"] | sets["word"] | sets["place"]
    return frozenset((word,) for word in word_sets("names")["not_names"] | sets["determiner"] if word not in names)


def _is_company(name: str, keys: Keys) -> bool:
    sets = word_sets("homonyms")
    titles = word_sets("names")["title"]
    if keys[0] in titles and keys[0] not in ("st", "la", "general", "prince", "major", "bishop") and len(keys) > 1:
        return False
    if len(keys) == 1 or (any(mark in name for mark in "&+0123456789/.") and not re.search(r"\b\w\. ?\w", name)):
        return True
    if keys[0] in sets["lead"] and keys[0] not in (
        "de",
        "del",
        "la",
        "el",
        "al",
        "das",
        "du",
        "dos",
        "des",
        "do",
        "os",
    ):
        return True
    if len(keys) == 2 and keys[1] in sets["surnames"] and is_first_name(keys[0]):
        return False
    return any(key in sets["legal"] or key in sets["company"] for key in keys[1:]) or "and" in keys


def _company(name: str, keys: Keys) -> Stranger:
    sets = word_sets("homonyms")
    bare = list(keys)
    while len(bare) > 1 and bare[-1] in sets["legal"]:
        bare.pop()
    while len(bare) > 1 and bare[-1] in ("and", "&"):
        bare.pop()
    if len(bare) > 1 and bare[0] in ("the", "a"):
        bare.pop(0)
    full = {tuple(bare), keys}
    humps = tuple(fold(part) for part in _HUMPS.findall(name)) if bare == list(keys) else ()
    if len(humps) > 1 and "".join(humps) == "".join(keys):
        full |= {humps, ("".join(humps),)}  # 'BrightPath' and 'Bright Path'
    if "&" in name:
        parts = [keys_of(part) for part in name.split("&")]
        full.add(tuple(key for number, part in enumerate(parts) for key in (("and", *part) if number else part)))
    short: set[Keys] = set()
    end = len(bare)
    while end > 1 and (bare[end - 1] in sets["company"] or bare[end - 1] in _CONNECTORS):
        end -= 1
        short.add(tuple(bare[:end]))
    lead = 0
    while lead < len(bare) - 1 and (bare[lead] in sets["lead"] or bare[lead] in _CONNECTORS):
        lead += 1
    if lead == 0 and len(bare) > 1:
        short.add((bare[0],))
    elif lead and bare[0] not in ("st", "saint", "sankt", "al", "new", "san", "santa"):
        short.add(tuple(bare[lead:end]) or tuple(bare[lead:]))
    tells = {form for form in short - full if form and any(key not in sets["lead"] and len(key) > 1 for key in form)}
    return Stranger(name, True, tuple(full), tuple(sorted(tells, key=len, reverse=True)))


def _person(name: str, keys: Keys) -> Stranger:
    found = bare(name)
    if found is None:
        return Stranger(name, False, (keys,))
    titles, parts = found
    particles = word_sets("names")["particle"]
    words = [keys_of(word) for word in parts]
    if len(words) == 1:
        familiar = bool(titles) and fold(titles[-1]) in word_sets("names")["familiar"]
        only = frozenset([words[0]])
        return Stranger(name, False, (), (), only if familiar else frozenset(), frozenset() if familiar else only)
    flat = tuple(key for word in words for key in word)
    last = len(words) - 1
    while last > 1 and words[last - 1][0] in particles:
        last -= 1
    family = {tuple(key for word in words[start:] for key in word) for start in range(1, len(words))}
    family |= {word for word in words[1:] if len(word[0]) > 1}
    family = {one for one in family if one[-1] not in particles and (len(one) > 1 or one[0] not in particles)}
    family = family or {words[-1]}
    family |= {tuple(_UMLAUT.sub(r"\1", key) if len(key) > 4 else key for key in one) for one in family}
    given = {words[0]}
    if words[0][0] in word_sets("names")["eastern"]:
        given |= {words[-1], tuple(key for word in words[1:] for key in word)}
        family.add(words[0])
    swapped = (*(key for word in words[last:] for key in word), *(key for word in words[:last] for key in word))
    full = {flat, swapped} | {words[0] + one for one in family}
    return Stranger(name, False, tuple(full), (), frozenset(given), frozenset(family), flat[0][:1])


@lru_cache(maxsize=4096)
def is_caseless(name: str) -> bool:
    """True for a name in a script without capitals."""
    return bool(_CASELESS.search(name))
