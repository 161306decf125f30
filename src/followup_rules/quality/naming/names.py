"""Names of people as they are written: without accents, shortened, in parts, with a title, in another order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from followup_rules.quality.phrases import read_entries, word_sets
from followup_rules.quality.text import owns_of

_LONGEST: Final = 5
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "’": "'", "‘": "'"}
)
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_ENDINGS: Final = ("ie", "ey", "y", "i", "o", "s", "z", "za", "zza", "sy", "sie", "ers", "ster", "bo", "a")
_VOCATIVES: Final = frozenset(("u", "o", "e", "ie", "ze", "iu", "io", "i"))
_SEVERAL: Final = re.compile(r"\s+(?:and|und|et|y)\s+|\s*[&;/+]\s*")
_ALSO_NAMES: Final = frozenset(
    "Dean Earl Duke Prince Major Bishop Abbot Marshal Don Judge San Justice Princess".split()
)
"""Titles that are first names as well: in 'Dean Bishop' nothing is a title."""


def folded(text: str) -> str:
    """Small letters without accents: 'Szabó' and 'Szabo' are one name."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.lower().translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join([letter for letter in plain if not unicodedata.combining(letter)]))


fold = lru_cache(maxsize=4096)(folded)


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Only the letters of the folded text: "O'Connell", "OConnell" and "o connell" are one name."""
    plain = fold(text)
    return plain if plain.isalpha() else "".join([letter for letter in plain if letter.isalpha()])


@lru_cache(maxsize=4096)
def spellings(text: str) -> frozenset[str]:
    """How a word may be written without its accents: 'Müller' as 'muller' and 'mueller'."""
    found = {letters(text)}
    if not text.isascii():
        found.add(letters(unicodedata.normalize("NFC", text).lower().translate(_GERMAN)))
    return frozenset(found - {""})


@lru_cache(maxsize=1)
def titles() -> frozenset[str]:
    """What may stand before a name, with and without accents: 'Señor' is folded like the words it is compared with."""
    return word_sets("names")["title"] | frozenset(fold(word) for word in word_sets("names")["title"])


class Known(NamedTuple):
    """Every way to write one person's name.

    `given` are first names, `short` what is usually said for them, `family` the rest, with and without particles;
    `initials` the first letter of each name, and the first two together.
    """

    titles: tuple[str, ...]
    words: tuple[str, ...]
    given: frozenset[str]
    short: frozenset[str]
    family: frozenset[str]
    initials: frozenset[str]


@lru_cache(maxsize=1024)
def people_of(names: str) -> tuple[Known, ...]:
    """The people of 'Dr Ana Reyes' or 'Ana Reyes and Tom Lee'; nobody where it names a team or a department."""
    found = [_known(part) for one in _SEVERAL.split(names) for part in _parts(one)]
    return tuple([one for one in found if one is not None])


def _parts(name: str) -> Iterator[str]:
    """'Reyes, Ana' is one person; so is 'Ana Reyes, Head of People'; 'Ana Reyes, Tom Lee' are two."""
    first, *rest = [part.strip() for part in re.split(r"[,|]|\s[-–—]\s", name) if part.strip()] or [""]
    if len(rest) == 1 and len(first.split()) == 1 and len(rest[0].split()) <= 2 and not is_generic(rest[0]):
        yield f"{rest[0]} {first}"
        return
    if len(rest) == 1 and len(rest[0].split()) == 1 and not is_generic(rest[0]) and _leads(first):
        yield f"{rest[0]} {first}"
        return
    yield first
    yield from (part for part in rest if 1 < len(part.split()) <= 4 and not is_generic(part))


def _leads(surname: str) -> bool:
    """True for 'van den Berg' of 'van den Berg, Ana'."""
    return fold(surname.split()[0]) in word_sets("names")["particle"]


def is_generic(name: str) -> bool:
    """True for 'Recruitment Team' and 'HR', which name no person."""
    sets = word_sets("names")
    words = [letters(word) for word in owns_of(name)]
    plain = [word for word in words if word not in sets["suffix"]]
    if any(word in sets["group"] or word in ("hr", "section", "unit", "officer", "manager") for word in plain):
        return True
    return all(word in sets["generic"] or word in sets["empty"] for word in plain)


def bare(name: str) -> tuple[list[str], list[str]] | None:
    """The titles and the names of one person, without degrees; None where it names no person."""
    sets = word_sets("names")
    words = list(owns_of(name))
    before: list[str] = []
    while len(words) > 1 and fold(words[0]) in titles() and not (len(words) == 2 and words[0] in _ALSO_NAMES):
        before.append(words.pop(0))
    while len(words) > 1 and fold(words[-1]) in sets["suffix"]:
        words.pop()
    if not words or (not before and is_generic(" ".join(words))):
        return None
    return before, words


def _known(name: str) -> Known | None:
    found = bare(name)
    if found is None:
        return None
    before, words = found
    return Known(tuple(before), tuple(words), *_forms(words, _civil(before)))


def _forms(words: Sequence[str], titled: bool) -> tuple[frozenset[str], ...]:
    given = words[:-1] if titled or len(words) > 1 else words
    forms: set[str] = set()
    family: set[str] = set()
    short: set[str] = set()
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            if not _only_particles(words, start, end):
                (family if end == len(words) or end - start > 1 else forms).update(joined(words[start:end]))
    for word in words:
        for part in _hyphened(word):
            (forms if word in given else family).update(spellings(part))
    for number, word in enumerate(given):
        forms |= spellings(word)
        if number == 0 or fold(word) not in word_sets("names")["particle"]:
            short |= short_forms(letters(word))
    heads = [letters(part)[:1] for word in words for part in word.split("-")]
    initials = {*heads, "".join(heads[:2])}  # 'Hi SJ,' for Sarah-Jane
    return frozenset(forms - {""}), frozenset(short - {""}), frozenset(family - {""}), frozenset(initials - {""})


def _civil(before: Sequence[str]) -> bool:
    return any(fold(title) in word_sets("names")["civil"] for title in before)


def _only_particles(words: Sequence[str], start: int, end: int) -> bool:
    particles = word_sets("names")["particle"]
    inside = start > 0 and end < len(words)
    return inside and all(fold(word) in particles for word in words[start:end])


def _hyphened(word: str) -> list[str]:
    """The halves of 'Kowalska-Jones'; of 'al-Khatib' and "D'Souza" also what stands behind the particle."""
    if word.isalpha():
        return []
    particles = word_sets("names")["particle"]
    parts = [part for part in re.split(r"[-‐‑]", word) if part]
    found = [part for part in parts if fold(part) not in particles or (len(part) > 2 and part[0].isupper())]
    return found if len(parts) > 1 else []


def joined(words: Sequence[str]) -> set[str]:
    """Every spelling of some words written as one."""
    if len(words) == 1:
        return set(spellings(words[0]))
    made = {""}
    for word in words:
        made = {before + one for before in made for one in spellings(word)}
    return made


@lru_cache(maxsize=1)
def _nicknames() -> dict[str, frozenset[str]]:
    text = files("followup_rules.quality").joinpath("words/nicknames.txt").read_text("utf-8")
    found: dict[str, set[str]] = {}
    for _, names, short in read_entries(text):
        for name in names.split("|"):
            found.setdefault(letters(name), set()).update(letters(word) for word in short.split())
    return {name: frozenset(short) for name, short in found.items()}


def short_forms(name: str) -> frozenset[str]:
    """The familiar forms of a first name that are listed; and the full names that it may be short for."""
    return _nicknames().get(name, frozenset()) | _full_names().get(name, frozenset())


def is_first_name(name: str) -> bool:
    """True for a first name of which familiar forms are listed, and for these."""
    return name in _nicknames() or name in _full_names()


def is_vocative(said: str, name: str) -> bool:
    """True for the form in which Poles, Czechs and others call somebody: 'Tomaszu', 'Marku' (Marek), 'Anno'."""
    stem = name.rstrip("aeio")
    if len(stem) < 3 or said == name:
        return False
    short = stem[:-2] + stem[-1] if stem[-2] == "e" else stem
    return any(said.startswith(one) and said[len(one) :] in _VOCATIVES for one in (stem, short))


@lru_cache(maxsize=1)
def _full_names() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, short in _nicknames().items():
        for one in short:
            found.setdefault(one, set()).add(name)
    return {short: frozenset(names) for short, names in found.items()}


def is_short_for(word: str, name: str) -> bool:
    """True where a word is the beginning of a first name, bare or with a familiar ending: 'Soph', 'Gaz', 'Robbo'.

    One letter less than the name is rather a slip ('Elen'), and so is most of a long name ('Daniel' for Daniela).
    """
    if len(word) < 2 or len(name) < 4 or word[0] != name[0] or word in _nicknames():
        return False  # 'Luca' is a name of its own, not short for Lucinda
    if name.startswith(word):
        return len(word) <= 5 and len(word) <= len(name) - 2 and len(word) * 3 <= len(name) * 2 + 1
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 2:
            bare = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
            if name.startswith(bare) and len(bare) <= 4 and len(bare) <= len(name) - 2:
                return len(bare) > 2 or ending in ("z", "za", "zza")
    return False
