"""When a decision can come out otherwise without anything new having happened. Pure.

Too early is harmless: then the same is decided once more. Too late is not, so where the moment cannot be known exactly
it is looked again every hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from followup_rules.model.application import Application
from followup_rules.model.decision import Decision
from followup_rules.model.words import ENDED
from followup_rules.policy import Policy
from followup_rules.rules.conditions import Pattern, Test, atoms

HOUR: Final = timedelta(hours=1)
_AFTER: Final = timedelta(milliseconds=1)
_CLOCKS: Final = ("hours_since.", "business_days_since.")


def next_look(
    application: Application, decisions: Sequence[Decision], policy: Policy, now: datetime
) -> datetime | None:
    """The moment from which it is worth deciding an application again; None where only news can change anything."""
    moments = [one + _AFTER for one in _moments(application, decisions) if one + _AFTER > now]
    if application.status not in ENDED and (watches_the_clock(policy) or _is_near(application, now)):
        moments.append(now + HOUR)
    if any(one.decision == "send" for one in decisions):
        # A worker may find the window shut by the time it gets to it.
        moments.append(now + HOUR)
    return min(moments, default=None)


def _moments(application: Application, decisions: Sequence[Decision]) -> Iterator[datetime]:
    for decision in decisions:
        yield from (one for one in (decision.at, decision.expires_at) if one is not None)
        if decision.decision == "wait" and decision.at is None and decision.due_at is not None:
            yield decision.due_at
    for event in application.events:
        # What lies ahead is seen from its moment on.
        yield event.at
        by = getattr(event, "by", None)
        if isinstance(by, datetime):
            yield by


def watches_the_clock(policy: Policy) -> bool:
    """True where some condition of the policy changes by the mere passing of time, at a moment that is hard to know."""
    return any(_watches(atom) for condition in policy.conditions for atom in atoms(condition))


def _watches(atom: Test | Pattern) -> bool:
    return atom.within is not None if isinstance(atom, Pattern) else atom.fact.startswith(_CLOCKS)


def _is_near(application: Application, now: datetime) -> bool:
    """A promise for a day passes when that day ends where the recipient is: somewhere within these two days."""
    for event in application.events:
        by = getattr(event, "by", None)
        if isinstance(by, date) and not isinstance(by, datetime):
            begins = datetime.combine(by, time(), timezone.utc)
            if now - begins < timedelta(days=3):
                return True
    return False
