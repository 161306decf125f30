"""Policies with one change each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from followup_rules.errors import Place
from followup_rules.policy import Pack, Policy, rules_in, without_stop
from followup_rules.rules.base import Rule
from followup_rules.rules.restrictions import Message
from followup_rules.testing.changing import changed, same_meaning
from followup_rules.testing.nudging import changes_of

Key = tuple[str, str]
"""A rule: the file in which it stands, and its id."""

_WIDE = ("after", "direction", "follow_up", "per")


class Mutant(NamedTuple):
    """One change of one rule: what was changed, where, and the rule that came of it; None where it is taken out.

    `wide` is True where it may touch follow-ups that the rule had nothing to do with.
    """

    rule: Rule
    place: Place
    said: str
    becomes: Rule | None
    wide: bool = False


def key_of(rule: Rule) -> Key:
    """Which rule it is, in whatever policy."""
    return (rule.place.file, rule.id)


def mutants_of(rule: Rule) -> Iterator[Mutant]:
    """Every change of a rule that makes a valid rule, each once; none for rules about texts."""
    if isinstance(rule, Message) or not rule.written:
        return
    seen: list[Rule] = []
    yield Mutant(rule, rule.place, "taken out", None)
    for change in changes_of(rule):
        becomes = changed(rule, change)
        # A condition turned over as a whole or in its only part is one change.
        if becomes is not None and not any(same_meaning(becomes, one) for one in seen):
            seen.append(becomes)
            wide = change.loc[0] in _WIDE
            yield Mutant(rule, rule.place_of(change.at), change.said, becomes, wide)


def rules_with(mutant: Mutant, rules: Sequence[Rule], packs: Sequence[Pack]) -> tuple[Rule, ...] | None:
    """The rules of a policy with the change; None where something would no longer be stopped that must be.

    Where a rule is taken out, the one that it replaced is there again.
    """
    key = key_of(mutant.rule)
    if mutant.becomes is None:
        made = rules_in([_without(pack, key) for pack in packs])
    else:
        made = tuple(mutant.becomes if key_of(rule) == key else rule for rule in rules)
    return None if any(without_stop(made)) else made


def _without(pack: Pack, key: Key) -> Pack:
    """The pack without a rule; the same pack, where neither it nor what it extends has it."""
    rules = tuple(rule for rule in pack.rules if key_of(rule) != key)
    parents = tuple(_without(parent, key) for parent in pack.parents)
    same = len(rules) == len(pack.rules) and all(map(_is, parents, pack.parents))
    return pack if same else replace(pack, rules=rules, parents=parents)


def _is(one: Pack, other: Pack) -> bool:
    return one is other


def without_texts(rules: Iterable[Rule]) -> list[Rule]:
    """The rules as far as moments depend on them: none about texts, and no templates."""
    found = (rule for rule in rules if not isinstance(rule, Message))
    return [rule.model_copy(update={"template": None}) if rule.kind == "follow_up" else rule for rule in found]


def policy_of(rules: Sequence[Rule], texts: Policy | None) -> Policy:
    """A policy of these rules; with the templates and checks of another, or without texts altogether."""
    return Policy(without_texts(rules)) if texts is None else Policy(rules, texts.templates, texts.checks)
