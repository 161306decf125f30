"""Packs, resolved and compiled into a policy: which rules there are, in which order, and what applies to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from pydantic import ValidationError

from followup_rules.check import Check
from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
from followup_rules.model.faults import Loc, Locate, problems_of
from followup_rules.model.words import Direction
from followup_rules.quality.catalogue import CHECKS
from followup_rules.rules.base import Restriction, Rule
from followup_rules.rules.conditions import Condition
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.properties import Property, doubtful_properties
from followup_rules.rules.restrictions import MUST_STOP, Cooldown, Limit, Message, SendWindow, Stop


@dataclass(frozen=True, eq=False)
class Pack:
    """One file of rules. `parents` are what it extends, `templates` the texts it can use, by name."""

    name: str
    place: Place
    rules: tuple[Rule, ...]
    parents: tuple[Pack, ...] = ()
    disabled: tuple[tuple[str, Place], ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)
    properties: tuple[Property, ...] = ()


_Kind = TypeVar("_Kind", bound=Restriction)


@dataclass(frozen=True, eq=False, slots=True)
class Conditioned(Generic[_Kind]):
    """A restricting rule and where the truth of its condition is found; `condition` is None where it has none."""

    rule: _Kind
    condition: int | None
    order: int


@dataclass(frozen=True, eq=False)
class Scope:
    """Everything that may hold back the follow-ups of one name and direction, each kind in rule order."""

    stops: tuple[Conditioned[Stop], ...]
    limits: tuple[Conditioned[Limit], ...]
    cooldowns: tuple[Conditioned[Cooldown], ...]
    windows: tuple[Conditioned[SendWindow], ...]
    messages: tuple[Conditioned[Message], ...] = ()

    @property
    def all(self) -> tuple[Conditioned[Restriction], ...]:
        """Every one of them but the `message` rules, which judge a text and no moment."""
        return cast(
            "tuple[Conditioned[Restriction], ...]",
            (*self.stops, *self.limits, *self.cooldowns, *self.windows),
        )

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """All that can stop here. Where none of it happened, no stop rule needs to be asked."""
        return frozenset(word for stop in self.stops for word in stop.rule.on)

    @cached_property
    def stop_words_ever(self) -> frozenset[str]:
        """Those that stop whenever they happened."""
        return frozenset(word for stop in self.stops if stop.rule.since == "ever" for word in stop.rule.on)


class Lane(NamedTuple):
    """One follow-up rule with everything that may hold it back."""

    rule: FollowUp
    condition: int | None
    order: int
    scope: Scope


class Group(NamedTuple):
    """Follow-up rules that compete: one name, direction and anchor type. The first whose condition holds is used."""

    direction: Direction
    after: str
    lanes: tuple[Lane, ...]
    after_each: tuple[tuple[str, ...], ...]
    """For each lane, the ids of the rules that it passes over when it is used."""


class Policy:
    """Resolved packs. Built once, used for any number of applications; holds no state."""

    def __init__(
        self,
        rules: Sequence[Rule],
        templates: Mapping[str, str] | None = None,
        checks: Mapping[str, Check] | None = None,
        properties: Sequence[Property] = (),
    ) -> None:
        self.properties: Final = tuple(properties)
        """What must never or always be so; nothing of it decides."""
        self.rules: Final = tuple(rules)
        self.templates: Final = dict(templates or {})
        self.checks: Final = dict(checks or {})
        """The check of each `message` rule, by the rule's id."""
        self._numbers: dict[str, int] = {}
        self._by_kind: dict[type[Rule], list[Conditioned[Any]]] = {}
        conditions: list[Condition] = []
        self._indices = [self._index(rule, conditions) for rule in self.rules]
        self.conditions: Final = tuple(conditions)
        self.lanes: Final = tuple(self._lanes())
        self.groups: Final = tuple(_grouped(self.lanes))
        self.messages: Final = tuple(rule for rule in self.rules if isinstance(rule, Message))
        self.asks_for_names: Final = any(check.name == "other_names" for check in self.checks.values())
        self.counts_across: Final = any(
            isinstance(rule, Limit | Cooldown) and rule.per != "application" for rule in self.rules
        )

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def _index(self, rule: Rule, conditions: list[Condition]) -> int | None:
        if rule.condition is None:
            return None
        # By its text and not by equality: in Python 1 and true are equal, in a condition they are not.
        key = repr(rule.condition)
        if key not in self._numbers:
            self._numbers[key] = len(conditions)
            conditions.append(rule.condition)
        return self._numbers[key]

    def _lanes(self) -> Iterator[Lane]:
        scopes: dict[tuple[str, Direction], Scope] = {}
        for order, rule in enumerate(self.rules):
            if isinstance(rule, FollowUp):
                key = (rule.follow_up, rule.direction)
                if key not in scopes:
                    scopes[key] = Scope(
                        self._covering(Stop, *key),
                        self._covering(Limit, *key),
                        self._covering(Cooldown, *key),
                        self._covering(SendWindow, *key),
                        self._covering(Message, *key),
                    )
                yield Lane(rule, self._indices[order], order, scopes[key])

    def _covering(self, kind: type[_Kind], name: str, direction: Direction) -> tuple[Conditioned[_Kind], ...]:
        if kind not in self._by_kind:
            self._by_kind[kind] = [
                Conditioned(rule, self._indices[order], order)
                for order, rule in enumerate(self.rules)
                if isinstance(rule, kind)
            ]
        return tuple([one for one in self._by_kind[kind] if one.rule.covers(name, direction)])


def _grouped(lanes: Iterable[Lane]) -> Iterator[Group]:
    groups: dict[tuple[str, Direction, str], list[Lane]] = {}
    for lane in lanes:
        groups.setdefault((lane.rule.follow_up, lane.rule.direction, lane.rule.after), []).append(lane)
    for (_, direction, after), members in groups.items():
        ids = [lane.rule.id for lane in members]
        yield Group(direction, after, tuple(members), tuple(tuple(ids[index + 1 :]) for index in range(len(ids))))


def resolve(
    packs: Sequence[Pack],
    checks: Mapping[str, type[Check]] = CHECKS,
    templates: Mapping[str, str] | None = None,
) -> tuple[Policy, tuple[Problem, ...]]:
    """The policy of some packs and all that they extend, and warnings about it.

    Args:
        packs: several packs stand beside each other, as if one pack extended them all.
        checks: the message checks that exist, by name.
        templates: those that every pack can use; one of the same name in a pack comes before.

    Raises:
        InvalidInput: the packs do not make a policy; all reasons, each with its place.
    """
    order = _children_first(packs)
    problems = list(_unknown_disables(order))
    rules, clashes = _chosen(order)
    problems += clashes
    texts = dict(templates or {})
    for pack in reversed(order):
        texts.update(pack.templates)
    problems += without_stop(rules)
    made: dict[str, Check] = {}
    problems += _made_checks(rules, checks, made)
    problems += _missing_templates(rules, texts)
    properties = [one for pack in order for one in pack.properties]
    problems += doubtful_properties(properties, rules)
    if problems:
        raise InvalidInput(sorted(problems, key=lambda problem: problem.place))
    return Policy(rules, texts, made, properties), tuple(_for_nobody(rules))


def _children_first(packs: Sequence[Pack]) -> list[Pack]:
    """Every pack once, each before all that it extends, else in the order of writing."""
    done: list[Pack] = []
    seen: set[int] = set()

    def visit(pack: Pack) -> None:
        if id(pack) not in seen:
            seen.add(id(pack))
            for parent in reversed(pack.parents):
                visit(parent)
            done.append(pack)

    for pack in reversed(packs):
        visit(pack)
    return done[::-1]


def _ancestors(pack: Pack) -> Iterator[Pack]:
    for parent in pack.parents:
        yield parent
        yield from _ancestors(parent)


def _chosen(order: Sequence[Pack]) -> tuple[list[Rule], list[Problem]]:
    """The rule for each id: the one of the pack that extends the others; what is disabled is left out."""
    chosen: dict[str, tuple[Rule, Pack]] = {}
    problems: list[Problem] = []
    disabled: dict[int, set[str]] = {}
    ancestors = {id(pack): {id(one) for one in _ancestors(pack)} for pack in order}
    for pack in order:
        for above in ancestors[id(pack)]:
            disabled.setdefault(above, set()).update(rule_id for rule_id, _ in pack.disabled)
    for pack in order:
        for rule in pack.rules:
            if rule.id in disabled.get(id(pack), ()):
                continue
            known = chosen.setdefault(rule.id, (rule, pack))
            if known[1] is not pack and id(pack) not in ancestors[id(known[1])]:
                hint = "give one of them another id, or let one pack extend the other"
                text = f"the id '{rule.id}' stands for another rule in {known[0].place}"
                problems.append(Problem("FR118", text, rule.place, hint))
    return [rule for rule, _ in chosen.values()], problems


def _unknown_disables(order: Sequence[Pack]) -> Iterator[Problem]:
    for pack in order:
        above = {rule.id for one in _ancestors(pack) for rule in one.rules}
        for rule_id, place in pack.disabled:
            if rule_id not in above:
                text = f"'{rule_id}' cannot be disabled: nothing that is extended has a rule with this id"
                yield Problem("FR116", text, place, did_you_mean(rule_id, above))


def rules_in(packs: Sequence[Pack]) -> tuple[Rule, ...]:
    """The rules that some packs and all that they extend come to, in their order; nothing is checked."""
    return tuple(_chosen(_children_first(packs))[0])


def without_stop(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Follow-ups that something which must stop them does not stop."""
    stops = [rule for rule in rules if isinstance(rule, Stop) and rule.when is None]
    for rule in rules:
        if isinstance(rule, FollowUp):
            covered = {name for stop in stops if stop.covers(rule.follow_up, rule.direction) for name in stop.on}
            missing = [name for name in MUST_STOP if name not in covered]
            if missing:
                hint = f"add a rule of kind stop without 'when', with on: [{', '.join(missing)}]"
                text = f"nothing stops '{rule.id}' on {_listed(missing)}: it would go on after an answer"
                yield Problem("FR117", text, rule.place, hint)


def _made_checks(rules: Iterable[Rule], checks: Mapping[str, type[Check]], made: dict[str, Check]) -> Iterator[Problem]:
    """Makes the check of every `message` rule, with the options that the rule gives it."""
    for rule in rules:
        if not isinstance(rule, Message):
            continue
        if rule.check not in checks:
            hint = did_you_mean(rule.check, checks) or f"known are {', '.join(sorted(checks))}"
            yield Problem("FR119", f"unknown check '{rule.check}'", rule.place, hint)
            continue
        kind = checks[rule.check]
        try:
            made[rule.id] = kind(kind.Options.model_validate(rule.with_))
        except ValidationError as error:
            yield from problems_of(error, _options_at(rule), OPTION_CODES, _options_of(kind), f"check {rule.check}")


def _options_at(rule: Message) -> Locate:
    return lambda loc, key: rule.place_of(("with", *loc), key)


OPTION_CODES: Final = {"missing": "FR101", "unknown": "FR104", "value": "FR103", "type": "FR102"}


def _options_of(check: type[Check]) -> Callable[[Loc], list[str]]:
    return lambda loc: [] if loc else [field.alias or name for name, field in check.Options.model_fields.items()]


def _missing_templates(rules: Iterable[Rule], templates: Mapping[str, str]) -> Iterator[Problem]:
    for rule in rules:
        if isinstance(rule, FollowUp) and rule.template is not None and rule.template not in templates:
            hint = did_you_mean(rule.template, templates) or "put it into a folder 'templates' beside the rule file"
            yield Problem("FR120", f"there is no template '{rule.template}'", rule.place, hint)


def _for_nobody(rules: Sequence[Rule]) -> Iterator[Problem]:
    sent = {rule.follow_up for rule in rules if isinstance(rule, FollowUp)}
    for rule in rules:
        for name in rule.follow_ups:
            if sent and name not in sent:
                hint = did_you_mean(name, sent) or f"sent are {', '.join(sorted(sent))}"
                text = f"no follow-up is called '{name}', so this rule does not apply to it"
                yield Problem("FR122", text, rule.place, hint, "warning")


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
