"""The examples that embed and extend the engine do what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

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


LETTER = "Hi there,\n\nThanks for nothing. Call me.\n\nAda\n\nOn Mon, 9 Nov 2026, Sam wrote:\n> Dear [name],\n"


def test_a_message_is_judged_in_one_call() -> None:
    """With and without an application; what is quoted below is not judged."""
    policy = followup_rules.load_rules()
    now = datetime(2026, 11, 10, 12, tzinfo=timezone.utc)
    application = json.loads((ROOT / "examples" / "applications.jsonl").read_text("utf-8").splitlines()[0])
    plain = followup_rules.check_message(LETTER, policy)
    assert {"FR610"} <= {one.code for one in plain}
    assert "FR613" not in {one.code for one in plain}
    known = followup_rules.check_message(
        LETTER, policy, application=application, now=now, direction="candidate_to_employer", follow_up="thank_you",
        contact="u-3", other_names=["Graham Peel"],
    )  # fmt: skip
    greeting = next(one for one in known if one.code == "FR601")
    assert "Reyes" in greeting.hint
    assert {"FR602", "FR603", "FR604"} <= {one.code for one in known}


def test_a_message_of_a_refused_application_is_an_error() -> None:
    """With its reasons; and no moment is guessed."""
    policy = followup_rules.load_rules()
    with pytest.raises(ValueError, match="give `now`"):
        followup_rules.check_message(LETTER, policy, application={"id": "a", "status": "active"})
    with pytest.raises(followup_rules.InvalidInput, match="FR202"):
        followup_rules.check_message(LETTER, policy, application={"id": "a"}, now=datetime.now(timezone.utc))
