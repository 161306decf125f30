"""A policy's conditions compiled: which sessions there are, what they are told, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from followup_rules.errors import EngineFault
from followup_rules.facts import Case, value_of
from followup_rules.matching.encode import CODE_OF, TRUTHS
from followup_rules.matching.gates import Gate, Net, field
from followup_rules.matching.patterns import NOW, PatternBlock
from followup_rules.matching.session import Session, rule
from followup_rules.matching.terms import branches
from followup_rules.matching.truth import Truth, opposite
from followup_rules.rules import conditions as c

# The engine fails at 64 branches for one fact, 256 rules with one condition, 512 first conditions (at some of
# them without a word): these stay far below.
_MOST_PATTERNS: Final = 12
_MOST_BRANCHES: Final = 48
_MOST_RULES: Final = 160

# Above so many facts joins get slow, and native has answered long before.
MOST_EVENTS: Final = 400


class TooLarge(Exception):
    """The timeline has more events than working memory should hold."""


class Encoded(NamedTuple):
    """A case as codes: the slots known so far, and for each block of patterns its event facts and now."""

    slots: list[int]
    joins: list[tuple[list[str], str]]


class _Group:
    """Gates of one level that are asked with one fact."""

    def __init__(self, number: int, gates: Sequence[Gate]) -> None:
        self._number = number
        self.level = gates[0].level
        self.slots = tuple(gate.slot for gate in gates)
        self._gates = tuple(gates)
        self._reads = tuple(dict.fromkeys(slot for gate in gates for slot in gate.reads))
        fields = "".join(f',"{field(slot)}":%d' for slot in self._reads)
        self._template = f'{{"sid":1,"id":{number},"k":{number}{fields}}}'

    def rules(self) -> dict[str, dict[str, Any]]:
        """Per gate one rule for each truth, named by slot and truth."""
        return {
            str(gate.slot * 4 + truth): rule(self._number, terms)
            for gate in self._gates
            for truth, terms in gate.rules.items()
        }

    def fact(self, slots: list[int]) -> str:
        """The fact that decides the gates."""
        return self._template % tuple([slots[slot] for slot in self._reads])


class Program:
    """Compiled conditions. One evaluation at a time."""

    def __init__(self, conditions: Sequence[c.Condition]) -> None:
        self.is_broken = False
        self._net = net = Net(conditions)
        patterns = net.patterns
        self._blocks = [
            PatternBlock(patterns[start : start + _MOST_PATTERNS]) for start in range(0, len(patterns), _MOST_PATTERNS)
        ]
        # A group's number is its discriminator and the id of its fact; ids of events end before these.
        first = NOW + 1 + MOST_EVENTS + 1
        self._groups = [_Group(first + number, gates) for number, gates in enumerate(_grouped(net.gates))]
        self._joins: list[tuple[PatternBlock, Session]] = []
        self._asks: list[tuple[_Group, Session]] = []
        self.sessions: list[Session] = []
        self._build()

    def _build(self) -> None:
        """Put groups together into rulesets, the first ones beside patterns."""
        waiting = iter(self._groups)
        group = next(waiting, None)
        blocks: list[PatternBlock | None] = [*self._blocks]
        while blocks or group is not None:
            block = blocks.pop(0) if blocks else None
            rules = block.rules() if block is not None else {}
            members: list[_Group] = []
            while group is not None and (not rules or len(rules) + len(group.rules()) <= _MOST_RULES):
                rules.update(group.rules())
                members.append(group)
                group = next(waiting, None)
            session = Session(rules)
            self.sessions.append(session)
            self._joins += [(block, session)] if block is not None else []
            self._asks += [(member, session) for member in members]

    def encode(self, case: Case) -> Encoded:
        """What the engine is to be told about a case.

        Raises:
            TooLarge: the timeline does not fit into working memory.
        """
        net = self._net
        slots = [-1] * net.size
        for fact, code, slot in net.facts:
            slots[slot] = code.of(value_of(fact, case))
        for evaluate, slot in net.outside:
            slots[slot] = CODE_OF[evaluate(case)]
        joins = [block.facts(case) for block, _ in self._joins]
        if any(len(events) > MOST_EVENTS for events, _ in joins):
            raise TooLarge
        return Encoded(slots, joins)

    def run(self, encoded: Encoded) -> list[Truth]:
        """The truth of every condition.

        Raises:
            EngineFault: the engine contradicted itself. Like any other error it leaves the sessions unusable.
        """
        slots = encoded.slots
        for session in self.sessions:
            session.open()
        for (block, session), (events, now) in zip(self._joins, encoded.joins, strict=True):
            session.tell(events)
            _settle(slots, block.slots, session.ask(now))
        for group, session in self._asks:
            _settle(slots, group.slots, session.ask(group.fact(slots)))
        for session in self.sessions:
            session.close()
        found = [(TRUTHS[slots[slot]], negated) for slot, negated in self._net.outputs]
        return [opposite(truth) if negated else truth for truth, negated in found]

    def abandon(self) -> None:
        """Give up the sessions after a fault."""
        self.is_broken = True
        for session in self.sessions:
            session.abandon()


def _settle(slots: list[int], asked: tuple[int, ...], fired: list[int]) -> None:
    """Put truths into their slots: exactly one rule of each has fired, perhaps several times."""
    for name in fired:
        slot, truth = divmod(name, 4)
        if slots[slot] not in (-1, truth):
            raise EngineFault("durable-rules fired two rules of which only one can hold")
        slots[slot] = truth
    if any(slots[slot] < 0 for slot in asked):
        raise EngineFault("durable-rules fired no rule where one must hold")


def _grouped(gates: Sequence[Gate]) -> Iterator[list[Gate]]:
    """Gates in order of level, as many together as one fact may decide."""
    group: list[Gate] = []
    weight = 0
    for gate in sorted(gates, key=lambda gate: gate.level):
        own = sum(branches(terms) for terms in gate.rules.values())
        if group and (group[0].level != gate.level or weight + own > _MOST_BRANCHES):
            yield group
            group, weight = [], 0
        group.append(gate)
        weight += own
    if group:
        yield group
