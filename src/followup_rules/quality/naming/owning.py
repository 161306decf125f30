"""What belongs to this application: its names are nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from followup_rules.check import Context
from followup_rules.quality.naming.names import folded, people_of, spellings
from followup_rules.quality.naming.strangers import Keys, atoms_of, keys_of
from followup_rules.quality.once import once
from followup_rules.quality.text import words_of

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


class Own:
    """The names of this application, with the familiar forms of its people's first names, and what the notes name."""

    def __init__(self, context: Context, allow: tuple[str, ...]) -> None:
        people = (context.recipient or "", context.sender or "", *context.people)
        self._people = [name for name in people if name]
        self._names = [name for name in (*people, context.company or "", context.role or "", *allow) if name]
        self._names += context.skills
        self._notes = context.notes

    def has(self, form: Keys) -> bool:
        """True where every part of a name is part of one of ours."""
        return all((key in self._bag and key in self._keys) or key in self._short for key in form)

    def holds(self, form: Keys) -> bool:
        """True where a name stands in one of ours as a whole."""
        return form[0] in self._bag and any(_contains(whole, form) for whole in self._wholes)

    @once
    def _bag(self) -> str:
        """All of it in one text: a cheap first look."""
        said = "\n".join([*self._names, *self._notes])
        bag = folded(said)
        if not said.isascii():
            bag += folded(said.lower().translate(_UMLAUTS))
        return bag.replace("'", "").replace("’", "")

    @once
    def _wholes(self) -> list[Keys]:
        return [keys_of(name) for name in (*self._names, *self._notes)]

    @once
    def _keys(self) -> frozenset[str]:
        """The words of the names, and the words that the notes write with a capital."""
        plain = {key for name in self._names for key in keys_of(name)}
        plain |= {one for key in plain if not key.isascii() for one in spellings(key)}
        noted = [atom.key for note in self._notes for atom in atoms_of(words_of(note)) if atom.capital]
        return frozenset([*plain, *noted])

    @once
    def _short(self) -> frozenset[str]:
        known = [one for name in self._people for one in people_of(name)]
        return frozenset([form for one in known for form in one.short])


def _contains(whole: Sequence[str], part: Sequence[str]) -> bool:
    """True where a part stands in a whole, word by word."""
    size = len(part)
    return any(tuple(whole[at : at + size]) == tuple(part) for at in range(len(whole) - size + 1))
