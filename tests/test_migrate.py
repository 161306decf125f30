"""`migrate`: files of older versions get the words and the line of today; newer ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Run
from followup_rules.errors import InvalidInput
from followup_rules.load.yaml import parse
from followup_rules.revising.versions import NEWEST, RENAMED, migrated
from followup_rules.revising.wording import _words

DRAFT = """\
# yaml-language-server: $schema=rules.schema.json
# ours
name: ours
imports: [default]
rules:
  - id: not-too-many
    type: max_touches   # three are enough
    name: Not more than three
    reason: Four are a machine.
    direction: to_employer
    if: {any: [{happened: {event: interview_done, after: "offer"}}, {attributes.name: offer}]}
    max_touches: 3
    scope: candidate
  - {id: quiet, kind: stop, name: Quiet, stop_on: [offer, 'interview_cancelled']}
"""
TODAY = """\
# yaml-language-server: $schema=rules.schema.json
# ours
schema: followup-rules/1
pack: ours
extends: [default]
rules:
  - id: not-too-many
    kind: limit   # three are enough
    title: Not more than three
    why: Four are a machine.
    direction: candidate_to_employer
    when: {any: [{happened: {event: interview_completed, after: offer_made}}, {attributes.name: offer}]}
    at_most: 3
    per: candidate
  - {id: quiet, kind: stop, title: Quiet, on: [offer_made, interview_canceled]}
"""
LINE = "schema: followup-rules/1\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return tmp_path / "rules.yaml"


def test_a_draft_gets_the_words_of_today(rules: Path, run: Run) -> None:
    """Keys, kinds, events and directions, each where it belongs, comments and the rest as they were; then it passes."""
    rules.write_text(DRAFT)
    checked = run("migrate", rules, "--check")
    assert (checked.status, rules.read_text()) == (1, DRAFT)
    assert "rules.yaml: FR139" in checked.out
    shown = run("migrate", rules, "--diff")
    assert (shown.status, rules.read_text()) == (0, DRAFT)
    assert "+    per: candidate\n" in shown.out
    assert run("migrate", rules, "--to", "1").status == 0
    assert rules.read_text() == TODAY
    assert run("check", rules).status == 0
    assert run("migrate", rules, "--check").status == 0


@pytest.mark.parametrize("schema", ["followup-rules/0", "'followup-rules/0'   # old"])
def test_a_file_that_says_it_is_older(schema: str) -> None:
    """The line is changed where it stands."""
    after = migrated(f"name: ours\nschema: {schema}\n", "r.yaml")
    assert parse(after, "r.yaml").data == {"pack": "ours", "schema": "followup-rules/1"}
    assert after.endswith("# old\n") == schema.endswith("# old")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pack: p\nrules: []\n", LINE + "pack: p\nrules: []\n"),
        ("---\n# c\npack: p\n", "---\n# c\n" + LINE + "pack: p\n"),
        ("pack: p\r\nrules: []\r\n", "schema: followup-rules/1\r\npack: p\r\nrules: []\r\n"),
        ("{pack: p, rules: []}\n", "{schema: followup-rules/1, pack: p, rules: []}\n"),
        ("scenarios: [{moments: []}]\n", "schema: followup-rules-test/1\nscenarios: [{moments: []}]\n"),
    ],
)
def test_a_file_without_the_line(before: str, after: str) -> None:
    """It gets the line before its first key, whatever form the file has."""
    made = migrated(before, "r.yaml")
    assert made == after
    assert "schema" in parse(made, "r.yaml").data


@pytest.mark.parametrize("text", [LINE + "name: x\npack: y\n", "schema: followup-rules-test/1\nscenarios: []\n"])
def test_a_file_of_today_stays(text: str) -> None:
    """Old words in a file of version 1 are faults, and none of migrate's."""
    assert migrated(text, "r.yaml") == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("schema: followup-rules/2\npack: p\n", "FR121"),
        ("schema: followup-rules-test/7\nscenarios: []\n", "FR121"),
        ("schema: other/1\nrules: []\n", "FR136"),
        ("- {id: a, status: active}\n", "FR136"),
        ("kind: Role\nrules: [{verbs: [get], resources: [pods]}]\n", "FR136"),
        ("schema: followup-rules/one\nrules: []\n", "FR136"),
        ("pack: p\nname: q\nrules: []\n", "FR140"),
        ("pack: p\nrules: [{id: a, max_touches: 2, at_most: 3}]\n", "FR140"),
        ("pack: [\n", "FR003"),
    ],
)
def test_what_cannot_be_moved(rules: Path, run: Run, text: str, code: str) -> None:
    """Newer versions, other files, a word beside its successor: a clear error, and the file stays."""
    with pytest.raises(InvalidInput) as error:
        migrated(text, "rules.yaml")
    assert {problem.code for problem in error.value.problems} == {code}
    rules.write_text(text)
    done = run("migrate", rules)
    assert (done.status, rules.read_text()) == (2, text)
    assert f"{code} " in done.err


@pytest.mark.parametrize("to", ["0", "2"])
def test_other_versions_are_refused(rules: Path, run: Run, to: str) -> None:
    """There is one version to move to."""
    rules.write_text(DRAFT)
    done = run("migrate", rules, "--to", to)
    assert (done.status, rules.read_text()) == (2, DRAFT)


def test_standard_input(run: Run) -> None:
    """`-` is moved to standard output."""
    done = run("migrate", "-", given=DRAFT.encode())
    assert (done.status, done.out) == (0, TODAY)


def test_check_says_which_way_to_go(rules: Path, run: Run) -> None:
    """FR121 of `check`: an older version names migrate, a newer one the upgrade."""
    rules.write_text("schema: followup-rules/0\npack: p\n")
    assert "`followup-rules migrate`" in run("check", rules).out
    rules.write_text("schema: followup-rules/2\npack: p\n")
    assert "upgrade this program" in run("check", rules).out


def test_old_words_lead_to_words_of_today() -> None:
    """Every word is moved to one that the language has, and none of them is a word of the language at that place."""
    for number, renamed in RENAMED.items():
        assert number <= NEWEST
        for words in renamed:
            assert {*words.values()} <= {*_words()}
            assert not {*words} & {*words.values()}


def test_the_page_lists_every_old_word() -> None:
    """docs/versions.md has a line for each word that is moved."""
    page = (Path(__file__).parents[1] / "docs" / "versions.md").read_text("utf-8")
    words = [pair for renamed in RENAMED.values() for kind in renamed for pair in kind.items()]
    assert [pair for pair in words if f"| `{pair[0]}` | `{pair[1]}` |" not in page] == []
