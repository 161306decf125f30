"""The answer of a solver: a way to fulfil a formula, that there is none, or that it gave up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from followup_rules.analysis.logic.formula import Formula, Number

Values = Mapping[str, frozenset[object]]
"""What values each named thing can have."""


class Problem(NamedTuple):
    """A formula, and the values that things can have."""

    formula: Formula
    values: Values


class Model(NamedTuple):
    """One way to fulfil a formula. What is not named may be anything."""

    facts: Mapping[str, bool]
    values: Mapping[str, frozenset[object]]
    numbers: Mapping[str, Number]


class GaveUp(NamedTuple):
    """Too many cases: nothing is known."""

    cases: int


Answer = Model | GaveUp | None
"""None: it cannot be fulfilled."""
