"""Names in expectations that stand for nothing: such an expectation would hold, or fail, for no good reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from followup_rules.errors import Problem, did_you_mean
from followup_rules.load.rulefiles import Loaded
from followup_rules.policy import Pack
from followup_rules.rules.base import Rule
from followup_rules.rules.cases import Case, Expected, Scene
from followup_rules.rules.follow_up import FollowUp


def unknown_names(case: Case, loaded: Loaded) -> Iterator[Problem]:
    """Rules, follow-ups, contacts and occasions that a case names and that are not there.

    A rule that is disabled counts as there: that it does nothing can be tested.
    """
    rules = list(_all_rules(loaded))
    follow_ups = [rule for rule in rules if isinstance(rule, FollowUp)]
    known = {
        "rule": {rule.id for rule in follow_ups},
        "follow_up": {rule.follow_up for rule in follow_ups},
        "decided_by": {rule.id for rule in rules},
    }
    for scene in case.scenes:
        contacts = {contact.id for one in scene.applications for contact in one.contacts}
        for expected in scene.expected:
            yield from _unknown(expected, {**known, "contact": contacts})
            yield from _occasion(expected, scene)


def _all_rules(loaded: Loaded) -> Iterator[Rule]:
    """Those of the policy, and those of everything that its packs extend."""
    yield from loaded.policy.rules
    waiting: list[Pack] = list(loaded.packs)
    while waiting:
        pack = waiting.pop()
        yield from pack.rules
        waiting += pack.parents


def _unknown(expected: Expected, known: dict[str, set[str]]) -> Iterator[Problem]:
    expectation = expected.expectation
    wanted = expectation.decided_by
    named = [(key, name) for key, name in expectation.picks.items() if key in known]
    if wanted is not None:
        named += [("decided_by", one) for test in wanted.tests for one in test.values if isinstance(one, str)]
    for key, name in named:
        if name not in known[key]:
            what = {"rule": "follow-up rule", "follow_up": "follow-up", "decided_by": "rule"}.get(key, key)
            yield _fault(expected, f"there is no {what} called '{name}'", _hint(name, known[key]))


def _occasion(expected: Expected, scene: Scene) -> Iterator[Problem]:
    name = expected.expectation.occasion
    events = {event.id for one in scene.applications for event in one.events}
    if name is not None and not any(name == event or name.startswith(f"{event}/") for event in events):
        text = f"no event is known by then that the occasion '{name}' could be about"
        yield _fault(expected, text, _hint(name, events))


def _hint(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, known) or (f"known are {', '.join(sorted(known))}" if known else "")


def _fault(expected: Expected, text: str, hint: str) -> Problem:
    return Problem("FR407", text, expected.place, hint)
