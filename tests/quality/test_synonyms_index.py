"""The index of synonyms says what the list says."""

from __future__ import annotations

from importlib.resources import files

from followup_rules.quality.repeats.indexing import index_of
from followup_rules.quality.repeats.meaning import Lexicon


def test_index_is_made_from_the_list() -> None:
    """Whoever changes the list or the stems makes the index anew: `python benchmarks/index_synonyms.py`."""
    words = files("followup_rules.quality") / "words"
    made = index_of((words / "synonyms.txt").read_text("utf-8"))
    assert (words / "synonyms_index.txt").read_text("utf-8") == made


def test_words_and_phrases_are_found_by_their_stems() -> None:
    """Groups are numbered by their line, opposites below zero, and a phrase by the two stems that it begins with."""
    known = Lexicon(index_of("[empty]\nthe, of\n[plain]\nquick, swift / slow\n[common]\nin a hurry, rush\n"))
    swift, slow, rush = known.word("swift"), known.word("slow"), known.word("rush")
    assert swift and slow and rush
    assert (swift.groups, slow.groups) == ((4,), (-4,))
    assert (rush.weight, known.word("hurri")) == (0.7, None)
    assert known.empty == {"the", "of"}
    assert known.phrases == {"in hurri": ";0.7;6"}
