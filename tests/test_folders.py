"""Folders in which more lies than rules: scenario files are checked too, files of other programs are passed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Write = Callable[[str, str], str]

RULES = """\
schema: followup-rules/1
pack: ours
extends: [default]
rules:
  - {id: few, kind: limit, title: Few, at_most: 3, per: application}
"""
STORY = """\
schema: followup-rules-test/1
scenarios:
  - title: nothing happens
    start: 2026-09-14T15:00:00-04:00
    application: {}
    moments:
      - {at: +1 day, stage: x, expect: {decision: none}}
"""
OTHERS = {
    "gitlab-ci.yml": "build:\n  rules:\n    - if: $CI\n  script: [make]\n",
    "compose.yaml": "services: {web: {image: x}}\n",
    "workflow.yml": "name: x\non: [push]\njobs: {}\n",
    "applications.yaml": "- {id: a-1, status: active}\n",
}


@pytest.fixture
def folder(write: Write) -> str:
    """A folder with rules, a scenario file, and files of other programs."""
    write("f/ours.yaml", RULES)
    write("f/ours_test.yaml", STORY)
    for name, text in OTHERS.items():
        write(f"f/{name}", text)
    return "f"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check", "f"), "1 pack with 1 rule, 1 scenario file with 1 scenario checked, no problem found: ours\n"),
        (("test", "f"), "1 passed, 0 failed\n"),
        (("rules", "--rules", "f"), None),
        (("prove", "f", "--histories", "50", "--events", "1"), None),
    ],
)
def test_files_of_other_programs_are_passed_over_and_counted(folder: str, run: Any, words: Any, told: Any) -> None:
    """Every command that is given a folder says how many files it left alone, in the same words."""
    ran = run(*words)
    assert ran.status == 0, ran.err
    assert "4 other YAML files passed over\n" in ran.err
    assert told is None or ran.out == told


def test_fmt_says_it_in_the_same_words(folder: str, run: Any) -> None:
    """Their number stands in its summary."""
    assert "4 other YAML files passed over" in run("fmt", "--diff", folder).err


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_is_named_is_always_read(folder: str, run: Any, name: str) -> None:
    """Who names a file wants it read, beside its folder as well; what it is not is told."""
    for words in ((f"f/{name}",), (folder, f"f/{name}")):
        ran = run("check", *words)
        assert ran.status == 2
        assert f"f/{name}:1:1: FR10" in ran.out or f"f/{name}:" in ran.out


@pytest.mark.parametrize(
    "text",
    [
        "schema: x\n", "pakc: x\nrules: []\n", "name: CI\nproperties: {}\n", "- {id: few, kind: limit}\n", "a: [\n", "",
        "a: 1\na: 2\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["check", "test"])
def test_what_may_be_a_rule_file_is_one(write: Write, run: Any, text: str, command: str) -> None:
    """One key of a rule file, a list of rules, nothing, or what cannot be read: its faults are told."""
    write("f/ours.yaml", RULES)
    write("f/odd.yaml", text)
    ran = run(command, "f")
    assert ran.status == 2
    assert "f/odd.yaml" in ran.out + ran.err
    assert "passed over" not in ran.err


def test_a_folder_with_nothing_of_ours_is_no_success(write: Write, run: Any) -> None:
    """A folder that has files of other programs alone is FR008, for every command."""
    write("f/compose.yaml", OTHERS["compose.yaml"])
    for words in (("check", "f"), ("test", "f"), ("rules", "--rules", "f")):
        ran = run(*words)
        assert ran.status == 2
        assert "f: FR008" in ran.out + ran.err


def test_fix_leaves_files_of_other_programs_alone(folder: str, run: Any, write: Write, tmp_path: Any) -> None:
    """A length in other words is mended in rule files, and in nothing else."""
    text = "job: {at_least: 24h}\n"
    write("f/other.yaml", text)
    run("check", "--fix", folder)
    assert (tmp_path / "f/other.yaml").read_text() == text


# --- scenario files ----------------------------------------------------------------------------------------------


def test_check_reads_scenario_files(folder: str, run: Any, write: Write) -> None:
    """Named or in a folder they are read as what they are, and counted."""
    ran = run("check", "f/ours_test.yaml")
    told = "1 scenario file with 1 scenario checked, no problem found: f/ours_test.yaml\n"
    assert (ran.status, ran.out, ran.err) == (0, told, "")
    write("f/ours_test.yaml", STORY.replace("moments:", "momnets:"))
    for path in (folder, "f/ours_test.yaml"):
        ran = run("check", path)
        assert ran.status == 2
        assert "f/ours_test.yaml:6:5: FR104" in ran.out
        assert "did you mean 'moments'" in ran.out


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        (STORY.replace("scenarios:", "rules: [none.yaml]\nscenarios:"), "FR403", 2),
        (STORY.replace("decision: none", "rule: no-such, decision: none"), "FR407", 2),
        (STORY + STORY.partition("scenarios:\n")[2], "FR406", 1),
        (STORY.partition("scenarios:\n")[0] + "scenarios: []\n", "FR008", 2),
    ],
)
def test_what_is_wrong_with_a_scenario_file(run: Any, write: Write, text: str, code: str, status: int) -> None:
    """Faults that keep it from being run are exit status 2, warnings 1, and nothing in it is no success."""
    write("f/ours.yaml", RULES)
    write("f/ours_test.yaml", text)
    ran = run("check", "f/ours_test.yaml", "--format", "jsonl")
    assert ran.status == status
    assert f'"code": "{code}"' in ran.out


def test_a_folder_of_scenarios_alone(write: Write, run: Any) -> None:
    """Scenarios may lie apart from the rules; a file of another program whose name ends so is passed over."""
    write("rules/ours.yaml", RULES)
    write("tests/a_test.yaml", STORY.replace("scenarios:", "rules: [../rules/ours.yaml]\nscenarios:"))
    write("tests/alerts_test.yml", "rule_files: [a.yml]\ntests: []\n")
    for command in ("check", "test"):
        ran = run(command, "tests")
        assert (ran.status, ran.err) == (0, "1 other YAML file passed over\n")
    assert run("check", "tests/alerts_test.yml").status == 2
