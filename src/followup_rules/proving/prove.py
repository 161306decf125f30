"""`prove`: does any history make this policy do what it must not? The shortest that does, or what was searched."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import NamedTuple

from followup_rules.judge import decide as engine
from followup_rules.judge.admit import read_application
from followup_rules.model.decision import Decision, Refusal
from followup_rules.model.faults import anywhere
from followup_rules.model.words import Direction
from followup_rules.policy import Policy
from followup_rules.proving.alphabet import alphabet
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.field import Field, Look
from followup_rules.proving.histories import History, Profile, application_data, application_id
from followup_rules.proving.lasting import dead_waits, omissions
from followup_rules.proving.monitor import breaches
from followup_rules.proving.profiles import profiles
from followup_rules.proving.search import Covered, Progress, search
from followup_rules.proving.slices import part_of, slices, without_texts
from followup_rules.rules.base import Rule
from followup_rules.rules.properties import Property


class Counterexample(NamedTuple):
    """A history at a moment, and what goes wrong then."""

    code: str
    rule: Rule | Property
    """The rule or property that is broken."""
    text: str
    profile: Profile
    history: History
    now: datetime
    application: str
    follow_up: str
    direction: Direction
    decision: str
    """What is decided: the name of an outcome, or `none`."""
    decided_by: Rule | None
    wanted: str
    """What ought to be decided: `not_sent`, `sent`, or `no_wait`."""
    replayed: bool = False
    """True once the whole policy decided the same for the same history, read like anybody's application."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Two of one key show the same fault."""
        return self.code, self.rule.id, self.follow_up, self.direction


class Proof(NamedTuple):
    """What was searched, and what was found."""

    bounds: Bounds
    slices: int
    symbols: int
    profiles: dict[str, int]
    """Each profile with the number of events up to which every history was looked at."""
    covered: Covered[Counterexample]
    counterexamples: tuple[Counterexample, ...]
    unconfirmed: tuple[Counterexample, ...]
    """What the whole policy does not repeat; each is a fault of the search and nothing is proved by it."""


def prove(policy: Policy, bounds: Bounds, progress: Progress = lambda _: None) -> Proof:
    """Search for a history in which a policy breaks a limit, a stop, a window, a step, a cooldown or a property."""
    fields = fields_of([policy])
    covered = search(fields, bounds, lambda *given: _wrong(bounds, *given), progress)
    found, doubtful = [], []
    for one in sorted(covered.found.values(), key=lambda one: (len(one.history), one.code, one.rule.id)):
        progress("the shortest counterexample")
        short = _confirmed(policy, bounds, shrunk(policy, bounds, one))
        (found if short.replayed else doubtful).append(short)
    names: dict[str, int] = {}
    for one in fields:
        deep = covered.exhaustive.get(one, 0)
        names[one.profile.name] = min(deep, names.get(one.profile.name, deep))
    symbols = len({symbol for one in fields for symbol in one.symbols})
    parts = len({one.sent for one in fields})
    return Proof(bounds, parts, symbols, names, covered, tuple(found), tuple(doubtful))


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


def _wrong(
    bounds: Bounds, where: Field, history: History, looks: Sequence[Look]
) -> list[tuple[Hashable, Counterexample]]:
    policy, profile = where.policies[0], where.profile
    found = [one for look in looks for one in _broken(policy, profile, history, look.now, look.plans[0])]
    for now, breach in dead_waits(policy, looks):
        found.append(_told(profile, history, now, breach, "no_wait"))
    if any(item.always for item in policy.properties):
        found += _omitted(policy, bounds, profile, history, lambda past, now: where.plans(past, now)[0])
    return [(one.key, one) for one in found]


def _broken(
    policy: Policy, profile: Profile, history: History, now: datetime, plan: Sequence[Decision]
) -> list[Counterexample]:
    return [
        _told(profile, history, now, breach, "not_sent") for breach in breaches(policy, profile, history, now, plan)
    ]


def _told(profile: Profile, history: History, now: datetime, breach: object, wanted: str) -> Counterexample:
    code, rule, text, decision = breach  # type: ignore[misc]
    return Counterexample(
        code, rule, text, profile, history, now, decision.application, decision.follow_up, decision.direction,
        decision.decision, policy_rule(decision), wanted,
    )  # fmt: skip


def policy_rule(decision: Decision) -> Rule:
    """The rule that decided."""
    return decision.decided_by


def _omitted(
    policy: Policy, bounds: Bounds, profile: Profile, history: History, plans: object, *, closely: bool = False
) -> list[Counterexample]:
    found = []
    for item, number, event, deadline in omissions(
        policy, profile, history, bounds.until, plans, closely=closely  # type: ignore[arg-type]
    ):
        claim = item.always
        assert claim is not None  # noqa: S101
        rules = [one for one in policy.rules if one.kind == "follow_up" and set(one.follow_ups) & set(claim.send)]
        directions = [one.direction for one in rules if claim.direction in (None, one.direction)]
        direction = directions[0]
        assert direction is not None  # noqa: S101
        plan = [
            one for one in plans(history, deadline)  # type: ignore[operator]
            if one.application == application_id(number) and one.follow_up in claim.send
        ]  # fmt: skip
        came, by = (plan[0].decision, plan[0].decided_by) if plan else ("none", None)
        text = f"nothing is sent within {claim.within} after {event.type} ({event.id}): {item.title}"
        found.append(
            Counterexample(
                "FR809", item, text, profile, history, deadline, application_id(number), claim.send[0], direction,
                came, by, "sent",
            )  # fmt: skip
        )
    return found


def again(policy: Policy, bounds: Bounds, one: Counterexample, plans: object, *, closely: bool) -> Counterexample | None:
    """The same fault in a history, if it is there, at the moment of the counterexample."""
    if not one.history:
        return None
    if one.wanted == "sent":
        found = _omitted(policy, bounds, one.profile, one.history, plans, closely=closely)
    elif one.wanted == "not_sent":
        found = _broken(policy, one.profile, one.history, one.now, plans(one.history, one.now))  # type: ignore[operator]
    else:
        first = plans(one.history, one.now)  # type: ignore[operator]
        moments = [each.moment for each in first if each.decision == "wait" and each.moment is not None]
        looks = [Look(one.now, (first,)), *(Look(at, (plans(one.history, at),)) for at in moments)]  # type: ignore[operator]
        found = [_told(one.profile, one.history, now, breach, "no_wait") for now, breach in dead_waits(policy, looks)]
    return next((each for each in found if each.key == one.key), None)


def shrunk(policy: Policy, bounds: Bounds, one: Counterexample) -> Counterexample:
    """Without every event that is not needed for it."""
    plain = without_texts(policy.rules, policy.properties)

    def plans(history: History, now: datetime) -> Sequence[Decision]:
        return Field([plain], frozenset(), one.profile, ()).plans(history, now)[0]

    plainer = profiles([plain])[0]
    if one.profile.applications == 1 and plainer != one.profile:
        one = again(plain, bounds, one._replace(profile=plainer), plans, closely=False) or one
    smaller = True
    while smaller:
        smaller = False
        for index in range(len(one.history)):
            less = one._replace(history=one.history[:index] + one.history[index + 1 :])
            found = again(plain, bounds, less, plans, closely=False)
            if found is not None:
                one, smaller = found, True
                break
    return one


def _confirmed(policy: Policy, bounds: Bounds, one: Counterexample) -> Counterexample:
    """Decided once more by the whole policy, from plain data, as applications that anybody writes down."""

    def plans(history: History, now: datetime) -> Sequence[Decision]:
        return replayed(policy, one.profile, history, now)

    found = again(policy, bounds, one, plans, closely=True)
    if found is None:
        return one
    # The rules of the policy itself, not of the part that was searched.
    return found._replace(replayed=True)


def replayed(policy: Policy, profile: Profile, history: History, now: datetime) -> Sequence[Decision]:
    """What the real engine decides for a history."""
    given = [
        read_application(application_data(profile, history, number), anywhere)
        for number in range(profile.applications)
    ]
    assert not any(isinstance(one, Refusal) for one in given), given  # noqa: S101
    return engine.decide(given, policy, now).decisions
