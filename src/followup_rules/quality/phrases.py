"""Lists of phrases, looked up word by word: thousands cost hardly more than one.

A list is a text file in `words/`. `#` begins a comment, `[tag]` a section, every other line is a phrase:

- `pleas|please be advised`  one of several words
- `thank~`                   every word that begins so
- `get (back) to`            a word that may be missing
- `in _ opinion`             any one word
- `will .. you`              up to four words of any kind, in the same sentence

What stands behind ` => ` is handed back with a match: what to say or write instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from followup_rules.quality.loading import all_kept

_GAP: Final = 4
_ANY: Final = "_"
_WIDE: Final = ".."


class Match(NamedTuple):
    """A phrase that was found: `words[first:last]`."""

    tag: str
    first: int
    last: int
    note: str


class _Node:
    __slots__ = ("any", "ends", "next", "prefixes", "wide")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.prefixes: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.wide: _Node | None = None
        self.ends: list[tuple[str, str]] = []


class Phrases:
    """Phrases under tags."""

    def __init__(self, entries: Sequence[tuple[str, str, str]]) -> None:
        self._root = _Node()
        self._shortest_prefix = 99
        for tag, phrase, note in entries:
            for words in _expanded(phrase.split()):
                self._enter(words, tag, note)

    def _enter(self, words: Sequence[str], tag: str, note: str) -> None:
        node = self._root
        for word in words:
            if word == _ANY:
                node.any = node.any or _Node()
                node = node.any
            elif word == _WIDE:
                node.wide = node.wide or _Node()
                node = node.wide
            elif word.endswith("~"):
                self._shortest_prefix = min(self._shortest_prefix, len(word) - 1)
                node = node.prefixes.setdefault(word[:-1], _Node())
            else:
                node = node.next.setdefault(word, _Node())
        if (tag, note) not in node.ends:
            node.ends.append((tag, note))

    def find(self, words: Sequence[str], first: int = 0, last: int | None = None) -> list[Match]:
        """Every phrase among some words in small letters, the longest for each beginning and tag."""
        last = len(words) if last is None else last
        root = self._root
        found: list[Match] = []
        for start in range(first, last):
            word = words[start]
            if word in root.next or (root.prefixes and self._has_prefix(root, word)) or root.any or root.wide:
                best: dict[str, Match] = {}
                for tag, end, note in self._walk(root, words, start, last):
                    if tag not in best or end > best[tag].last:
                        best[tag] = Match(tag, start, end, note)
                found += best.values()
        return found

    def _has_prefix(self, node: _Node, word: str) -> bool:
        return any(word[:size] in node.prefixes for size in range(self._shortest_prefix, len(word) + 1))

    def _walk(self, node: _Node, words: Sequence[str], at: int, last: int) -> Iterator[tuple[str, int, str]]:
        for tag, note in node.ends:
            yield tag, at, note
        if node.wide is not None:
            for skip in range(min(_GAP, last - at) + 1):
                yield from self._walk(node.wide, words, at + skip, last)
        if at >= last:
            return
        word = words[at]
        follow = node.next.get(word)
        if follow is not None:
            yield from self._walk(follow, words, at + 1, last)
        if node.prefixes:
            for size in range(self._shortest_prefix, len(word) + 1):
                follow = node.prefixes.get(word[:size])
                if follow is not None:
                    yield from self._walk(follow, words, at + 1, last)
        if node.any is not None:
            yield from self._walk(node.any, words, at + 1, last)


def _expanded(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every way to read `a|b` and `(c)`."""
    if not parts:
        yield ()
        return
    head = parts[0]
    optional = head.startswith("(") and head.endswith(")")
    choices = head[1:-1].split("|") if optional else head.split("|")
    for rest in _expanded(parts[1:]):
        if optional:
            yield rest
        for choice in choices:
            yield (choice, *rest)


def read_entries(text: str) -> list[tuple[str, str, str]]:
    """Tag, phrase and note of every line."""
    tag = ""
    entries: list[tuple[str, str, str]] = []
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("[") and line.endswith("]"):
            tag = line[1:-1].strip()
        elif line:
            phrase, _, note = line.partition("=>")
            entries.append((tag, phrase.strip().lower(), note.strip()))
    return entries


def read_source(name: str) -> str:
    """The text of `words/<name>.txt`."""
    return files("followup_rules.quality").joinpath("words").joinpath(f"{name}.txt").read_text("utf-8")


@lru_cache(maxsize=64)
@all_kept
def phrases(name: str) -> Phrases:
    """The phrases of `words/<name>.txt`."""
    return Phrases(read_entries(read_source(name)))


@lru_cache(maxsize=64)
@all_kept
def word_sets(name: str) -> dict[str, frozenset[str]]:
    """The single words of `words/<name>.txt`, by tag."""
    sets: dict[str, set[str]] = {}
    for tag, phrase, _ in read_entries(read_source(name)):
        sets.setdefault(tag, set()).update(phrase.split())
    return {tag: frozenset(words) for tag, words in sets.items()}
