"""A policy cut into parts that decide without each other, so that each can be searched by itself.

Two follow-ups belong together where a limit or a cooldown counts both, or a property speaks about both. Everything else
that a decision looks at, rules that restrict it and events, is in the slice.
"""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.model.words import DIRECTIONS, Direction
from followup_rules.policy import Policy
from followup_rules.rules.base import Restriction, Rule
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.properties import Property
from followup_rules.rules.restrictions import Cooldown, Limit, Message

Sent = tuple[str, Direction]
"""A follow-up by name, and its direction."""


def without_texts(rules: Sequence[Rule], properties: Sequence[Property] = ()) -> Policy:
    """A policy that decides about moments alone: what it sends, the whole policy sends or wants mended."""
    plain = [
        rule.model_copy(update={"template": None}) if isinstance(rule, FollowUp) else rule
        for rule in rules
        if not isinstance(rule, Message)
    ]
    return Policy(plain, properties=properties)


def slices(policy: Policy, together: Sequence[Sequence[Sent]] = ()) -> list[tuple[frozenset[Sent], Policy]]:
    """The parts of a policy, each with what it sends; `together` are further bonds."""
    names = list(dict.fromkeys((rule.follow_up, rule.direction) for rule in policy.rules if isinstance(rule, FollowUp)))
    part: dict[Sent, set[Sent]] = {name: {name} for name in names}
    for bond in (*_bonds(policy, names), *together):
        known = [part[one] for one in bond if one in part]
        joined: set[Sent] = set().union(*known)
        for one in joined:
            part[one] = joined
    found = list(dict.fromkeys(frozenset(part[name]) for name in names))
    return [(sent, part_of(policy, sent)) for sent in found]


def part_of(policy: Policy, sent: frozenset[Sent]) -> Policy:
    """Only what concerns some follow-ups."""
    rules = [rule for rule in policy.rules if any(rule.covers(*one) for one in sent)]
    return without_texts(rules, [one for one in policy.properties if {*_spoken_of(one)} & sent])


def _bonds(policy: Policy, names: Sequence[Sent]) -> list[list[Sent]]:
    bonds = [
        [one for one in names if one[1] == direction and rule.covers(*one)]
        for rule in policy.rules
        if isinstance(rule, Limit | Cooldown) and isinstance(rule, Restriction)
        for direction in DIRECTIONS
    ]
    return bonds + [[one for one in names if one in _spoken_of(item)] for item in policy.properties if item.always]


def _spoken_of(item: Property) -> list[Sent]:
    ways = DIRECTIONS if item.claim.direction is None else (item.claim.direction,)
    return [(name, way) for name in item.claim.send for way in ways]
