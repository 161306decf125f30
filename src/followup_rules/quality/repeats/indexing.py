"""The groups of `words/synonyms.txt` in the form in which they are looked up: what words stand for by their stems.

Reading the groups takes long beside judging a message, so `words/synonyms_index.txt` is made from them beforehand by
`benchmarks/index_synonyms.py`. Its three parts are parted by empty lines:

- the words that tell nothing, on one line
- a word on each line: its stem, its weight (nothing where it stands in no group by itself), its groups (below zero on
  the other side), and the groups of phrases in which it is the only word that tells something
- the first two stems of phrases on each line, and for every phrase, the longest first, the stems that follow, its
  weight and its groups
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from followup_rules.quality.repeats.meaning import PASSED_OVER, WEAK
from followup_rules.quality.stems import stem

_WEIGHTS: Final = {"empty": 0.0, "weak": WEAK, "common": 0.7, "plain": 1.0}
_Stems = tuple[str, ...]


def index_of(text: str) -> str:
    """The index of a list in the form of `words/synonyms.txt`."""
    empty: set[str] = set()
    weights: dict[_Stems, float] = {}
    groups: dict[_Stems, list[int]] = {}
    for group, section, side, entry in _entries(text):
        if section == "empty":
            empty.add(entry)
            continue
        stems = _stems_of(entry, empty)
        if not stems:
            continue
        weights[stems] = min(weights.get(stems, 1.0), _WEIGHTS[section])
        known = groups.setdefault(stems, [])
        if group * side not in known:
            known.append(group * side)
    within = _within(weights, groups, empty)
    single = dict.fromkeys([*(stems[0] for stems in groups if len(stems) == 1), *within])
    words = [
        f"{one}\t{weights.get((one,), '')}\t{_listed(groups.get((one,), ()))}\t{_listed(sorted(within.get(one, ())))}"
        for one in single
    ]
    phrases: dict[str, list[_Stems]] = {}
    for stems in groups:
        if len(stems) > 1:
            phrases.setdefault(" ".join(stems[:2]), []).append(stems)
    lines = []
    for pair, some in phrases.items():
        told = [f"{' '.join(one[2:])};{weights[one]};{_listed(groups[one])}" for one in _longest_first(some)]
        lines.append("\t".join([pair, *told]))
    return "\n\n".join([",".join(sorted(empty)), "\n".join(words), "\n".join(lines)]) + "\n"


def _listed(groups: Sequence[int]) -> str:
    return " ".join(map(str, groups))


def _longest_first(some: Sequence[_Stems]) -> list[_Stems]:
    return sorted(some, key=lambda stems: -len(stems))


def _within(
    weights: Mapping[_Stems, float], groups: Mapping[_Stems, Sequence[int]], empty: Set[str]
) -> dict[str, set[int]]:
    """By the only word of a phrase that tells something, the groups of the phrase."""
    found: dict[str, set[int]] = {}
    for stems, known in groups.items():
        if len(stems) > 1:
            told = [one for one in stems if one not in empty and weights.get((one,), 1.0) > WEAK]
            if len(told) == 1:
                found.setdefault(told[0], set()).update(known)
    return found


def _stems_of(entry: str, empty: Set[str]) -> _Stems:
    """The stems of an entry without pronouns and articles: 'pay back' is 'pay you back', and 'my mind' 'her mind'.

    Nothing where a single word without meaning would be left, or where the word lives by its pronoun ('take it').
    """
    if entry.isalpha() and entry.islower():
        return () if entry in empty or entry in PASSED_OVER else (stem(entry),)
    words = entry.replace("-", " ").lower().split()
    left = [word for word in words if word not in PASSED_OVER]
    if len(left) == 1 and (left[0] in empty or words[-1] != left[0]):
        return ()
    return tuple([stem(word) for word in left])


def _entries(text: str) -> Iterator[tuple[int, str, int, str]]:
    """Group, section, side (1, or -1 for an opposite) and words of every entry."""
    section = "plain"
    for group, line in enumerate(text.splitlines(), 1):
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            section = line.strip("[]")
            continue
        for side, half in zip((1, -1), line.split(" / "), strict=False):
            for entry in half.split(","):
                entry = entry.strip()
                if entry:
                    yield group, section, side, entry
