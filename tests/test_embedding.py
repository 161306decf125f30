"""The examples that embed and extend the engine do what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import followup_rules

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "examples" / "one_file_plugin"))


def run(*arguments: str | Path) -> str:
    """What a program prints, from the root of the repository."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_public_face_is_complete() -> None:
    """Everything that is announced is there, and importing the package alone imports nothing heavy."""
    for name in followup_rules.__all__:
        assert getattr(followup_rules, name) is not None
    loaded = run("-c", "import sys, followup_rules; print(*(name.partition('.')[0] for name in sys.modules))").split()
    assert not {"pydantic", "click", "jinja2", "holidays", "durable"} & set(loaded)


def test_the_host_program_is_short_and_runs() -> None:
    """Thirty lines, and its drafts name people."""
    program = ROOT / "examples" / "host.py"
    told = run(program, "examples/applications.jsonl", "2026-11-20T10:00:00-05:00")
    assert len(program.read_text(encoding="utf-8").splitlines()) <= 35
    assert "thank_you, best by" in told
    assert told.splitlines()[-1].endswith("waiting")


def test_the_plugin_of_one_file_keeps_the_contract(tmp_path: Path) -> None:
    """The same task twice is one line."""
    from followup_rules_todo import Todo, followup_rules_adapters

    from followup_rules.testing.samples import an_order

    assert list(followup_rules_adapters()) == [Todo]
    adapter = Todo.configured({"path": tmp_path / "todo.txt"})
    order = an_order(do="create_task")
    assert [adapter.deliver(order).state for _ in range(2)] == ["done", "already_done"]
    assert len((tmp_path / "todo.txt").read_text(encoding="utf-8").splitlines()) == 1
