"""What the search leaves out leaves nothing out: reduced and unreduced, the same faults are found.

FOLLOWUP_RULES_SEED moves the random run to other cases, FOLLOWUP_RULES_SETS makes it longer.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import Json
from followup_rules.bundled import followup_rules_packs
from followup_rules.judge import judgement
from followup_rules.load.rulefiles import Source, load_each
from followup_rules.policy import Policy
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.field import Field
from followup_rules.proving.histories import Happening, History, oddness
from followup_rules.proving.profiles import START
from followup_rules.proving.prove import fields_of, wrong
from followup_rules.proving.search import Covered, search

SEED = int(os.environ.get("FOLLOWUP_RULES_SEED", "1"))
SETS = int(os.environ.get("FOLLOWUP_RULES_SETS", "600"))
Patch = pytest.MonkeyPatch

STEPS = [{"opens": "2 hours", "expires": "3 days"}, {"opens": "1 day", "expires": "4 days"}]
WINDOW = {"id": "hours", "kind": "send_window", "title": "Hours", "open": "Mon-Fri 09:00-17:00"}
OFFER = {"id": "offer", "kind": "stop", "title": "Over", "on": ["offer_made"], "since": "ever"}
NEXT = {"id": "next", "kind": "stop", "title": "Next", "on": ["interview_scheduled", "bounced"]}
LIMIT = {"id": "limit", "kind": "limit", "title": "One", "at_most": 1, "per": "application", "since": "reply"}
PAUSE = {"id": "pause", "kind": "cooldown", "title": "Pause", "at_least": "2 days", "per": "application", "backoff": 2}
PROMISE = {"not_happened": {"event": "decision_promised", "after": "interview_completed"}}


def _policies(policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json) -> list[Policy]:
    thanks = {key: value for key, value in follow_up(steps=STEPS).items() if key != "expires"}
    counted = follow_up(when={"interviews": {"at_least": 2}, "replies": {"at_most": 1}})
    applied = follow_up("ask", after="applied", when={"interviews": 0, "hours_since.applied": {"at_most": 200}})
    return [
        policy_of([thanks, stops, WINDOW, OFFER]),
        policy_of([thanks, stops, NEXT, LIMIT]),
        policy_of([{**thanks, "when": PROMISE}, stops, PAUSE]),
        policy_of([counted, applied, stops, {**LIMIT, "since": "anchor"}]),
    ]


def _blind(name: str) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(judgement, name, lambda *_: None)


def _searched(policy: Policy, events: int, *, reduced: bool) -> Covered[Any]:
    bounds = Bounds(events, 30, 1_000_000)

    def visit(where: Field, history: History, looks: Any) -> list[tuple[Hashable, Any]]:
        return wrong(bounds, where, history, looks)

    return search(fields_of([policy])[:1], bounds, visit, lambda _: None, to_the_end=True, reduced=reduced)


@pytest.mark.parametrize(
    ("number", "plant"),
    [
        (0, _blind("stop_verdict")),
        (1, _blind("limit_verdict")),
        (2, _blind("cooldown_verdict")),
        (3, _blind("stop_verdict")),
    ],
    ids=["stops", "limits", "cooldowns", "counts"],
)
def test_the_same_faults_are_found_with_fewer_histories(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json, monkeypatch: Patch,
    plant: Callable[[Patch], None], number: int,
) -> None:  # fmt: skip
    """A planted fault in each of some small policies: every fault of up to two events is found either way."""
    monkeypatch.setattr("followup_rules.proving.search._FIRST", (timedelta(hours=14),))
    monkeypatch.setattr("followup_rules.proving.search._situations", lambda *_: None)
    policy = _policies(policy_of, follow_up, stops)[number]
    plant(monkeypatch)
    few, all_ = (_searched(policy, 2, reduced=reduced) for reduced in (True, False))
    assert {*few.found} == {*all_.found} != set()
    assert {*few.exhaustive.values()} == {*all_.exhaustive.values()} == {2}
    assert few.histories < all_.histories * 0.8


def test_the_same_faults_of_three_events(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json, monkeypatch: Patch
) -> None:
    """With one beginning, three events too; no fault needs more events than before."""
    monkeypatch.setattr("followup_rules.proving.search._FIRST", (timedelta(hours=14),))
    monkeypatch.setattr("followup_rules.proving.search._situations", lambda *_: None)
    monkeypatch.setattr("followup_rules.proving.search._SECOND_SHARE", 0.0)
    policy = policy_of([follow_up(), stops, {**LIMIT, "since": "anchor"}])
    _blind("limit_verdict")(monkeypatch)
    few, all_ = (_searched(policy, 3, reduced=reduced) for reduced in (True, False))
    assert {*few.found} == {*all_.found} != set()
    assert {*few.at_changes.values()} == {*all_.at_changes.values()} == {3}
    assert [len(one.history) for one in few.found.values()] == [len(one.history) for one in all_.found.values()]
    assert few.histories < all_.histories / 3


def _said(where: Field, history: History, now: datetime) -> list[Hashable]:
    return [
        (one.application, one.rule, one.decision, one.reason, one.step, one.moment, one.contact, one.expires_at)
        for plan in where.plans(history, now)
        for one in plan
    ]


def _random_history(where: Field, choose: random.Random, start: datetime, length: int) -> History:
    found: list[Happening] = []
    at = start
    for _ in range(length):
        found.append(Happening(at, choose.choice(where.symbols), choose.randrange(where.profile.applications)))
        at += choose.choice([timedelta(0), timedelta(minutes=1), timedelta(hours=20), timedelta(days=3)])
    return tuple(found)


def test_what_leaves_the_same_behind_is_decided_alike(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """Random histories without one of their events: where the residue is the same, so is all that comes, whatever."""
    paths = {name: Source(Path(path), Path(path).name) for name, path in followup_rules_packs().items()}
    loaded, _ = load_each(["default", "technology"], paths)
    policies = [one.policy for one in loaded] + _policies(policy_of, follow_up, stops)
    fields = [one for policy in policies for one in fields_of([policy])]
    choose = random.Random(SEED)
    alike = 0
    for _ in range(SETS * 5):
        where = choose.choice(fields)
        count = where.profile.applications
        history = _random_history(where, choose, START + timedelta(hours=14), choose.randint(2, 5))
        place = choose.randrange(len(history) - 1)
        less = (*history[:place], *history[place + 1 :])
        if where.eyes.residue(history, count) != where.eyes.residue(less, count):
            continue
        alike += 1
        more = _random_history(where, choose, history[-1].at, choose.randint(0, 2))
        last = more[-1].at if more else history[-1].at
        for hours in (0, 3, 26, 120, 300):
            now = last + timedelta(hours=hours)
            assert _said(where, history + more, now) == _said(where, less + more, now), (history, less, more)
    assert alike > SETS / 3


def test_what_is_timeless_may_come_at_any_time_after_the_same_events(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """An event that only stops says the same a minute later as days later, once it is there."""
    fields = [one for policy in _policies(policy_of, follow_up, stops) for one in fields_of([policy]) if one.is_alike]
    choose = random.Random(SEED)
    for _ in range(SETS):
        where = choose.choice(fields)
        before = _random_history(where, choose, START + timedelta(hours=14), choose.randint(1, 3))
        symbol = choose.choice([one for one in where.symbols if where.eyes.is_timeless(one)])
        soon, late = ((*before, Happening(before[-1].at + timedelta(minutes=minutes), symbol)) for minutes in (1, 5000))
        for hours in (0, 1, 30, 200):
            now = late[-1].at + timedelta(hours=hours)
            assert _said(where, soon, now) == _said(where, late, now)


def test_of_two_stories_the_one_that_is_easier_to_believe_is_told(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """An offer before the application, or at the same instant, is odder than after it."""
    symbols = {one.type: one for one in fields_of([policy_of([follow_up(after="applied"), stops, OFFER])])[0].symbols}
    first, day = START, START + timedelta(days=1)
    usual = (Happening(first, symbols["applied"]), Happening(day, symbols["offer_made"]))
    at_once = (Happening(first, symbols["applied"]), Happening(first, symbols["offer_made"]))
    turned = (Happening(first, symbols["offer_made"]), Happening(day, symbols["applied"]))
    assert oddness(usual) < oddness(at_once) < oddness(turned)
