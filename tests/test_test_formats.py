"""`test --format`: every case, every problem of the files and the coverage, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import junitparser
import pytest

from followup_rules.report.output import FORMS
from test_outputs import keeps_to_sarif

Write = Callable[[str, str], str]

RULES = """\
schema: followup-rules/1
pack: ours
rules:
  - id: thanks
    kind: follow_up
    title: Thank the interviewer
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    expires: 3 days
    do: [draft_message]
    examples:
      - title: at once
        at: 2026-09-14T15:00:00-04:00
        application:
          job: {timezone: America/New_York, country: US}
          events: [{id: e1, type: interview_completed, at: 2026-09-14T14:00:00-04:00}]
        expect: {decision: send}
  - {id: over, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""
HEAD = "schema: followup-rules-test/1\nscenarios:\n"
ONE = """\
  - title: {}
    start: 2026-09-14T15:00:00-04:00
    application: {{job: {{timezone: America/New_York, country: US}}}}
    moments:
      - at: +0 minutes
        events: [{{type: interview_completed}}]
        expect: {{decision: {}}}
"""
WRONG = ONE.format("it waits", "wait")
RIGHT = ONE.format("it is sent", "send")


@pytest.fixture(autouse=True)
def files(write: Write) -> None:
    """A rule with an example, a scenario that passes and one that fails."""
    write("ours.yaml", RULES)
    write("ours_test.yaml", HEAD + RIGHT + WRONG)


def test_json_has_cases_problems_and_coverage(run: Any, write: Write) -> None:
    """One array: each case with its id, then what is wrong with files, then what was reached."""
    write("ours_test.yaml", HEAD + RIGHT + RIGHT + WRONG)
    ran = run("test", "ours.yaml", "--format", "json", "--coverage", "--min-coverage", "99")
    assert ran.status == 1
    told = json.loads(ran.out)
    cases = [one for one in told if "id" in one]
    assert [one["passed"] for one in cases] == [True, True, True, False]
    assert (cases[-1]["code"], cases[-1]["line"]) == ("FR402", 23)
    assert "expected wait, came out send" in "".join(cases[-1]["differences"])
    assert [one["code"] for one in told if "severity" in one] == ["FR406", "FR410"]
    coverage = told[-1]["coverage"]
    assert (coverage["reached"], coverage["sides"]) == (2, 9)
    assert [one["rule"] for one in coverage["rules"]] == ["thanks", "over"]
    assert coverage["rules"][0]["reached"] == ["step 1 sent"]
    assert ran.err == ""
    lines = run("test", "ours.yaml", "--format", "jsonl", "--coverage", "--min-coverage", "99").lines
    assert [json.loads(line) for line in lines] == told


def test_a_failure_stands_beside_its_line(run: Any) -> None:
    """Annotations, SARIF and JUnit name file and line of the expectation that did not hold."""
    ran = run("test", "ours.yaml", "--format", "github", "--coverage")
    assert ran.status == 1
    assert [line.partition(" ")[0] for line in ran.lines] == ["::error"]
    assert "file=ours_test.yaml,line=16,col=" in ran.out
    log = json.loads(run("test", "ours.yaml", "--format", "sarif", "--coverage").out)
    keeps_to_sarif(log)
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["FR402"]
    suites = junitparser.JUnitXml.fromstring(run("test", "ours.yaml", "--format", "junit").out.encode())
    assert [(suite.name, suite.tests, suite.failures) for suite in suites] == [
        ("ours.yaml", 1, 0), ("ours_test.yaml", 2, 1),
    ]  # fmt: skip


FAULTS = {
    "faulty": ("ours_test.yaml", HEAD + RIGHT.replace("moments", "momnets"), ("ours.yaml",), "FR104", 2),
    "no rules": ("lone_test.yaml", HEAD + RIGHT, ("lone_test.yaml",), "FR403", 2),
    "no file": ("x", "", ("nowhere.yaml",), "FR001", 2),
    "no case": ("x", "", ("ours.yaml", "-k", "nothing"), "FR409", 1),
    "no such code": ("x", "", ("ours.yaml", "--ignore", "FR401,FR402"), "FR409", 1),
    "too little": ("ours_test.yaml", HEAD + RIGHT, ("ours.yaml", "--min-coverage", "90"), "FR410", 1),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_keeps_a_run_from_passing_is_in_every_format(run: Any, write: Write, fault: str, form: str) -> None:
    """Faulty files, a run that tested nothing, and too little coverage are told where the format goes."""
    name, text, words, code, status = FAULTS[fault]
    write(name, text)
    ran = run("test", *words, "--format", form)
    assert ran.status == status
    assert code in (ran.err if form == "text" else ran.out)
    if form in ("json", "sarif"):
        json.loads(ran.out)
    if form == "sarif":
        keeps_to_sarif(json.loads(ran.out))
    if form == "junit":
        assert junitparser.JUnitXml.fromstring(ran.out.encode()).failures >= 1


def test_output_puts_the_format_into_a_file(run: Any) -> None:
    """A person reads text all the same."""
    ran = run("test", "ours.yaml", "--format", "junit", "--output", "test.xml", "--coverage")
    assert ran.status == 1
    assert "2 passed, 1 failed" in ran.lines
    assert ran.lines[-1].startswith("coverage: ")
    assert junitparser.JUnitXml.fromfile("test.xml").tests == 3


def test_warnings_count_where_they_are_asked_for(run: Any, write: Write) -> None:
    """FR406 alone fails nothing, fails with --fail-on warning, and can be left out."""
    write("ours_test.yaml", HEAD + RIGHT + RIGHT)
    assert run("test", "ours.yaml").status == 0
    ran = run("test", "ours.yaml", "--fail-on", "warning")
    assert (ran.status, "FR406" in ran.err) == (1, True)
    assert run("test", "ours.yaml", "--fail-on", "warning", "--ignore", "FR406") == (0, "3 passed, 0 failed\n", "")
    assert run("test", "ours.yaml", "--ignore", "FR999").status == 2


def test_codes_choose_what_is_run(run: Any) -> None:
    """Examples are FR401 and scenarios FR402: one sort can be run alone."""
    assert run("test", "ours.yaml", "--select", "FR401").out == "1 passed, 0 failed\n"
    assert run("test", "ours.yaml", "--ignore", "FR401").lines[-1] == "1 passed, 1 failed"


def test_warnings_about_rules_are_left_to_check(run: Any, write: Write) -> None:
    """What `check` says of a rule, and what is silenced there, is not said again by `test`."""
    write("ours.yaml", RULES + "  - {id: few, kind: limit, title: Few, at_most: 3, per: application, follow_up: x}\n")
    write("ours_test.yaml", HEAD + RIGHT)
    assert "FR122" in run("check", "ours.yaml").out
    assert run("test", "ours.yaml", "--fail-on", "warning") == (0, "2 passed, 0 failed\n", "")


def test_what_update_writes_does_not_break_a_format(run: Any) -> None:
    """The difference goes to stderr, where a document goes to stdout."""
    ran = run("test", "ours.yaml", "--update", "--format", "json")
    assert ran.status == 1
    assert all(one["passed"] for one in json.loads(ran.out))
    assert "+        expect: {decision: send}" in ran.err
    assert "decision: wait" not in Path("ours_test.yaml").read_text()
