"""`diff` tells what a change of rules decides otherwise, and is silent where it changes nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Json, Run
from followup_rules.policy import Policy
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.compare import compare

BASE = """\
schema: followup-rules/1
pack: acme
rules:
  - id: thank-you
    kind: follow_up
    title: Thank the interviewer
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    opens: 2 hours
    expires: 3 days
    do: [draft_message]
    examples:
      - title: three hours later
        at: 2026-09-14T18:00:00-04:00
        application:
          job: {timezone: America/New_York, country: US}
          events: [{id: e1, type: interview_completed, at: 2026-09-14T15:00:00-04:00}]
        expect: {decision: send}
  - id: core
    kind: stop
    title: What ends it
    on: [reply, rejected, withdrawn, hired, opted_out]
"""
LATER = BASE.replace("2 hours", "4 hours").replace("send}", "wait}")
FEW = ("--histories", 400, "--events", 3)


@pytest.fixture
def both(write: Callable[..., str]) -> tuple[str, str]:
    """Old and new rules in two files."""
    return write("old.yaml", BASE), write("new.yaml", LATER)


def test_a_later_opening_shows_in_examples_and_situations(run: Run, both: tuple[str, str]) -> None:
    """Before and after stand beside the rule that made the difference, with file and line."""
    ran = run("diff", *both, *FEW)
    assert ran.status == 1
    assert ran.lines[0] == "thank_you to the employer: thank-you: three hours later"
    assert ran.lines[2].startswith("    before: send (in window) [thank-you, old.yaml:4]")
    assert ran.lines[3].startswith(
        "    after:  wait until Mon 14 Sep 2026 19:00 EDT (not open yet) [thank-you, new.yaml:4]"
    )
    assert ran.lines[4] == "    because of thank-you (new.yaml:4)"
    assert "1. Mon 19 Oct 2026 10:00 EDT interview_completed" in ran.out


def test_other_words_and_names_are_no_change(run: Run, write: Callable[..., str]) -> None:
    """A renamed rule, another title and another order of keys decide the same."""
    write("old.yaml", BASE)
    write("new.yaml", BASE.replace("id: thank-you", "id: thanks").replace("title: Thank the", "title: Do thank the"))
    ran = run("diff", "old.yaml", "new.yaml", *FEW)
    assert ran.status == 0
    assert ran.lines == [next(line for line in ran.lines if line.startswith("no behaviour changes (1 example, "))]


def test_a_stop_that_is_gone_is_found_by_search(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """No example speaks of it: the search meets the event and tells the shortest history."""
    offer = {"id": "offer", "kind": "stop", "title": "Offer", "on": ["offer_made"]}
    old, new = policy_of([follow_up(), stops, offer]), policy_of([follow_up(), stops])
    made = compare(old, new, [], Bounds(4, 40, 800))
    changes = {(one.before.decision, one.after.decision) for one in made.in_situations if one.before and one.after}
    assert ("stop", "send") in changes
    assert all(before == "stop" for before, _ in changes)
    sent = [one for one in made.in_situations if one.after is not None and one.after.decision == "send"]
    assert [len(one.history) for one in sent] == [2]
    assert all([rule.id for rule in one.because] == ["offer"] for one in made.in_situations)


def test_a_follow_up_that_is_new_has_no_before(
    policy_of: Callable[..., Policy], follow_up: Callable[..., Json], stops: Json
) -> None:
    """Where only one side decides, the other has no decision."""
    old, new = policy_of([follow_up(), stops]), policy_of([follow_up(), follow_up("ask", follow_up="ask"), stops])
    made = compare(old, new, [], Bounds(2, 40, 600))
    assert {(one.follow_up, one.before) for one in made.in_situations} == {("ask", None)}


def test_applications_are_decided_by_both(run: Run, both: tuple[str, str], write: Callable[..., str]) -> None:
    """`--applications` at each `--at`; what cannot be read is told."""
    write(
        "given.yaml",
        "- {id: a-1, status: active, job: {timezone: Europe/Berlin, country: DE},\n"
        "   events: [{id: e1, type: interview_completed, at: 2026-11-09T10:00:00+01:00}]}\n- {id: b}\n",
    )
    times = ("--at", "2026-11-09T13:00:00+01:00", "--at", "2026-11-09T15:00:00+01:00")
    ran = run("diff", *both, "--applications", "given.yaml", *times, "--format", "json", *FEW)
    told = [
        one for one in json.loads(ran.out)["changes"] if one["application"] == "a-1" and one["where"] == "given.yaml"
    ]
    assert [(one["at"], one["before"]["decision"], one["after"]["decision"]) for one in told] == [
        ("2026-11-09T12:00:00+00:00", "send", "wait")
    ]
    assert "given.yaml:3" in ran.err


def test_markdown_fits_a_comment(run: Run, both: tuple[str, str]) -> None:
    """A line that sums up, a table, and the situations folded away."""
    ran = run("diff", *both, "--format", "markdown", *FEW)
    assert ran.lines[0].startswith("**followup-rules:** ")
    assert "| follow-up | where | before | after | rule |" in ran.lines
    assert "<details><summary>The situations</summary>" in ran.lines
    assert all(line.count("|") == 6 for line in ran.lines if line.startswith("|"))


def _git(*words: str) -> None:
    given = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    subprocess.run(given, check=True, capture_output=True)


@pytest.fixture
def repository(write: Callable[..., str]) -> None:
    """A repository whose second commit changes the rules."""
    write("rules/acme.yaml", BASE)
    _git("init", "-q", "-b", "main")
    _git("add", ".")
    _git("commit", "-q", "-m", "first")
    _git("checkout", "-q", "-b", "later")
    write("rules/acme.yaml", LATER)
    _git("commit", "-q", "-a", "-m", "second")
    write("rules/acme.yaml", "pack: acme\n")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "words",
    [("git:main:rules", "git:later:rules"), ("main..later", "--", "rules"), ("main..", "--", "rules/acme.yaml")],
)
def test_revisions_are_read_without_checking_them_out(run: Run, words: tuple[str, ...]) -> None:
    """Rules of two revisions are compared and shown by revision; the working tree is not touched."""
    ran = run("diff", *FEW, *words)
    assert ran.status == 1, ran.err
    assert "main:rules/acme.yaml:4" in ran.out
    assert ("HEAD" if words[0] == "main.." else "later") + ":rules/acme.yaml:4" in ran.out
    assert "/tmp" not in ran.out
    assert Path("rules/acme.yaml").read_text() == "pack: acme\n"


@pytest.mark.usefixtures("repository")
def test_faults_in_a_revision_name_it(run: Run) -> None:
    """Rules of a revision that cannot be used are told by the name of the revision."""
    _git("commit", "-q", "-a", "-m", "third")
    ran = run("diff", "git:main:rules", "git:later:rules")
    assert ran.status == 2
    assert "later:rules/acme.yaml:1:1: FR101" in ran.err


@pytest.mark.usefixtures("repository")
def test_what_git_cannot_give(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown revision, an unknown path and a missing git are one clear line each, with exit status 2."""
    for words, text in (
        (("git:nowhere:rules", "git:main:rules"), "there is no revision 'nowhere'"),
        (("git:main:rulez", "git:main:rules"), "there is no 'rulez' in the revision 'main'"),
        (("git:main:../..", "git:main:rules"), "outside the repository"),
    ):
        ran = run("diff", *words)
        assert (ran.status, text in ran.err) == (2, True), ran.err
    monkeypatch.setenv("PATH", "")
    assert "git is not installed" in run("diff", "git:main:rules", "git:later:rules").err


def test_wrong_usage(run: Run, both: tuple[str, str]) -> None:
    """One name is no comparison, and a path that is not there is told like everywhere."""
    assert run("diff", both[0]).status == 2
    assert run("diff", both[0], "nowhere.yaml").status == 2
    assert run("diff", *both, "--applications", "nowhere.yaml").status == 2


STORY = """\
schema: followup-rules-test/1
scenarios:
  - title: an interview in the evening
    start: 2026-09-14T19:00:00-04:00
    application: {job: {timezone: America/New_York, country: US}}
    moments:
      - {at: +0 minutes, events: [{type: interview_completed}], expect: {decision: wait}}
      - {at: +3 hours, expect: {decision: send}, carry_out: true}
      - {at: +5 hours, expect: {decision: stop}}
"""


def test_scenarios_are_examples_too(run: Run, write: Callable[..., str]) -> None:
    """Each moment of the scenario files of both sides is decided by both, each once."""
    for folder, text in (("before", BASE), ("after", LATER)):
        write(f"{folder}/acme.yaml", text)
        write(f"{folder}/acme_test.yaml", STORY)
    ran = run("diff", "before", "after", *FEW, "--format", "json")
    assert ran.status == 1
    told = json.loads(ran.out)
    # By the later rules nothing is sent before the last moment, so that it is another one.
    assert told["searched"]["examples"] == 1 + 3 + 1
    places = [one["where"] for one in told["changes"] if one["found_in"] == "example"]
    assert "an interview in the evening, +3 hours" in places
    assert run("diff", "before/acme.yaml", "before/acme.yaml", *FEW).out.startswith("no behaviour changes (4 examples")
