"""Findings and decisions: what is wrong with a draft keeps it from being sent, and says which rule wants it mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from followup_rules.check import Check, CheckOptions, Context, Fault
from followup_rules.errors import InvalidInput
from followup_rules.judge.decide import decide
from followup_rules.load.rulefiles import load_policy
from followup_rules.model.decision import Decision
from followup_rules.model.times import parse_time
from followup_rules.planning import Decided, Planning
from followup_rules.policy import Policy
from followup_rules.quality.catalogue import CHECKS
from followup_rules.quality.text import Text
from followup_rules.report.machine import as_dict

NOW = parse_time("2026-11-10T10:00:00-05:00")
HEAD = """\
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
    template: thanks.txt.j2
  - {id: stop, kind: stop, title: Over, on: [reply, rejected, withdrawn, hired, opted_out]}
"""
FORBIDS = "  - {id: no-synergy, kind: message, title: No synergy, check: forbids, with: {words: [synergy]}%s}\n"
Make = Callable[..., Policy]


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A policy with some message rules and one template."""
    monkeypatch.chdir(tmp_path)

    def make(rules: str, body: str = "Dear Sam,\n\nThank you for the synergy.\n\nAda", **checks: type[Check]) -> Policy:
        Path("rules.yaml").write_text(HEAD + rules, "utf-8")
        Path("templates").mkdir(exist_ok=True)
        Path("templates/thanks.txt.j2").write_text(f"Subject: Thanks\n\n{body}\n", "utf-8")
        return load_policy(["rules.yaml"], {}, {**CHECKS, **checks}).policy

    return make


def application(**more: Any) -> dict[str, Any]:
    return {
        "id": "a-1",
        "status": "active",
        "candidate": {"id": "c-1", "name": "Ada Park"},
        "job": {"id": "j-1", "title": "Engineer", "company": "Northwind", "timezone": "America/New_York"},
        "contacts": [{"id": "u-1", "name": "Sam Reyes"}],
        "notes": ["Event streams"],
        "skills": ["Kafka"],
        "events": [
            {"id": "e1", "type": "interview_completed", "at": "2026-11-09T15:00:00-05:00", "contact": "u-1"},
        ],
    } | more


def decided(policy: Policy, *applications: dict[str, Any]) -> Decision:
    """The first decision."""
    return decide(applications or [application()], policy, NOW).decisions[0]


def test_an_error_makes_the_decision_revise_and_names_the_rule(policy: Make) -> None:
    """The rule that wants the draft mended decides, with file and line, and its verdict stands among the others."""
    one = decided(policy(FORBIDS % ", severity: error"))
    assert (one.decision, one.reason, one.decided_by.id) == ("revise", "draft_has_errors", "no-synergy")
    assert (one.decided_by.place.file, one.decided_by.place.line) == ("rules.yaml", 14)
    assert [(verdict.rule.id, verdict.verdict) for verdict in one.verdicts][-1] == ("no-synergy", "revise")
    finding = one.findings[0]
    assert (finding.code, finding.severity, finding.line, finding.column) == ("FR616", "error", 3, 19)
    assert finding.excerpt == "synergy"
    told = as_dict(one)["findings"][0]
    assert told["asked_by"] == {"rule": "no-synergy", "file": "rules.yaml", "line": 14}


@pytest.mark.parametrize("severity", ["", ", severity: warning", ", severity: suggestion"])
def test_less_than_an_error_is_told_and_the_message_goes_on(policy: Make, severity: str) -> None:
    """A warning is for the reader of the draft; a rule without a severity warns."""
    one = decided(policy(FORBIDS % severity))
    assert one.decision == "send"
    assert [finding.severity for finding in one.findings] == [severity.removeprefix(", severity: ") or "warning"]
    assert "revise" not in [verdict.verdict for verdict in one.verdicts]


def test_a_draft_with_errors_keeps_its_text(policy: Make) -> None:
    """Who mends it must see it."""
    one = decided(policy(FORBIDS % ", severity: error"))
    assert one.draft is not None and "synergy" in one.draft.body
    assert [action.do for action in one.actions] == ["draft_message"]


@pytest.mark.parametrize(
    ("narrowing", "asked"),
    [
        (", follow_up: thank_you", True),
        (", follow_up: [update, thank_you]", True),
        (", follow_up: update", False),
        (", direction: candidate_to_employer", True),
        (", direction: employer_to_candidate", False),
        (", when: {status: active}", True),
        (", when: {status: on_hold}", False),
        (", when: {attributes.unknown: 1}", True),
        (", when: {not: {attributes.unknown: 1}}", True),
        (", when: {attributes.known: 1}", True),
        (", when: {attributes.known: 2}", False),
    ],
)
def test_a_message_rule_is_asked_where_it_applies(policy: Make, narrowing: str, asked: bool) -> None:
    """Follow-up, direction and condition narrow it; an unknown condition does not, as for all rules that hold back."""
    one = decided(policy(FORBIDS % narrowing), application(attributes={"known": 1}))
    assert bool(one.findings) is asked


class Remembering(Check):
    """Keeps the context that it was given."""

    name = "remembering"
    code = "TEST001"
    title = "never"
    seen: list[tuple[Text, Context]] = []  # noqa: RUF012

    def faults(self, text: Text, context: Context) -> list[Fault]:
        """Nothing."""
        self.seen.append((text, context))
        return []


def test_a_check_is_told_what_the_application_knows(policy: Make) -> None:
    """Names, company, role, notes, skills, earlier messages of the same side."""
    Remembering.seen.clear()
    events = [
        *application()["events"],
        {"id": "e0", "type": "note", "at": "2026-11-09T16:00:00-05:00", "body": "She knows Flink"},
        {"id": "m1", "type": "message", "at": "2026-11-09T17:00:00-05:00", "from": "candidate", "follow_up": "none",
         "body": "Hello Sam"},
    ]  # fmt: skip
    rules = "  - {id: look, kind: message, title: Look, check: remembering, severity: error}\n"
    decided(policy(rules, remembering=Remembering), application(events=events))
    text, context = Remembering.seen[0]
    assert text.subject == "Thanks" and text.body.startswith("Dear Sam")
    assert context == Context(
        direction="candidate_to_employer", follow_up="thank_you", recipient="Sam Reyes", sender="Ada Park",
        company="Northwind", role="Engineer", notes=("Event streams", "She knows Flink"), skills=("Kafka",),
        people=("Ada Park", "Sam Reyes"), other_names=None, thread=("Hello Sam",),
    )  # fmt: skip


OTHER_NAMES = "  - {id: leak, kind: message, title: No leak, check: other_names, severity: error}\n"
THANKS = "Dear Sam,\n\nThank you for Monday. As %s told me, the team is growing.\n\nAda Park"


def other(number: int, **more: Any) -> dict[str, Any]:
    own = {"candidate": {"id": f"x-{number}"}, "job": {"id": f"k-{number}", "company": f"Other {number} Corp"}}
    return application(id=f"b-{number}", contacts=[], notes=[], events=[]) | own | more


@pytest.mark.parametrize(
    ("name", "others", "leaks"),
    [
        # another application of the same candidate: a first name is enough
        (
            "Graham",
            [other(1, candidate={"id": "c-1", "name": "Ada Park"}, contacts=[{"id": "g", "name": "Graham Peel"}])],
            True,
        ),
        # another candidate for the same job
        (
            "Imran",
            [other(1, candidate={"id": "c-9", "name": "Imran Sheikh"}, job={"id": "j-1", "company": "Northwind"})],
            True,
        ),
        # anybody else: the whole name, because in a thousand applications there is a Graham
        ("Graham", [other(1, contacts=[{"id": "g", "name": "Graham Peel"}])], False),
        ("Graham Peel", [other(1, contacts=[{"id": "g", "name": "Graham Peel"}])], True),
        # a colleague at the same company is known there
        (
            "Graham",
            [other(1, job={"id": "j-1", "company": "Northwind"}, contacts=[{"id": "g", "name": "Graham Peel"}])],
            False,
        ),
        # who takes part here is no stranger
        ("Sam Reyes", [other(1, candidate={"id": "c-1"}, contacts=[{"id": "s", "name": "Sam Reyes"}])], False),
    ],
)
def test_names_of_other_applications_are_known(
    policy: Make, name: str, others: list[dict[str, Any]], leaks: bool
) -> None:
    """The wrong person in a message is found, in memory and in a stream alike."""
    made = policy(OTHER_NAMES, THANKS % name)
    one = decided(made, application(), *others)
    assert (one.decision == "revise") is leaks, one.findings
    Path("a.jsonl").write_text("\n".join(json.dumps(line) for line in [application(), *others]), "utf-8")
    from followup_rules.load.applications import read_applications

    streamed = next(iter(Planning(lambda: read_applications(Path("a.jsonl"), "a.jsonl"), made, NOW).decide()))
    assert isinstance(streamed, Decided)
    assert as_dict(streamed.decisions[0]) == as_dict(one)


@pytest.mark.parametrize(
    ("options", "code", "column", "told"),
    [
        ("{word: [x]}", "FR104", 12, "did you mean 'words'?"),
        ("{words: 3}", "FR102", 19, "'words'"),
        ("{words: []}", "FR103", 19, "'words'"),
        ("{}", "FR101", 0, "'words' is missing in check forbids"),
    ],
)
def test_an_option_that_cannot_be_used_is_told_with_its_place(
    policy: Make, options: str, code: str, column: int, told: str
) -> None:
    """File, line, column and the mend."""
    rule = f"  - id: no-synergy\n    kind: message\n    title: No synergy\n    check: forbids\n    with: {options}\n"
    with pytest.raises(InvalidInput) as caught:
        policy(rule)
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.line) == (code, 18)
    assert column == 0 or problem.place.column == column
    assert told in str(problem)


def test_an_unknown_check_is_told_with_its_place(policy: Make) -> None:
    """And the one that was meant."""
    with pytest.raises(InvalidInput, match=r"rules.yaml:14:\d+: FR119 unknown check 'forbid'; did you mean 'forbids'"):
        policy("  - {id: x, kind: message, title: X, check: forbid}\n")


class Strict(Check):
    """Speaks up about everything."""

    name = "strict"
    code = "TEST002"
    title = "always"

    class Options(CheckOptions):
        """None."""

    def faults(self, text: Text, context: Context) -> list[Fault]:
        """The whole text."""
        return [Fault("too much", 0, len(text.body))]


@pytest.mark.parametrize(
    ("body", "code", "decision"),
    [
        ("", "FR303", "revise"),
        ("¡¡¡ ... !!!", "FR303", "revise"),
        (
            "Bonjour Madame, je vous remercie pour notre entretien de lundi et reste dans l'attente de vos nouvelles.",
            "FR304",
            "send",
        ),
        ("الشكر الجزيل لكم على المقابلة يوم الاثنين الماضي", "FR304", "send"),
    ],
)
def test_a_text_that_cannot_be_judged_gets_one_finding(policy: Make, body: str, code: str, decision: str) -> None:
    """It says so, and no check floods it with others."""
    one = decided(policy("  - {id: s, kind: message, title: S, check: strict}\n", body, strict=Strict))
    assert [finding.code for finding in one.findings] == [code]
    assert one.decision == decision
