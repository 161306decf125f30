"""From conditions to formulas: when one holds, when it fails; where neither, it is unknown.

What a formula says is true of every application, seen from a known time zone, for which the condition has that truth.
So what cannot be fulfilled here never happens. The other way round, what can be fulfilled here is only a proposal:
`witness` makes an application of it, which the engine is then asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.patterns import Patterns, has, since
from followup_rules.model.words import STATUSES, Direction
from followup_rules.rules import conditions as c
from followup_rules.rules.facts_known import type_of

MISSING: Final = ("missing",)
OTHER: Final = ("other text",)
NUMBER: Final = ("number",)
LIST: Final = ("list",)
OBJECT: Final = ("object",)


class Truths(NamedTuple):
    """When a condition holds, and when it fails."""

    holds: f.Formula
    fails: f.Formula

    def opposite(self) -> Truths:
        """The truths of its negation."""
        return Truths(self.fails, self.holds)


class Encoder:
    """Formulas for some conditions that are asked about together, in one direction."""

    def __init__(self, conditions: Iterable[c.Condition], direction: Direction) -> None:
        self.direction = direction
        asked = [atom for condition in conditions for atom in c.atoms(condition)]
        self.tests = [atom for atom in asked if isinstance(atom, c.Test)]
        self.patterns = Patterns([atom for atom in asked if isinstance(atom, c.Pattern)], direction)
        self.constants: dict[str, set[object]] = {}
        self.needles: dict[str, set[object]] = {}
        for test in self.tests:
            listed = self.needles if test.operator == "contains" else self.constants
            if test.operator in ("one_of", "contains"):
                listed.setdefault(test.fact, set()).update(_typed(value) for value in test.values)

    def truths(self, condition: c.Condition) -> Truths:
        """When a condition holds, and when it fails."""
        if isinstance(condition, c.Test):
            return self._test(condition)
        if isinstance(condition, c.Pattern):
            return Truths(*self.patterns.truths(condition))
        if isinstance(condition, c.Not):
            return self.truths(condition.item).opposite()
        parts = [self.truths(item) for item in condition.items]
        holds, fails = [part.holds for part in parts], [part.fails for part in parts]
        if isinstance(condition, c.All):
            return Truths(f.both(*holds), f.either(*fails))
        return Truths(f.either(*holds), f.both(*fails))

    def values(self) -> dict[str, frozenset[object]]:
        """What values each named thing can have."""
        found: dict[str, frozenset[object]] = {"status": frozenset(("text", status) for status in STATUSES)}
        for test in self.tests:
            kind = type_of(test.fact)
            if kind in ("text", "anything"):
                texts = {value for value in self.constants.get(test.fact, ()) if value[0] == "text"}  # type: ignore[index]
                rest = {MISSING, OTHER}
                if kind == "anything":
                    rest |= {NUMBER, LIST, OBJECT, ("truth", True), ("truth", False)}  # type: ignore[arg-type]
                found[test.fact] = frozenset(texts | rest)
        return found

    def _present(self, fact: str) -> f.Formula:
        family, _, rest = fact.partition(".")
        if family in ("hours_since", "business_days_since"):
            return has(rest)
        if fact == "promised_by_passed":
            return has("decision_promised")
        if type_of(fact) in ("number", "status"):
            return f.YES
        return f.OneOf(fact, frozenset({MISSING}), False)

    def _test(self, test: c.Test) -> Truths:
        present = self._present(test.fact)
        if test.operator == "present":
            truths = Truths(present, f.negated(present))
            return truths if test.values[0] else truths.opposite()
        kind = type_of(test.fact)
        if kind == "number":
            says = self._of_number(test, variable(test.fact))
            return Truths(f.both(present, says), f.both(present, f.negated(says)))
        if kind == "truth":
            says = f.either(*(f.Fact("promise passed", bool(value)) for value in set(test.values)))
            return Truths(f.both(present, says), f.both(present, f.negated(says)))
        if test.operator == "contains":
            return self._contains(test)
        if test.operator == "one_of":
            says = self._one_of(test)
            return Truths(f.both(present, says), f.both(present, f.negated(says)))
        is_number = f.OneOf(test.fact, frozenset({NUMBER}))
        says = self._of_number(test, variable(test.fact))
        return Truths(f.both(is_number, says), f.both(is_number, f.negated(says)))

    def _of_number(self, test: c.Test, name: str) -> f.Formula:
        numbers = [f.number(value) for value in test.values if not isinstance(value, str | bool)]
        if test.operator == "one_of":
            return f.either(*(f.equal(name, value) for value in numbers))
        strict = test.operator in ("more_than", "less_than")
        make = f.at_least if test.operator in ("at_least", "more_than") else f.at_most
        return make(name, numbers[0], strict)

    def _one_of(self, test: c.Test) -> f.Formula:
        typed = [_typed(value) for value in test.values]
        says: f.Formula = f.OneOf(test.fact, frozenset(value for value in typed if value[0] != "number"))
        if any(value[0] == "number" for value in typed):
            is_number = f.OneOf(test.fact, frozenset({NUMBER}))
            says = f.either(says, f.both(is_number, self._of_number(test, variable(test.fact))))
        return says

    def _contains(self, test: c.Test) -> Truths:
        fact, needle = test.fact, _typed(test.values[0])
        texts = {value for value in self.constants.get(fact, ()) if value[0] == "text"}  # type: ignore[index]
        holds: list[f.Formula] = []
        kinds: set[object] = set()
        if needle[0] == "text":
            with_it = frozenset(value for value in texts if str(needle[1]) in str(value[1]))  # type: ignore[index]
            inside = f.both(f.OneOf(fact, frozenset({OTHER})), f.Fact(f"in text {fact} {needle!r}"))
            holds += [f.OneOf(fact, with_it), inside]
            kinds |= {*texts, OTHER}
        if type_of(fact) == "anything":
            holds.append(f.both(f.OneOf(fact, frozenset({LIST})), f.Fact(f"in list {fact} {needle!r}")))
            kinds.add(LIST)
        says, fits = f.either(*holds), f.OneOf(fact, frozenset(kinds))
        return Truths(f.both(fits, says), f.both(fits, f.negated(says)))


def variable(fact: str) -> str:
    """What the number of a fact is called in formulas."""
    family, _, rest = fact.partition(".")
    if family == "hours_since":
        return since(rest)
    return fact if family == "attributes" else f"#{fact}"


def _typed(value: object) -> tuple[str, object]:
    """In Python 1 and true are equal; in a condition they are not. Whole and decimal numbers are one type."""
    if isinstance(value, bool):
        return ("truth", value)
    return ("text", value) if isinstance(value, str) else ("number", f.number(value))  # type: ignore[arg-type]
