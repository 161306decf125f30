"""The example applications and the bundled packs keep what the documentation says of them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from followup_rules.judge.decide import decide
from followup_rules.load.rulefiles import load_each, load_policy
from followup_rules.model.application import Application
from followup_rules.model.words import EVENT_TYPES
from followup_rules.plugins import load_plugins
from followup_rules.testing.examples import run_examples
from followup_rules.timing.calendars import find_calendar
from followup_rules.timing.zones import find_zone

PACKS = load_plugins().packs
BUNDLED = [name for name, source in PACKS.items() if "followup_rules_pack" not in str(source.path)]
SECTORS = [name for name in BUNDLED if name != "default"]
MOMENTS = [datetime(2026, 11, day, hour, tzinfo=timezone.utc) for day in (10, 16, 20, 25) for hour in (9, 15, 21)]


@pytest.fixture(scope="module")
def applications(example_lines: Any) -> list[Application]:
    return [Application.model_validate_json(line) for line in example_lines]


def test_there_are_a_hundred_and_more_and_none_is_refused(applications: list[Application]) -> None:
    """At least a hundred, each with an id of its own."""
    assert len(applications) >= 100
    assert len({one.id for one in applications}) == len(applications)
    assert decide(applications, load_policy(["default"], PACKS).policy, MOMENTS[0]).refused == ()


def test_they_cover_the_world(applications: list[Application]) -> None:
    """Half-hour and quarter-hour zones, both hemispheres with clock changes, a Friday that is no working day."""
    places = [place for one in applications for place in (one.candidate, one.job, *one.contacts)]
    zones = {place.timezone for place in places if place.timezone}
    found = {name: find_zone(name) for name in zones}
    july, january = (datetime(2026, month, 1, tzinfo=timezone.utc) for month in (7, 1))
    offsets = {
        name: (january.astimezone(zone).utcoffset(), july.astimezone(zone).utcoffset())
        for name, zone in found.items()
        if zone
    }
    hour = timedelta(hours=1)
    assert any(winter is not None and winter % hour for winter, _ in offsets.values())
    assert any(winter is not None and winter % (hour / 2) for winter, _ in offsets.values())
    assert any(winter is not None and summer is not None and winter > summer for winter, summer in offsets.values())
    assert any(winter is not None and summer is not None and winter < summer for winter, summer in offsets.values())
    countries = {place.country for place in places if place.country}
    friday = datetime(2026, 11, 13).date()
    assert any(not find_calendar(country, None).is_business(friday) for country in countries)
    assert len(zones) >= 12
    assert len(countries) >= 10


def test_they_cover_what_happens(applications: list[Application]) -> None:
    """Every sort of event and status, automatic replies, promises of both sorts, panels, siblings."""
    events = [event for one in applications for event in one.events]
    types = Counter(event.type for event in events)
    assert set(types) == set(EVENT_TYPES)
    assert {one.status for one in applications} == {"active", "on_hold", "rejected", "withdrawn", "hired"}
    assert any(event.auto_reply for event in events)
    assert {isinstance(event.by, datetime) for event in events if event.by is not None} == {True, False}
    assert any(len(event.named) > 1 for event in events)
    assert max(Counter(one.candidate.id for one in applications).values()) > 1
    assert any(one.job.timezone is None for one in applications)
    assert any(event.follow_up == "none" for event in events)


def test_they_come_to_every_decision(applications: list[Application]) -> None:
    """Within two weeks of November every outcome and nearly every reason comes out."""
    policy = load_policy(["default"], PACKS).policy
    seen = {(one.decision, one.reason) for now in MOMENTS for one in decide(applications, policy, now).decisions}
    assert {decision for decision, _ in seen} >= {"send", "wait", "hold", "stop"}
    reasons = {
        "in_window",
        "not_open_yet",
        "outside_send_window",
        "stopped",
        "expired",
        "done",
        "on_hold",
        "unknown_timezone",
    }
    assert {reason for _, reason in seen} >= reasons


@pytest.mark.parametrize("name", BUNDLED)
def test_the_examples_of_every_bundled_pack_come_out(name: str) -> None:
    """Each pack has examples, and each decides as it says."""
    loaded, problems = load_each([name], PACKS)
    assert problems == ()
    results = [result for one in loaded for result in run_examples(one)]
    assert [one for one in results if one.differences] == []
    assert results


@pytest.mark.parametrize("name", SECTORS)
def test_every_sector_pack_decides_something_of_its_own(name: str, applications: list[Application]) -> None:
    """A pack that changes nothing would not be needed: something is decided otherwise than by default."""
    default, own = (load_policy([one], PACKS).policy for one in ("default", name))

    def said(policy: Any, now: datetime) -> list[Any]:
        return [
            (one.application, one.follow_up, one.occasion, one.decision, one.reason, one.moment)
            for one in decide(applications, policy, now).decisions
        ]

    assert any(said(default, now) != said(own, now) for now in MOMENTS)


@pytest.mark.parametrize("name", BUNDLED)
def test_every_number_has_a_source(name: str) -> None:
    """A rule that carries a number says where it comes from, or that it is a judgement and why."""
    (pack,) = load_policy([name], PACKS).packs
    for rule in pack.rules:
        words = {"id", "title", "why", "source", "examples", "when", "kind", "place"}
        numbers = {name: getattr(rule, name) for name in type(rule).model_fields if name not in words}
        if re.search(r"\d", str(numbers)):
            assert rule.source, f"{rule.place}: {rule.id} has numbers and no source"
        if rule.source and rule.source.startswith("judgement"):
            assert len(rule.source) > len("judgement: ...."), rule.id


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_rule_says_why(name: str) -> None:
    """A recruiter can read what a rule is for."""
    (pack,) = load_policy([name], PACKS).packs
    assert [rule.id for rule in pack.rules if not rule.why and rule.kind != "message"] == []
