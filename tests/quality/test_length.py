"""`length`: the number of words between salutation and closing."""

from __future__ import annotations

import pytest

from quality.helping import excerpts, faults


def body_of(words: int) -> str:
    return f"Dear Ms Okoro,\n\n{' '.join(['word'] * words)}.\n\nKind regards,\nTom Reed\n"


@pytest.mark.parametrize("words", [20, 21, 100, 349, 350])
def test_within_the_range(words: int) -> None:
    assert faults("length", body_of(words)) == []


@pytest.mark.parametrize(
    ("words", "said"), [(1, "one word between salutation and closing says"), (2, "2 words"), (19, "19 words")]
)
def test_too_short(words: int, said: str) -> None:
    body = body_of(words)
    found = faults("length", body)
    assert found[0].message.startswith(said)
    assert excerpts(found, body) == [" ".join(["word"] * words) + "."]


def test_nothing_but_salutation_and_closing() -> None:
    found = faults("length", "Dear Ms Okoro,\n\nKind regards,\nTom Reed\n")
    assert found[0].message.startswith("no words")
    assert found[0].start == found[0].end


def test_too_long_points_at_what_is_too_much() -> None:
    body = body_of(352)
    found = faults("length", body)
    assert excerpts(found, body) == ["word word."]
    assert "leave out 2" in found[0].hint


def test_several_sentences_are_counted_together() -> None:
    body = "Dear Bo,\n\nOne two three. Four five six.\n\nSeven eight nine.\n\nBest,\nTom\n"
    assert faults("length", body, at_least=9, at_most=9) == []
    assert excerpts(faults("length", body, at_least=1, at_most=7), body) == ["eight nine."]


def test_the_limits_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="more than at_most"):
        faults("length", "x", at_least=50, at_most=20)


@pytest.mark.parametrize("body", ["", "...", "🙂", "x" * 100_000, "مرحبا", "a\n" * 2000])
def test_odd_input_is_no_error(body: str) -> None:
    for one in faults("length", body):
        assert 0 <= one.start <= one.end <= len(body)
