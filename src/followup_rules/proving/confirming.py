"""A counterexample made short, and decided once more by the whole policy before anybody is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from followup_rules.judge import decide as engine
from followup_rules.judge.admit import read_application
from followup_rules.model.application import Application
from followup_rules.model.decision import Decision
from followup_rules.model.faults import anywhere
from followup_rules.policy import Policy
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.counterexamples import Counterexample, at_moment, omitted, told
from followup_rules.proving.field import Field, Look
from followup_rules.proving.histories import History, Profile, application_data, application_id
from followup_rules.proving.lasting import Plans, dead_waits
from followup_rules.proving.profiles import profiles
from followup_rules.proving.slices import without_texts


def shrunk(policy: Policy, bounds: Bounds, one: Counterexample) -> Counterexample:
    """Without every event that is not needed for it, and where it can be with the plainest profile."""
    plain = without_texts(policy.rules, policy.properties)

    def in_profile(profile: Profile) -> Plans:
        field = Field([plain], frozenset(), profile, ())
        return lambda history, now: field.plans(history, now)[0]

    plainest = profiles([plain])[0]
    if plainest != one.profile and len({event.application for event in one.history}) == 1:
        history = tuple(event._replace(application=0) for event in one.history)
        moved = one._replace(profile=plainest, history=history, application=application_id(0))
        one = _again(plain, bounds, moved, in_profile(plainest)) or one
    plans = in_profile(one.profile)
    smaller = True
    while smaller:
        smaller = False
        for index in range(len(one.history)):
            less = one._replace(history=one.history[:index] + one.history[index + 1 :])
            found = _again(plain, bounds, less, plans)
            if found is not None:
                one, smaller = found, True
                break
    return one


def confirmed(policy: Policy, bounds: Bounds, one: Counterexample) -> Counterexample:
    """Decided once more by the whole policy, from plain data, as applications that anybody writes down."""
    found = _again(policy, bounds, one, lambda past, now: replayed(policy, one.profile, past, now), closely=True)
    return one if found is None else found._replace(replayed=True)


def replayed(policy: Policy, profile: Profile, history: History, now: datetime) -> Sequence[Decision]:
    """What the real engine decides for a history, read like anybody's data."""
    given = [
        read_application(application_data(profile, history, number), anywhere) for number in range(profile.applications)
    ]
    if not all(isinstance(one, Application) for one in given):
        return ()
    return engine.decide(given, policy, now).decisions


def _again(
    policy: Policy, bounds: Bounds, one: Counterexample, plans: Plans, *, closely: bool = False
) -> Counterexample | None:
    """The same fault in a history, if it is there, at the moment of the counterexample."""
    if not one.history:
        return None
    if one.wanted == "sent":
        found = list(omitted(policy, bounds, one.profile, one.history, plans, closely=closely))
    elif one.wanted == "not_sent":
        found = at_moment(policy, one.profile, one.history, one.now, plans(one.history, one.now))
    else:
        first = tuple(plans(one.history, one.now))
        moments = [each.moment for each in first if each.decision == "wait" and each.moment is not None]
        looks = [Look(one.now, (first,)), *(Look(at, (tuple(plans(one.history, at)),)) for at in moments)]
        found = [told(one.profile, one.history, now, breach, "no_wait") for now, breach in dead_waits(policy, looks)]
    return next((each for each in found if each.key == one.key), None)
