"""The signs of fit, and the weights that were learned for them."""

from __future__ import annotations

import pytest

from followup_rules.check import Context
from followup_rules.model.words import Direction
from followup_rules.quality.fit.fit import BIAS, NEXT, FitModel, Signs, fit_model, flags_of
from followup_rules.quality.fit.fit_words import fit_word
from followup_rules.quality.phrases import read_entries, read_source
from followup_rules.quality.text import Text

CONTEXT = Context(role="Duty Welder", company="Northwind Ltd", skills=("TIG welding",))
DIRECTIONS: tuple[Direction, ...] = ("candidate_to_employer", "employer_to_candidate")


def signs(sentence: str, context: Context = CONTEXT) -> frozenset[str]:
    text = Text(sentence)
    return Signs().of(text, text.sentences[0], flags_of(context))


def test_a_word_of_grammar_counts_as_itself_and_every_other_by_kind_and_stem() -> None:
    assert {BIAS, "i", ":work", ":past", "~repair"} <= signs("I repaired it.")
    assert "repaired" not in signs("I repaired it.")


def test_a_longer_word_that_is_no_grammar_counts_by_its_ending() -> None:
    assert "-my" in signs("Your taxidermy is known.")
    assert not {"-ur", "-wn", "-ld"} & signs("Your own weld.")


def test_neighbours_count_together() -> None:
    found = signs("I repaired twelve.")
    assert {"^ i", "i :work", ":past :figure", ":figure $"} <= found


def test_the_context_and_capitals_are_signs() -> None:
    assert ":skill" in signs("They weld at night.")
    assert ":role" in signs("The duty was mine.")
    assert ":company" in signs("We saw Northwind.")
    assert ":name" in signs("We saw Gdynia.")
    assert ":name" not in signs("Gdynia was cold.")
    assert ":name" not in signs("Now I'm cold, and I know.")
    assert not {":skill", ":role", ":company"} & signs("They weld at Northwind on duty.", Context())


def test_the_kinds_of_words_of_the_next_sentence_count() -> None:
    """What was done stands in one sentence, what it is good for in the next; the order of the two matters."""
    model = FitModel({BIAS: 0.0, ":work": 1.0, NEXT + ":need": 2.0})
    told = Text("Dear Bo,\n\nI welded hulls. You need that.\n\nRegards,\nAda")
    turned = Text("Dear Bo,\n\nYou need that. I welded hulls.\n\nRegards,\nAda")
    assert model.score(told, Context(), 9.0) - model.score(turned, Context(), 9.0) == 2.0


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("12", ":figure"),
        ("1,200", ":figure"),
        ("twelve", ":figure"),
        ("2019", ":calendar"),
        ("14th", ":date"),
        ("monday", ":date"),
        ("9:40", ":clock"),
        ("melted", ":past"),
        ("melting", ":going"),
    ],
)
def test_figures_and_forms(word: str, kind: str) -> None:
    assert kind in fit_word(word).paired


def test_marks_at_the_end() -> None:
    assert "?" in signs("Did you weld?")
    assert "!" in signs('He said "weld!"')


def test_only_signs_with_a_weight_are_kept() -> None:
    text = Text("I repaired it.")
    assert Signs({"i": 1.0, "i :work": 1.0}).of(text, text.sentences[0], {}) == {BIAS, "i", "i :work"}


def test_a_long_message_must_be_surer() -> None:
    claim, rest = "I ran the night desk for six years.", " Thank you for the tour. The rain had stopped."
    model = fit_model("candidate_to_employer")
    assert model.score(Text(claim), Context(), 99.0) > model.score(Text(claim + rest), Context(), 99.0) > 0


def test_the_reading_stops_where_it_is_enough() -> None:
    text = Text(
        "I ran the night desk for six years. I repaired forty pumps a year at Ferrol and trained three fitters."
    )
    model = fit_model("candidate_to_employer")
    assert model.score(text, Context(), -99.0) <= model.score(text, Context(), 99.0)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_weights_are_read_whole(direction: Direction) -> None:
    weights = {sign: float(note) for tag, sign, note in read_entries(read_source("fit_weights")) if tag == direction}
    assert BIAS in weights
    assert len(weights) > 300
    assert all(-5 < weight < 5 for weight in weights.values())


@pytest.mark.parametrize(
    "body", ["", "   ", "🙂", "?", "!!!", "مرحبا بكم", "a" * 100_000, "I " * 20_000, "Ab1 " * 20_000]
)
def test_odd_input(body: str) -> None:
    for direction in DIRECTIONS:
        assert fit_model(direction).score(Text(body), CONTEXT, 0.0) < 99
