"""The static analysis: every finding about some packs, in the order of the places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from followup_rules.analysis.asked import Asked, Memory
from followup_rules.analysis.finders import (
    counting,
    covering,
    neighbours,
    never,
    parts,
    sources,
    texts,
    timing,
    unknowns,
    values,
    windows,
)
from followup_rules.analysis.logic.oracle import Oracle
from followup_rules.analysis.room import Room
from followup_rules.errors import Problem
from followup_rules.policy import Pack, Policy

FINDERS: Final[tuple[Callable[[Asked], Iterable[Problem]], ...]] = tuple(
    one.find
    for one in (never, parts, covering, windows, timing, counting, texts, neighbours, values, unknowns, sources)
)


class Analysis(NamedTuple):
    """What was found, and what nobody could decide, as lines for people."""

    problems: tuple[Problem, ...]
    undecided: tuple[str, ...]


def remember() -> Memory:
    """An empty memory, to be handed to several calls."""
    return Memory(Oracle(), Room())


def analyse(policy: Policy, packs: Sequence[Pack], memory: Memory | None = None) -> Analysis:
    """What is wrong with the rules of some packs, as far as it can be known without any application.

    Args:
        policy: the packs and all that they extend, resolved.
        packs: the ones that were asked about; rules of others are not reported.
        memory: of what was asked before, where several policies are looked at.
    """
    asked = Asked(policy, packs, memory or remember())
    found = dict.fromkeys(_found(asked))
    return Analysis(tuple(sorted(found, key=lambda problem: (problem.place, problem.code))), tuple(asked.undecided))


def _found(asked: Asked) -> Iterator[Problem]:
    for finder in FINDERS:
        yield from finder(asked)
