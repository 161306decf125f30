"""`contains`: words that must be there."""

from __future__ import annotations

import pytest

from quality.helping import faults

BODY = "Dear Bo,\n\nYour reference number is EH-12. Please quote it on the Share Code form.\n\nBest,\nTom\n"


@pytest.mark.parametrize("word", ["reference", "REFERENCE number", "eh-12", "share code", "Bo", "form"])
def test_a_word_that_is_there(word: str) -> None:
    assert faults("contains", BODY, words=[word]) == []


@pytest.mark.parametrize("word", ["refer", "code share", "numbers", "EH", "references"])
def test_only_whole_words_in_their_order_count(word: str) -> None:
    found = faults("contains", BODY, words=[word])
    assert [one.message for one in found] == [f"'{word}' is missing"]


def test_the_subject_counts_too() -> None:
    assert faults("contains", BODY, "Vacancy 77", words=["vacancy 77"]) == []


def test_one_of_several() -> None:
    assert faults("contains", BODY, words=["vacancy", "reference"]) == []
    found = faults("contains", BODY, words=["vacancy", "post"])
    assert found[0].message == "none of 'vacancy', 'post' is there"


def test_some_of_several() -> None:
    found = faults("contains", BODY, words=["reference", "post", "vacancy"], at_least=2)
    assert found[0].message == "1 of the 2 words that must be there were found; missing: 'post', 'vacancy'"
    assert found[0].hint == "write 1 more of 'post', 'vacancy'"
    assert faults("contains", BODY, words=["reference", "form", "vacancy"], at_least=2) == []


def test_all_of_them() -> None:
    found = faults("contains", BODY, words=["reference", "post", "vacancy"], all=True)
    assert [one.message for one in found] == ["'post', 'vacancy' are missing"]
    assert faults("contains", BODY, words=["reference", "form"], all=True) == []


def test_the_reason_is_handed_on() -> None:
    found = faults("contains", BODY, words=["vacancy"], because="the registry files by it")
    assert found[0].message == "'vacancy' is missing: the registry files by it"


def test_the_fault_points_at_the_end_of_what_is_said() -> None:
    found = faults("contains", BODY, words=["vacancy"])
    assert found[0].start == found[0].end == BODY.index("form.") + 5


@pytest.mark.parametrize(
    "options", [{"words": []}, {"words": [""]}, {"words": ["..."]}, {"words": ["a"], "at_least": 2}, {}]
)
def test_options_that_cannot_be_met_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        faults("contains", BODY, **options)


@pytest.mark.parametrize("body", ["", "...", "🙂", "x" * 100_000, "مرحبا"])
def test_odd_input_is_no_error(body: str) -> None:
    assert len(faults("contains", body, words=["a"])) == 1
