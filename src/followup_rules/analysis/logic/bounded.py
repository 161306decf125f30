"""A search that tries the cases of a formula one by one, up to a bound: no help from outside is needed.

Within the bound it is exact, because every case is a list of statements about values and differences of numbers, and
such lists are decided by looking for a way round that costs less than nothing (Bellman and Ford).
"""

from __future__ import annotations

from fractions import Fraction

from followup_rules.analysis.logic.formula import And, Fact, Formula, Gap, Literal, Number, OneOf, Or
from followup_rules.analysis.logic.model import Answer, GaveUp, Model, Problem, Values

MOST_CASES = 3_000

_Weight = tuple[Number, int]
"""A bound, and how many of the steps to it are strict, as a number that is the smaller the more there are."""


def search(problem: Problem, most: int = MOST_CASES) -> Answer:
    """A way to fulfil a formula; None where there is none."""
    left = [most]
    try:
        return _cases(_State(problem.values), [problem.formula], left)
    except _TooManyError:
        return GaveUp(most)


class _TooManyError(Exception):
    """The bound is reached."""


class _State:
    """What has been assumed so far; a copy for each case."""

    __slots__ = ("edges", "facts", "known", "values")

    def __init__(self, known: Values) -> None:
        self.known = known
        self.facts: dict[str, bool] = {}
        self.values: dict[str, frozenset[object]] = {}
        self.edges: dict[tuple[str, str], _Weight] = {}

    def copy(self) -> _State:
        made = _State(self.known)
        made.facts, made.values, made.edges = dict(self.facts), dict(self.values), dict(self.edges)
        return made

    def says(self, one: Literal) -> bool | None:
        """What is already known of a statement, at a glance."""
        if isinstance(one, Fact):
            known = self.facts.get(one.name)
            return None if known is None else known is one.holds
        if isinstance(one, OneOf):
            now = self.values.get(one.name, self.known[one.name])
            inside = now & one.values
            if not inside:
                return not one.holds
            return one.holds if len(inside) == len(now) else None
        least = self.edges.get((one.left, one.right))
        if least is not None and least <= _weight(one):
            return True
        opposite = self.edges.get((one.right, one.left))
        if opposite is not None and _sum(opposite, _weight(one)) < (0, 0):
            return False
        return None

    def add(self, one: Literal) -> bool:
        """Assume a statement; False where it contradicts the others."""
        known = self.says(one)
        if known is not None:
            return known
        if isinstance(one, Fact):
            self.facts[one.name] = one.holds
        elif isinstance(one, OneOf):
            now = self.values.get(one.name, self.known[one.name])
            self.values[one.name] = now & one.values if one.holds else now - one.values
        else:
            self.edges[one.left, one.right] = _weight(one)
            return _potentials(self.edges) is not None
        return True


def _weight(one: Gap) -> _Weight:
    return one.most, -1 if one.strict else 0


def _sum(left: _Weight, right: _Weight) -> _Weight:
    return left[0] + right[0], left[1] + right[1]


def _potentials(edges: dict[tuple[str, str], _Weight]) -> dict[str, _Weight] | None:
    """A number for each name that keeps all differences; None where there is none."""
    nodes = {name for pair in edges for name in pair} | {""}
    found: dict[str, _Weight] = dict.fromkeys(nodes, (0, 0))
    for _ in range(len(nodes) + 1):
        changed = False
        for (left, right), weight in edges.items():
            through = _sum(found[right], weight)
            if through < found[left]:
                found[left], changed = through, True
        if not changed:
            return found
    return None


def _cases(state: _State, pending: list[Formula], left: list[int]) -> Answer:
    choices: list[Or] = []
    while pending:
        one = pending.pop()
        if isinstance(one, And):
            pending += one.all
        elif isinstance(one, Or):
            choices.append(one)
        elif not state.add(one):
            return None
    chosen = _narrowest(state, choices)
    if chosen is None:
        return None
    if not chosen:
        return _model(state)
    open_parts, others = chosen[0], chosen[1:]
    for part in open_parts.any:  # type: ignore[union-attr]
        left[0] -= 1
        if left[0] < 0:
            raise _TooManyError
        answer = _cases(state.copy(), [*others, part], left)
        if answer is not None:
            return answer
    return None


def _narrowest(state: _State, choices: list[Or]) -> list[Formula] | None:
    """What is left to choose from, the smallest choice first; None where one has nothing left."""
    open_: list[Formula] = []
    for choice in choices:
        parts: list[Formula] = []
        settled = False
        for part in choice.any:
            says = None if isinstance(part, And | Or) else state.says(part)
            if says:
                settled = True
                break
            if says is None:
                parts.append(part)
        if settled:
            continue
        if not parts:
            return None
        open_.append(Or(tuple(parts)))
    open_.sort(key=lambda one: len(one.any))  # type: ignore[union-attr]
    return open_


def _model(state: _State) -> Model:
    whole = {pair: weight for pair, weight in state.edges.items() if all(name[:1] in ("", "#") for name in pair)}
    rest = {pair: weight for pair, weight in state.edges.items() if pair not in whole}
    return Model(state.facts, state.values, _numbers(whole) | _numbers(rest))


def _numbers(edges: dict[tuple[str, str], _Weight]) -> dict[str, Number]:
    potentials = _potentials(edges) or {}
    small = Fraction(1, 4096 * (len(potentials) + 1))
    zero = potentials.get("", (0, 0))
    return {name: value - zero[0] + (steps - zero[1]) * small for name, (value, steps) in potentials.items() if name}
