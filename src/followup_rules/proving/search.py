"""The search: every short history first, then one of each situation, up to the longest that is asked for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Generic, NamedTuple, TypeVar

from followup_rules.proving.bounds import Bounds
from followup_rules.proving.field import Field, Look
from followup_rules.proving.histories import Happening, History, oddness
from followup_rules.proving.profiles import START
from followup_rules.proving.seeds import seeds

_FIRST: Final = (timedelta(hours=14), timedelta(days=4, hours=20), timedelta(days=5, hours=12))
"""When a history begins, after the start: in working hours, on a Friday evening, and before clocks change."""
_MINUTE: Final = timedelta(minutes=1)
_EXHAUSTIVE_SHARE: Final = 0.75
_SECOND_SHARE: Final = 0.1
_CHANGES_SHARE: Final = 0.93
"""How much of all histories may be spent when every short one is looked at: closely, those of more than one event,
and at the moments of change alone."""
_SHORT_SHARE: Final = 5
"""Of what is left, at least one in so many goes to the next longer histories, so that short ones come first."""

Found = TypeVar("Found")
Visit = Callable[[Field, History, Sequence[Look]], list[tuple[Hashable, Found]]]
Progress = Callable[[str], None]


@dataclass
class Covered(Generic[Found]):
    """What was searched and what was found, the first of each kind."""

    found: dict[Hashable, Found] = field(default_factory=dict)
    exhaustive: dict[Field, int] = field(default_factory=dict)
    """In each field, every history of up to so many events was looked at, at the moments that matter."""
    at_changes: dict[Field, int] = field(default_factory=dict)
    """The same from the first beginning and at the moments of change alone."""
    situations: dict[int, int] = field(default_factory=dict)
    """How many situations were first met with so many events."""
    longest: int = 0
    histories: int = 0
    looks: int = 0


class _Node(NamedTuple):
    field: Field
    history: History
    moments: tuple[datetime, ...]
    """At which moments something may happen next."""
    preferred: tuple[Happening, ...]
    mark: Hashable = None
    """What the rules see in it."""
    residue: Hashable = None
    """What they can still see of it later."""


def search(
    fields: Sequence[Field],
    bounds: Bounds,
    visit: Visit[Found],
    progress: Progress,
    *,
    to_the_end: bool = False,
    reduced: bool = True,
) -> Covered[Found]:
    """Look at histories, the shortest first.

    It ends with the number of events at which something is found, or `to_the_end` with all that there is to find.
    Unless it is `reduced`, histories that the rules cannot tell apart are all looked at: for tests, which compare both.
    """
    hunt = _Hunt(bounds, visit, progress, to_the_end, reduced)
    nodes = {one: [hunt.root(one, _FIRST)] for one in fields}
    for level in range(1, bounds.events + 1):
        grown = _every(hunt, nodes, level)
        if not grown or hunt.is_over:
            break
    if not hunt.is_over:
        _at_changes(hunt, fields)
    if not hunt.is_over:
        _situations(hunt, nodes)
    hunt.covered.looks = sum(one.looks for one in fields)
    return hunt.covered


def _every(hunt: _Hunt[Found], nodes: dict[Field, list[_Node]], level: int) -> bool:
    """Every history with one event more, in each field for which there is room."""
    grown = False
    for one, known in nodes.items():
        if hunt.covered.exhaustive.get(one, 0) < level - 1:
            continue
        share = _EXHAUSTIVE_SHARE if level == 1 else _SECOND_SHARE
        room = max(0, int(hunt.bounds.histories * share) - hunt.covered.histories)
        turns = list(islice(hunt.children(known), room + 1))
        if len(turns) > room:
            hunt.forget(turns)
            continue
        grown = True
        hunt.progress(f"every history of {level} event{'s' if level > 1 else ''} ({one.profile.name})")
        nodes[one] = [found for node, each in turns if (found := hunt.look(node, each))]
        hunt.covered.exhaustive[one] = level
    return grown


def _at_changes(hunt: _Hunt[Found], fields: Sequence[Field]) -> None:
    """Longer histories, all of them, but from the first beginning, and only at the moments of change themselves."""
    hunt.begin_anew(closely=False)
    nodes = {one: [hunt.root(one, _FIRST[:1])] for one in fields}
    for level in range(1, hunt.bounds.events + 1):
        grown = False
        for one in fields:
            is_known = hunt.covered.exhaustive.get(one, 0) >= level
            room = max(0, int(hunt.bounds.histories * _CHANGES_SHARE) - hunt.covered.histories)
            turns = list(islice(hunt.children(nodes[one]), room + 1)) if nodes[one] else []
            if len(turns) > room or hunt.covered.at_changes.get(one, 0) < level - 1:
                nodes[one] = []
                continue
            grown = grown or bool(turns)
            hunt.progress(f"every history of {level} events at the moments of change ({one.profile.name})")
            nodes[one] = [found for node, each in turns if (found := hunt.look(node, each, again=is_known))]
            hunt.covered.at_changes[one] = level
        if not grown or hunt.is_over:
            break
    hunt.begin_anew(closely=True)


def _situations(hunt: _Hunt[Found], nodes: dict[Field, list[_Node]]) -> None:
    """One history of each situation, from those that are known and from some that count to a limit."""
    choose = random.Random(0)  # noqa: S311  (the same search every time)
    hunt.progress("what is sent when it is due, up to every limit")
    waiting: dict[int, list[_Node]] = {}
    sown: dict[int, list[_Node]] = {}
    for one, known in nodes.items():
        waiting.setdefault(hunt.covered.exhaustive.get(one, 0), []).extend(known)
        for seed in seeds(one, hunt.bounds):
            sown.setdefault(len(seed), []).append(_Node(one, seed, (), ()))
    for level in range(hunt.bounds.events):
        if hunt.is_over:
            break
        hunt.progress(f"situations of {level + 1} event{'s' if level else ''}")
        left = max(0, hunt.bounds.histories - hunt.covered.histories - sum(map(len, sown.values())))
        parents = hunt.new(waiting.pop(level, []))
        quota = max(left // _SHORT_SHARE, left // (hunt.bounds.events - level)) if parents else 0
        children = [hunt.look(node, each) for node, each in _some(parents, quota, choose, hunt.is_first)]
        seeded = [hunt.look(one._replace(history=one.history[:-1]), one.history[-1]) for one in sown.pop(level + 1, [])]
        waiting.setdefault(level + 1, []).extend(child for child in (*children, *seeded) if child is not None)


def _some(
    nodes: Sequence[_Node], quota: int, choose: random.Random, is_first: Callable[[_Node, Happening], bool]
) -> Iterator[tuple[_Node, Happening]]:
    """So many children of some nodes: for each node in turn what was just decided, then anything."""
    if not nodes:
        return
    turns = [(node, one) for node in nodes for one in node.preferred]
    choose.shuffle(turns)
    yield from turns[: quota // 3]
    for _ in range(quota - min(len(turns), quota // 3)):
        node = choose.choice(nodes)
        if node.moments:
            number = choose.randrange(node.field.profile.applications)
            one = Happening(choose.choice(node.moments), choose.choice(node.field.symbols), number)
            if is_first(node, one):
                yield node, one


class _Hunt(Generic[Found]):
    def __init__(
        self, bounds: Bounds, visit: Visit[Found], progress: Progress, to_the_end: bool, reduced: bool
    ) -> None:
        self.bounds, self.progress, self._to_the_end, self._reduced = bounds, progress, to_the_end, reduced
        self.covered: Covered[Found] = Covered()
        self._visit = visit
        self._situations: set[Hashable] = set()
        self._looked: set[Hashable] = set()
        self._ranks: dict[Hashable, tuple[int, int]] = {}
        self.closely = True

    @property
    def is_over(self) -> bool:
        """True where enough is found."""
        return bool(self.covered.found) and not self._to_the_end

    def look(self, node: _Node, one: Happening, *, again: bool = False) -> _Node | None:
        """Look at a history with one event more; what can come after it, if anything."""
        history = (*node.history, one)
        looks = node.field.looks_at(history, self.bounds.until, closely=self.closely)
        covered = self.covered
        covered.histories += not again
        covered.longest = max(covered.longest, len(history))
        for key, found in self._visit(node.field, history, looks):
            rank = len(history), oddness(history)
            if key not in covered.found or rank < self._ranks[key]:
                covered.found[key], self._ranks[key] = found, rank
        residue, goes_on = self._left(node, history)
        if not goes_on:
            return None
        moments = {one.at, one.at + _MINUTE, one.at + timedelta(days=1), *(look.now for look in looks)}
        if self._reduced and node.field.eyes.is_timeless(one.symbol):
            moments |= {moment for moment in node.moments if moment > one.at}
        coming = tuple(sorted(moment for moment in moments if moment <= self.bounds.until))
        if not self.closely:
            return _Node(node.field, history, coming, (), None, residue)
        sent = (next(iter(node.field.carried_out(look)), None) for look in looks)
        preferred = tuple(touch for touch in sent if touch is not None)[:2]
        return _Node(node.field, history, coming, preferred, _situation(node.field, history, looks), residue)

    def _left(self, node: _Node, history: History) -> tuple[Hashable, bool]:
        """What the rules can still see of a history, and whether longer ones are worth a look."""
        field, count = node.field, node.field.profile.applications
        if field.is_closed(history):
            return None, False
        if not self._reduced:
            return history, True
        if field.eyes.is_over(history, count):
            return None, False
        residue = field.eyes.residue(history, count)
        is_new = residue != node.residue and (len(history) == 1 or residue != field.eyes.residue(history[-1:], count))
        return residue, is_new

    def children(self, nodes: Sequence[_Node]) -> Iterator[tuple[_Node, Happening]]:
        """What may happen next: anything to anybody, but nothing twice in one situation."""
        for node in nodes:
            alike = self._reduced and not node.history and node.field.is_alike
            for number in range(1 if alike else node.field.profile.applications):
                for symbol in node.field.symbols:
                    few = self._reduced and node.history and node.field.eyes.is_timeless(symbol)
                    for moment in node.moments[:2] if few else node.moments:
                        one = Happening(moment, symbol, number)
                        if self.is_first(node, one):
                            yield node, one

    def is_first(self, node: _Node, one: Happening) -> bool:
        """True for what was not yet looked at in this situation; it is noted."""
        key = (node.field, node.residue, one)
        if not self._reduced or key not in self._looked:
            self._looked.add(key)
            return True
        return False

    def forget(self, turns: Sequence[tuple[_Node, Happening]]) -> None:
        """These are not looked at now."""
        self._looked -= {(node.field, node.residue, one) for node, one in turns}

    def root(self, where: Field, beginnings: Sequence[timedelta]) -> _Node:
        """Nothing happened yet."""
        nothing = where.eyes.residue((), where.profile.applications)
        return _Node(where, (), tuple(START + first for first in beginnings), (), None, nothing)

    def begin_anew(self, *, closely: bool) -> None:
        """Look at what is known once more, closely or at the moments of change alone."""
        self._looked.clear()
        self.closely = closely

    def new(self, nodes: Sequence[_Node]) -> list[_Node]:
        """Those in which the rules see something that they did not see before."""
        found: list[_Node] = []
        for node in nodes:
            if node.mark not in self._situations:
                self._situations.add(node.mark)
                found.append(node)
                covered = self.covered.situations
                covered[len(node.history)] = covered.get(len(node.history), 0) + 1
        return found


def _situation(where: Field, history: History, looks: Sequence[Look]) -> Hashable:
    """What the rules can see: which events there are, and what is decided one after the other from now on."""
    counted = Counter((one.symbol, one.application) for one in history)
    decided = tuple(
        tuple(
            (one.application, one.rule, one.decision, one.reason, one.step, one.contact)
            for plan in look.plans
            for one in plan
        )
        for look in looks
    )
    return id(where), frozenset((key, min(count, 2)) for key, count in counted.items()), decided
