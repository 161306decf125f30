"""One place in a text where a name may stand, and what around it shows whether it does."""

from __future__ import annotations

import re
from typing import Final

from followup_rules.quality.naming.acting import acts
from followup_rules.quality.naming.elsewhere import introduced, is_cited, is_related
from followup_rules.quality.naming.lines import Line
from followup_rules.quality.naming.names import short_forms, titles
from followup_rules.quality.naming.slips import edits
from followup_rules.quality.naming.strangers import Atom, Keys, Stranger
from followup_rules.quality.phrases import word_sets

_STOP: Final = re.compile(r"[.!?:;\n•\"“”|()\[\]–—>*]")
_COMMA: Final = re.compile(r"[,;:.!?\n()\"“”–—|/]")
_CAPS: Final = frozenset(("hr", "ceo", "cto", "cfo", "coo", "hq", "it", "uk", "us", "usa", "eu", "i", "i'm"))
_LEAVE: Final = frozenset(("best", "kind", "warm", "talk", "speak", "yours", "take", "love", "cheers", "peace", "hope"))


class Spot:
    """One place in a text, with what stands around it."""

    def __init__(self, line: Line, at: int, size: int) -> None:
        self._line, self._at, self._size = line, at, size
        self._first, self._last = line.atoms[at], line.atoms[at + size - 1]
        self._sets, self._titles = word_sets("homonyms"), titles()
        key = self._first.key
        self._kind = next((kind for kind in ("time", "place", "word") if key in self._sets[kind]), "")
        common = key in self._sets["company"] or key in word_sets("common_words")["common"]
        if not self._kind and size == 1 and common:
            self._kind = "word"

    @property
    def _before(self) -> Atom | None:
        """The word before, in the same sentence."""
        if self._at == 0:
            return None
        one = self._line.atoms[self._at - 1]
        gap = self._line.text[one.end : self._first.start]
        if gap.startswith(".") and (one.key in self._titles or len(one.key) == 1) and gap.count("\n") == 0:
            return one
        return None if _STOP.search(gap) else one

    @property
    def _next(self) -> Atom | None:
        """The word behind, with nothing but a space between."""
        after = self._at + self._size
        if after >= len(self._line.atoms):
            return None
        one = self._line.atoms[after]
        return None if _COMMA.search(self._line.text, self._last.end, one.start) else one

    def _glued(self) -> bool:
        """True for half of a longer name: 'Barasa-Smith'."""
        text, end = self._line.text, self._last.end
        after = text[end : end + 2]
        before = text[max(0, self._first.start - 2) : self._first.start]
        if after[:1] and after[0] in "-‐‑" and after[1:].isupper():
            return True
        if before[-1:] and before[-1] in "-‐‑" and before[:1].isalpha():
            return self._at > 0 and self._line.atoms[self._at - 1].capital
        return before[-1:] in ("@", "#", "_", "/", ".") or after[:1] in ("@", "_")

    def _longer(self) -> bool:
        """True where a capitalised word goes on with the name: it is somebody or something else's."""
        word = self._next
        if word is None or not word.capital or self._last.owner:
            return False
        honours = word_sets("names")["behind"]  # 'Ayşe Hanım'
        return (
            word.key not in _CAPS
            and word.key not in honours
            and word.key not in self._sets["time"]
            and not self._line.titled
        )

    def _led(self) -> bool:
        """True where a capitalised word before belongs to the name: 'Mary Graham', 'Mount Graham'."""
        word = self._before
        if word is None or not word.capital or word.owner or word.key in self._titles or self._line.titled:
            return False
        if _COMMA.search(self._line.text, word.end, self._first.start) and len(word.key) > 1:
            return False
        names = word_sets("names")
        plain = word.key in names["not_names"] or word.key in names["greeting"] or word.key in self._sets["told"]
        plain = plain or word.key in self._sets["near"] or word.key in self._sets["roles"]
        plain = plain or word.key in self._sets["determiner"] or word.key in self._sets["time"] or word.key in _CAPS
        return not plain

    def _title(self) -> str:
        word = self._before
        return word.key if word is not None and word.key in self._titles and word.key not in ("to", "pan") else ""

    def _addressed(self) -> bool:
        """True in a salutation and in a signature; 'Good' and 'Best' greet and take leave there."""
        line, first = self._line, self._first
        if first.key in word_sets("names")["greeting"] | _LEAVE and not first.key.endswith("day"):
            return False
        if first.end <= line.greeting:
            return True
        above, _, here = line.text[: first.start].rpartition("\n")
        return bool(above) and first.start >= line.closing and not here.strip(" \t*_") and not self._last.owner

    def _told(self) -> bool:
        """True where the words around show that it is a name: 'told May', 'May said', 'spoke to May', 'May's idea'."""
        word, after, sets = self._before, self._next, self._sets
        if not self._first.capital:
            return False
        timed = "timed " if self._kind == "time" else ""
        passes = timed and after is not None and after.key in sets["impersonal"]
        if (
            after is not None
            and not passes
            and after.key in (sets[timed + "thoughts"] if self._last.owner else sets["spoke"])
        ):
            return word is None or word.key not in sets["within"]
        if self._line.text.startswith((", who ", ", whos"), self._last.end):
            return True
        if word is None or (after is not None and after.key in sets["later"]):
            return False
        if word.key in sets["told"]:
            return not timed or (word.key in sets["personal"] and (after is None or not after.capital))
        if word.key in sets["roles"] and self._line.text[word.end : self._first.start] == ", ":
            return after is None and self._line.text[self._last.end : self._last.end + 1] == ","
        two = self._line.atoms[self._at - 2] if self._at > 1 else word
        if _STOP.search(self._line.text, two.end, word.start) or word.key not in (_TIMED_LINKS if timed else _LINKS):
            return False
        return two.key in sets[timed + "engaged"]

    def _capital_means_name(self) -> bool:
        """True where a capital letter is not owed to the beginning of a sentence or to a heading."""
        return self._before is not None and not self._line.titled and self._first.capital

    def is_place(self, form: Keys) -> bool:
        """True for 'in Victoria Park' and 'Rose Hill Road': a name of words that goes on, or stands behind 'in'."""
        if any(not any(key in self._sets[kind] for kind in ("word", "place", "time", "company")) for key in form):
            return False
        word = self._before
        within = word is not None and word.key in self._sets["within"]
        return self._longer() or (within and form[-1] in self._sets["spots"])

    def _evident(self, company: bool, whole: bool = False) -> bool:
        """True where a word that may be something else is a name."""
        if self._addressed():
            return self._kind != "time" or self._first.end <= self._line.greeting
        word, after = self._before, self._next
        if after is not None and after.key[:1].isdigit():
            return False
        if word is not None and (word.key in self._sets["determiner"] or word.key in self._sets["within"]):
            staffed = company and after is not None and after.key in self._sets["staff"] and self._kind != "time"
            owned = self._last.owner and not company and self._kind == "word"
            return self._first.capital and not self._line.titled and (owned or (staffed and self._is_apart(whole)))
        if self._told() or self._with_reader():
            return True
        if word is None:
            owned = self._kind == "word" and self._last.owner
            return not self._line.titled and (owned or self._acts())
        if self._kind == "time":
            return False
        if self._kind == "place" and word.key not in _BY:
            return False
        return self._capital_means_name()

    def _acts(self) -> bool:
        line = self._line
        if line.text[self._last.end :].startswith((", for example,", ", for instance,")):
            return True
        return acts(line.text, line.atoms, self._at + self._size, self._kind)

    def _is_apart(self, whole: bool) -> bool:
        """A shortened company is told from a department: 'the Canal team' is one, 'the Retail team' is none."""
        return whole or self._first.key not in self._sets["company"]

    def _with_reader(self) -> bool:
        """True for 'Grace and I' and 'Grace and you'."""
        after = self._next
        word = self._before
        if after is None or after.key != "and" or not self._first.capital:
            return False
        if word is not None and (word.key in self._sets["near"] | self._sets["within"] | self._sets["times"]):
            return False  # 'the whole of Ohio and I would' goes on with a new clause
        return self._line.text[after.end : after.end + 3].strip(" ,.") in ("I", "I'", "you", "yo")

    def is_given(self, one: Stranger) -> bool:
        """True where it is the first name of a stranger."""
        if not self._first.capital or self._glued() or self._is_elsewhere() or self._is_introduced(one):
            return False
        after = self._next
        if self._longer() and after is not None and not _is_near(after.key, one.family):
            return False
        title = self._title()
        if title:
            familiar = title in word_sets("names")["familiar"]
            return familiar or (self._first.key not in self._sets["surname"] and not self._kind)
        if self._led() and not self._honoured():
            return False
        return self._evident(False) if self._kind else not self._is_thing()

    def _honoured(self) -> bool:
        """True for 'Bu Dewi'."""
        word = self._before
        return word is not None and word.key in word_sets("names")["honorific"] and not self._kind

    def is_family(self, one: Stranger) -> bool:
        """True where it is the surname of a stranger."""
        if not self._last.capital or self._glued() or self._longer() or self._is_elsewhere():
            return False
        word = self._before
        if self._title():
            return True
        if word is not None and len(word.key) == 1 and word.capital and word.key != "i":
            return word.key == one.initial or not one.initial
        if self._led():
            given = next(iter(one.given), ("",))[0]
            return word is not None and (word.key in short_forms(given) or _is_near(word.key, one.given))
        return self._evident(False) if self._kind else not self._is_thing()

    def _is_thing(self) -> bool:
        """True behind an article: 'the Grange' is no person."""
        word = self._before
        if word is None or word.key not in self._sets["determiner"] or self._last.owner:
            return False
        after = self._next
        if word.key not in ("the", "a", "an") and (after is None or after.key in word_sets("names")["not_names"]):
            return False
        return after is None or not (after.key in self._sets["thoughts"] or after.key in self._sets["staff"])

    def _is_elsewhere(self) -> bool:
        """True for 'my wife Grace', 'Newton's laws' and 'we played Bach'."""
        keys = [atom.key for atom in self._line.atoms[max(0, self._at - 4) : self._at]]
        word, after = self._before, self._next
        return is_related(keys, self._titles) or is_cited(word.key if word else "", after.key if after else "")

    def _is_introduced(self, one: Stranger) -> bool:
        """True where the text names somebody else so in full: 'Ana Ruiz' makes 'Ana' hers."""
        line, key = self._line, self._first.key
        surname = introduced(line.text, line.words, key, self._first.start, self._sets["time"] | _CAPS)
        return bool(surname) and not _is_near(surname, one.family)


_LINKS: Final = frozenset(("to", "with", "from", "for", "by", "at", "and", "than", "of", "over"))
_TIMED_LINKS: Final = frozenset(("to", "with", "and", "than"))
_BY: Final = frozenset(("with", "by", "join", "joining", "joined"))


def _is_near(key: str, forms: frozenset[Keys]) -> bool:
    """True for a part of the name, also with one letter wrong."""
    return any(key in form or (len(key) > 3 and edits(key, form[0], 1) <= 1) for form in forms)
