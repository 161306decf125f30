"""Scenarios: stories lived through on a virtual clock, what comes out otherwise, and expectations that are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_rules.load.rulefiles import load_policy
from followup_rules.load.sources import is_scenario_file
from followup_rules.load.yaml import parse
from followup_rules.matching.choose import why_not_durable
from followup_rules.matching.native import NativeMatcher
from followup_rules.plugins import load_plugins
from followup_rules.policy import Policy
from followup_rules.report.schema import schema
from followup_rules.rules.expected import _read
from followup_rules.testing.choosing import chooser
from followup_rules.testing.gathering import gather
from followup_rules.testing.scenarios import passes, run
from followup_rules.testing.updating import changes, rewrite, scalar

Write = Callable[[str, str], str]
PACKS = load_plugins().packs

RULES = """\
schema: followup-rules/1
pack: acme
rules:
  - id: thanks
    kind: follow_up
    title: Thank the interviewer
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    opens: 2 hours
    due: 24 hours
    expires: 3 days
    do: [draft_message]
  - id: pause
    kind: cooldown
    title: A day between messages
    at_least: 1 day
    per: application
    when: {stage: onsite}
  - id: vip
    kind: stop
    title: Nobody bothers a VIP
    on: [note]
    when: {attributes.vip: true}
  - id: stop
    kind: stop
    title: Stop when it is over
    on: [reply, rejected, withdrawn, hired, opted_out]
"""
JOB = "job: {timezone: America/New_York, country: US}"
START = "2026-09-14T15:00:00-04:00"
INTERVIEW = "{at: +0 minutes, events: [{type: interview_completed}]}"


def story(*moments: str, title: str = "a story", start: str = START, head: str = "", given: str = "") -> str:
    """A scenario file; each moment is one line of YAML."""
    application = given or f"application: {{{JOB}}}"
    lines = "".join(f"      - {moment}\n" for moment in moments)
    return (
        f"schema: followup-rules-test/1\n{head}scenarios:\n  - title: {title}\n    start: {start}\n"
        f"    {application}\n    moments:\n{lines}"
    )


@pytest.fixture
def tested(write: Write, run: Any) -> Callable[..., Any]:
    """Runs a story by the rules above."""

    def call(*moments: str, options: tuple[str, ...] = (), **more: str) -> Any:
        write("acme.yaml", RULES)
        write("acme_test.yaml", story(*moments, **more))
        return run("test", "acme_test.yaml", *options)

    return call


def test_a_story_is_lived_through_moment_by_moment(tested: Any) -> None:
    """Each moment is decided as of itself: too early, due, too late."""
    ran = tested(
        INTERVIEW,
        "{at: +1 hour, expect: {decision: wait, reason: not_open_yet, until: 2026-09-14T17:00:00-04:00}}",
        "{at: +2 hours, expect: {decision: send, step: 1, overdue: false, due_at: 2026-09-15T15:00:00-04:00}}",
        "{at: 2026-09-16T12:00:00Z, expect: {decision: send, overdue: true}}",
        "{at: +2 weeks, expect: {decision: stop, reason: expired, decided_by: thanks}}",
    )
    assert (ran.status, ran.out, ran.err) == (0, "1 passed, 0 failed\n", "")


def test_an_event_is_known_from_its_moment_on(tested: Any) -> None:
    """Before its moment nothing is decided; one that happened earlier counts from when it happened."""
    ran = tested(
        "{at: +0 minutes, expect: {decision: none}}",
        "{at: +5 hours, events: [{type: interview_completed, at: +1 hour}], expect: {decision: send}}",
        "{at: +6 hours, events: [{type: message, from: employer}], expect: {decision: stop, reason: stopped}}",
    )
    assert ran.status == 0, ran.out


def test_what_is_carried_out_is_a_touch(tested: Any) -> None:
    """A send that is carried out is done at the next moment; one that is not is due again."""
    for carry, expected in (("true", "stop, reason: done"), ("false", "send")):
        ran = tested(
            INTERVIEW,
            f"{{at: +3 hours, expect: {{decision: send}}, carry_out: {carry}}}",
            f"{{at: +4 hours, expect: {{decision: {expected}}}}}",
        )
        assert ran.status == 0, ran.out


def test_each_contact_gets_what_is_carried_out(tested: Any) -> None:
    """A message goes to the contact of its decision, and uses up that one's step alone."""
    ran = tested(
        "{at: +0 minutes, events: [{type: interview_completed, contacts: [a, b]}]}",
        "{at: +3 hours, expect: [{contact: a, decision: send}, {occasion: m1-1/b, decision: send}], carry_out: true}",
        "{at: +4 hours, expect: {decision: stop, reason: done}}",
        given=f"application: {{{JOB}, stage: new, contacts: [{{id: a}}, {{id: b}}]}}",
    )
    assert ran.status == 0, ran.out


def test_status_stage_and_attributes_change(tested: Any) -> None:
    """What a moment changes stays changed, and other attributes stay."""
    ran = tested(
        "{at: +0 minutes, events: [{type: interview_completed}, {type: message, from: candidate, follow_up: x}]}",
        "{at: +3 hours, expect: {decision: wait, reason: cooldown}}",
        "{at: +4 hours, stage: offer, expect: {decision: send}}",
        "{at: +5 hours, attributes: {vip: true}, events: [{type: note}], expect: {decided_by: vip}}",
        "{at: +6 hours, attributes: {other: 1}, expect: {decided_by: vip}}",
        "{at: +7 hours, attributes: {vip: false}, status: on_hold, expect: {decision: hold, reason: on_hold}}",
        "{at: +8 hours, status: rejected, expect: {decision: stop, reason: stopped}}",
        given=f"application: {{{JOB}, stage: onsite}}",
    )
    assert ran.status == 0, ran.out


def test_several_applications(tested: Any) -> None:
    """Events and changes go to the application that they, or their moment, name."""
    ran = tested(
        "{at: +0 minutes, events: [{type: interview_completed, application: a}]}",
        "{at: +0 minutes, application: b, events: [{type: interview_completed}]}",
        "{at: +3 hours, application: b, status: hired, "
        "expect: [{application: a, decision: send}, {application: b, decision: stop}]}",
        given=f"applications: [{{id: a, {JOB}}}, {{id: b, {JOB}}}]",
    )
    assert ran.status == 0, ran.out


def test_a_day_is_counted_on_the_clock_of_the_start(tested: Any) -> None:
    """A clock change in between moves nothing: the offset of the start counts."""
    ran = tested(
        "{at: +0 minutes, events: [{type: interview_completed}]}",
        "{at: +1 day, expect: {at: 2026-11-01T15:00:00-04:00}}",
        start="2026-10-31T15:00:00-04:00",
    )
    assert ran.status == 0, ran.out


def test_a_difference_says_moment_key_and_rule(tested: Any) -> None:
    """What was expected, what came out, when, and by which rule in which line."""
    ran = tested(INTERVIEW, "{at: +26 hours, expect: {decision: {is_not: send}, step: [2, 3], until: {present: true}}}")
    assert ran.status == 1
    assert ran.lines == [
        "acme_test.yaml:8:33: FR402 a story",
        "    at +26 hours, Tue 15 Sep 2026 17:00 UTC-04:00 (line 8):",
        "      decision: expected not send, came out send",
        "      step: expected one of 2, 3, came out 1",
        "      until: expected something, came out nothing",
        "      it is send (in_window) for thanks, occasion m1-1: overdue, decided by thanks (acme.yaml:4)",
        "0 passed, 1 failed",
    ]


def test_no_decision_where_one_was_expected(tested: Any) -> None:
    """What there is instead is told; and a decision where none was expected is told as well."""
    ran = tested("{at: +0 minutes, expect: {decision: send}}", options=("--engine", "native"))
    assert "      expected send, but no decision came out" in ran.lines
    ran = tested("{at: +3 hours, events: [{type: interview_completed}], expect: {decision: none}}")
    assert "expected no decision, came out wait until Mon 14 Sep 2026 20:00 EDT" in ran.out


def test_every_decision_that_is_picked_is_compared(tested: Any) -> None:
    """An expectation that names nothing speaks about all decisions of the moment."""
    ran = tested(
        "{at: +0 minutes, events: [{type: interview_completed, application: a}]}",
        "{at: +1 hour, application: b, events: [{type: interview_completed}]}",
        "{at: +2 hours, expect: {decision: send}}",
        given=f"applications: [{{id: a, {JOB}}}, {{id: b, {JOB}}}]",
    )
    assert ran.out.count("decision: expected send, came out wait") == 1


def test_a_refused_application_is_a_difference(write: Write, run: Any) -> None:
    """What cannot be decided has no decision, and `none` must not pass because of that."""
    write("acme.yaml", RULES.replace("per: application", "per: candidate"))
    write("acme_test.yaml", story(INTERVIEW, "{at: +1 day, expect: {decision: none}}"))
    ran = run("test", "acme.yaml")
    assert ran.status == 1
    assert "FR210" in ran.out
    assert run("test", "acme.yaml", "--update").status == 1


# --- tests of values ---------------------------------------------------------------------------------------------

HOLDS: list[tuple[Any, Any, Any, bool]] = [
    ("decision", "send", "send", True), ("decision", "send", "wait", False),
    ("decision", ["send", "wait"], "wait", True),
    ("decision", {"is_not": "send"}, "none", True), ("decision", {"none_of": ["send", "none"]}, "none", False),
    ("decision", {"one_of": ["hold"]}, "hold", True), ("reason", "done", None, False),
    ("reason", {"is_not": "done"}, None, True), ("reason", {"present": False}, None, True),
    ("number", {"at_least": 2}, 2, True), ("number", {"more_than": 2}, 2, False),
    ("number", {"at_most": 1}, None, False),
    ("number", {"at_least": 2, "less_than": 4}, 4, False), ("truth", True, True, True), ("truth", False, True, False),
    ("text", {"is": "a"}, "a", True),
]  # fmt: skip


@pytest.mark.parametrize(("sort", "raw", "value", "holds"), HOLDS)
def test_tests_of_values(sort: Any, raw: Any, value: Any, holds: bool) -> None:
    """A value, a list, and every operator, also where nothing came out."""
    assert _read(sort, raw).holds(value) is holds


# --- faults ------------------------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[str, str]] = {
    "{at: +0 minutes, exect: {decision: send}}": ("FR104", "7:26"),
    "{at: +0 minutes, expect: {decison: send}}": ("FR104", "7:35"),
    "{at: +0 minutes, expect: [{decision: send}, {decision: snd}]}": ("FR103", "7:64"),
    "{at: +0 minutes, expect: {decision: {isnot: send}}}": ("FR104", "7:46"),
    "{at: +0 minutes, expect: {decision: {}}}": ("FR103", "7:45"),
    "{at: +0 minutes, expect: {step: one}}": ("FR102", "7:41"),
    "{at: +0 minutes, expect: {step: {one_of: []}}}": ("FR102", "7:50"),
    "{at: +0 minutes, expect: {step: {one_of: [1, x]}}}": ("FR102", "7:54"),
    "{at: +0 minutes, expect: {overdue: 1}}": ("FR102", "7:44"),
    "{at: +0 minutes, expect: {reason: {at_least: done}}}": ("FR104", "7:44"),
    "{at: +0 minutes, expect: {until: 2026-09-14}}": ("FR205", "7:42"),
    "{at: +0 minutes, expect: {follow_up: thank_you}}": ("FR101", "7:34"),
    "{at: +0 minutes, expect: {follow_up: thank, decision: none}}": ("FR407", "7:34"),
    "{at: +0 minutes, expect: {rule: stop, decision: none}}": ("FR407", "7:34"),
    "{at: +0 minutes, expect: {contact: u-9, decision: none}}": ("FR407", "7:34"),
    "{at: +0 minutes, expect: {occasion: e7, decision: none}}": ("FR407", "7:34"),
    "{at: +0 minutes, expect: {decided_by: thank}}": ("FR407", "7:34"),
    "{at: +0 minutes, expect: {application: x, decision: none}}": ("FR411", "7:48"),
    "{at: +0 minutes, application: x, stage: y}": ("FR411", "7:39"),
    "{at: +0 minutes}": ("FR405", "7:9"),
    "{at: +2 business hours, stage: y}": ("FR408", "7:14"),
    "{at: +2 months, stage: y}": ("FR107", "7:14"),
    "{at: 2 hours, stage: y}": ("FR205", "7:14"),
    "{at: 2026-09-14T15:00:00, stage: y}": ("FR205", "7:14"),
    "{at: 2026-09-14T14:59:59-04:00, stage: y}": ("FR404", "7:14"),
    "{at: +5200 weeks, stage: y}": ("", ""),
    "{at: +36500 days, stage: y}": ("", ""),
    "{at: +0 minutes, status: gone}": ("FR103", "7:34"),
    "{at: +0 minutes, events: [{type: interview}]}": ("FR203", "7:42"),
    "{at: +0 minutes, events: [{typ: note}]}": ("FR204", "7:36"),
    "{at: +0 minutes, events: [{type: message}]}": ("FR202", "7:35"),
    "{at: +0 minutes, events: [{type: note, contact: u-9}]}": ("FR207", "7:35"),
    "{at: +0 minutes, events: [{type: note, at: +1 business day}]}": ("FR408", "7:52"),
    "{at: +0 minutes, events: [{type: interview_canceled, interview: e9}]}": ("FR208", "7:35"),
    "{at: +0 minutes, events: [{type: note, id: x}, {type: applied, id: x}]}": ("FR209", "7:56"),
    "{at: +0 minutes, events: [{type: note}], carry_out: sometimes}": ("FR102", "7:61"),
    "{at: +0 minutes, events: [{type: note, application: 5}]}": ("FR411", "7:61"),
    "{at: +0 minutes, status: null}": ("FR103", "7:34"),
    "{at: +0 minutes, expect: {decision: none, step: null}}": ("FR103", "7:57"),
    "{at: +0 minutes, expect: {decision: none, follow_up: null}}": ("FR103", "7:62"),
    "{at: +0 minutes, expect: [[]]}": ("FR102", "7:35"),
    "{at: +0 minutes, expect: [{}]}": ("FR101", "7:35"),
    "{at: +0 minutes, events: null}": ("FR102", "7:34"),
    "events": ("FR102", "7:9"),
}


@pytest.mark.parametrize("moment", FAULTS)
def test_a_fault_has_a_code_and_a_place(tested: Any, moment: str) -> None:
    """One error for one fault, at its line and column, exit status 2."""
    code, place = FAULTS[moment]
    ran = tested(moment)
    if not code:
        assert (ran.status, ran.err) == (0, "")
        return
    assert ran.status == 2
    assert [line.split(" ")[:2] for line in ran.err.splitlines()] == [[f"acme_test.yaml:{place}:", code]]


HEADS: dict[str, str] = {
    "schema: followup-rules-test/1\nscenarios: []\n": "FR409",
    "schema: followup-rules-test/2\nscenarios: []\n": "FR121",
    "scenarios: []\n": "FR101",
    "schema: followup-rules-test/1\n": "FR101",
    "schema: followup-rules-test/1\nscenarios: {}\n": "FR102",
    "schema: followup-rules-test/1\nscenarios: [1]\n": "FR102",
    "schema: followup-rules-test/1\nscenario: []\nscenarios: []\n": "FR104",
    "schema: followup-rules-test/1\nrules: acme.yaml\nscenarios: []\n": "FR102",
    "schema: followup-rules-test/1\nrules: [1]\nscenarios: []\n": "FR102",
    "schema: followup-rules-test/1\nrules: [acne]\nscenarios: []\n": "FR403",
    "schema: followup-rules-test/1\nrules: [../acme.yaml]\nscenarios: []\n": "FR403",
    "[]\n": "FR102",
    "a: [\n": "FR003",
    "": "FR004",
}


@pytest.mark.parametrize("text", HEADS)
def test_a_fault_in_the_head_of_a_file(write: Write, run: Any, text: str) -> None:
    """Also what is no scenario file at all is one clear error."""
    write("acme.yaml", RULES)
    write("acme_test.yaml", text)
    ran = run("test", "acme_test.yaml")
    assert ran.status == (1 if HEADS[text] == "FR409" else 2)
    assert f" {HEADS[text]} " in f" {ran.err}"


def test_all_faults_are_told_and_good_stories_run(tested: Any, write: Write, run: Any) -> None:
    """One faulty scenario does not keep the other from running, and none of its faults is left for the next run."""
    write("acme.yaml", RULES)
    bad = story("{at: 1 hour, events: [{typ: note}], expect: {decison: send}}", "{at: +1 hour}", title="bad")
    good = story("{at: +1 hour, events: [{type: note}], expect: {decision: none}}").partition("scenarios:\n")[2]
    write("acme_test.yaml", bad + good)
    ran = run("test", "acme_test.yaml")
    assert (ran.status, ran.out) == (2, "1 passed, 0 failed\n")
    assert [line.split(" ")[1] for line in ran.err.splitlines()] == ["FR205", "FR204", "FR104", "FR405"]


def test_titles_that_come_twice_are_a_warning(tested: Any) -> None:
    """FR406 names the first; both are run, and the exit status stays clean. Different titles say nothing."""
    twice = "{at: +0 minutes, stage: x}\n" + story("x").partition("scenarios:\n")[2].partition("      - x")[0]
    ran = tested(twice + "      - {at: +0 minutes, stage: y}")
    assert (ran.status, ran.out) == (0, "2 passed, 0 failed\n")
    assert ran.err.startswith("acme_test.yaml:8:12: FR406 the title 'a story' is used twice, first in line 3")


# --- which files -------------------------------------------------------------------------------------------------


def test_what_a_path_stands_for(write: Write, run: Any) -> None:
    """A rule file with the scenarios beside it, a folder with all, a scenario file alone; rules are found from it."""
    passing = "{at: +0 minutes, stage: x, expect: {decision: none}}"
    write("in/acme.yaml", RULES)
    write("in/acme_test.yaml", story(passing))
    write("in/deep/other_test.yml", story(passing, head="rules: [../acme.yaml]\n"))
    write("in/.hidden_test.yaml", "not read")
    write("in/deep/broken.yaml_test.txt", "not read")
    for path, count in (("in/acme.yaml", 1), ("in", 2), ("in/deep", 1), ("in/deep/other_test.yml", 1), (".", 2)):
        ran = run("test", path)
        assert (ran.status, ran.out, ran.err) == (0, f"{count} passed, 0 failed\n", ""), path


def test_a_rule_file_brings_the_scenarios_that_name_it(write: Write, run: Any) -> None:
    """Those beside it, whatever they are called; another that is broken and not asked for is left alone."""
    write("acme.yaml", RULES)
    write("other.yaml", RULES.replace("pack: acme", "pack: other"))
    write("stories_test.yaml", story("{at: +0 minutes, stage: x}", head="rules: [./acme.yaml]\n"))
    write("broken_test.yaml", "a: [\n")
    assert run("test", "acme.yaml").out == "1 passed, 0 failed\n"
    assert run("test", "other.yaml").status == 1
    assert run("test", ".").status == 2


def test_a_pack_by_name_brings_its_scenarios(run: Any) -> None:
    """The scenarios of a bundled pack are shipped and run, and no pack is called `default_test`."""
    ran = run("test", "default", "-k", "default_test.yaml", "-v")
    assert ran.status == 0
    assert "default_test.yaml" in ran.out
    assert not [name for name in PACKS if name.endswith("_test")]


def test_scenarios_of_a_pack(write: Write, run: Any) -> None:
    """`rules` takes packs by name."""
    write("mine_test.yaml", story("{at: +0 minutes, stage: x, expect: {decision: none}}", head="rules: [default]\n"))
    assert run("test", "mine_test.yaml").status == 0


def test_scenario_files_are_told_by_their_names() -> None:
    """`_test` before the suffix, and something before it."""
    assert [name for name in ("a_test.yaml", "a_test.yml", "_test.yaml", "a.yaml", "a_test.json") if
            is_scenario_file(Path(name))] == ["a_test.yaml", "a_test.yml"]  # fmt: skip


def test_nothing_to_test_is_no_success(write: Write, run: Any) -> None:
    """No case at all, and none that fits, are FR409 and exit status 1; a path that is not there is 2."""
    write("acme.yaml", RULES)
    assert (run("test", "acme.yaml").status, run("test", "acne.yaml").status) == (1, 2)
    assert "FR409 nothing was tested" in run("test", "acme.yaml").err
    write("acme_test.yaml", story("{at: +0 minutes, stage: x}"))
    assert run("test", "acme.yaml").status == 0
    assert "no case fits -k 'xyz'" in run("test", "acme.yaml", "-k", "xyz").err


# --- -k ----------------------------------------------------------------------------------------------------------

CHOSEN = {
    "question": True, "QUESTION": True, "thank": True, "default": True, "two": True, "hold": False,
    "not hold": True, "two and hold": False, "two or hold": True, "not (two or hold)": False,
    "hold and hold or two": True, "two or hold and hold": True, "'two questions'": True, '"questions two"': False,
    "not not two": True, "'not'": False,
}  # fmt: skip


@pytest.mark.parametrize("expression", CHOSEN)
def test_keywords(expression: str) -> None:
    """Texts in file, rule or title, whatever their case; `not` binds closest, then `and`, then `or`."""
    from followup_rules.errors import Place
    from followup_rules.rules.cases import Case

    case = Case("", "Two Questions", Place("rules/default.yaml"), (), "FR401", "thank-you")
    assert chooser(expression)(case) is CHOSEN[expression]


@pytest.mark.parametrize("expression", ["", "two questions", "and two", "two and", "(two", "two)", "not", "'two", "()"])
def test_keywords_that_cannot_be_read(expression: str, run: Any) -> None:
    """Wrong usage, exit status 2, and not a run of everything or of nothing."""
    ran = run("test", "default", "-k", expression)
    assert ran.status == 2
    assert "-k" in ran.err


# --- running by programs -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def default_suites() -> Any:
    return gather(["default"], PACKS).suites


def test_results_are_pure(default_suites: Any) -> None:
    """The same policy and cases give the same results, and `passes` says what they say."""
    for suite in default_suites:
        policy = suite.loaded.policy
        matcher = NativeMatcher(policy.conditions)
        first, second = (list(run(policy, suite.cases, matcher)) for _ in range(2))
        assert first == second
        assert [not one.differences for one in first] == [passes(policy, case, matcher) for case in suite.cases]


def test_other_rules_are_noticed(default_suites: Any) -> None:
    """Cases that were read once are run by a changed policy: without its windows some fail."""
    for suite in default_suites:
        rules = [rule for rule in suite.loaded.policy.rules if rule.kind not in ("send_window", "message")]
        policy = Policy(rules, suite.loaded.policy.templates)
        results = list(run(policy, suite.cases))
        assert [not one.differences for one in results] == [passes(policy, case) for case in suite.cases]
    assert any(one.differences for one in results) or len(default_suites) == 1


def test_engines_agree_on_stories(run: Any) -> None:
    """Both engines at once find no disagreement in the stories of the bundled packs."""
    if why_not_durable():
        pytest.skip(f"THE DURABLE ENGINE IS NOT TESTED: {why_not_durable()}")
    assert run("test", "default", "--engine", "verify", "-k", "default_test").status == 0


# --- --update ----------------------------------------------------------------------------------------------------

LAYOUTS = {
    "expect:": "expect: {decision: none}",
    "expect: []": "expect: {decision: none}",
    "expect: {}   # c": "expect: {decision: none}   # c",
    "expect: {decision: send}  # c": "expect: {decision: none}  # c",
    "expect: {decision: {is_not: none}}": "expect: {decision: none}",
    "expect:\n          decision: wait  # c\n          # d": "expect:\n          decision: none  # c\n          # d",
    "expect:\n          - {decision: none}\n          - {decision: send}":
        "expect:\n          - {decision: none}\n          - {decision: none}",
}  # fmt: skip


@pytest.mark.parametrize("before", LAYOUTS)
def test_update_keeps_the_layout(write: Write, run: Any, before: str) -> None:
    """Whatever form an expectation has, it alone is changed, and the next run passes."""
    write("acme.yaml", RULES)
    whole = "# head\n" + story(f"at: +0 minutes\n        stage: x\n        {before}", "{at: +1 day, stage: y}  # end")
    write("acme_test.yaml", whole)
    ran = run("test", "acme_test.yaml", "--update")
    assert ran.status == 1
    assert ran.lines[0] == "--- acme_test.yaml"
    assert Path("acme_test.yaml").read_bytes().decode() == whole.replace(before, LAYOUTS[before])
    assert run("test", "acme_test.yaml", "--update").status == 0


def test_update_writes_single_values(write: Write, run: Any) -> None:
    """Keys that hold stay as they are written, and each decision that comes out is written where nothing stood."""
    write("acme.yaml", RULES)
    moments = (
        "at: +1 hour\n        expect: {decision: wait, until: {at_most: 2026-09-14T10:00:00Z}, reason: done} # x",
    )
    write("acme_test.yaml", story(INTERVIEW, *moments, "{at: +3 hours, expect: }").replace("\n", "\r\n"))
    assert run("test", "acme_test.yaml", "--update").status == 1
    lines = Path("acme_test.yaml").read_bytes().decode().split("\r\n")
    assert lines[8] == "        expect: {decision: wait, until: 2026-09-14T17:00:00-04:00, reason: not_open_yet} # x"
    assert lines[9] == "      - {at: +3 hours, expect: {follow_up: thank_you, decision: send, reason: in_window} }"


def test_update_of_examples(write: Write, run: Any) -> None:
    """Examples inside rules are updated in their rule file."""
    example = f"""    examples:
      - at: {START}
        application: {{{JOB}}}
        expect: {{decision: send}}   # why
"""
    write("acme.yaml", RULES.replace("    do: [draft_message]\n", "    do: [draft_message]\n" + example))
    assert run("test", "acme.yaml", "--update").status == 1
    assert "expect: {decision: none}   # why" in Path("acme.yaml").read_text("utf-8")
    assert run("test", "acme.yaml").status == 0


def test_update_leaves_alone_what_is_shared_or_installed(write: Write, run: Any) -> None:
    """An expectation that is used twice cannot be right in two ways; an installed pack is nobody's to change."""
    write("acme.yaml", RULES)
    text = story("{at: +0 minutes, expect: &a {decision: send}}", "{at: +0 minutes, expect: *a}")
    write("acme_test.yaml", text)
    ran = run("test", "acme_test.yaml", "--update")
    assert ran.status == 1
    assert "is left alone" in ran.err
    assert Path("acme_test.yaml").read_text("utf-8") == text


@given(
    st.lists(st.sampled_from(["send", "wait", "stop", "hold", "none", "{is_not: send}", "[stop, hold]"]), max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_update_always_comes_to_rest(expected: list[str]) -> None:
    """Whatever was expected, what is written passes, and a second update writes nothing."""
    hours = (0, 1, 3, 30, 60, 90)
    moments = [
        f"{{at: +{hour} hours, expect: {{decision: {one}}}}}" for hour, one in zip(hours, expected, strict=False)
    ]
    with TemporaryDirectory() as folder:
        Path(folder, "acme.yaml").write_text(RULES, "utf-8")
        file = Path(folder, "acme_test.yaml")
        file.write_text(story("{at: +0 hours, events: [{type: interview_completed}]}", *moments), "utf-8")
        for last in (False, True):
            (suite,) = gather([file.as_posix()], PACKS).suites
            found = list(changes(suite.loaded.policy, suite.cases))
            made = rewrite(file.read_text("utf-8"), found)
            file.write_text(made.text, "utf-8")
            assert not (last and found)
        (result,) = run(suite.loaded.policy, suite.cases)
        assert result.differences == ()


@given(st.text(min_size=1, max_size=20))
def test_written_texts_are_read_back(text: str) -> None:
    """Ids may hold anything that can be printed; what is written is the same text again."""
    if text.isprintable():
        assert parse(f"a: {{b: {scalar(text)}}}", "x").data == {"a": {"b": text}}


# --- the schema --------------------------------------------------------------------------------------------------

SCHEMA = jsonschema.Draft202012Validator(schema("scenarios"))


def test_the_schema_takes_good_files_and_underlines_faults() -> None:
    """What `test` takes, an editor takes; misspelt keys and words are underlined."""
    jsonschema.Draft202012Validator.check_schema(schema("scenarios"))
    text = PACKS["default"].path.with_name("default_test.yaml").read_text("utf-8")
    assert [error.message for error in SCHEMA.iter_errors(parse(text, "x").data)] == []
    good = parse(story(INTERVIEW, "{at: +1 hour, expect: {decision: [wait], step: {at_least: 1}}}"), "x").data
    assert SCHEMA.is_valid(good)
    for moment in ("{at: 1 hour, stage: x}", "{at: +1 hour, expect: {decison: send}}", "{at: +1 hour, evnts: []}",
                   "{at: +1 hour, expect: {decision: {isnt: send}}}", "{at: +1 hour, events: [{typ: note}]}",
                   "{at: +1 hour, expect: {rule: x}}", "{at: +1 business day, stage: x}"):  # fmt: skip
        assert not SCHEMA.is_valid(parse(story(moment), "x").data), moment


def test_the_schema_is_printed(run: Any) -> None:
    """`schema scenarios` is JSON."""
    assert json.loads(run("schema", "scenarios").out)["title"] == "A file of scenarios"


def test_scenarios_keep_no_state_between_policies(policy_of: Any, follow_up: Any, stops: Any) -> None:
    """A policy that is loaded again decides the same story the same."""
    one, two = (load_policy(["default"], PACKS).policy for _ in range(2))
    (suite, *_) = gather(["default"], PACKS).suites
    assert [r.differences for r in run(one, suite.cases)] == [r.differences for r in run(two, suite.cases)]


# --- damaged files -----------------------------------------------------------------------------------------------

ODD = st.sampled_from(
    ["", "[]", "{}", "x", "1", "-1", "true", "null", "+1 day", "+0 minutes", "2026-09-14", "2999-12-31T23:59:59Z",
     "1900-01-01T00:00:00Z", "*ada", "[{}]", "{at: +1 day}", "'", "\u2028", "{type: note}", "!!int 1", "1e999"]
)  # fmt: skip
WHOLE = PACKS["default"].path.with_name("default_test.yaml").read_text("utf-8")


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(["value", "line", "double"]), ODD), max_size=4))
@settings(max_examples=150, deadline=None)
def test_damaged_files_are_told_and_nothing_breaks(damage: list[tuple[int, str, str]]) -> None:
    """Values replaced, lines left out or doubled: the file runs, or every fault has a code and a line."""
    lines = WHOLE.splitlines()
    for number, how, odd in damage:
        index = number % len(lines)
        before, colon, _ = lines[index].partition(": ")
        lines[index : index + 1] = {"line": [], "double": [lines[index]] * 2, "value": [f"{before}{colon}{odd}"]}[how]
    with TemporaryDirectory() as folder:
        file = Path(folder, "mine_test.yaml")
        file.write_text("\n".join(lines).replace("\nscenarios:", "\nrules: [default]\nscenarios:"), "utf-8")
        gathered = gather([file.as_posix()], PACKS)
    assert all(problem.code.startswith("FR") and problem.place.line for problem in gathered.problems)
    for suite in gathered.suites:
        for result in run(suite.loaded.policy, suite.cases):
            assert all(isinstance(line, str) for line in result.differences)
