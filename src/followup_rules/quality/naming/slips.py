"""How far two spellings are apart."""

from __future__ import annotations


def edits(one: str, other: str, most: int) -> int:
    """How many letters two words differ by, swapped neighbours counted once; `most` + 1 where it is more."""
    if abs(len(one) - len(other)) > most or len(one) > 40:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
