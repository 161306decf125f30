"""`forbids`: words that must not be there."""

from __future__ import annotations

import pytest

from quality.helping import excerpts, faults

BODY = "Dear Bo,\n\nUnfortunately we don’t know yet. UNFORTUNATELY it will take a while.\n\nBest,\nTom\n"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["unfortunately"], ["Unfortunately", "UNFORTUNATELY"]),
        (["don't know"], ["don’t know"]),
        (["a while", "bo"], ["a while", "Bo"]),
        (["take  a"], ["take a"]),
    ],
)
def test_every_place_is_found(words: list[str], found: list[str]) -> None:
    assert excerpts(faults("forbids", BODY, words=words), BODY) == found


@pytest.mark.parametrize("word", ["fortunately", "unfortunate", "whiles", "know it", "while Best yet"])
def test_parts_of_words_are_not_meant(word: str) -> None:
    assert faults("forbids", BODY, words=[word]) == []


def test_the_subject_is_read_too() -> None:
    found = faults("forbids", BODY, "Bad news", words=["bad news"])
    assert [(one.part, one.start, one.end) for one in found] == [("subject", 0, 8)]


def test_what_to_write_instead_is_handed_on() -> None:
    found = faults("forbids", BODY, words=["a while"], instead="name the week")
    assert (found[0].message, found[0].hint) == ("'a while' is not to be written", "name the week")


def test_repeats_of_a_word_are_found_once_each() -> None:
    assert len(faults("forbids", "no no no", words=["no"])) == 3
    assert len(faults("forbids", "no no no", words=["no no"])) == 2


@pytest.mark.parametrize(
    "options", [{"words": []}, {"words": [" "]}, {"words": ["!!"]}, {}, {"words": ["a"], "word": "b"}]
)
def test_options_that_forbid_nothing_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        faults("forbids", BODY, **options)


@pytest.mark.parametrize("body", ["", "...", "🙂", "x" * 100_000, "مرحبا", "a " * 20_000])
def test_odd_input_is_no_error(body: str) -> None:
    assert faults("forbids", body, words=["zebra crossing"]) == []
