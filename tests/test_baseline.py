"""The baseline: old findings are kept back, new ones are not, and what is gone is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[[str, str], str]
HEAD = "schema: followup-rules/1\npack: ours\nextends: [default]\nrules:\n"
RULE = "  - {{id: {0}, kind: limit, title: T, at_most: 3, per: application, follow_up: {1}}}\n"
DRAFT = "Subject: Interview: Data Engineer\n\nDear Sam,\n\nThank you for teh time.\n\nKind regards\nAda Park\n"


@pytest.fixture(autouse=True)
def files(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUP_RULES_PLUGINS", "off")
    write("r.yaml", HEAD + RULE.format("one", "thanks") + RULE.format("two", "thanks"))
    write("d.md", DRAFT)


def listed(file: str = "b.json") -> Any:
    return json.loads(Path(file).read_text("utf-8"))["findings"]


def test_what_was_written_is_kept_back(run: Any) -> None:
    """After writing, the same files are clean, rule files and drafts, and so is the run that wrote."""
    assert run("check", "r.yaml", "d.md").status == 1
    wrote = run("check", "r.yaml", "d.md", "--write-baseline", "b.json")
    again = run("check", "r.yaml", "d.md", "--baseline", "b.json")
    assert (wrote.status, again.status) == (0, 0)
    assert wrote.out == again.out
    assert "no problem found, 2 in the baseline: ours" in again.out


def test_the_file_can_be_reviewed(run: Any) -> None:
    """It is sorted, says what it keeps back, has no lines, and is the same byte for byte when written again."""
    run("check", "r.yaml", "--write-baseline", "b.json")
    text = Path("b.json").read_text("utf-8")
    message = "no follow-up is called 'thanks', so this rule does not apply to it"
    assert listed() == [
        {"file": "r.yaml", "code": "FR122", "rule": rule, "message": message} for rule in ("one", "two")
    ]
    run("check", "r.yaml", "--write-baseline", "b.json")
    assert Path("b.json").read_text("utf-8") == text


def test_a_finding_that_moved_is_still_known(run: Any, write: Write) -> None:
    """Lines put in above change nothing."""
    run("check", "r.yaml", "--write-baseline", "b.json")
    write("r.yaml", "# new\n\n" + Path("r.yaml").read_text("utf-8"))
    assert run("check", "r.yaml", "--baseline", "b.json").status == 0


def test_a_new_finding_counts(run: Any, write: Write) -> None:
    """The same fault in another rule is new."""
    run("check", "r.yaml", "--write-baseline", "b.json")
    write("r.yaml", Path("r.yaml").read_text("utf-8") + RULE.format("three", "thanks"))
    ran = run("check", "r.yaml", "--baseline", "b.json")
    assert (ran.status, ran.err) == (1, "0 errors, 1 warning, 2 in the baseline\n")
    assert ran.out.startswith("r.yaml:7:5: FR122 ")


def test_equal_findings_are_counted(run: Any, write: Write) -> None:
    """Two of a kind are two; a third one is new."""
    write("d.md", DRAFT.replace("teh time", "teh time on teh day"))
    run("check", "d.md", "--select", "FR611", "--write-baseline", "b.json")
    assert [one["count"] for one in listed()] == [2]
    write("d.md", DRAFT.replace("teh time", "teh time on teh day in teh week"))
    ran = run("check", "d.md", "--select", "FR611", "--baseline", "b.json")
    assert ran.status == 1
    assert ran.out.count("FR611") == 1


def test_what_is_gone_is_named(run: Any, write: Write) -> None:
    """An entry that no longer occurs is a suggestion, at its place in the baseline, so that the file shrinks."""
    run("check", "r.yaml", "--write-baseline", "b.json")
    write("r.yaml", Path("r.yaml").read_text("utf-8").replace("id: two", "id: other"))
    ran = run("check", "r.yaml", "--baseline", "b.json", "--ignore", "FR122")
    assert ran.status == 0
    assert ran.out.startswith("b.json:10:5: FR010 FR122 in r.yaml is gone: no follow-up is called 'thanks'")
    assert run("check", "r.yaml", "--baseline", "b.json", "--ignore", "FR122", "--fail-on", "suggestion").status == 1


def test_files_are_named_from_the_baseline(run: Any, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It works from any folder, and with absolute paths."""
    write("sub/b.json", "")
    run("check", "r.yaml", "--write-baseline", "sub/b.json")
    assert listed("sub/b.json")[0]["file"] == "../r.yaml"
    assert run("check", Path("r.yaml").resolve(), "--baseline", "sub/b.json").status == 0
    monkeypatch.chdir("sub")
    assert run("check", "../r.yaml", "--baseline", "b.json").status == 0


def test_errors_that_make_rules_unusable_are_never_kept_back(run: Any, write: Write) -> None:
    """They are not written, and one that was written by hand changes nothing."""
    write("r.yaml", HEAD + "  - {id: one, kind: limits}\n")
    assert run("check", "r.yaml", "--write-baseline", "b.json").status == 2
    assert listed() == []
    entry = {"file": "r.yaml", "code": "FR105", "rule": "one", "message": "unknown kind 'limits'"}
    write("b.json", json.dumps({"schema": "followup-rules-baseline/1", "findings": [entry]}))
    ran = run("check", "r.yaml", "--baseline", "b.json")
    assert ran.status == 2
    assert "FR105 unknown kind 'limits'" in ran.out


WRONG = {
    "not there": (None, "b.json: FR001 cannot be read"),
    "not JSON": ("{", "b.json:2:1: FR003 is not YAML"),
    "another file": ('{"schema": "followup-rules/1", "findings": []}', "b.json:1:1: FR009 this is no "),
    "no list": ('{"schema": "followup-rules-baseline/1"}', "b.json:1:1: FR009 "),
    "no entry": ('{"schema": "followup-rules-baseline/1", "findings": [1]}', "b.json:1:54: FR009 "),
    "a count of 0": (
        '{"schema": "followup-rules-baseline/1", "findings": [{"code": "FR122", "count": 0}]}', "b.json:1:54: FR009 ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_baseline_that_cannot_be_used_is_told(run: Any, write: Write, case: str) -> None:
    """One clear line with a place, and nothing is checked without it."""
    text, told = WRONG[case]
    if text is not None:
        write("b.json", text)
    ran = run("check", "r.yaml", "--baseline", "b.json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(told)


def test_reading_and_writing_at_once_is_refused(run: Any) -> None:
    """Nobody could say which of the two is meant."""
    ran = run("check", "r.yaml", "--baseline", "b.json", "--write-baseline", "b.json")
    assert ran.status == 2
    assert "give one of them" in ran.err
