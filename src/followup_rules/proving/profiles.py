"""Who and where the made-up people are: clocks that change, a week from Sunday, facts that conditions ask about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from followup_rules.model.times import UTC
from followup_rules.policy import Policy
from followup_rules.proving.histories import Profile
from followup_rules.rules import conditions as c
from followup_rules.rules.restrictions import SendWindow

_MOST: Final = 8
START: Final = datetime(2026, 10, 19, tzinfo=UTC)
"""A Monday. Within the next weeks clocks change in Europe and America, and there are public holidays."""


def _person(timezone: str | None, country: str | None) -> dict[str, Any]:
    person: dict[str, Any] = {"id": "c-1", "name": "Ada Park", "email": "ada@example.org"}
    return person | {key: value for key, value in (("timezone", timezone), ("country", country)) if value}


def _job(timezone: str | None, country: str | None) -> dict[str, Any]:
    job: dict[str, Any] = {"id": "j-1", "title": "Data Engineer", "company": "Northwind"}
    return job | {key: value for key, value in (("timezone", timezone), ("country", country)) if value}


_CONTACTS: Final = ({"id": "u-1", "name": "Sam Reyes"}, {"id": "u-2", "name": "Dana Whitlock"})
_HOME: Final = Profile("Berlin and New York", _person("Europe/Berlin", "DE"), _job("America/New_York", "US"), _CONTACTS)
_SUNDAY: Final = Profile("Riyadh", _person("Asia/Riyadh", "SA"), _job("Asia/Riyadh", "SA"), _CONTACTS)
_FAR: Final = Profile("Sydney and London", _person("Australia/Sydney", "AU"), _job("Europe/London", "GB"), _CONTACTS)
_NOWHERE: Final = Profile("nowhere", _person(None, None), _job(None, None), _CONTACTS)


def profiles(policies: Sequence[Policy]) -> list[Profile]:
    """The profiles in which some policies are searched; the first is the plain one."""
    found = [_HOME, _SUNDAY, _FAR]
    if any(isinstance(rule, SendWindow) and rule.fallback_timezone for one in policies for rule in one.rules):
        found.append(_NOWHERE)
    found += _by_facts(policies)
    across = any(policy.counts_across for policy in policies)
    two = _HOME._replace(name="two applications of one candidate", applications=2)
    return [*found[:1], two, *found[1:]] if across else [*found, two]


def _by_facts(policies: Sequence[Policy]) -> list[Profile]:
    """Every fact that conditions ask about with each value that they name, with another, and without one."""
    values: dict[str, list[Any]] = {}
    for policy in policies:
        for condition in (*policy.conditions, *(item.claim.when for item in policy.properties if item.claim.when)):
            for atom in c.atoms(condition):
                if isinstance(atom, c.Test) and _is_static(atom.fact):
                    values.setdefault(atom.fact, []).extend(_values(atom))
    if not values:
        return []
    facts = {fact: list(dict.fromkeys(_keyed(one) for one in known)) for fact, known in values.items()}
    base = _HOME
    for fact, known in facts.items():
        base = _with(base, fact, known[0][1])
    changed = [_with(base, fact, value) for fact, known in facts.items() for _, value in (*known[1:], ("", None))]
    named = [base._replace(name=_told(base, facts)), *(one._replace(name=_told(one, facts)) for one in changed)]
    return named[:_MOST]


def _keyed(value: Any) -> tuple[str, Any]:
    return type(value).__name__, value


def _is_static(fact: str) -> bool:
    family, _, rest = fact.partition(".")
    if family in ("candidate", "job"):
        return rest not in ("id", "timezone", "country", "region")
    return family in ("attributes", "stage")


def _values(atom: c.Test) -> list[Any]:
    if atom.operator == "present":
        return ["something"]
    if atom.operator == "one_of":
        other = "something else" if isinstance(atom.values[0], str) else not atom.values[0]
        return [*atom.values[:2], other]
    first = atom.values[0]
    if atom.operator == "contains" or isinstance(first, str):
        return [first, "something else"]
    return [first, first + 1, first - 1]


def _with(profile: Profile, fact: str, value: Any) -> Profile:
    family, _, rest = fact.partition(".")
    if family == "stage":
        return profile._replace(stage=value)
    source: dict[str, Any] = getattr(profile, family)
    made = {key: one for key, one in source.items() if key != rest}
    if value is not None:
        made[rest] = value
    changes: dict[str, Any] = {family: made}
    return profile._replace(**changes)


def _told(profile: Profile, facts: dict[str, Any]) -> str:
    return ", ".join(f"{fact} {_fact(profile, fact)}" for fact in facts)


def _fact(profile: Profile, fact: str) -> Any:
    family, _, rest = fact.partition(".")
    if family == "stage":
        return profile.stage or "missing"
    source: dict[str, Any] = getattr(profile, family)
    return source.get(rest, "missing")
