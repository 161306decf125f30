"""What the words of a salutation are: the recipient's name, titles, somebody else's name, a firm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from followup_rules.quality.naming.names import (
    Known,
    fold,
    is_first_name,
    is_short_for,
    is_vocative,
    joined,
    letters,
    titles,
)
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.text import Word

_LONGEST: Final = 5
_SHORT: Final = 4
_TINY: Final = 2
_FOREIGN: Final = 2
"""How many words that we do not know may stand before a first name: 'Yth. Bapak Agus'."""


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    sets = word_sets("names")
    tags = ("generic", "greeting", "empty", "not_names", "title", "field")
    return frozenset().union(*(sets[tag] for tag in tags))


@lru_cache(maxsize=1)
def _honours() -> frozenset[str]:
    """Titles, and forms of address that are names elsewhere: 'Bu', 'Anh', 'Nana'."""
    return titles() | frozenset(fold(word) for word in word_sets("names")["honorific"])


_HONOURED: Final = re.compile(
    r"-(?:san|sama|sensei|kun|chan|ji|ssi|nim|saheb|sahib|bhai|ben|garu|bey|hanım)$|^(?-i:Va|Ma)(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)
"""'Reyes-san' is Reyes, 'VaMoyo' is Moyo."""

_PATRONYMIC: Final = ("ovich", "evich", "ovna", "evna", "ichna", "ovych", "ivna")


class Group(NamedTuple):
    """Some words of a salutation between commas: do they name the recipient, and what else is in them?"""

    match: str
    strange: tuple[str, ...]
    company: bool


def _greets(words: Sequence[Word], at: int) -> bool:
    """True for 'Good' and 'day' of 'Good day', which are surnames as well; not for 'Sunday' of 'Dear Sunday'."""
    greeting = word_sets("names")["greeting"]
    if at == 0:
        return len(words) > 1 and words[0].lower in greeting
    before = words[at - 1]
    if words[at].text.islower() and before.text.islower() and before.lower not in greeting:
        return fold(before.text) not in titles()  # 'whom it may concern'
    return words[at - 1].lower in ("good", "happy") and words[at].lower in greeting


class Matcher:
    """Finds the recipient's name among words; where nobody is known, any name."""

    def __init__(self, people: Sequence[Known], strangers: frozenset[str], nicknames: bool) -> None:
        self._people, self._strangers, self._nicknames = people, strangers, nicknames
        self._sets = word_sets("names")

    @property
    def knows_people(self) -> bool:
        """Whether it is known who is to be greeted."""
        return bool(self._people)

    def titles(self, words: Sequence[Word]) -> int:
        """How many words at the beginning are titles before a name."""
        if not words or self._starts(words[0]):
            return 0
        count = 0
        while count + 1 < len(words) and fold(words[count].text) in _honours():
            count += 1
        return count

    def _starts(self, word: Word) -> bool:
        return any(letters(word.text) in one.given or letters(word.text) in one.family for one in self._people)

    def size(self, words: Sequence[Word], at: int) -> int:
        """How many words from here on are the recipient's name; without a known recipient, a capitalised name."""
        size = self._at(words, at)[0]
        if size:  # 'Nomura san,'
            while at + size < len(words) and fold(words[at + size].text) in self._sets["behind"]:
                size += 1
        return size

    def _at(self, words: Sequence[Word], at: int) -> tuple[int, str]:
        """The size of the name from here on, and whether it is a given or a family name."""
        if not self._people:
            return self._any_name(words, at)
        if _greets(words, at) or (words[at].text.islower() and words[at].lower in self._sets["generic"]):
            return 0, ""
        if not self._may_begin(words[at]):
            return 0, ""
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            for said in joined([_HONOURED.sub("", word.text) for word in words[at : at + size]]):
                for person in self._people:
                    guess = size == 1 and not (at > 0 and words[at - 1].lower in self._sets["civil"])
                    kind = self._kind(said, person, words[at]) if guess else _listed(said, person)
                    if kind or (self._nicknames and said in person.short):
                        return size, kind or "given"
        return 0, ""

    def _may_begin(self, word: Word) -> bool:
        """False for most words of a sentence: they are written small and are no part of the name."""
        said = letters(word.text)
        if not word.text.islower() or "-" in word.text or len(said) <= _TINY or said in self._sets["particle"]:
            return True
        return any(said in one.given or said in one.family or said in one.short for one in self._people)

    def _kind(self, said: str, person: Known, word: Word) -> str:
        kind = _listed(said, person)
        if not kind and self._may_name(word) and self._is_nickname(said, person):
            return "given"
        if not kind and len(said) <= 2 and said in person.initials and word.text.isupper():
            return "initial"
        return kind

    def _is_nickname(self, said: str, person: Known) -> bool:
        """A familiar form that is not listed; where somebody else has that name, it is theirs."""
        if not self._nicknames or (len(said) > _SHORT and said in self._strangers):
            return False
        given = person.words[:-1] or person.words
        return any(is_short_for(said, letters(word)) for word in given)

    def _any_name(self, words: Sequence[Word], at: int) -> tuple[int, str]:
        if at >= len(words) or not self._may_name(words[at]):
            return 0, ""
        big = not words[at].text[0].islower() or (len(words) <= 3 and at == len(words) - 1 > 0)
        return (1, "given") if big else (0, "")

    def _may_name(self, word: Word) -> bool:
        return word.lower not in _no_names() and not word.text[0].isdigit()

    def group(self, words: Sequence[Word]) -> Group:
        """What some words of a salutation are: a name that is right, strange names, or a firm."""
        at, leading, match, company, titled = 0, 0, "", False, False
        strange: list[str] = []
        while at < len(words):
            word = words[at]
            size, kind = self._at(words, at)
            if size:
                if (kind == "given" and not match and self._are_foreign(strange)) or (titled and kind == "family"):
                    strange = strange[leading:] if kind == "family" else []
                match = match if match == "given" or (kind == "initial" and match) else kind
                if titled and match == "family":
                    match = "titled"
                at += size
                continue
            if word.lower in self._sets["group"]:
                company = company or bool(match) or at == 0 or word.lower in ("team", "family", "crew")
            elif word.lower == "at" and at > 0 and words[at - 1].lower in self._sets["generic"]:
                company = True  # 'Dear Hiring Panel at Reyes'
            elif self._is_title(words, at, match):
                leading = leading if titled or match else len(strange)  # 'Egr. Ing. Moretti'
                titled = titled or word.lower not in self._sets["generic"] or word.lower in self._sets["civil"]
            elif self._is_strange(word, words[:at]):
                strange.append(word.text)
            elif self._declines(word, words[:at]):
                match = match or "given"
            at += 1
        if strange or (company and match != "titled" and match):
            return Group("", tuple(strange), company)
        return Group(match, (), company and match != "titled")

    def _is_title(self, words: Sequence[Word], at: int, match: str) -> bool:
        """Some forms of address are surnames too: they are that where they end the salutation."""
        said = fold(words[at].text)
        return (
            said in titles()
            or (said in _honours() and at + 1 < len(words))
            or (bool(match) and said in self._sets["behind"])
        )

    def _is_strange(self, word: Word, before: Sequence[Word]) -> bool:
        """True for a name that is not the recipient's; a patronymic behind a first name is nobody else's."""
        if not self._may_name(word) or word.lower in self._sets["particle"] or not word.text[0].isupper():
            return False
        if before and word.lower.endswith(_PATRONYMIC) and self._starts(before[-1]):
            return False
        return not self._declines(word, before)

    def _declines(self, word: Word, before: Sequence[Word]) -> bool:
        """True for 'Tomaszu' of 'Szanowny Panie Tomaszu'."""
        if not any(fold(one.text) in self._sets["slavic"] for one in before):
            return False
        names = (name for one in self._people for name in (*one.given, *one.family, *one.short))
        return any(is_vocative(letters(word.text), name) for name in names)

    def _are_foreign(self, words: Sequence[str]) -> bool:
        """True for what stands before a first name and is nobody's: a greeting or a title that we do not know."""
        return len(words) <= _FOREIGN and not any(
            letters(word) in self._strangers or is_first_name(letters(word)) for word in words
        )


def _listed(said: str, person: Known) -> str:
    if said in person.given:
        return "given"
    return "family" if said in person.family else ""
