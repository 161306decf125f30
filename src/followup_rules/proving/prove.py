"""`prove`: does any history make this policy do what it must not? The shortest that does, or what was searched."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

from followup_rules.model.words import Direction
from followup_rules.policy import Policy
from followup_rules.proving.alphabet import alphabet
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.clock import plus, where
from followup_rules.proving.confirming import confirmed, shrunk
from followup_rules.proving.counterexamples import Counterexample, at_moment, omitted, told
from followup_rules.proving.field import Field, Look
from followup_rules.proving.histories import History
from followup_rules.proving.lasting import dead_waits
from followup_rules.proving.profiles import START, profiles
from followup_rules.proving.search import Covered, Progress, search
from followup_rules.proving.slices import part_of, slices

_SHORT: Final = 2
"""Nobody asks for a shorter history than this."""


class Proof(NamedTuple):
    """What was searched, and what was found."""

    bounds: Bounds
    slices: int
    symbols: int
    profiles: dict[str, int]
    """Each profile with the number of events up to which every history was looked at."""
    at_changes: dict[str, int]
    """The same from one beginning and at the moments of change alone."""
    covered: Covered[Counterexample]
    counterexamples: tuple[Counterexample, ...]
    unconfirmed: tuple[Counterexample, ...]
    """What the whole policy does not repeat; each is a fault of the search and nothing is proved by it."""
    silent: tuple[str, ...]
    """Follow-up rules that were sent in no history: nothing is known about them."""
    too_long: tuple[str, ...]
    """Properties whose deadline is later than the last moment that is looked at."""


def prove(policy: Policy, bounds: Bounds, progress: Progress = lambda _: None, *, reduced: bool = True) -> Proof:
    """Search for a history in which a policy breaks a limit, a stop, a window, a step, a cooldown or a property."""
    fields = fields_of([policy])
    sent: set[str] = set()

    def visit(where: Field, history: History, looks: Sequence[Look]) -> list[tuple[Hashable, Counterexample]]:
        sent.update(each.rule for look in looks for each in look.plans[0] if each.decision == "send")
        return wrong(bounds, where, history, looks)

    covered = search(fields, bounds, visit, progress, reduced=reduced)
    found: list[Counterexample] = []
    doubtful: list[Counterexample] = []
    for first in covered.found.values():
        progress("the shortest counterexample")
        one = _shorter(fields, bounds, shrunk(policy, bounds, first), progress)
        short = confirmed(policy, bounds, shrunk(policy, bounds, one))
        (found if short.replayed else doubtful).append(short)
    names, changes = (_by_profile(fields, deep) for deep in (covered.exhaustive, covered.at_changes))
    symbols = len({symbol for each in fields for symbol in each.symbols})
    parts = len({each.sent for each in fields})
    found.sort(key=lambda one: (len(one.history), one.code, one.rule.id))
    silent = tuple(rule.id for rule in policy.rules if rule.kind == "follow_up" and rule.id not in sent)
    return Proof(
        bounds, parts, symbols, names, changes, covered, tuple(found), tuple(doubtful), silent,
        _too_long(policy, bounds),
    )  # fmt: skip


def _by_profile(fields: Sequence[Field], deep: dict[Field, int]) -> dict[str, int]:
    names: dict[str, int] = {}
    for each in fields:
        names[each.profile.name] = min(deep.get(each, 0), names.get(each.profile.name, deep.get(each, 0)))
    return names


def _too_long(policy: Policy, bounds: Bounds) -> tuple[str, ...]:
    utc = where("UTC", None, None)
    assert utc is not None  # noqa: S101
    found = []
    for item in policy.properties:
        deadline = plus(START, item.always.within, utc) if item.always is not None else START
        if deadline is None or deadline > bounds.until:
            found.append(item.id)
    return tuple(found)


def fields_of(policies: Sequence[Policy], together: Sequence[Sequence[tuple[str, Direction]]] = ()) -> list[Field]:
    """Where one policy, or two side by side, are searched: each slice with each profile, plain ones first."""
    bonds = [*together, *(sorted(sent) for policy in policies for sent, _ in slices(policy))]
    found = {sent for policy in policies for sent, _ in slices(policy, bonds)}
    largest = sorted((one for one in found if not any(one < other for other in found)), key=sorted)
    fields: list[tuple[int, Field]] = []
    for sent in largest:
        parts = [part_of(policy, sent) for policy in policies]
        symbols = alphabet(parts, sorted(sent), contacts=True)
        fields += [(place, Field(parts, sent, one, symbols)) for place, one in enumerate(profiles(parts))]
    return [one for _, one in sorted(fields, key=lambda one: one[0])]


def _shorter(fields: Sequence[Field], bounds: Bounds, one: Counterexample, progress: Progress) -> Counterexample:
    """The same fault with fewer events, if a search through nothing but its own slice finds one."""
    if len(one.history) <= _SHORT:
        return one
    own = next(each for each in fields if (one.follow_up, one.direction) in each.sent and each.profile == one.profile)

    def visit(where: Field, history: History, looks: Sequence[Look]) -> list[tuple[Hashable, Counterexample]]:
        return [each for each in wrong(bounds, where, history, looks) if each[0] == one.key]

    found = search([own], bounds._replace(events=len(one.history) - 1), visit, progress).found
    return found.get(one.key, one)


def wrong(
    bounds: Bounds, where: Field, history: History, looks: Sequence[Look]
) -> list[tuple[Hashable, Counterexample]]:
    """What is wrong in a history, each under the key of its fault."""
    policy, profile = where.policies[0], where.profile
    found = [one for look in looks for one in at_moment(policy, profile, history, look.now, look.plans[0])]
    found += [told(profile, history, now, breach, "no_wait") for now, breach in dead_waits(policy, looks)]
    if any(item.always for item in policy.properties):
        found += omitted(policy, bounds, profile, history, lambda past, now: where.plans(past, now)[0])
    return [(one.key, one) for one in found]
