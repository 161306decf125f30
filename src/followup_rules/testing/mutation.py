"""Do the tests notice? Every rule is changed in small ways, and the cases are run until one comes out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from followup_rules.errors import Problem
from followup_rules.facts import Timeline
from followup_rules.matching.native import NativeMatcher
from followup_rules.policy import Pack, Policy
from followup_rules.rules.base import Rule
from followup_rules.rules.cases import Case
from followup_rules.testing.gathering import Suite
from followup_rules.testing.indifference import indifferent
from followup_rules.testing.mutants import Key, Mutant, key_of, mutants_of, policy_of, rules_with
from followup_rules.testing.playing import play
from followup_rules.testing.scenarios import passes


class Outcome(NamedTuple):
    """A change, and whether a case came out otherwise; None where none could."""

    mutant: Mutant
    noticed: bool | None


class Score(NamedTuple):
    """How many changes were noticed, of how many; `same` more make no difference that could be noticed."""

    noticed: int
    made: int
    same: int

    @property
    def percent(self) -> str:
        """The share that was noticed, rounded down, so that 100 means all."""
        tenths = self.noticed * 1000 // self.made if self.made else 1000
        return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"

    def reaches(self, least: float) -> bool:
        """True where at least so many per cent were noticed."""
        return self.noticed * 100 >= least * self.made


class _Known(NamedTuple):
    """A case, whether texts matter in it, and the rules that it could show a change of."""

    case: Case
    texts: bool
    reached: frozenset[Key]
    spoke: frozenset[Key]


class _Ground:
    """One policy, and the cases that hold under it."""

    def __init__(self, policy: Policy, packs: Sequence[Pack], cases: Sequence[Case]) -> None:
        self.policy, self.packs = policy, packs
        self._matchers = {
            texts: _matcher(policy_of(policy.rules, policy if texts else None)) for texts in (True, False)
        }
        self._bare = policy_of(policy.rules, None)
        self.cases = [known for case in cases if (known := self._known(case)) is not None]
        self._last: dict[Key, _Known] = {}

    def _known(self, case: Case) -> _Known | None:
        texts = not passes(self._bare, case, self._matchers[False][1])
        if texts and not passes(self.policy, case, self._matchers[True][1]):
            return None
        reached: set[Key] = set()
        spoke: set[Key] = set()
        for scene, applications, plan in play(case, self.policy if texts else self._bare, self._matchers[texts][1]):
            for application in applications:
                reached |= set(_reached(Timeline(application, scene.now), self.policy))
            names = {name for one in plan.decisions for name in (one.rule, one.decided_by.id)}
            spoke |= {key_of(rule) for rule in self.policy.rules if rule.id in names}
        return _Known(case, texts, frozenset(reached), frozenset(spoke))

    def notices(self, mutant: Mutant, rules: Sequence[Rule]) -> bool:
        """True where a case no longer comes out as it says. The one that noticed last is asked first."""
        key = key_of(mutant.rule)
        wide = mutant.wide or (mutant.becomes is None and len(rules) == len(self.policy.rules))
        first = self._last.get(key)
        asked = [one for one in self.cases if (wide or key in one.reached) and one is not first]
        asked.sort(key=lambda one: one.case.rule != mutant.rule.id)
        made: dict[bool, tuple[Policy, NativeMatcher]] = {}
        for one in [first, *asked] if first is not None else asked:
            if one.texts not in made:
                policy = policy_of(rules, self.policy if one.texts else None)
                made[one.texts] = (policy, self._matcher_of(policy, one.texts))
            if not passes(made[one.texts][0], one.case, made[one.texts][1]):
                self._last[key] = one
                return True
        return False

    def _matcher_of(self, policy: Policy, texts: bool) -> NativeMatcher:
        """Conditions that did not change are compiled once."""
        conditions, matcher = self._matchers[texts]
        return matcher if repr(policy.conditions) == conditions else NativeMatcher(policy.conditions)


def _matcher(policy: Policy) -> tuple[str, NativeMatcher]:
    return repr(policy.conditions), NativeMatcher(policy.conditions)


def _reached(timeline: Timeline, policy: Policy) -> Iterator[Key]:
    """The rules that have anything to do with an application: of every follow-up whose anchor happened."""
    for group in policy.groups:
        if timeline.latest_of(group.after, group.direction) is not None:
            for lane in group.lanes:
                yield key_of(lane.rule)
                for one in lane.scope.all:
                    yield key_of(one.rule)


class Mutation:
    """All changes of some rules, and whether the cases notice them.

    Conditions are evaluated natively. Cases that do not hold under the rules as they are notice nothing.
    """

    def __init__(self, suites: Sequence[Suite], chooses: Callable[[Case], bool] | None = None) -> None:
        """Make the changes; they are tried by `outcomes`.

        Args:
            suites: the rules of the packs that they were asked for are changed, and their cases are asked.
            chooses: says which cases are asked; then only rules that speak in one of these are changed.
        """
        self._grounds = list(_grounds(suites, chooses or (lambda case: True)))
        spoke = {key for ground in self._grounds for known in ground.cases for key in known.spoke}
        rules = {
            key_of(rule): rule
            for ground in self._grounds
            for pack in ground.packs
            for rule in pack.rules
            if ground.policy.rule(rule.id) is rule
        }
        asked = [rule for key, rule in rules.items() if chooses is None or key in spoke]
        self._made = [mutant for rule in sorted(asked, key=_place) for mutant in mutants_of(rule)]

    def __len__(self) -> int:
        return len(self._made)

    def outcomes(self) -> Iterator[Outcome]:
        """Every valid change, in the order of the files; nothing is left out but what would be no valid policy."""
        for mutant in self._made:
            grounds = [
                one for one in self._grounds if any(key_of(rule) == key_of(mutant.rule) for rule in one.policy.rules)
            ]
            made = [rules_with(mutant, one.policy.rules, one.packs) for one in grounds]
            if any(rules is None for rules in made):
                continue
            policies = [one.policy for one in grounds]
            if mutant.becomes is not None and indifferent(mutant.rule, mutant.becomes, policies):
                yield Outcome(mutant, None)
                continue
            tried = zip(grounds, made, strict=True)
            yield Outcome(mutant, any(ground.notices(mutant, rules) for ground, rules in tried if rules is not None))


def _place(rule: Rule) -> tuple[str, int, int]:
    return rule.place


def _grounds(suites: Sequence[Suite], chooses: Callable[[Case], bool]) -> Iterator[_Ground]:
    """One for each policy; suites with the same rules stand on one ground."""
    found: dict[tuple[tuple[Key, ...], ...], list[Suite]] = {}
    for suite in suites:
        policy = tuple(key_of(rule) for rule in suite.loaded.policy.rules)
        asked = tuple((pack.place.file, pack.name) for pack in suite.loaded.packs)
        found.setdefault((policy, asked), []).append(suite)
    for members in found.values():
        first = members[0].loaded
        cases = [case for suite in members for case in suite.cases if chooses(case)]
        yield _Ground(first.policy, first.packs, cases)


def problems_of(outcomes: Iterator[Outcome], score: list[Score]) -> Iterator[Problem]:
    """Every change that no test noticed; the score is put into the list at the end."""
    noticed = made = same = 0
    for mutant, outcome in outcomes:
        same, made, noticed = same + (outcome is None), made + (outcome is not None), noticed + bool(outcome)
        if outcome is False:
            text = f"{mutant.rule.id}: {mutant.said}: no test notices"
            yield Problem("FR420", text, mutant.place, severity="warning")
    score.append(Score(noticed, made, same))
