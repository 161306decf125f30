"""FR721, FR722: values and attributes that no application has, as far as the rules themselves show."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from followup_rules.analysis.asked import Asked, place, written
from followup_rules.analysis.wording import flow
from followup_rules.errors import Place, Problem
from followup_rules.rules.base import Rule
from followup_rules.rules.conditions import Pattern, Scalar, Test, atoms
from followup_rules.rules.facts_known import type_of
from followup_rules.timing.zones import zone_names

Use = tuple[Rule, Scalar]

_ALIKE: Final = 0.84
_EXACT: Final = ("candidate.id", "job.id", "candidate.email", "candidate.region", "job.region")


def find(asked: Asked) -> Iterator[Problem]:
    """Every value in a condition that looks like a slip."""
    uses: dict[str, list[Use]] = {}
    for rule in asked.policy.rules:
        if rule.condition is None:
            continue
        for atom in atoms(rule.condition):
            if isinstance(atom, Test) and atom.operator == "one_of":
                uses.setdefault(atom.fact, []).extend((rule, value) for value in atom.values)
            elif isinstance(atom, Pattern):
                for kind, value in (("channel", atom.channel), ("to", atom.to), ("follow_up", atom.follow_up)):
                    if value is not None:
                        uses.setdefault(kind, []).append((rule, value))
    for fact, found in uses.items():
        yield from _values(asked, fact, found)
    yield from _attributes(asked)


def _values(asked: Asked, fact: str, uses: list[Use]) -> Iterator[Problem]:
    if not any(rule.id in asked.own_ids for rule, _ in uses):
        return
    # A stage that was changed to is a stage.
    shown = _shown(asked, fact)
    told: set[object] = set()
    for rule, value in uses:
        if rule.id not in asked.own_ids or (rule.id, value) in told:
            continue
        told.add((rule.id, value))
        text = _wrong(fact, value, asked)
        if text is None and isinstance(value, str) and type_of(fact) != "status" and fact not in _EXACT:
            others = {one for other, one in uses if other is not rule and isinstance(one, str)} | shown
            text = _near(fact, value, others, shown)
        if text is None and fact.startswith("attributes."):
            text = _other_type(fact, value, [one for other, one in uses if other is not rule])
        if text is not None:
            yield Problem("FR721", text[0], _spot(rule, fact, value), text[1], "warning")


def _wrong(fact: str, value: Scalar, asked: Asked) -> tuple[str, str] | None:
    """What is no value of such a fact, whatever the application."""
    if not isinstance(value, str):
        return None
    if fact.endswith(".timezone") and value not in zone_names():
        near = difflib.get_close_matches(value, zone_names(), 1, 0.5)
        return f"there is no time zone '{value}'", f"write '{near[0]}'" if near else "write an IANA name"
    if fact.endswith(".country") and not (len(value) == 2 and value.isascii() and value.isupper()):
        return f"'{value}' is no country code", "countries are two capital letters, as in DE"
    if fact == "follow_up" and value != "none":
        sent = {rule.follow_up for rule in asked.follow_ups}
        if sent and value not in sent:
            near = difflib.get_close_matches(value, sent, 1)
            return f"no rule sends a follow-up called '{value}'", f"did you mean '{near[0]}'?" if near else ""
    return None


def _near(fact: str, value: str, others: set[str], shown: set[str]) -> tuple[str, str] | None:
    if value in shown:
        return None
    for other in sorted(others):
        if other != value and (_folded(other) == _folded(value) or _slip(value, other)):
            where = "an example shows" if other in shown else "another rule writes"
            return f"'{value}' may be a slip: {where} '{other}' for {fact}", "write both the same way"
    return None


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@lru_cache(maxsize=4096)
def _slip(value: str, other: str) -> bool:
    long = min(len(value), len(other)) >= 5 and not any(letter.isdigit() for letter in value + other)
    return long and difflib.SequenceMatcher(None, _folded(value), _folded(other)).ratio() >= _ALIKE


def _other_type(fact: str, value: Scalar, others: list[Scalar]) -> tuple[str, str] | None:
    kinds = {type(other) for other in others}
    if kinds and type(value) not in kinds and {type(value), *kinds} - {int, float}:
        mine, theirs = flow(value), flow(next(iter(others)))
        kind = "text" if isinstance(value, str) else "truth value" if isinstance(value, bool) else "number"
        text = f"{fact} is compared with the {kind} '{mine}' here and with '{theirs}' elsewhere: no value equals both"
        return text, "use one type for both"
    return None


def _spot(rule: Rule, fact: str, value: Scalar) -> Place:
    """The value in the file, wherever it stands in the condition."""
    pending: list[tuple[object, tuple[str | int, ...]]] = [(written(rule, ("when",)), ("when",))]
    inside = False
    while pending:
        one, loc = pending.pop(0)
        inside = fact in loc
        if inside and type(one) is type(value) and one == value:
            return rule.place_of(loc)
        if isinstance(one, dict):
            pending += [(inner, (*loc, key)) for key, inner in one.items()]
        elif isinstance(one, list):
            pending += [(inner, (*loc, number)) for number, inner in enumerate(one)]
    return place(rule, "when")


def _shown(asked: Asked, fact: str) -> set[str]:
    """Texts that the examples of all rules show for a fact."""
    family, _, rest = fact.partition(".")
    found: set[str] = set()
    for rule in asked.policy.rules:
        for example in rule.examples:
            for one in example.given:
                if family == "attributes":
                    value = one.attributes.get(rest)
                elif family in ("candidate", "job"):
                    value = getattr(getattr(one, family), rest)
                elif fact == "stage":
                    value = one.stage
                else:
                    found |= {str(getattr(event, fact)) for event in one.events if fact in ("channel", "to")}
                    continue
                found |= {value} if isinstance(value, str) else set()
    return found


def _attributes(asked: Asked) -> Iterator[Problem]:
    """Attributes that a rule asks for and no example of any rule has."""
    tested: dict[str, list[Rule]] = {}
    for rule in asked.policy.rules:
        for atom in atoms(rule.condition) if rule.condition is not None else ():
            if isinstance(atom, Test) and atom.fact.startswith("attributes."):
                users = tested.setdefault(atom.fact.partition(".")[2], [])
                users += [] if rule in users else [rule]
    if not tested:
        return
    shown = {key for rule in asked.policy.rules for example in rule.examples for one in example.given
             for key in _keys(one.attributes)}  # fmt: skip
    for name, rules in tested.items():
        if name in shown:
            continue
        for rule in rules:
            if rule.id in asked.own_ids:
                yield _attribute(rule, name, shown, {other for other in tested if other != name})
                break


def _keys(attributes: dict[str, object], before: str = "") -> Iterator[str]:
    for key, value in attributes.items():
        yield f"{before}{key}"
        if isinstance(value, dict):
            yield from _keys(value, f"{before}{key}.")


def _attribute(rule: Rule, name: str, shown: set[str], tested: set[str]) -> Problem:
    spot = _fact_spot(rule, f"attributes.{name}")
    near = difflib.get_close_matches(name, shown | tested, 1, 0.8)
    if near:
        text = f"no example has an attribute '{name}'"
        return Problem("FR722", text, spot, f"did you mean '{near[0]}'?", "warning")
    text = f"no example shows an application with the attribute '{name}'"
    return Problem("FR722", text, spot, "add one, so that a misspelt name is noticed", "suggestion")


def _fact_spot(rule: Rule, fact: str) -> Place:
    pending: list[tuple[object, tuple[str | int, ...]]] = [(written(rule, ("when",)), ("when",))]
    while pending:
        one, loc = pending.pop(0)
        if loc[-1] == fact:
            return place(rule, *loc)
        if isinstance(one, dict):
            pending += [(inner, (*loc, key)) for key, inner in one.items()]
        elif isinstance(one, list):
            pending += [(inner, (*loc, number)) for number, inner in enumerate(one)]
    return place(rule, "when")
