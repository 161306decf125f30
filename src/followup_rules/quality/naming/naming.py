"""Whether a word in a message is the name of somebody, or only looks like it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from followup_rules.quality.naming.firms import Firm
from followup_rules.quality.naming.lines import Line
from followup_rules.quality.naming.names import fold, folded
from followup_rules.quality.naming.owning import Own
from followup_rules.quality.naming.strangers import (
    Atom,
    Keys,
    Stranger,
    atoms_of,
    heads_of,
    is_caseless,
    parts_of,
    stranger,
)
from followup_rules.quality.phrases import word_sets

_GAP: Final = re.compile(r"[ \t\n]{0,4}[-‐‑.,&’']?[ \t\n]{0,4}(?:& )?")
_BEFORE: Final = 3
_BEHIND: Final = 9
_SHORT: Final = 3
"""'St. John' and 'A. B. Lee' are names, 'through Georgia. Lamb stew' holds none."""

_PARTICLES: Final = 3
"""'van den Berg' begins in small letters."""


class Place(NamedTuple):
    """Where a name was found, and whether it is the whole name; None for a place that is called so."""

    start: int
    end: int
    whole: bool | None


class Index(NamedTuple):
    """The names of other applications as they are looked for.

    `begins` are the keys that one begins with, `seconds` those that go on with it; `caseless` are names in scripts
    without capitals.
    """

    strangers: tuple[Stranger, ...]
    caseless: tuple[Stranger, ...]
    begins: frozenset[str]
    seconds: tuple[str, ...]


class Bag:
    """The words of a text, in small letters and without accents, to look names up in: most texts hold none."""

    def __init__(self, lowers: Sequence[str]) -> None:
        self._size = len(lowers)
        text = "\n".join(lowers)
        self._accented: list[int] = []
        if not text.isascii():
            self._accented = [number for number, lower in enumerate(lowers) if not lower.isascii()]
            text += "\n" + folded("\n".join([lowers[number] for number in self._accented]))
        self._text = text.replace("'", "")

    def hits(self, keys: Iterable[str]) -> list[int]:
        """The numbers of the words that hold one of some keys."""
        text, size = self._text, self._size
        found = {number for key in keys if key in text for number in _lines(text, key)}
        return sorted({number if number < size else self._accented[number - size] for number in found})


def may_hold(name: str, bag: Bag, owns: Sequence[str], lowers: Sequence[str]) -> bool:
    """False where no word can begin a name, for a capital or the word behind it: then the name need not be read."""
    heads = heads_of(name)
    hits = bag.hits(heads)
    if any(not owns[number].islower() for number in hits) or (not name.isascii() and is_caseless(name)):
        return True
    return any(fold(lowers[number + 1]).startswith(heads) for number in hits if number + 1 < len(lowers))


def _lines(text: str, key: str) -> Iterator[int]:
    """The numbers of the lines that hold a key."""
    number, counted, at = 0, 0, text.find(key)
    while at >= 0:
        number += text.count("\n", counted, at)
        yield number
        counted, at = at, text.find(key, at + len(key))


@lru_cache(maxsize=1024)
def index_of(names: tuple[str, ...]) -> Index:
    """How to look for some names."""
    found = [one for name in names if (one := stranger(name)) is not None]
    plain = tuple([one for one in found if not is_caseless(one.name)])
    forms = [form for one in plain for form in (*one.full, *one.short, *one.family, *one.given)]
    return Index(
        plain,
        tuple([one for one in found if is_caseless(one.name)]),
        frozenset().union(*(one.begin for one in plain)),
        tuple({form[1] for form in forms if len(form) > 1}),
    )


def find(line: Line, index: Index, hits: Sequence[int], own: Own) -> Iterator[tuple[Stranger, Place]]:
    """Every place where a text names a stranger, whole or in part; `hits` are the words that may begin it."""
    after = 0
    for number in hits:
        word = line.words[number]
        if word.start < after or not _may_begin(line, number, index):
            continue
        first = max(0, number - _BEFORE)
        atoms = atoms_of(line.words[first : number + _BEHIND])
        spots = [at for at, atom in enumerate(atoms) if word.start <= atom.start < word.end]
        for at in spots:
            for one in index.strangers:
                place = _at(line, atoms, at, one, own)
                if place is not None and place.start >= after:
                    after = place.end
                    if place.whole is not None:
                        yield one, place


def _may_begin(line: Line, number: int, index: Index) -> bool:
    """Whether a word is where a name begins; one in small letters only where the next goes on with the name."""
    word = line.words[number]
    if word.lower not in index.begins:
        return any(atom.key in index.begins for atom in parts_of(word.text))
    behind = line.lowers[number + 1] if number + 1 < len(line.lowers) else ""
    return not word.text.islower() or fold(behind).startswith(index.seconds)


def _at(line: Line, atoms: Sequence[Atom], at: int, one: Stranger, own: Own) -> Place | None:
    if atoms[at].key not in one.begin:
        return None
    size, whole = _size(line._replace(atoms=atoms), at, one, own)
    return Place(atoms[at].start, atoms[at + size - 1].end, whole) if size else None


def _size(line: Line, at: int, one: Stranger, own: Own) -> tuple[int, bool | None]:
    """How many words from here on name a stranger, and whether they are the whole name; None for a place so named."""
    for form in one.full:
        if len(form) > 1 and _stands(line, at, form):
            atoms = line.atoms[at : at + len(form)]
            capital = all(atom.capital or line.text[atom.start - 1] == "-" for atom in atoms if len(atom.key) > 3)
            if capital and Firm(line, at, len(form)).is_place(form):
                return len(form), None
            if (capital or _unmistakable(form, one)) and not own.holds(form):
                return len(form), True
    if not any(atom.capital for atom in line.atoms[at : at + _PARTICLES]):
        return 0, False
    for form, names in _parts(one):
        if _stands(line, at, form) and names(Firm(line, at, len(form))) and not own.has(form):
            return len(form), form in one.full
    return 0, False


def _parts(one: Stranger) -> Iterator[tuple[Keys, Callable[[Firm], bool]]]:
    """What may stand for the whole name, and the question that decides whether it does."""
    for form in one.full:
        if one.company and len(form) == 1:
            yield form, lambda spot: spot.is_company(True)
    for form in one.short:
        yield form, lambda spot: spot.is_company(False)
    for form in one.family:
        yield form, lambda spot: spot.is_family(one)
    for form in one.given:
        yield form, lambda spot: spot.is_given(one)


def _stands(line: Line, at: int, form: Keys) -> bool:
    """True where the words of a name stand here one after another."""
    atoms = line.atoms[at : at + len(form)]
    if len(atoms) < len(form) or any(atom.key != key for atom, key in zip(atoms, form, strict=True)):
        return False
    for one, other in pairwise(atoms):
        gap = line.text[one.end : other.start]
        if not _GAP.fullmatch(gap) or (gap.startswith(". ") and len(one.key) > _SHORT):
            return False
    return True


def _unmistakable(form: Keys, one: Stranger) -> bool:
    """True for a name that is one even in small letters."""
    sets = word_sets("homonyms")
    common = sets["word"] | sets["place"] | sets["time"] | sets["company"]
    return not one.company and not any(key in common for key in form)
