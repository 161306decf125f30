"""Sets of codes as conditions of durable-rules over the fields of one fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Term = dict[str, Any]


class Among(NamedTuple):
    """The code in a field is one of these. `universe` is all that the field can hold, in ascending order."""

    field: str
    codes: frozenset[int]
    universe: tuple[int, ...]


def every_term(parts: Iterable[Among]) -> list[Term] | None:
    """Terms that hold together where every part does; None where that can never be."""
    terms: list[Term] = []
    for part in parts:
        if not part.codes:
            return None
        terms += _terms(part)
    return terms


def some_term(parts: Iterable[Among]) -> list[Term] | None:
    """One term that holds where some part does, none where one always does; None where none ever does."""
    branches: list[Term] = []
    for part in parts:
        if not part.codes:
            continue
        terms = _terms(part)
        if not terms:
            return []
        if len(terms) == 1:
            branches += terms[0].get("$or", terms)
        else:
            branches.append({"$and": terms})
    if not branches:
        return None
    return branches if len(branches) == 1 else [{"$or": branches}]


def connectives(terms: Iterable[Term]) -> int:
    """How many `$and` and `$or` there are: the engine has room for few."""
    found = 0
    for term in terms:
        for connective in ("$and", "$or"):
            if connective in term:
                found += 1 + connectives(term[connective])
    return found


def branches(terms: Iterable[Term]) -> int:
    """How many ways a fact may take through these terms at once, at most."""
    return 1 + sum(len(term["$or"]) + connectives(term["$or"]) for term in terms if "$or" in term)


def _terms(part: Among) -> list[Term]:
    """As alternatives or as exclusions, whichever is simpler."""
    field, universe = part.field, part.universe
    inside = [_between(field, run, universe) for run in _runs(part.codes, universe)]
    chosen = inside[0] if len(inside) == 1 else [{"$or": [_one(terms) for terms in inside]}]
    outside: list[Term] = []
    for run in _runs(frozenset(universe) - part.codes, universe):
        outside += _beyond(field, run, universe)
    return min(chosen, outside, key=lambda terms: (connectives(terms), len(terms)))


def _one(terms: list[Term]) -> Term:
    return terms[0] if len(terms) == 1 else {"$and": terms}


def _runs(codes: frozenset[int], universe: Sequence[int]) -> list[list[int]]:
    """The codes, each with those that follow it without a gap in the universe."""
    runs: list[list[int]] = []
    adjacent = False
    for code in universe:
        if code in codes and adjacent:
            runs[-1].append(code)
        elif code in codes:
            runs.append([code])
        adjacent = code in codes
    return runs


def _between(field: str, run: list[int], universe: Sequence[int]) -> list[Term]:
    if len(run) == 1 and len(universe) > 1:
        return [{field: run[0]}]
    terms: list[Term] = []
    if run[0] != universe[0]:
        terms.append({"$gte": {field: run[0]}})
    if run[-1] != universe[-1]:
        terms.append({"$lte": {field: run[-1]}})
    return terms


def _beyond(field: str, run: list[int], universe: Sequence[int]) -> list[Term]:
    if len(run) == 1:
        return [{"$neq": {field: run[0]}}]
    below, above = {"$lt": {field: run[0]}}, {"$gt": {field: run[-1]}}
    if run[0] == universe[0]:
        return [above]
    if run[-1] == universe[-1]:
        return [below]
    return [{"$or": [below, above]}]
