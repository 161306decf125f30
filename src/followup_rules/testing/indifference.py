"""Changes that no history could tell from the rule as it is, as far as the structure of the rules shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from followup_rules.matching.truth import Truth
from followup_rules.policy import Policy
from followup_rules.rules import conditions as c
from followup_rules.rules.base import Rule
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Cooldown, Limit, Stop
from followup_rules.testing.changing import same_meaning
from followup_rules.testing.sides import value_in, ways

_TO_CANDIDATE: Final = "employer_to_candidate"
_NOTHING: Final = c.All(())
"""A condition that always holds."""


def indifferent(before: Rule, after: Rule, policies: Sequence[Policy]) -> bool:
    """True where a rule and its change decide alike in some policies, whatever happens.

    That is claimed only where it follows from the rules themselves: nothing that is decided by differs, the follow-ups
    that are covered are the same, or the condition comes out the same in every way that its parts can.
    """
    if same_meaning(before, after):
        return True
    if not _same_condition(before, after):
        return False
    return same_meaning(_plain(before, after, policies), _plain(after, after, policies))


def _plain(rule: Rule, other: Rule, policies: Sequence[Policy]) -> Rule:
    """The rule with everything left out in which it may differ from the other and mean the same."""
    plain: dict[str, str | None] = {"when": None}
    if isinstance(rule, Limit | Cooldown) and rule.per == "recipient" and not _asks_employers(rule, policies):
        # The recipient of what an employer sends is the candidate.
        plain["per"] = "candidate"
    if not isinstance(rule, FollowUp) and all(_covered(rule, one) == _covered(other, one) for one in policies):
        plain["direction"] = None
        # A limit and a cooldown count only touches of their names.
        if not isinstance(rule, Limit | Cooldown):
            plain["follow_up"] = None
    if isinstance(rule, Stop) and rule.on == ("opted_out",):
        # An opt-out counts always, whatever `since` says.
        return rule.model_copy(update={**plain, "since": "anchor"})
    return rule.model_copy(update=plain)


def _covered(rule: Rule, policy: Policy) -> list[bool]:
    return [rule.covers(lane.rule.follow_up, lane.rule.direction) for lane in policy.lanes]


def _asks_employers(rule: Rule, policies: Sequence[Policy]) -> bool:
    lanes = [lane.rule for one in policies for lane in one.lanes]
    return any(rule.covers(lane.follow_up, lane.direction) and lane.direction != _TO_CANDIDATE for lane in lanes)


def _same_condition(before: Rule, after: Rule) -> bool:
    one, other = before.condition or _NOTHING, after.condition or _NOTHING
    if repr(one) == repr(other):
        return True
    atoms = (*c.atoms(one), *c.atoms(other))
    # Without a zone some of them are unknown in a way of their own, which is not tried here.
    found = None if any(map(c.needs_place, atoms)) else ways(atoms)
    if found is None:
        return False
    settles = Truth.FALSE if before.restricts else Truth.TRUE
    return all((value_in(one, known) is settles) is (value_in(other, known) is settles) for known in found)
