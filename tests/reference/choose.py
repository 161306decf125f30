"""A tiny source of choices, so that hypothesis and `random.Random` can drive the same builders."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

Item = TypeVar("Item")


class Choose(Protocol):
    """Whole numbers in a range; everything else follows from them."""

    def integer(self, low: int, high: int) -> int: ...


class RandomChoose:
    """Choices by a seeded `random.Random`: quick, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self._random.randint(low, high)


class DrawChoose:
    """Choices by hypothesis, which shrinks them."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        return int(self._draw(st.integers(low, high)))


def pick(choose: Choose, items: Sequence[Item]) -> Item:
    """One of the items; hypothesis shrinks towards the first."""
    return items[choose.integer(0, len(items) - 1)]


def chance(choose: Choose, percent: int) -> bool:
    """True in so many cases of a hundred; hypothesis shrinks towards False."""
    return choose.integer(0, 99) >= 100 - percent


def some(choose: Choose, items: Sequence[Item], low: int, high: int) -> list[Item]:
    """Between `low` and `high` different items, in a chosen order."""
    rest, chosen = list(items), []
    for _ in range(min(choose.integer(low, high), len(rest))):
        chosen.append(rest.pop(choose.integer(0, len(rest) - 1)))
    return chosen
