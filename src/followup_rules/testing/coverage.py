"""Which sides of which rules some cases reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from followup_rules.errors import Place
from followup_rules.facts import Timeline
from followup_rules.judge.admit import Register
from followup_rules.judge.occasions import Occasion, considered, occasions
from followup_rules.judge.restrain import Counted, truth_of
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Matcher
from followup_rules.model.decision import Decision, Verdict
from followup_rules.policy import Pack, Policy
from followup_rules.rules.base import Rule
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Cooldown, Limit, Message, SendWindow, Stop
from followup_rules.testing.playing import Played
from followup_rules.testing.sides import OF_TRUTH, TRUE, sides_of, stopped_by

Key = tuple[str, str]
"""A rule: the file in which it stands, and its id. Two policies may both have read it."""


class Covered(NamedTuple):
    """One rule: its sides, those of them that were reached, and whether it ever decided."""

    rule: str
    place: Place
    sides: tuple[str, ...]
    reached: frozenset[str]
    decided: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The sides that no case reached."""
        return tuple(side for side in self.sides if side not in self.reached)


class Coverage:
    """Takes note of what is reached, moment by moment."""

    def __init__(self) -> None:
        self._sides: dict[Key, tuple[Rule, tuple[str, ...]]] = {}
        self._reached: dict[Key, set[str]] = {}
        self._decided: set[Key] = set()
        self.not_measured = 0

    def measure(self, packs: Iterable[Pack], policy: Policy) -> None:
        """Count the rules of some packs; those that are replaced or disabled in the policy are no part of it."""
        used = {_key(rule) for rule in policy.rules}
        for pack in packs:
            for rule in pack.rules:
                if _key(rule) in used and _key(rule) not in self._sides:
                    self._sides[_key(rule)] = (rule, sides_of(rule, policy))
                    self.not_measured += isinstance(rule, Message)

    def watcher(self, policy: Policy, matcher: Matcher | None = None) -> Callable[[Played], None]:
        """A function that takes note of one moment after the other, decided by a policy and an engine."""
        asked = matcher or NativeMatcher(policy.conditions)
        return lambda played: self._note_moment(played, policy, asked)

    def _note_moment(self, played: Played, policy: Policy, matcher: Matcher) -> None:
        refused = {one.application for one in played.plan.refused}
        register = Register(played.scene.now, policy.counts_across)
        for application in played.applications:
            register.enter(application)
        portfolio = register.siblings()
        decisions = iter(played.plan.decisions)
        for application in played.applications:
            if application.id in refused:
                continue
            timeline = Timeline(application, played.scene.now)
            for lane, truth in considered(policy, timeline, matcher):
                if lane.condition is not None and truth in OF_TRUTH:
                    self._reach(lane.rule, OF_TRUTH[truth])
            for occasion in occasions(policy, timeline, matcher):
                self._note(occasion, next(decisions), Counted(occasion, portfolio, (), policy.counts_across))

    def _note(self, occasion: Occasion, decision: Decision, counted: Counted) -> None:
        self._decided.add(_key(decision.decided_by))
        for one in occasion.lane.scope.all:
            truth = truth_of(one, occasion)
            if one.condition is not None and truth in OF_TRUTH:
                self._reach(one.rule, OF_TRUTH[truth])
        if decision.decision == "send":
            self._reach(occasion.lane.rule, f"step {decision.step} sent")
        for verdict in decision.verdicts:
            for side in _sides(verdict, decision, counted):
                self._reach(verdict.rule, side)

    def _reach(self, rule: Rule, side: str) -> None:
        self._reached.setdefault(_key(rule), set()).add(side)

    @property
    def rules(self) -> Sequence[Covered]:
        """Every rule that is measured, in the order of the files."""
        found = [
            Covered(rule.id, rule.place, sides, frozenset(self._reached.get(key, ())), key in self._decided)
            for key, (rule, sides) in self._sides.items()
            if sides
        ]
        return sorted(found, key=lambda one: one.place)

    @property
    def counted(self) -> tuple[int, int]:
        """How many sides were reached, and how many there are."""
        rules = self.rules
        return sum(len(one.sides) - len(one.missing) for one in rules), sum(len(one.sides) for one in rules)


_OF_OWN: Final = {"not_open_yet": "step {} too early", "expired": "step {} expired", "done": "all steps sent"}


def _sides(verdict: Verdict, decision: Decision, counted: Counted) -> Iterator[str]:
    """The sides of its rule that one verdict shows."""
    rule, spoke = verdict.rule, verdict.verdict not in ("send", "hold")
    if isinstance(rule, FollowUp):
        if verdict.reason in _OF_OWN:
            yield _OF_OWN[verdict.reason].format(decision.step)
    elif verdict.verdict == "hold":
        return
    elif isinstance(rule, SendWindow):
        yield "window shut" if spoke else "window open"
    elif isinstance(rule, Limit):
        yield "limit reached" if spoke else "limit not reached"
    elif isinstance(rule, Cooldown):
        # Over is only what was running: without a touch that the rule counts there was nothing to wait for.
        if spoke or counted.touches(rule):
            yield "cooldown running" if spoke else "cooldown over"
    elif isinstance(rule, Stop):
        yield stopped_by(verdict.notes[0].removeprefix("status ")) if spoke else "nothing stopped it"


def _key(rule: Rule) -> Key:
    return (rule.place.file, rule.id)


def lines_of(coverage: Coverage) -> Iterator[str]:
    """What was not reached, a rule a line with its place, and the share of what was."""
    for one in coverage.rules:
        if not one.reached & frozenset(one.sides):
            yield f"{one.place.file}:{one.place.line}: {one.rule}: no case reached it"
        elif one.missing:
            yield f"{one.place.file}:{one.place.line}: {one.rule}: not reached: {', '.join(one.missing)}"
        if one.reached - {TRUE} and not one.decided:
            yield f"{one.place.file}:{one.place.line}: {one.rule}: never decided a case"
    if coverage.not_measured:
        yield f"{coverage.not_measured} rules about texts are not measured"
    reached, there = coverage.counted
    full = sum(not one.missing for one in coverage.rules)
    yield f"coverage: {percent(coverage)} %: {reached} of {there} sides, all of {full} of {len(coverage.rules)} rules"


def data_of(coverage: Coverage) -> dict[str, Any]:
    """What was reached and what was not, as plain data."""
    reached, there = coverage.counted
    return {
        "percent": float(percent(coverage)), "reached": reached, "sides": there,
        "not_measured": coverage.not_measured,
        "rules": [
            {
                "rule": one.rule, "file": one.place.file, "line": one.place.line,
                "reached": [side for side in one.sides if side in one.reached], "missing": list(one.missing),
                "decided": one.decided,
            }
            for one in coverage.rules
        ],
    }  # fmt: skip


def reaches(coverage: Coverage, least: float) -> bool:
    """True where at least so many per cent of the sides were reached."""
    reached, there = coverage.counted
    return reached * 100 >= least * there


def percent(coverage: Coverage) -> str:
    """The share of sides that were reached, rounded down, so that 100 means all."""
    reached, there = coverage.counted
    tenths = reached * 1000 // there if there else 1000
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"
