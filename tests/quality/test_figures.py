"""Amounts of several words."""

from __future__ import annotations

import pytest

from followup_rules.quality.repeats.figures import figures_in


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("three hundred cows", [("300", "")]),
        ("a hundred and twenty cows", [("120", "")]),
        ("two hundred thousand litres", [("200000", "")]),
        ("0.9 million euros", [("900000", "")]),
        ("2 lakh rupees", [("200000", "")]),
        ("ten crore", [("100000000", "")]),
        ("two decades of practice", [("20", "year")]),
        ("a decade", []),
        ("thirty-six months", [("3", "year")]),
        ("five months", []),
        ("a fortnight", [("2", "week")]),
        ("14 days", [("2", "week")]),
        ("48 hours", [("2", "day")]),
        ("90 minutes", [("1.5", "hour")]),
        ("an hour and a half", [("1.5", "hour")]),
        ("half past three", [("3:30", "")]),
        ("half past", []),
        ("one in ten arrived late", [("10", "")]),
        ("four out of five stayed", [("80", "")]),
        ("fourteen in june", []),
        ("a fifth less waste", [("20", "")]),
        ("by a third", [("33", "")]),
        ("two thirds of them", [("67", "")]),
        ("a third shift", []),
        ("the first of august", [("1", "")]),
        ("second may", [("2", "")]),
        ("the first time", []),
        ("from two hundred to three hundred", [("200", ""), ("300", "")]),
        ("no number", []),
        ("", []),
    ],
)
def test_figures(said: str, told: list[tuple[str, str]]) -> None:
    """In one form, with the unit where it had to be changed."""
    assert [(one.value, one.unit) for one in figures_in(said.split())] == told


def test_places() -> None:
    """Which words tell the amount."""
    assert [(one.first, one.last) for one in figures_in("we sold three hundred and six".split())] == [(2, 6)]
