"""`diff`: what two policies decide otherwise, in given applications and in situations found by search."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from followup_rules.judge import decide as engine
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision
from followup_rules.policy import Policy
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.field import Field, Look
from followup_rules.proving.histories import History, Profile
from followup_rules.proving.prove import fields_of
from followup_rules.proving.search import Covered, Progress, search
from followup_rules.rules.base import Rule


class Came(NamedTuple):
    """What came out for one occasion under one policy."""

    decision: str
    reason: str
    step: int
    at: datetime | None
    due: datetime | None
    expires: datetime | None
    do: tuple[str, ...]
    draft: tuple[str, str] | None


class Change(NamedTuple):
    """One occasion that is decided otherwise. `None` on a side means that there is no decision."""

    where: str
    """The title of an example, or the profile of a situation."""
    now: datetime
    application: str
    follow_up: str
    direction: str
    occasion: str
    before: Came | None
    after: Came | None
    before_by: Rule | None
    after_by: Rule | None
    because: tuple[Rule, ...]
    """The rules whose change made the difference, as far as that can be told."""
    history: History = ()
    profile: Profile | None = None

    @property
    def key(self) -> Hashable:
        """Situations of one key show the same change."""
        sides = [(came.decision, came.reason) if came is not None else None for came in (self.before, self.after)]
        rules = [rule.id if rule is not None else None for rule in (self.before_by, self.after_by)]
        return self.follow_up, self.direction, *sides, *rules

    @property
    def outline(self) -> Hashable:
        """What a reviewer reads in it; of several situations with one outline the shortest is told."""
        sides = [came.decision if came is not None else None for came in (self.before, self.after)]
        return self.follow_up, self.direction, *sides, *(rule.id for rule in self.because)


class Case(NamedTuple):
    """Applications that are decided at a moment under both policies."""

    title: str
    applications: Sequence[Application]
    at: datetime


class Comparison(NamedTuple):
    """All that differs, and what was looked at."""

    cases: int
    in_cases: tuple[Change, ...]
    in_situations: tuple[Change, ...]
    covered: Covered[Change]
    bounds: Bounds


def compare(
    old: Policy, new: Policy, cases: Sequence[Case], bounds: Bounds, progress: Progress = lambda _: None
) -> Comparison:
    """What the new policy decides otherwise than the old one."""
    changed = changed_rules(old, new)
    in_cases = [change for case in cases for change in _in_case(old, new, changed, case)]
    fields = fields_of([old, new])

    def visit(where: Field, history: History, looks: Sequence[Look]) -> list[tuple[Hashable, Change]]:
        found = [one for look in looks for one in _in_look(where, history, look, changed)]
        return [(one.key, one) for one in found]

    covered = search(fields, bounds, visit, progress, to_the_end=True)
    short = [_shrunk(fields, one, changed) for one in covered.found.values()]
    short.sort(key=lambda one: (one.follow_up, len(one.history)))
    told = {one.outline: one for one in reversed(short)}
    return Comparison(len(cases), tuple(in_cases), tuple(reversed(told.values())), covered, bounds)


def changed_rules(old: Policy, new: Policy) -> dict[str, Rule]:
    """Rules that only one policy has or that say another thing, by id; the new one where both have it."""
    before = {rule.id: _said(rule) for rule in old.rules}
    after = {rule.id: _said(rule) for rule in new.rules}
    found = {rule.id: rule for rule in old.rules if rule.id not in after}
    return found | {rule.id: rule for rule in new.rules if before.get(rule.id) != after[rule.id]}


def _said(rule: Rule) -> str:
    return repr(rule.model_copy(update={"title": "", "why": None, "source": None, "examples": ()}))


def _in_case(old: Policy, new: Policy, changed: dict[str, Rule], case: Case) -> Iterator[Change]:
    plans = [engine.decide(case.applications, policy, case.at).decisions for policy in (old, new)]
    for change in changes(plans[0], plans[1], changed, texts=True):
        yield change._replace(where=case.title, now=case.at)


def _in_look(where: Field, history: History, look: Look, changed: dict[str, Rule]) -> Iterator[Change]:
    for change in changes(look.plans[0], look.plans[1], changed):
        yield change._replace(where=where.profile.name, now=look.now, history=history, profile=where.profile)


def changes(
    before: Sequence[Decision], after: Sequence[Decision], changed: dict[str, Rule], *, texts: bool = False
) -> Iterator[Change]:
    """What two plans decide otherwise; which rule said so is no difference as long as the same is done."""
    old, new = _by_occasion(before), _by_occasion(after)
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        before_came, after_came = (_came(one, texts) if one is not None else None for one in (was, now))
        if before_came == after_came:
            continue
        before_by, after_by = (one.decided_by if one is not None else None for one in (was, now))
        any_one = now or was
        assert any_one is not None  # noqa: S101
        because = _because(any_one, [after_by, before_by], changed)
        application, follow_up, direction, occasion = key
        yield Change(
            "", any_one.evidence.now, application, follow_up, direction, occasion,
            before_came, after_came, before_by, after_by, because,
        )  # fmt: skip


def _by_occasion(plan: Sequence[Decision]) -> dict[tuple[str, str, str, str], Decision]:
    return {(one.application, one.follow_up, one.direction, one.occasion): one for one in plan}


def _came(one: Decision, texts: bool) -> Came:
    over = one.decision == "stop"
    draft = (one.draft.subject, one.draft.body) if texts and one.draft is not None else None
    do = () if over else tuple(action.do for action in one.actions)
    due, expires = (None, None) if over else (one.due_at, one.expires_at)
    return Came(one.decision, one.reason, one.step, one.at, due, expires, do, draft)


def _because(one: Decision, by: Sequence[Rule | None], changed: dict[str, Rule]) -> tuple[Rule, ...]:
    """Of what changed: the rule that decides now, the one that decided, the follow-up rule, or all that may matter."""
    for rule_id in [*(rule.id for rule in by if rule is not None), one.rule]:
        if rule_id in changed:
            return (changed[rule_id],)
    return tuple(rule for rule in changed.values() if rule.covers(one.follow_up, one.direction))


def _shrunk(fields: Sequence[Field], one: Change, changed: dict[str, Rule]) -> Change:
    """Without every event that is not needed for the same change at the same moment."""
    where = next(
        field for field in fields if field.profile == one.profile and (one.follow_up, one.direction) in field.sent
    )
    smaller = True
    while smaller and len(one.history) > 1:
        smaller = False
        for index in range(len(one.history)):
            less = one.history[:index] + one.history[index + 1 :]
            look = Look(one.now, where.plans(less, one.now))
            found = next((each for each in _in_look(where, less, look, changed) if each.key == one.key), None)
            if found is not None:
                one, smaller = found, True
                break
    return one
