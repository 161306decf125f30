"""What the adapter `jsonl` promises beyond the contract: crashes and other writers lose nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("filelock", reason="comes with the plugin: pip install -e plugins/followup-rules-jsonl")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from followup_rules_jsonl import records as records_module
from followup_rules_jsonl.adapter import JsonlAdapter

from followup_rules.errors import Misconfigured, Retriable
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.plugins import SWITCH, load_plugins
from followup_rules.testing.adapters import AdapterContract
from followup_rules.testing.installing import write_distribution
from followup_rules.testing.samples import an_order

APPLICATION = {"id": "gh-1", "status": "active", "events": []}


class TestJsonl(AdapterContract):
    adapter = JsonlAdapter

    def settings(self, folder: Path) -> dict[str, Any]:
        (folder / "applications.jsonl").write_text(f"{json.dumps(APPLICATION)}\nno JSON\n")
        return {
            "actions": str(folder / "out" / "actions.jsonl"),
            "applications": str(folder / "applications.jsonl"),
        }

    def records(self, folder: Path) -> Sequence[str]:
        file = folder / "out" / "actions.jsonl"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def bad_settings(self, folder: Path) -> Sequence[Mapping[str, Any]]:
        (folder / "file").touch()
        return [
            {},
            {"actions": str(folder)},
            {"actions": str(folder / "file" / "below")},
            {"actions": str(folder / "both"), "applications": str(folder / "both")},
            {"actions": str(folder / "a"), "applications": str(folder)},
        ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "actions.jsonl"


def adapter(file: Path) -> JsonlAdapter:
    return JsonlAdapter.configured({"actions": file})


def actions_in(file: Path) -> list[str]:
    """Every line must be whole JSON, or another program could not read the file."""
    return [json.loads(line)["action"] for line in file.read_text("utf-8").splitlines()]


def test_a_line_says_everything_about_the_action(file: Path) -> None:
    """Moments keep their offset, and the text is there."""
    receipt = adapter(file).deliver(an_order())
    assert receipt.reference == "actions.jsonl:1"
    record = json.loads(file.read_text("utf-8"))
    assert record["do"] == "draft_message"
    assert record["at"] == "2026-09-15T10:00:00-04:00"
    assert record["draft"]["to"] == "sam@example.com"
    assert next(iter(record)) == "action"


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_torn_by_a_crash_is_written_again(file: Path, cut: int) -> None:
    """The others stay, and the action that nobody was told of is delivered by the next attempt."""
    first, second = an_order(), an_order(application="gh-2")
    adapter(file).deliver(first)
    whole = file.read_bytes()
    adapter(file).deliver(second)
    file.write_bytes(file.read_bytes()[: len(whole) + cut])
    assert adapter(file).deliver(first).state == "already_done"
    assert adapter(file).deliver(second).state == "done"
    assert actions_in(file) == [first.id, second.id]


def test_a_line_that_lacks_only_its_end_is_done(file: Path) -> None:
    """All of it is there; it must not come a second time."""
    adapter(file).deliver(an_order())
    file.write_bytes(file.read_bytes().rstrip())
    assert adapter(file).deliver(an_order()).state == "already_done"
    assert adapter(file).deliver(an_order(application="gh-2")).state == "done"
    assert len(actions_in(file)) == 2


def test_zeros_after_a_power_cut_are_taken_away(file: Path) -> None:
    """Some file systems leave them where a line should be."""
    adapter(file).deliver(an_order())
    with file.open("ab") as end:
        end.write(b"\0" * 300)
    assert adapter(file).deliver(an_order(application="gh-2")).state == "done"
    assert len(actions_in(file)) == 2


@pytest.mark.parametrize("content", ["my notes", "my notes\n", '{"id": "gh-1"}\n', "[1]\n", '{"action": 1}\n', "\n"])
def test_a_file_that_is_somebody_elses_is_left_alone(file: Path, content: str) -> None:
    """A wrong path in the settings must not cost a file."""
    file.write_text(content)
    mine = adapter(file)
    for _ in range(2):
        with pytest.raises(Misconfigured, match="no record"):
            mine.deliver(an_order())
    assert file.read_text() == content


def test_what_another_program_appends_counts(file: Path) -> None:
    """Two adapters that were both made before either wrote."""
    one, two = adapter(file), adapter(file)
    assert one.deliver(an_order()).state == "done"
    assert two.deliver(an_order(application="gh-2")).state == "done"
    assert one.deliver(an_order(application="gh-2")).state == "already_done"
    assert two.deliver(an_order()).reference == "actions.jsonl:1"


def test_a_file_that_was_moved_away_starts_again(file: Path) -> None:
    """Rotation: the new file knows nothing of the old one."""
    one = adapter(file)
    one.deliver(an_order())
    file.rename(file.with_suffix(".old"))
    assert one.deliver(an_order()).state == "done"
    assert one.deliver(an_order()).state == "already_done"


MANY = """
import sys
from followup_rules.testing.samples import an_order
from followup_rules_jsonl.adapter import JsonlAdapter
one = JsonlAdapter.configured({"actions": sys.argv[1]})
print(*(one.deliver(an_order(application=f"gh-{number}")).state for number in range(40)))
"""


def test_many_programs_at_once_write_each_action_once(file: Path) -> None:
    """Four processes deliver the same forty actions."""
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    programs = [
        subprocess.Popen([sys.executable, "-c", MANY, str(file)], env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    states = [state for program in programs for state in program.communicate(timeout=60)[0].split()]
    assert states.count("done") == 40
    assert len(states) == 160
    assert len(actions_in(file)) == len(set(actions_in(file))) == 40


def test_a_file_that_is_held_is_tried_again_later(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting has an end, and the error says when to come back."""
    from filelock import FileLock

    monkeypatch.setattr(records_module, "_PATIENCE", 0.05)
    with FileLock(f"{file}.lock"), pytest.raises(Retriable) as raised:
        adapter(file).deliver(an_order())
    assert raised.value.after == 5


def test_it_reads_applications_and_refuses_each_fault_alone(tmp_path: Path) -> None:
    """The same reader as the command line's."""
    settings = TestJsonl().settings(tmp_path)
    read = list(JsonlAdapter.configured(settings).read_applications())
    assert isinstance(read[0], Application) and read[0].id == "gh-1"
    assert isinstance(read[1], Refusal) and "applications.jsonl:2" in str(read[1].problems[0])


def test_without_a_file_of_applications_it_reads_none(file: Path, tmp_path: Path) -> None:
    """Not set, or not there: an error that says so, and no empty list."""
    with pytest.raises(Misconfigured, match="'applications' names a file"):
        list(adapter(file).read_applications())
    with pytest.raises(Misconfigured, match="cannot be read"):
        list(JsonlAdapter.configured({"actions": file, "applications": tmp_path / "none.jsonl"}).read_applications())


def test_the_host_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that pyproject.toml names."""
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.followup_rules]\njsonl = "followup_rules_jsonl"\n' in text
    write_distribution(tmp_path, "followup-rules-jsonl", {"jsonl": "followup_rules_jsonl"})
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins({SWITCH: "jsonl"})
    assert plugins.problems == ()
    assert plugins.adapter("jsonl") is JsonlAdapter


def test_the_readme_says_what_really_happens(tmp_path: Path) -> None:
    """Its program prints what stands below it, the first time and the second."""
    here = Path(__file__).parents[1]
    text = (here / "README.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.S)
    shutil.copytree(here / "examples", tmp_path / "work")
    write_distribution(tmp_path / "site", "followup-rules-jsonl", {"jsonl": "followup_rules_jsonl"})
    setup = f"import sys; sys.path[:0] = {[str(tmp_path / 'site'), str(here / 'src')]!r}\n"
    for printed in re.findall(r"```text\n(.*?)```", text, re.S):
        command = [sys.executable, "-c", setup + program]
        done = subprocess.run(command, cwd=tmp_path / "work", capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == (printed, "")
