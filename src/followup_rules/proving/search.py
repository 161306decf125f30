"""The search: every short history first, then one of each situation, up to the longest that is asked for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, NamedTuple, TypeVar

from followup_rules.proving.bounds import Bounds
from followup_rules.proving.field import Field, Look
from followup_rules.proving.histories import Happening, History
from followup_rules.proving.profiles import START
from followup_rules.proving.seeds import seeds

_FIRST: Final = (timedelta(hours=14), timedelta(days=4, hours=20), timedelta(days=5, hours=12))
"""When a history begins, after the start: in working hours, on a Friday evening, and before clocks change."""
_MINUTE: Final = timedelta(minutes=1)
_EXHAUSTIVE_SHARE: Final = 0.75
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


def search(
    fields: Sequence[Field], bounds: Bounds, visit: Visit[Found], progress: Progress, *, to_the_end: bool = False
) -> Covered[Found]:
    """Look at histories, the shortest first.

    It ends with the number of events at which something is found, or `to_the_end` with all that there is to find.
    """
    hunt = _Hunt(bounds, visit, progress, to_the_end)
    nodes = {one: [_Node(one, (), tuple(START + first for first in _FIRST), ())] for one in fields}
    for level in range(1, bounds.events + 1):
        grown = _every(hunt, nodes, level)
        if not grown or hunt.is_over:
            break
    if not hunt.is_over:
        _situations(hunt, nodes)
    hunt.covered.looks = sum(one.looks for one in fields)
    return hunt.covered


def _every(hunt: _Hunt[Found], nodes: dict[Field, list[_Node]], level: int) -> bool:
    """Every history with one event more, in each field for which there is room."""
    grown = False
    for one, known in nodes.items():
        size = sum(len(node.moments) for node in known) * len(one.symbols) * one.profile.applications
        full = hunt.covered.histories + size > hunt.bounds.histories * _EXHAUSTIVE_SHARE
        if full or hunt.covered.exhaustive.get(one, 0) < level - 1:
            continue
        grown = True
        hunt.progress(f"every history of {level} event{'s' if level > 1 else ''} ({one.profile.name})")
        nodes[one] = [found for node in known for each in _children(node) if (found := hunt.look(node, each))]
        hunt.covered.exhaustive[one] = level
    return grown


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
        children = [hunt.look(node, each) for node, each in _some(parents, quota, choose)]
        seeded = [hunt.look(one._replace(history=one.history[:-1]), one.history[-1]) for one in sown.pop(level + 1, [])]
        waiting.setdefault(level + 1, []).extend(child for child in (*children, *seeded) if child is not None)


def _some(nodes: Sequence[_Node], quota: int, choose: random.Random) -> Iterator[tuple[_Node, Happening]]:
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
            yield node, Happening(choose.choice(node.moments), choose.choice(node.field.symbols), number)


def _children(node: _Node) -> Iterator[Happening]:
    for moment in node.moments:
        for number in range(node.field.profile.applications):
            for symbol in node.field.symbols:
                yield Happening(moment, symbol, number)


class _Hunt(Generic[Found]):
    def __init__(self, bounds: Bounds, visit: Visit[Found], progress: Progress, to_the_end: bool) -> None:
        self.bounds, self.progress, self._to_the_end = bounds, progress, to_the_end
        self.covered: Covered[Found] = Covered()
        self._visit = visit
        self._situations: set[Hashable] = set()

    @property
    def is_over(self) -> bool:
        """True where enough is found."""
        return bool(self.covered.found) and not self._to_the_end

    def look(self, node: _Node, one: Happening) -> _Node | None:
        """Look at a history with one event more; what can come after it, if anything."""
        history = (*node.history, one)
        looks = node.field.looks_at(history, self.bounds.until)
        covered = self.covered
        covered.histories += 1
        covered.longest = max(covered.longest, len(history))
        for key, found in self._visit(node.field, history, looks):
            covered.found.setdefault(key, found)
        if node.field.is_closed(history):
            return None
        moments = sorted({one.at, one.at + _MINUTE, one.at + timedelta(days=1), *(look.now for look in looks)})
        sent = tuple(next(iter(node.field.carried_out(look)), None) for look in looks)
        return _Node(
            node.field, history, tuple(moment for moment in moments if moment <= self.bounds.until),
            tuple(touch for touch in sent if touch is not None)[:2], _situation(node.field, history, looks),
        )  # fmt: skip

    def new(self, nodes: Sequence[_Node]) -> list[_Node]:
        """Those in which the rules see something that they did not see before."""
        found: list[_Node] = []
        for node in nodes:
            if node.mark not in self._situations:
                self._situations.add(node.mark)
                found.append(node)
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
