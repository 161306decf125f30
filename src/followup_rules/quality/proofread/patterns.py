"""Patterns of words and word classes, each of which is a slip wherever it stands.

A list of patterns is a text file in `words/`. `[name]` begins a section; the line below it says what is wrong. Every
other line is a pattern, and behind `=>` what to write:

- `word`, `one|other`   one of these words
- `@class`              a word of a class of `grammar_words.txt`; `word|@class` is possible as well
- `!one|@class`         any word or mark but these
- `(one)`               a word that may be missing
- `@class*3`            up to three words of it
- `. , ;`               the end of a sentence, a comma, another mark; `?` the end of a question
- `_`                   any word
- `< >`                 around what to write another way; everything where there is none

In a hint `{2}` is the second place of the pattern; `{2:ing}` another form of it. A section `[name body]` is not looked
for in the subject, which is often written like a headline.

A pattern is made ready when the least common word of it is first met: most messages need few of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from followup_rules.quality.loading import all_kept
from followup_rules.quality.proofread.lexicon import classes
from followup_rules.quality.proofread.tokens import Keys, Tokens, form_of, source_of

_FILES: Final = (
    "grammar_verbs",
    "grammar_nouns",
    "grammar_confused",
    "grammar_sounds",
    "grammar_usage",
    "grammar_slips",
)
_MARKS: Final = frozenset((".", ",", ";", "?"))
_SIGNS: Final = ("<", ">")
_SHARE: Final = {
    ".": 100, "?": 2, ",": 50, ";": 20, "*": 90, "*s": 30, "*name": 30, "*ed": 10, "*ing": 10, "*ly": 8, "*number": 8,
    "the": 45, "to": 35, "i": 33, "and": 28, "a": 24, "you": 25, "of": 20, "in": 18, "for": 20, "your": 16, "my": 12,
    "is": 11, "with": 11, "we": 11, "it": 10, "that": 10, "on": 9, "at": 9, "have": 8, "me": 7, "this": 6, "from": 6,
    "as": 5, "was": 6, "be": 6, "would": 5, "am": 4, "our": 5, "thank": 5, "if": 4, "are": 5, "about": 5, "not": 3,
    "will": 5, "can": 3, "has": 2, "an": 4, "by": 4, "or": 3, "but": 2, "so": 3, "know": 2, "time": 3, "us": 3,
    "interview": 3, "team": 3, "role": 3, "position": 2, "what": 2, "i'm": 2, "thanks": 2, "work": 3, "very": 1,
    "more": 2, "had": 2, "who": 1, "which": 2, "how": 2, "forward": 3, "please": 2, "like": 2, "last": 2, "since": 1,
}  # fmt: skip
"""How many of a thousand words in such messages are this one; all others about one in ten thousand."""


_FREQUENT: Final = frozenset(_SHARE)


class Place(NamedTuple):
    """What may stand in one place of a pattern."""

    words: frozenset[str]
    but: bool


class Section(NamedTuple):
    """What the patterns below one heading have in common."""

    name: str
    message: str
    body_only: bool


class Line(NamedTuple):
    """A pattern as it is written: its parts, which of them to write another way, and which is met least often."""

    section: Section
    parts: tuple[str, ...]
    first: int
    last: int
    anchor: int
    hint: str


class Pattern(NamedTuple):
    """One pattern without options: its places, the number of each, and which of them to write another way."""

    line: Line
    places: tuple[Place, ...]
    numbers: tuple[int, ...]
    first: int
    last: int


class Hit(NamedTuple):
    """A pattern that was found at the tokens from `at` on."""

    pattern: Pattern
    at: int


_Test = tuple[int, frozenset[str], bool]
_Entry = tuple[Pattern, int, int, tuple[_Test, ...]]
_Group = tuple[frozenset[str], list[_Entry]]
"""The words that may stand beside the anchor, and the patterns in which they do."""
_Bundle = tuple[int, frozenset[str], tuple[_Group, ...]]
"""All groups of a key with one offset, and the words that some of them wait for: one look passes most of them by."""
_BY_ITSELF: Final[frozenset[str]] = frozenset()
"""Beside nothing: such a pattern is found by its anchor alone."""


class _Remembered(dict[str, tuple[_Bundle, ...]]):
    """The patterns that are looked for at each key, made when it is first met. There are not more keys than words."""

    def __init__(self, make: Callable[[str], tuple[_Bundle, ...]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: str) -> tuple[_Bundle, ...]:
        self[key] = made = self._make(key)
        return made


class Patterns:
    """All patterns, looked up by the least common part of each and then by the second."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._waiting: dict[str, list[Line]] = {}
        self._reach = 0
        named: set[str] = set()
        for line in lines:
            self._reach = max(self._reach, sum(map(_most_words, line.parts)))
            self._waiting.setdefault(line.parts[line.anchor], []).append(line)
            for part in line.parts:
                named.update(_choices(part)[0])
        classed = frozenset().union(*classes().values())
        self.keys: Final = Keys((named | classed) - _MARKS)
        self._forms: dict[str, set[str]] = {}
        for word in named - classed - _MARKS:  # for '*' and its like, which take words that no class holds
            self._forms.setdefault(form_of(word), set()).add(word)
        self._parts: dict[str, list[str]] = {}
        for part in self._waiting:
            for choice in _choices(part)[2]:
                self._parts.setdefault(choice, []).append(part)
        self._groups: dict[str, list[tuple[int, list[_Group]]]] = {}
        self._places: Final = _Places(self._forms)
        self._ready: Final = _Remembered(self._make_ready)

    def find(self, tokens: Tokens) -> Iterator[Hit]:
        """Every pattern among the tokens of a text."""
        keys = tokens.keys
        edge = [""] * self._reach
        around = [*edge, *keys, *edge]
        for at, bundles in enumerate(map(self._ready.__getitem__, keys), self._reach):
            for offset, words, groups in bundles:
                key = around[at + offset]
                if key in words:
                    for beside, entries in groups:
                        if key in beside:
                            yield from _matching(entries, keys, at - self._reach)

    def _make_ready(self, key: str) -> tuple[_Bundle, ...]:
        names = [key, *("@" + name for name, words in classes().items() if key in words)]
        parts = dict.fromkeys(part for name in names for part in self._parts.get(name, ()))
        by_offset: dict[int, list[_Group]] = {}
        for part in parts:
            for offset, groups in self._groups_of(part):
                by_offset.setdefault(offset, []).extend(groups if offset else [(frozenset((key,)), groups[0][1])])
        return tuple(
            [
                (at, frozenset().union(*[words for words, _ in groups]), tuple(groups))
                for at, groups in by_offset.items()
            ]
        )

    def _groups_of(self, part: str) -> list[tuple[int, list[_Group]]]:
        found = self._groups.get(part)
        if found is None:
            made: dict[int, dict[frozenset[str], list[_Entry]]] = {}
            for line in self._waiting[part]:
                for pattern in spelt_out(line, self._places):
                    offset, words, entry = _entry(pattern)
                    made.setdefault(offset, {}).setdefault(words, []).append(entry)
            found = self._groups[part] = [(offset, list(groups.items())) for offset, groups in made.items()]
        return found


def _entry(pattern: Pattern) -> tuple[int, frozenset[str], _Entry]:
    """Where the second least common place is beside the anchor, what may stand there, and the tests of the others."""
    places, anchor = pattern.places, pattern.numbers.index(pattern.line.anchor)
    order = sorted((at for at in range(len(places)) if at != anchor), key=lambda at: _weight(places[at]))
    second = order[0] if order and not places[order[0]].but else None
    tests = tuple((at - anchor, places[at].words, not places[at].but) for at in order if at != second)
    entry = (pattern, anchor, len(places) - anchor, tests)
    return (0, _BY_ITSELF, entry) if second is None else (second - anchor, places[second].words, entry)


def _matching(entries: Sequence[_Entry], keys: Sequence[str], at: int) -> Iterator[Hit]:
    for pattern, before, behind, tests in entries:
        if at < before or at + behind > len(keys):
            continue
        if all((keys[at + offset] in words) is wanted for offset, words, wanted in tests):
            yield Hit(pattern, at - before)


def _weight(place: Place) -> float:
    """About how often a place is taken in a thousand words."""
    return 10_000.0 if place.but else _share_of(place.words)


def _share_of(words: frozenset[str]) -> float:
    """How many of a thousand words are one of these, which are mostly rare ones."""
    return 0.1 * len(words) + sum([_SHARE[word] - 0.1 for word in _FREQUENT & words])


@lru_cache(maxsize=1)
@all_kept
def patterns() -> Patterns:
    """The patterns of the language's own lists."""
    return Patterns(line for file in _FILES for line in read_lines(source_of(file)))


def read_lines(source: str) -> Iterator[Line]:
    """The patterns of a list as they are written."""
    section = Section("", "", False)
    fresh = False
    for line in source.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            name, _, flag = line.strip("[]").partition(" ")
            section, fresh = Section(name, "", flag == "body"), True
        elif fresh:
            section, fresh = section._replace(message=line), False
        else:
            pattern, _, hint = line.partition("=>")
            parts = pattern.split()
            first, last = (parts.index("<"), parts.index(">") - 1) if "<" in parts else (0, len(parts))
            parts = [part for part in parts if part not in _SIGNS]
            anchor = min(range(len(parts)), key=lambda at: _choices(parts[at])[1])
            yield Line(section, tuple(parts), first, last, anchor, hint.strip())


@lru_cache(maxsize=8192)
def _choices(part: str) -> tuple[tuple[str, ...], float, tuple[str, ...]]:
    """The words that a part names, how often one of them is met, and all its choices; a part may do without any."""
    bare = _bare(part)
    choices = tuple(bare.split("|"))
    words = tuple([choice for choice in choices if choice[0] != "@" and choice not in _MARKS])
    if bare != part or part == "_":
        return (() if part == "_" else words), 1e9, ()
    return words, sum(_share(choice) for choice in choices), choices


@lru_cache(maxsize=8192)
def _share(choice: str) -> float:
    if choice[0] == "@":
        return _share_of(classes()[choice[1:]])
    return _SHARE.get(choice, 0.1) + (_SHARE["?"] if choice == "." else 0)


def _most_words(part: str) -> int:
    return int(part[-1]) if part[-2:-1] == "*" and part[-1].isdigit() else 1


def _bare(part: str) -> str:
    """A part without the signs for a word that may be missing, that may come often, or that must not be there."""
    if part[-2:-1] == "*" and part[-1].isdigit():
        part = part[:-2]
    if part[0] == "(":
        part = part.strip("()")
    return part[1:] if part[0] == "!" and len(part) > 1 else part


def spelt_out(line: Line, places: Mapping[str, Place]) -> Iterator[Pattern]:
    """A pattern in every way that its options allow; `places` are its parts as they are read."""
    ways: list[list[tuple[tuple[int, str], ...]]] = []
    for number, part in enumerate(line.parts):
        if part[-2:-1] == "*" and part[-1].isdigit():
            ways.append([((number, part[:-2].strip("()")),) * count for count in range(int(part[-1]) + 1)])
        elif part[0] == "(":
            ways.append([(), ((number, part[1:-1]),)])
        else:
            ways.append([((number, part),)])
    for way in product(*ways):
        words = [item for items in way for item in items]
        numbers = tuple([number for number, _ in words])
        first, last = bisect_left(numbers, line.first), bisect_left(numbers, line.last)
        yield Pattern(line, tuple([places[part] for _, part in words]), numbers, first, last)


class _Places(dict[str, Place]):
    """Parts as they are written, each read once; `forms` are the words that '*', '*s' and their like take."""

    def __init__(self, forms: Mapping[str, Collection[str]]) -> None:
        super().__init__()
        self._forms = forms

    def __missing__(self, part: str) -> Place:
        place = self[part] = Place(_MARKS, True) if part == "_" else self._read(part)
        return place

    def _read(self, part: str) -> Place:
        bare = _bare(part)
        but = part[0] == "!" and len(part) > 1
        if bare[0] == "@" and "|" not in bare and bare != "@stop":
            return Place(classes()[bare[1:]], but)
        words: set[str] = set()
        for choice in bare.split("|"):
            words |= classes()[choice[1:]] if choice[0] == "@" else {choice, *self._forms.get(choice, ())}
        if "." in words:
            words.add("?")
        return Place(frozenset(words), but)
