"""One place in a text where the name of a company may stand, whole or shortened."""

from __future__ import annotations

import re
from typing import Final

from followup_rules.quality.naming.spot import Spot
from followup_rules.quality.phrases import word_sets


class Firm(Spot):
    """A place that is looked at for people and for companies."""

    def is_company(self, whole: bool) -> bool:
        """True where it is the name of a company, whole or shortened."""
        if not self._first.capital or self._glued() or self._title() or self._longer() or self._led():
            return False
        if not whole and not self._is_concerned():
            return False
        several = self._size > 1 and self._last.capital
        return not self._kind or several or self._evident(True, whole)

    def _is_concerned(self) -> bool:
        """True where a shortened company takes part: 'join Voltrix', 'Voltrix offered'.

        Elsewhere such a word is more often a place or a people: 'in Geita', 'the Baltic coast', 'from Geita'.
        """
        if self._addressed() or self._told():
            return True
        word, after, sets = self._before, self._next, self._sets
        follows = after.key if after is not None else ""
        if self._size > 1 or (word is not None and word.key in ("ex", "non")):
            return True
        if word is not None and word.key in sets["within"]:
            return False
        if word is not None and word.key in _OWN and follows in _PREMISES:
            return False  # 'our Fresno branch' is where it stands
        if self._last.owner or follows in sets["staff"] or follows in sets["spoke"] or follows in sets["acts"]:
            return True
        if word is None or (follows and not _is_function(follows)):
            return word is not None and word.key in _CLAUSES and follows.endswith(("s", "ed"))
        if word.key == "at":
            return not (self._begins_clause() or self._lasted() or self._is_visited())
        if word.key in ("from", "to", "of", "and"):
            return self._at > 1 and self._line.atoms[self._at - 2].key in sets["engaged"]
        return word.key in sets["near"] or word.key in _CLAUSES

    def _lasted(self) -> bool:
        """True for 'I sold cheese at Borough for three years': where somebody was, not whom they write to."""
        behind = [atom.key for atom in self._line.atoms[self._at + self._size :][:5]]
        return behind[:1] == ["since"] or (behind[:1] == ["for"] and not _SPANS.isdisjoint(behind))

    def _is_visited(self) -> bool:
        """True where the same word stands behind 'in' or 'out of' as well: then it is a place all along."""
        return (
            re.search(
                rf"\b(?:in|near|around|out of) {re.escape(self._line.text[self._first.start : self._last.end])}\b",
                self._line.text,
            )
            is not None
        )

    def _begins_clause(self) -> bool:
        """True for 'at Geita we preheated': it is where somebody was; not for 'at Voltrix I would'."""
        atoms, after = self._line.atoms, self._at + self._size
        if after + 1 >= len(atoms) or self._line.text[self._last.end : atoms[after].start].strip() not in ("", ","):
            return False
        return atoms[after].key in _PRONOUNS and atoms[after + 1].key not in _WISHES


_OWN: Final = frozenset(("our", "my", "your", "their"))
_PREMISES: Final = frozenset(
    ("branch", "office", "offices", "store", "shop", "warehouse", "site", "plant", "yard", "depot")
)
_CLAUSES: Final = frozenset(("that", "think", "because", "if", "when", "whether", "since", "as", "but", "while", "so"))
_SPANS: Final = frozenset(("year", "years", "months", "weeks", "decade", "decades", "seasons", "summers", "winters"))
_PRONOUNS: Final = frozenset(("we", "i", "they", "you", "he", "she", "it", "my", "our", "ive", "weve"))
_WISHES: Final = frozenset(("would", "will", "could", "can", "might", "want", "hope", "should"))


def _is_function(key: str) -> bool:
    """True for a word that belongs to no name in front of it: 'on', 'last', 'we'."""
    return key in word_sets("names")["not_names"] or key in word_sets("homonyms")["near"] or key in _CLAUSES
