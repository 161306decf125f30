"""The same question put to z3, which has no bound on cases. Installed with the extra `prove`; imported when asked."""

from __future__ import annotations

from fractions import Fraction
from importlib.util import find_spec
from typing import Any

from followup_rules.analysis.logic.formula import And, Fact, Formula, Gap, Number, Or, names_in
from followup_rules.analysis.logic.model import Answer, GaveUp, Model, Problem

_MOST_WORK = 2_000_000
"""In z3's own units of work, so that the answer does not depend on how fast the machine is."""


def available() -> bool:
    """True where z3 is installed."""
    return find_spec("z3") is not None


def solve(problem: Problem) -> Answer:
    """A way to fulfil a formula; None where there is none."""
    import z3  # type: ignore[import-untyped, unused-ignore]

    asked = _Asked(z3, problem)
    solver = z3.Solver(ctx=asked.context)
    solver.set("rlimit", _MOST_WORK)
    solver.add(asked.said(problem.formula), *asked.ranges)
    answer = solver.check()
    if answer == z3.unsat:
        return None
    return asked.model(solver.model()) if answer == z3.sat else GaveUp(_MOST_WORK)


class _Asked:
    """One problem in z3's words, in a context of its own."""

    def __init__(self, z3: Any, problem: Problem) -> None:
        self.z3, self.context = z3, z3.Context()
        self._problem = problem
        self._values = {
            name: sorted(values, key=lambda value: (type(value).__name__, repr(value)))
            for name, values in problem.values.items()
        }
        self._names = sorted(names_in([problem.formula]))
        self._chosen = {name: z3.Int(f"={name}", self.context) for name in self._names if name in self._values}
        self.ranges = [z3.And(one >= 0, one < len(self._values[name])) for name, one in self._chosen.items()]

    def said(self, formula: Formula) -> Any:
        """The formula in z3's words."""
        z3 = self.z3
        if isinstance(formula, And):
            return z3.And(z3.BoolVal(True, self.context), *(self.said(part) for part in formula.all))
        if isinstance(formula, Or):
            return z3.Or(z3.BoolVal(False, self.context), *(self.said(part) for part in formula.any))
        if isinstance(formula, Fact):
            fact = z3.Bool(formula.name, self.context)
            return fact if formula.holds else z3.Not(fact)
        if isinstance(formula, Gap):
            difference = self._number(formula.left) - self._number(formula.right)
            most = z3.RealVal(str(Fraction(formula.most)), self.context)
            return difference < most if formula.strict else difference <= most
        listed = self._values[formula.name]
        inside = [self._chosen[formula.name] == listed.index(one) for one in formula.values if one in listed]
        found = z3.Or(z3.BoolVal(False, self.context), *inside)
        return found if formula.holds else z3.Not(found)

    def _number(self, name: str) -> Any:
        if not name:
            return self.z3.RealVal(0, self.context)
        if name.startswith("#"):
            return self.z3.ToReal(self.z3.Int(name, self.context))
        return self.z3.Real(name, self.context)

    def model(self, found: Any) -> Model:
        """What z3 found, in our words."""
        facts: dict[str, bool] = {}
        values: dict[str, frozenset[object]] = {}
        numbers: dict[str, Number] = {}
        for declared in found.decls():
            name, value = declared.name(), found[declared]
            if name.startswith("="):
                values[name[1:]] = frozenset([self._values[name[1:]][value.as_long()]])
            elif self.z3.is_bool(value):
                facts[name] = self.z3.is_true(value)
            else:
                numbers[name] = Fraction(str(value.as_fraction() if self.z3.is_rational_value(value) else value))
        return Model(facts, values, numbers)
