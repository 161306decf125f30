"""What stands around a place in a text: the word before, the word behind, quotation marks, the line."""

from __future__ import annotations

import re
from typing import Final

from followup_rules.quality.once import once
from followup_rules.quality.parts import is_farewell
from followup_rules.quality.phrases import word_sets
from followup_rules.quality.quotation import quotations

_REACH: Final = 48
_WORD: Final = r"[^\W\d_]+(?:[’'-][^\W\d_]+)*"
_WORDS: Final = re.compile(_WORD)
_BEFORE: Final = re.compile(rf"({_WORD})(\.?)([ \t\n]*)[\"“‘'(£$€₹#*_~]{{0,3}}$")
_BEHIND: Final = re.compile(rf"[)\"”’'*_~]{{0,3}}[ \t]?({_WORD})")
_DOTTED: Final = frozenset(("mr", "mrs", "ms", "mx", "dr", "prof", "approx", "no", "re", "attn"))

_MARK: Final = re.compile(r"[\[\]{}<>()%$#@|~^*&+=\\`]")
_FOREIGN_MARK: Final = re.compile(r"[^\x00-\x7f\u00c0-\u024f\u0300-\u1fff‘’“”–—£€₹•]")
_EXPOSED: Final = frozenset(
    ("placeholder", "placeholders", "unfilled", "unreplaced", "unresolved", "leftover", "brackets", "slot", "slots")
)

_SHOWN: Final = frozenset(("still", "printed", "left", "showing", "instead", "where"))
_TYPED: Final = frozenset(("wrote", "typed", "spells", "cue", "token"))
_ADDRESSED: Final = tuple([one] for one in "everyone everybody us people him her them customers readers me".split())
_BARED: Final = frozenset(("bare", "naked", "raw", "unescaped", "stray"))


class Page:
    """A subject or a body, and where its salutation and its closing stand."""

    def __init__(self, raw: str, greeting: tuple[int, int], closing: int, subject: bool) -> None:
        self.raw, self.greeting, self.closing, self.is_subject = raw, greeting, closing, subject

    def marks(self) -> tuple[bool, bool]:
        """Whether a mark stands here that plain prose has no use for, and whether it is one not known for slots."""
        raw = self.raw
        known = _MARK.search(raw) is not None or "_" in raw or ".." in raw or "––" in raw or "——" in raw
        odd = "!!" in raw or "??" in raw or "//" in raw or "--" in raw or "::" in raw or " :" in raw or " /" in raw
        odd = odd or " ?" in raw or " !" in raw or (not raw.isascii() and _FOREIGN_MARK.search(raw) is not None)
        if known and not odd:
            odd = any(mark in raw for mark in ("=", "+", "&", "\\", "/*", "$(", "@(", "#(", "%("))
        return known or odd, odd

    @once
    def quoted(self) -> list[tuple[int, int]]:
        """The places of quotations."""
        return quotations(self.raw)


class Site:
    """Some characters of a page, and what stands around them."""

    def __init__(self, page: Page, start: int, end: int) -> None:
        self.page, self.raw, self.start, self.end = page, page.raw, start, end
        self._sets = word_sets("slots")

    @once
    def before(self) -> str:
        """The word before, in small letters, where no sentence ends between; else an empty string."""
        match = _BEFORE.search(self.raw[max(0, self.start - _REACH) : self.start])
        if match is None:
            return ""
        word = match[1].lower().replace("’", "'")
        if (match[2] and word not in _DOTTED) or match[3].count("\n") > 1:
            return ""
        return word.removesuffix("'s") or word

    @once
    def behind(self) -> str:
        """The word behind, in small letters."""
        match = _BEHIND.match(self.raw[self.end : self.end + _REACH])
        return match[1].lower() if match else ""

    @property
    def in_greeting(self) -> bool:
        """True in the salutation."""
        first, last = self.page.greeting
        return first <= self.start and self.end <= last and first < last

    @property
    def in_closing(self) -> bool:
        """True in the closing, and in a line directly below a farewell."""
        if self.page.is_subject:
            return False
        above = self.raw[max(0, self.start - 80) : self.start].rstrip().rpartition("\n")[2].strip()
        return self.start >= self.page.closing or (self.alone and is_farewell(above))

    @property
    def line(self) -> str:
        """The line that it stands in."""
        first = self.raw.rfind("\n", max(0, self.start - 400), self.start) + 1
        last = self.raw.find("\n", self.end, self.end + 400)
        return self.raw[max(first, self.start - 400) : last if last >= 0 else self.end + 400]

    @property
    def alone(self) -> bool:
        """True where the line holds nothing else."""
        return self.line.strip(" \t*_,.-–—") == self.raw[self.start : self.end].strip(" \t*_,.-–—")

    @property
    def mentioned(self) -> bool:
        """True inside a longer quotation or between marks of code: it is talked about, not left open."""
        raw = self.raw
        if raw[self.start - 1 : self.start] == "`" or raw[self.end : self.end + 1] == "`":
            return True
        for a, b in self.page.quoted:
            if a < self.start and self.end < b:
                whole = self.start - a > 1 or b - self.end > 1
                return whole or self.before not in self._sets["fills"] or self._is_told()
        return False

    @property
    def typed(self) -> bool:
        """True behind 'you wrote', where it is told letter by letter: 'where you wrote {pause}'."""
        return self.before in _TYPED

    def _is_told(self) -> bool:
        """True behind 'greeted everyone as' and before 'still printed on it', where somebody tells what a slot did."""
        if self.behind in _SHOWN:
            return True
        near = _WORDS.findall(self.raw[max(0, self.start - _REACH) : self.start].lower())
        return near[-1:] == ["as"] and near[-2:-1] in _ADDRESSED

    @property
    def discussed(self) -> bool:
        """True beside words such as 'template' and 'placeholder'."""
        return self._beside(self._sets["discuss"])

    @property
    def exposed(self) -> bool:
        """True beside words that say that it is a slot: 'with the placeholder unfilled'."""
        return self._beside(_EXPOSED)

    @property
    def coded(self) -> bool:
        """True beside words about code as well: 'the path {id}'."""
        return self._beside(self._sets["discuss"] | self._sets["code"])

    @property
    def programmed(self) -> bool:
        """True beside words about code that are no everyday words: where the slot itself names what is to be filled."""
        return self._beside((self._sets["discuss"] | self._sets["code"]) - self._sets["everyday"])

    def _beside(self, words: frozenset[str]) -> bool:
        if self.mentioned or self.behind in _EXPOSED or self.before in _BARED:
            return True
        if self.before in self._sets["names"] or self.in_greeting:
            return False
        if self.before in self._sets["article"] and self.behind in ("role", "position", "team", "post"):
            return False
        before = self.raw[max(0, self.start - _REACH) : self.start].rpartition("\n")[2]
        behind = self.raw[self.end : self.end + _REACH].partition("\n")[0]
        return not words.isdisjoint([*_WORDS.findall(before.lower())[-4:], *_WORDS.findall(behind.lower())[:4]])

    @property
    def wanted(self) -> bool:
        """True behind a word that calls for a name or a thing: 'at', 'the', 'Dear', 'tell me'."""
        return self.before in self._sets["before"] or self.raw[max(0, self.start - 1) : self.start] in tuple("£$€₹")
