"""What the finders look at: the policy, which of its rules were asked about, and the parts of their conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import ValidationError

from followup_rules.analysis.logic import formula as f
from followup_rules.analysis.logic.oracle import Oracle, Said
from followup_rules.analysis.room import Room
from followup_rules.analysis.situations import due_for, going_on, spoken
from followup_rules.analysis.wording import flow
from followup_rules.errors import Place
from followup_rules.model.words import DIRECTIONS, Direction
from followup_rules.policy import Lane, Pack, Policy
from followup_rules.rules.base import Restriction, Rule
from followup_rules.rules.conditions import All, Condition
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.read_condition import read_condition
from followup_rules.rules.restrictions import Cooldown, Limit, Message, SendWindow, Stop

Loc = tuple[str | int, ...]
NOTHING = f.YES


class Part(NamedTuple):
    """One entry of a `when` that has to hold: its path, its meaning and what is written."""

    loc: Loc
    condition: Condition
    raw: Any

    @property
    def text(self) -> str:
        """How it is written, on one line."""
        return "the condition" if self.raw is None else flow(self.raw)


class Memory(NamedTuple):
    """What can be remembered from one policy to the next: answers depend on nothing else."""

    oracle: Oracle
    room: Room


class Asked:
    """A policy, seen from the packs that were asked about."""

    def __init__(self, policy: Policy, packs: Sequence[Pack], memory: Memory) -> None:
        self.policy, self.packs = policy, tuple(packs)
        self.oracle, self.room = memory
        own = {id(rule) for pack in packs for rule in pack.rules}
        self.own = tuple(rule for rule in policy.rules if id(rule) in own)
        self.own_ids = frozenset(rule.id for rule in self.own)
        self._parts: dict[str, list[Part]] = {}
        self._contexts: dict[object, f.Formula] = {}
        self.undecided: list[str] = []
        self.dead: dict[str, bool] = {}
        """Which conditions are known to be impossible, or not to be."""
        self.order = {rule.id: number for number, rule in enumerate(policy.rules)}

    @cached_property
    def lanes(self) -> Mapping[str, Lane]:
        """Each follow-up rule with everything that may hold it back."""
        return {lane.rule.id: lane for lane in self.policy.lanes}

    @cached_property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """Every follow-up rule of the policy."""
        return tuple(lane.rule for lane in self.policy.lanes)

    @cached_property
    def restrictions(self) -> tuple[Restriction, ...]:
        """Every rule that holds back."""
        return tuple(rule for rule in self.policy.rules if isinstance(rule, Restriction))

    @cached_property
    def covered(self) -> Mapping[str, tuple[FollowUp, ...]]:
        """The follow-ups that each restricting rule speaks about."""
        return {
            rule.id: tuple(one for one in self.follow_ups if rule.covers(one.follow_up, one.direction))
            for rule in self.restrictions
        }

    def parts(self, rule: Rule) -> list[Part]:
        """The entries of a rule's `when` that all have to hold."""
        if rule.id not in self._parts:
            self._parts[rule.id] = parts(rule)
        return self._parts[rule.id]

    def impossible(
        self, said: Sequence[Said], direction: Direction, context: f.Formula = f.YES, about: str = ""
    ) -> bool:
        """True where it is certain that they are never so at once; what nobody could decide is noted."""
        answer = self.oracle.impossible(said, direction, context)
        if answer is None and about and about not in self.undecided:
            self.undecided.append(about)
        return bool(answer)

    def situation(self, lane: Lane, step: int | None = None, *others: Condition | None) -> f.Formula:
        """What is known when a follow-up is going on; with `step`, when that one could be sent.

        Args:
            lane: the follow-up.
            step: the number of the step, from 0.
            others: conditions that are asked about together with its own.
        """
        about = spoken([lane.rule.condition, *others])
        key = (lane.rule.id, step, about)
        if key not in self._contexts:
            self._contexts[key] = going_on(lane, about) if step is None else due_for(lane, step, about)
        return self._contexts[key]

    def directions(self, rule: Rule) -> tuple[Direction, ...]:
        """The directions in which a rule can be asked."""
        if rule.direction is not None:
            return (rule.direction,)
        found = {one.direction for one in self.covered.get(rule.id, ())}
        return tuple(way for way in DIRECTIONS if way in found) or DIRECTIONS


def parts(rule: Rule) -> list[Part]:
    """The entries of a rule's `when` that all have to hold."""
    if rule.when is None:
        return []
    raw = written(rule, ("when",))
    if isinstance(raw, dict):
        return list(_parts(raw, ("when",)))
    items = rule.when.items if isinstance(rule.when, All) else (rule.when,)
    return [Part(("when",), item, None) for item in items]


def written(rule: Rule, loc: Loc) -> Any:
    """What stands in the file at a path of the rule; None where nothing does."""
    found: Any = rule.written
    for step in loc:
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def _parts(raw: dict[str, Any], loc: Loc) -> Iterator[Part]:
    for key, value in raw.items():
        at = (*loc, key)
        if key == "all":
            for number, item in enumerate(value):
                yield from _parts(item, (*at, number))
        elif isinstance(value, dict) and "." not in key and key in ("not", "happened", "not_happened"):
            yield _part({key: value}, at)
        elif isinstance(value, dict):
            yield from (_part({key: {operator: test}}, (*at, operator)) for operator, test in value.items())
        elif key in ("happened", "not_happened") and isinstance(value, list):
            yield from (_part({key: one}, (*at, number)) for number, one in enumerate(value))
        else:
            yield _part({key: value}, at)


def _part(raw: dict[str, Any], loc: Loc) -> Part:
    return Part(loc, read_condition(raw), raw)


def branches(rule: Rule) -> Iterator[Part]:
    """Every entry of every `any` in a rule's `when`, however deep, but not what stands under a `not`."""
    raw = written(rule, ("when",))
    pending: list[tuple[Any, Loc]] = [(raw, ("when",))]
    while pending:
        one, loc = pending.pop(0)
        if not isinstance(one, dict):
            continue
        for key in ("all", "any"):
            for number, item in enumerate(one.get(key, ())):
                at = (*loc, key, number)
                pending.append((item, at))
                if key == "any" and len(one[key]) > 1:
                    try:
                        yield Part(at, read_condition(item), item)
                    except ValidationError:
                        continue


def place(rule: Rule, *loc: str | int, key: bool = True) -> Place:
    """Where something inside a rule stands."""
    return rule.place_of(loc, key)


__all__ = [
    "NOTHING", "Asked", "Cooldown", "FollowUp", "Limit", "Message", "Part", "SendWindow", "Stop", "branches",
    "parts", "place", "written",
]  # fmt: skip
