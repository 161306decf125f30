"""When a timer must look at a record again, because time alone may change what is decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from followup_rules.model.application import Application
from followup_rules.model.decision import Decision
from followup_rules.model.words import ENDED
from followup_rules.policy import Policy
from followup_rules.rules.conditions import Pattern, Test, atoms

OFTEN: Final = timedelta(hours=1)
"""How often is looked where no single moment is known: conditions that read the clock, rules over all applications."""

_JUST_AFTER: Final = timedelta(microseconds=1)


def reads_the_clock(policy: Policy) -> bool:
    """True where a condition may come true or false by time alone, or other applications have a say."""
    return policy.counts_across or any(_clocked(atom) for one in policy.conditions for atom in atoms(one))


def _clocked(atom: Test | Pattern) -> bool:
    if isinstance(atom, Pattern):
        return atom.within is not None
    return atom.fact == "promised_by_passed" or atom.fact.startswith(("hours_since.", "business_days_since."))


def look_again(
    application: Application, decisions: Iterable[Decision], now: datetime, *, clocked: bool
) -> datetime | None:
    """The moment, later than now, before which the same is decided as long as nothing happens; None for never.

    Args:
        clocked: what `reads_the_clock` says of the policy; then it is at most an hour away.
    """
    found = list(_moments(application, decisions))
    if clocked and application.status not in ENDED:
        found.append(now + OFTEN)
    return min((one for one in found if one > now), default=None)


def _moments(application: Application, decisions: Iterable[Decision]) -> Iterator[datetime]:
    # What a host knows beforehand, as an interview of next week, is not seen before it happens.
    yield from (event.at for event in application.events)
    for decision in decisions:
        if decision.decision == "stop":
            continue
        evidence = decision.evidence
        # Both are still in time at their own instant.
        yield from (one + _JUST_AFTER for one in (evidence.due(), evidence.expires()) if one is not None)
        if decision.decision == "wait" and decision.moment is not None:
            yield decision.moment
        shuts = evidence.shuts() if decision.decision in ("send", "revise") else None
        if shuts is not None:
            yield shuts
