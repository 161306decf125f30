"""Conditions as a net of flat gates: each combines a few codes, those above use the truths of those below.

Nothing is nested deeper than one gate, so that neither the engine's limits nor its ways of matching one fact
many times grow with the depth of a condition: depth costs a fact more, width a gate more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from followup_rules.errors import EngineFault
from followup_rules.matching.encode import CODE_OF, FALSE, NO_ZONE, TRUE, UNKNOWN, FactCode, is_coded
from followup_rules.matching.native import Evaluate, compile_condition
from followup_rules.matching.terms import Among, Term, connectives, every_term, some_term
from followup_rules.rules import conditions as c

# With these a gate stays below the 31 entries that the engine has for the connectives of one rule, which it
# counts twice each (a beginning and an end).
_WIDEST: Final = 6
_MOST_CONNECTIVES: Final = 15


class Gate(NamedTuple):
    """Where its truth is put, and for each truth that it can have the terms under which it has it."""

    slot: int
    level: int
    rules: dict[int, list[Term]]
    reads: tuple[int, ...]


class Literal(NamedTuple):
    """A slot, and for each of the four truths the codes in it that mean it. `level` is when it is known."""

    slot: int
    level: int
    sets: tuple[frozenset[int], ...]
    universe: tuple[int, ...]

    def opposite(self) -> Literal:
        """The same with true and false exchanged."""
        false, unknown, no_zone, true = self.sets
        return self._replace(sets=(true, unknown, no_zone, false))

    def among(self, codes: frozenset[int]) -> Among:
        """The slot holds one of the codes."""
        return Among(field(self.slot), codes, self.universe)

    def never(self, truth: int) -> Among:
        """The literal has any other truth."""
        return self.among(frozenset(self.universe) - self.sets[truth])


def field(slot: int) -> str:
    """The name of a slot in facts and rules."""
    return f"s{slot}"


class Net:
    """The gates of some conditions, and what fills the slots that they read.

    Slot 0 is not used, so that the rule of the marker can have its names.
    """

    def __init__(self, conditions: Sequence[c.Condition]) -> None:
        self.size = 1
        self.facts: list[tuple[str, FactCode, int]] = []
        self.outside: list[tuple[Evaluate, int]] = []
        self.patterns: list[tuple[c.Pattern, int]] = []
        self.gates: list[Gate] = []
        self._known: dict[str, Literal] = {}
        self._coded = self._code_facts(conditions)
        self.outputs = tuple(self._output(condition) for condition in conditions)

    def _slot(self) -> int:
        self.size += 1
        return self.size - 1

    def _code_facts(self, conditions: Sequence[c.Condition]) -> dict[str, tuple[FactCode, int]]:
        constants: dict[str, list[c.Scalar]] = {}
        for condition in conditions:
            for atom in c.atoms(condition):
                if isinstance(atom, c.Test) and is_coded(atom):
                    used = constants.setdefault(atom.fact, [])
                    used += () if atom.operator == "present" else atom.values
        self.facts = [(fact, FactCode(fact, used), self._slot()) for fact, used in constants.items()]
        return {fact: (code, slot) for fact, code, slot in self.facts}

    def _output(self, condition: c.Condition) -> tuple[int, bool]:
        """The slot in which the truth of the condition ends up; with True, its opposite does."""
        negated = False
        while isinstance(condition, c.Not):
            condition, negated = condition.item, not negated
        literal = self._literal(condition)
        if isinstance(condition, c.Test) and is_coded(condition):
            literal = self._gate(repr(condition), True, [literal])
        return literal.slot, negated

    def _literal(self, condition: c.Condition) -> Literal:
        if isinstance(condition, c.Not):
            return self._literal(condition.item).opposite()
        key = repr(condition)
        if isinstance(condition, c.Test) and is_coded(condition):
            code, slot = self._coded[condition.fact]
            return Literal(slot, 0, code.sets(condition), code.universe)
        if key not in self._known:
            if isinstance(condition, c.All | c.Any):
                return self._gate_of(condition, key)
            self._known[key] = self._atom(condition)
        return self._known[key]

    def _atom(self, atom: c.Test | c.Pattern) -> Literal:
        slot = self._slot()
        if isinstance(atom, c.Test):
            self.outside.append((compile_condition(atom), slot))
            return _truths(slot, 0, {*CODE_OF.values()})
        self.patterns.append((atom, slot))
        possible = {FALSE, TRUE}
        possible |= {UNKNOWN} if atom.after is not None else set()
        possible |= {NO_ZONE} if c.needs_place(atom) else set()
        return _truths(slot, 0, possible)

    def _gate_of(self, condition: c.All | c.Any, key: str) -> Literal:
        conjunctive = isinstance(condition, c.All)
        literals = list(dict.fromkeys(self._simple(item) for item in _flat(condition, type(condition))))
        while len(literals) > _WIDEST:
            # By level, so that what is known early is put together early.
            literals.sort(key=lambda literal: literal.level)
            first = literals[:_WIDEST]
            literals = [self._gate(f"{key} {first}", conjunctive, first), *literals[_WIDEST:]]
        return self._gate(key, conjunctive, literals)

    def _simple(self, condition: c.Condition) -> Literal:
        """A literal that takes one connective at most; what would take more gets a gate of its own."""
        literal = self._literal(condition)
        if literal.slot not in (slot for _, slot in self._coded.values()):
            return literal
        asked = [literal.among(codes) for codes in literal.sets]
        asked += [literal.never(truth) for truth in range(4)]
        if all(connectives(every_term([one]) or ()) <= 1 and _is_flat(one) for one in asked):
            return literal
        return self._gate(f"literal {literal}", True, [literal])

    def _gate(self, key: str, conjunctive: bool, literals: list[Literal]) -> Literal:
        if key not in self._known:
            level = 1 + max(literal.level for literal in literals)
            rules = _rules(literals, conjunctive)
            if any(1 + connectives(terms) > _MOST_CONNECTIVES for terms in rules.values()):
                raise EngineFault("a gate has more connectives than durable-rules can hold")
            slot = self._slot()
            reads = tuple(dict.fromkeys(literal.slot for literal in literals))
            self.gates.append(Gate(slot, level, rules, reads))
            self._known[key] = _truths(slot, level, set(rules))
        return self._known[key]


def _is_flat(part: Among) -> bool:
    return all(connectives(term.get("$or", ())) == 0 for term in every_term([part]) or ())


def _truths(slot: int, level: int, possible: set[int]) -> Literal:
    """The literal of a slot that holds a truth."""
    sets = tuple(frozenset({truth} & possible) for truth in range(4))
    return Literal(slot, level, sets, tuple(sorted(possible)))


def _flat(condition: c.Condition, kind: type[c.All] | type[c.Any], negated: bool = False) -> Iterator[c.Condition]:
    """The parts of nested conditions of one kind; by De Morgan `not any` is a kind of `all`."""
    if isinstance(condition, c.Not):
        yield from _flat(condition.item, kind, not negated)
    elif isinstance(condition, c.All | c.Any) and isinstance(condition, kind) != negated:
        for item in condition.items:
            yield from _flat(item, kind, negated)
    else:
        yield c.Not(condition) if negated else condition


def _rules(literals: list[Literal], conjunctive: bool) -> dict[int, list[Term]]:
    """When `all` (or `any`) of the literals is false, unknown, without a zone, true."""
    strong, weak = (FALSE, TRUE) if conjunctive else (TRUE, FALSE)
    # Of one literal alone the truth settles it; of several, what the others must not be comes first.
    several = literals if len(literals) > 1 else []
    found = {
        strong: some_term(one.among(one.sets[strong]) for one in literals),
        weak: every_term(one.among(one.sets[weak]) for one in literals),
        UNKNOWN: _both(
            every_term(one.never(strong) for one in several),
            some_term(one.among(one.sets[UNKNOWN]) for one in literals),
        ),
        NO_ZONE: _both(
            every_term(one.among(one.sets[weak] | one.sets[NO_ZONE]) for one in several),
            some_term(one.among(one.sets[NO_ZONE]) for one in literals),
        ),
    }
    return {truth: terms for truth, terms in sorted(found.items()) if terms is not None}


def _both(left: list[Term] | None, right: list[Term] | None) -> list[Term] | None:
    return None if left is None or right is None else [*left, *right]
