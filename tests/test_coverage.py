"""Coverage: which rules, and which sides of them, examples and scenarios reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from followup_rules.facts import Timeline
from followup_rules.judge.occasions import considered, occasions
from followup_rules.load.rulefiles import load_policy
from followup_rules.matching.native import NativeMatcher
from followup_rules.matching.truth import Truth
from followup_rules.model.application import Application
from followup_rules.plugins import load_plugins
from followup_rules.rules.read_condition import read_condition
from followup_rules.testing.coverage import Coverage, lines_of, percent, reaches
from followup_rules.testing.gathering import gather
from followup_rules.testing.scenarios import run as run_cases
from followup_rules.testing.sides import FALSE, TRUE, UNKNOWN, can_be_unknown, sides_of

PACKS = load_plugins().packs

RULES = """\
schema: followup-rules/1
pack: acme
rules:
  - id: question
    kind: follow_up
    title: Ask twice
    follow_up: question
    direction: candidate_to_employer
    after: interview_completed
    steps:
      - {expires: 10 days}
      - {opens: 2 days, expires: 10 days}
    do: [draft_message]
  - id: hours
    kind: send_window
    title: In the day
    open: Mon-Sun 09:00-17:00
  - id: two
    kind: limit
    title: Two at most in a month
    at_most: 2
    per: application
    within: 30 days
  - id: pause
    kind: cooldown
    title: Three days between
    at_least: 3 days
    per: application
  - id: stop
    kind: stop
    title: Stop when it is over
    on: [reply, rejected, withdrawn, hired, opted_out]
  - id: quiet
    kind: stop
    title: Referrals are left alone after a note
    on: [note]
    when: {attributes.referral: true}
"""
ON = "on: [reply, rejected, withdrawn, hired, opted_out]"


@pytest.fixture
def missing(write: Callable[..., str]) -> Callable[..., dict[str, tuple[str, ...]]]:
    """What some moments leave unreached of the rules above, by rule."""

    def found(*moments: str, attributes: str = "{}", rules: str = RULES) -> dict[str, tuple[str, ...]]:
        lines = "".join(f"      - {moment}\n" for moment in moments)
        write("acme.yaml", rules)
        job = "job: {timezone: America/New_York, country: US}"
        write(
            "acme_test.yaml",
            "schema: followup-rules-test/1\nscenarios:\n  - title: t\n    start: 2026-09-14T10:00:00-04:00\n"
            f"    application: {{{job}, attributes: {attributes}}}\n    moments:\n{lines}",
        )
        return {one.rule: one.missing for one in covered("acme_test.yaml").rules}

    return found


def covered(*names: str) -> Coverage:
    """The coverage of everything that is found there."""
    coverage = Coverage()
    gathered = gather(names, PACKS)
    assert [problem for problem in gathered.problems if problem.severity == "error"] == []
    for suite in gathered.suites:
        coverage.measure(suite.loaded.packs, suite.loaded.policy)
    for suite in gathered.suites:
        for result in run_cases(suite.loaded.policy, suite.cases, watch=coverage.watcher(suite.loaded.policy)):
            assert result.differences == (), result
    return coverage


ANSWER = "{at: +1 day, events: [{type: message, from: employer}]}"
REJECTION = "{at: +1 day, events: [{type: rejected}]}"
INTERVIEW = "{at: +0 minutes, events: [{type: interview_completed}]}"
SENT = "{at: +1 hour, carry_out: true}"
ALL = {
    "question": (
        "step 1 sent",
        "step 1 expired",
        "step 2 sent",
        "step 2 too early",
        "step 2 expired",
        "all steps sent",
    ),
    "hours": ("window open", "window shut"),
    "two": ("limit not reached", "limit reached"),
    "pause": ("cooldown running", "cooldown over"),
    "stop": ("nothing stopped it", *(f"stopped by {word}" for word in ON[5:-1].split(", "))),
    "quiet": (TRUE, FALSE, UNKNOWN, "nothing stopped it", "stopped by note"),
}


def test_nothing_is_reached_by_nothing(missing: Any) -> None:
    """Where no follow-up has an occasion, every side is missing: these are all there are."""
    assert missing("{at: +0 minutes, expect: {decision: none}}") == ALL


REACHED: dict[str, tuple[tuple[str, ...], set[tuple[str, str]]]] = {
    "due": ((INTERVIEW,), {("question", "step 1 sent"), ("hours", "window open"), ("two", "limit not reached")}),
    "in the night": ((INTERVIEW, "{at: +12 hours, carry_out: true}"), {("hours", "window shut")}),
    "expired": ((INTERVIEW, "{at: +11 days, carry_out: true}"), {("question", "step 1 expired")}),
    "second": (
        (INTERVIEW, SENT, "{at: +1 day, carry_out: true}", "{at: +4 days, carry_out: true}", "{at: +5 days, stage: x}"),
        {
            ("question", "step 2 too early"), ("question", "step 2 sent"), ("pause", "cooldown running"),
            ("pause", "cooldown over"), ("question", "all steps sent"), ("two", "limit reached"),
        },
    ),
    "late": ((INTERVIEW, SENT, "{at: +12 days, carry_out: true}"), {("question", "step 2 expired")}),
    "answered": ((INTERVIEW, ANSWER), {("stop", "stopped by reply")}),
    "rejected": ((INTERVIEW, "{at: +1 day, status: rejected}"), {("stop", "stopped by rejected")}),
    "rejected by an event": ((INTERVIEW, REJECTION), {("stop", "stopped by rejected")}),
    "opted out": ((INTERVIEW, "{at: +1 day, events: [{type: opted_out}]}"), {("stop", "stopped by opted_out")}),
    "referral": (
        (INTERVIEW, "{at: +1 day, attributes: {referral: true}, events: [{type: note}]}"),
        {("quiet", TRUE), ("quiet", UNKNOWN), ("quiet", "stopped by note")},
    ),
    "no referral": ((INTERVIEW, "{at: +1 day, attributes: {referral: false}}"), {("quiet", FALSE)}),
}  # fmt: skip


@pytest.mark.parametrize("name", REACHED)
def test_a_story_reaches_what_it_tells(missing: Any, name: str) -> None:
    """Each story reaches the sides that it is about; told without its last moment, it does not."""
    moments, sides = REACHED[name]
    left = missing(*moments)
    assert [side for rule, side in sides if side in left[rule]] == []
    before = missing(*(moments[:-1] or ("{at: +0 minutes, stage: x}",)))
    assert [side for rule, side in sides if side in before[rule]] != []


def test_a_window_that_is_always_open_has_no_shut_side(missing: Any) -> None:
    """Nothing is asked for that cannot be reached."""
    always = RULES.replace("Mon-Sun 09:00-17:00", "Mon-Sun 00:00-24:00")
    assert missing(INTERVIEW, rules=always)["hours"] == ()
    assert (
        "window shut"
        in missing(INTERVIEW, rules=always.replace("24:00\n", "24:00\n    skip_holidays: true\n"))["hours"]
    )


CONDITIONS: list[tuple[dict[str, Any], bool]] = [
    ({"status": "active"}, False),
    ({"touches": {"at_least": 1}}, False),
    ({"stage": "onsite"}, True),
    ({"stage": {"present": True}}, False),
    ({"any": [{"stage": {"present": False}}, {"stage": "onsite"}]}, False),
    ({"all": [{"stage": {"present": True}}, {"stage": "onsite"}]}, False),
    ({"any": [{"stage": "onsite"}, {"job.sector": {"present": False}}]}, True),
    ({"not": {"attributes.x": 1}}, True),
    ({"hours_since.interview_completed": {"at_least": 2}}, False),
    ({"business_days_since.applied": {"at_least": 2}}, True),
    ({"promised_by_passed": True}, True),
    ({"happened": {"event": "note"}}, False),
    ({"not_happened": {"event": "note", "after": "interview_completed"}}, False),
    ({"not_happened": {"event": "note", "after": "applied"}}, True),
    ({"any": [{"not_happened": {"event": "applied"}}, {"happened": {"event": "note", "after": "applied"}}]}, False),
    ({"any": [{"not_happened": {"event": "message"}}, {"happened": {"event": "note", "after": "applied"}}]}, True),
    ({"any": [{"promised_by_passed": {"present": False}}, {"promised_by_passed": True}]}, False),
    ({"all": [{"happened": {"event": "applied"}}, {"hours_since.applied": {"at_least": 3}}]}, False),
    ({"any": [{f"attributes.a{n}": n} for n in range(30)]}, True),
]


@pytest.mark.parametrize(("raw", "unknown"), CONDITIONS)
def test_unknown_is_a_side_only_where_it_can_come(raw: dict[str, Any], unknown: bool) -> None:
    """A missing fact that cannot make the whole unknown makes no side; the anchor has always happened."""
    assert can_be_unknown(read_condition(raw), {"interview_completed"}) is unknown


def test_a_rule_that_speaks_and_never_decides_is_named(missing: Any) -> None:
    """It is told, and does not count against the share."""
    missing(INTERVIEW)
    lines = list(lines_of(covered("acme_test.yaml")))
    assert "acme.yaml:14: hours: never decided a case" in lines
    assert "acme.yaml:33: quiet: not reached: condition true, condition false, stopped by note" in lines
    assert lines[-1].startswith("coverage: ")


def test_all_is_a_hundred_and_nothing_less_is(missing: Any) -> None:
    """The share is rounded down, and is compared exactly."""
    missing(INTERVIEW)
    coverage = covered("acme_test.yaml")
    reached, there = coverage.counted
    assert (reached, there) == (sum(len(one.reached) for one in coverage.rules), 23)
    assert percent(coverage) == f"{reached * 1000 // 23 / 10:g}"
    assert reaches(coverage, reached * 100 / 23 - 0.001)
    assert not reaches(coverage, reached * 100 / 23 + 0.001)


def test_the_command(missing: Any, run: Any) -> None:
    """Unreached sides are named with file and line; below the least, FR410 and exit status 1."""
    missing(INTERVIEW)
    ran = run("test", "acme.yaml", "--coverage")
    assert ran.status == 0
    assert "acme.yaml:14: hours: not reached: window shut" in ran.lines
    assert run("test", "acme.yaml", "--min-coverage", "10").status == 0
    ran = run("test", "acme.yaml", "--min-coverage", "90")
    assert ran.status == 1
    assert "FR410 " in ran.err
    assert run("test", "acme.yaml", "--min-coverage", "101").status == 2
    assert "FR410" not in run("test", "acme.yaml").err


def test_only_rules_that_were_asked_for_are_measured(missing: Any, write: Any) -> None:
    """Those of extended packs are tested where they stand; a disabled or replaced one is no part of the policy."""
    missing(INTERVIEW)
    write("more.yaml", "schema: followup-rules/1\npack: more\nextends: [./acme.yaml]\ndisable: [quiet]\n")
    assert covered("more.yaml").rules == []
    assert {one.rule for one in covered("acme.yaml", "more.yaml").rules} == {*ALL}


def test_a_rule_that_is_reached_from_several_files_is_one(missing: Any, write: Any) -> None:
    """Two scenario files, and a rule file beside them, add up."""
    missing(INTERVIEW)
    first = covered("acme.yaml").counted
    text = (
        "schema: followup-rules-test/1\nrules: [../acme.yaml]\nscenarios:\n  - title: u\n"
        "    start: 2026-09-14T23:00:00-04:00\n    application: {job: {timezone: America/New_York, country: US}}\n"
        "    moments: [{at: +0 minutes, events: [{type: interview_completed}]}]\n"
    )
    write("deep/other_test.yaml", text)
    assert covered("acme.yaml", "deep").counted == (first[0] + 1, first[1])
    assert covered(".").counted == (first[0] + 1, first[1])


def test_rules_about_texts_are_not_measured() -> None:
    """They have no sides, and a line says how many they are."""
    policy = load_policy(["default"], PACKS).policy
    messages = [rule for rule in policy.rules if rule.kind == "message"]
    assert {sides_of(rule, policy) for rule in messages} == {()}
    assert f"{len(messages)} rules about texts are not measured" in lines_of(covered("default"))


def test_what_is_considered_is_what_has_occasions(example_lines: Any) -> None:
    """The follow-up rules whose condition holds when they are asked are those that have the occasions."""
    policy = load_policy(["default"], PACKS).policy
    matcher = NativeMatcher(policy.conditions)
    now = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)
    seen = set()
    for line in example_lines:
        timeline = Timeline(Application.model_validate_json(line), now)
        asked = [(lane.rule.id, truth) for lane, truth in considered(policy, timeline, matcher)]
        seen |= {truth for _, truth in asked}
        holding = sorted(name for name, truth in asked if truth in (Truth.TRUE, Truth.NO_ZONE))
        assert holding == sorted(one.lane.rule.id for one in occasions(policy, timeline, matcher))
    assert {Truth.TRUE, Truth.FALSE} <= seen


ACROSS = """\
schema: followup-rules-test/1
scenarios:
  - title: two applications
    start: 2026-09-14T10:00:00-04:00
    applications:
      - {id: a, candidate: {id: c-1}, job: {timezone: America/New_York}}
      - {id: b, candidate: {id: c-1}, job: {timezone: America/New_York}}
    moments:
      - at: +0 minutes
        events: [{type: message, from: candidate, follow_up: NAME, application: a}]
      - at: +5 days
        events: [{type: interview_completed, application: b}]
"""


@pytest.mark.parametrize(("name", "over"), [("question", True), ("other", False)])
def test_a_cooldown_is_over_after_a_touch_that_it_counts(name: str, over: bool, write: Callable[..., str]) -> None:
    """One that counts over a candidate also after a touch in another application; never after one of another name."""
    text = RULES.replace("    at_least: 3 days\n    per: application", "    at_least: 3 days\n    per: candidate")
    write("acme.yaml", text.replace("    at_least:", "    follow_up: question\n    at_least:"))
    write("acme_test.yaml", ACROSS.replace("NAME", name))
    found = next(one for one in covered("acme_test.yaml").rules if one.rule == "pause")
    assert ("cooldown over" in found.reached) is over
