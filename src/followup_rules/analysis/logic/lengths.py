"""How many hours a length of time can be: never fewer than `least`, never more than `most`."""

from __future__ import annotations

from followup_rules.analysis.logic.formula import Number
from followup_rules.rules.lengths import Length

_CHANGE = 3
"""Clocks are changed by no more hours than this."""


def least_hours(length: Length) -> Number:
    """Never fewer hours than this."""
    amount, unit = length
    if amount == 0:
        return 0
    if unit == "minutes":
        return _minutes(amount)
    if unit in ("hours", "business hours"):
        return amount
    if unit == "business days":
        # At least one day of seven is a day of rest.
        return 24 * (amount + (amount - 1) // 6) - _CHANGE
    return 24 * (7 * amount if unit == "weeks" else amount) - _CHANGE


def most_hours(length: Length) -> Number | None:
    """Never more hours than this; None where nobody can say."""
    amount, unit = length
    if amount == 0:
        return 0
    if unit == "minutes":
        return _minutes(amount)
    if unit == "hours":
        return amount
    if unit == "business hours":
        return None
    if unit == "business days":
        # Weekends, and rows of holidays of up to three weeks.
        return 24 * (2 * amount + 21)
    return 24 * (7 * amount if unit == "weeks" else amount) + _CHANGE


def _minutes(amount: int) -> Number:
    from fractions import Fraction

    exact = Fraction(amount, 60)
    return int(exact) if exact.denominator == 1 else exact


def _same_unit(left: Length, right: Length) -> tuple[int, int] | None:
    """The two amounts, where one unit can say both."""
    in_days = {"days": 1, "weeks": 7}
    if left.unit in in_days and right.unit in in_days:
        return left.amount * in_days[left.unit], right.amount * in_days[right.unit]
    in_minutes = {"minutes": 1, "hours": 60}
    if left.unit in in_minutes and right.unit in in_minutes:
        return left.amount * in_minutes[left.unit], right.amount * in_minutes[right.unit]
    if left.unit == right.unit:
        return left.amount, right.amount
    return None


def always_longer(left: Length, right: Length) -> bool:
    """True where the one is longer from every moment on."""
    same = _same_unit(left, right)
    if same is not None:
        return same[0] > same[1]
    most = most_hours(right)
    return most is not None and least_hours(left) > most


def never_shorter(left: Length, right: Length) -> bool:
    """True where the one is at least as long from every moment on."""
    same = _same_unit(left, right)
    if same is not None:
        return same[0] >= same[1]
    most = most_hours(right)
    return most is not None and least_hours(left) >= most
