"""Reading the lists of words and phrases in `words/`.

In such a file `#` begins a comment, `[tag]` a section, every other line is a phrase or some words. What stands behind
` => ` is handed back with a match: what to say or write instead. How phrases with alternatives are written and found
says `chains.py`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from followup_rules.quality.loading import all_kept


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
def word_sets(name: str) -> dict[str, frozenset[str]]:
    """The single words of `words/<name>.txt`, by tag."""
    sets: dict[str, set[str]] = {}
    for tag, phrase, _ in read_entries(read_source(name)):
        sets.setdefault(tag, set()).update(phrase.split())
    return {tag: frozenset(words) for tag, words in sets.items()}
