"""`plan --save`, `deliver` and `outbox`, as people and programs use them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Run

RULES = """
schema: followup-rules/1
pack: asking
rules:
  - id: ask
    kind: follow_up
    title: Ask what comes next
    follow_up: ask
    direction: candidate_to_employer
    after: interview_completed
    expires: 20 days
    template: ask.j2
    do: [draft_message]
  - {id: ends, kind: stop, title: What ends it, on: [reply, rejected, withdrawn, hired, opted_out]}
"""
CONFIGURATION = """
schema: followup-configuration/1
adapters:
  folder: {kind: folder, settings: {path: drafts}}
routes:
  - {do: draft_message, to: folder}
"""
AT = "2026-11-10T10:00:00-05:00"
LATER = "2026-11-10T10:01:00-05:00"
DELIVER = ("deliver", "--from", "apps.jsonl", "--rules", "rules.yaml")


def application(number: int, status: str = "active") -> str:
    event = {"id": "e1", "type": "interview_completed", "at": "2026-11-09T15:00:00-05:00", "contact": "u-1"}
    contact = {"id": "u-1", "name": "Sam", "timezone": "America/New_York", "country": "US"}
    return json.dumps({"id": f"a-{number}", "status": status, "contacts": [contact], "events": [event]})


@pytest.fixture
def folder(write: Callable[[str, str | bytes], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("FOLLOWUP_RULES_STORE", raising=False)
    write("rules.yaml", RULES)
    write("templates/ask.j2", "Subject: What comes next?\n\nDear Sam, what comes next?\n")
    write("apps.jsonl", "\n".join(application(number) for number in (1, 2, 3)))
    write("followup.yaml", CONFIGURATION)
    return tmp_path


def planned(run: Run, at: str = AT) -> str:
    ran = run("plan", "apps.jsonl", "--rules", "rules.yaml", "--at", at, "--save", "followup.sqlite")
    assert ran.status == 0, ran.err
    return ran.err.strip().splitlines()[-1]


def states(run: Run) -> list[str]:
    return [
        row["state"] for row in json.loads(run("outbox", "list", "--store", "followup.sqlite", "--format", "json").out)
    ]


def test_from_a_plan_to_drafts_once(run: Run, folder: Path) -> None:
    """Planned and delivered again and again, each draft is there once, and the summary says what was done."""
    assert planned(run) == "outbox followup.sqlite: 3 new, 0 known"
    assert planned(run) == "outbox followup.sqlite: 3 known"
    first = json.loads(run(*DELIVER, "--at", LATER, "--format", "json").out)
    assert (first["done"], first["left"], first["unknown"]) == (3, 0, 0)
    assert planned(run, LATER) == "outbox followup.sqlite: 3 known"
    again = run(*DELIVER, "--at", LATER)
    assert (again.status, again.out) == (0, "nothing was due; 0 left, 0 unknown\n")
    assert len(list((folder / "drafts").iterdir())) == 3
    assert states(run) == ["confirmed"] * 3


def test_a_rejection_just_before_wins(run: Run, folder: Path) -> None:
    """What the newest file says counts, not what was planned."""
    planned(run)
    (folder / "apps.jsonl").write_text("\n".join([application(1), application(2, "rejected")]))
    ran = run(*DELIVER, "--at", LATER)
    assert ran.status == 0
    assert states(run) == ["confirmed", "canceled", "canceled"]


def test_a_new_plan_cancels(run: Run, folder: Path) -> None:
    """A stop that arrives takes out of the outbox what is planned."""
    planned(run)
    (folder / "apps.jsonl").write_text("\n".join([application(1), application(2, "rejected"), application(3)]))
    assert planned(run, LATER) == "outbox followup.sqlite: 1 canceled, 2 known"
    assert states(run) == ["planned", "canceled", "planned"]


def test_a_dry_run_changes_nothing(run: Run, folder: Path) -> None:
    """It shows what would be done; neither outbox nor other system know of it."""
    planned(run)
    before = (folder / "followup.sqlite").read_bytes()
    ran = run(*DELIVER, "--at", LATER, "--dry-run", "--format", "json")
    assert [one["would"] for one in json.loads(ran.out)] == ["would be delivered"] * 3
    assert (folder / "followup.sqlite").read_bytes() == before
    assert not (folder / "drafts").exists()
    assert states(run) == ["planned"] * 3


def test_a_person_cancels_and_has_it_tried_again(run: Run, folder: Path) -> None:
    """With the beginning of an id and a reason, which stays."""
    planned(run)
    action = json.loads(run("outbox", "list", "--format", "json").out)[0]["id"]
    assert run("outbox", "cancel", action[:6], "--reason", "he called", "--at", AT).status == 0
    shown = json.loads(run("outbox", "show", action, "--format", "json").out)
    assert (shown["state"], shown["history"][-1]["why"]) == ("canceled", "he called")
    assert run("outbox", "retry", action, "--reason", "after all", "--at", AT, "--format", "json").status == 0
    assert states(run) == ["planned"] * 3
    assert run("outbox", "cancel", action).status == 2, "without a reason"
    assert "Dear Sam" in run("outbox", "show", action).out
    assert run("outbox", "list", "--state", "refused").out == "0 actions\n"
    assert len(run("outbox", "list", "-a", "a-2").lines) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "apps.jsonl", "--save", "o.sqlite", "--config", "none.yaml"],
        [*DELIVER, "--watch", "--once"],
        [*DELIVER, "--watch", "--at", AT],
    ],
)
def test_wrong_usage(run: Run, folder: Path, arguments: list[str]) -> None:
    """Nothing leaves without an adapter, and what contradicts itself is not guessed at."""
    assert run(*arguments).status == 2
    assert not (folder / "o.sqlite").exists()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", "FR004"),
        ("[1]", "FR942"),
        ("{kind: other}", "FR908"),
        ("{kind: folder, settings: {path: drafts, token: planted-9}}", "FR908"),
        ("{kind: folder, settings: {path: drafts}, per_minute: planted-9}", "FR942"),
        ("7", "FR942"),
    ],
)
def test_settings_that_cannot_be_used(run: Run, folder: Path, settings: str, told: str) -> None:
    """Each is told with its code and without its value; nothing leaves and nothing is lost."""
    planned(run)
    text = CONFIGURATION.replace("{kind: folder, settings: {path: drafts}}", settings)
    (folder / "followup.yaml").write_text(text if settings not in ("", "[1]") else settings)
    ran = run(*DELIVER, "--at", LATER)
    assert ran.status in (1, 2)
    assert told in ran.err
    assert "planted" not in ran.err + ran.out
    assert states(run) == ["planned"] * 3


def test_what_has_no_adapter_is_told(run: Run, folder: Path) -> None:
    """FR909, exit status 1, and what can be done is saved."""
    (folder / "rules.yaml").write_text(RULES.replace("[draft_message]", "[draft_message, create_task]"))
    ran = run("plan", "apps.jsonl", "--rules", "rules.yaml", "--at", AT, "--save")
    assert (ran.status, ran.err.count("FR909")) == (1, 3)
    assert states(run) == ["planned"] * 3


def test_refused_is_told(run: Run, folder: Path) -> None:
    """FR910, exit status 1, with the command that helps."""
    (folder / "rules.yaml").write_text(RULES.replace("    template: ask.j2\n", ""))
    planned(run)
    ran = run(*DELIVER, "--at", LATER)
    assert (ran.status, ran.err.count("FR910")) == (1, 3)
    assert "outbox retry" in ran.err


def test_sigterm_ends_watching(folder: Path, run: Run) -> None:
    """A watching worker that is told to stop says what it has done, and leaves with status 0."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 86400))
    (folder / "apps.jsonl").write_text(application(1).replace("2026-11-09T15:00:00-05:00", now))
    ran = run("plan", "apps.jsonl", "--rules", "rules.yaml", "--save", "followup.sqlite")
    assert "1 new" in ran.err
    words = [sys.executable, "-m", "followup_rules", *DELIVER, "--watch"]
    environment = {**os.environ, "FOLLOWUP_RULES_PLUGINS": "off"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as worker:
        for _ in range(300):
            if states(run) == ["confirmed"]:
                break
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        out, err = worker.communicate(timeout=30)
    assert (worker.returncode, err) == (0, "")
    assert out.endswith("1 done; 0 left, 0 unknown\n")


def test_planning_needs_no_database(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy planning goes on, and FR912 says what an outbox needs."""
    for name in [
        name for name in sys.modules
        if name.startswith(("followup_rules.outbox", "followup_rules.delivering", "followup_rules.syncing"))
    ]:  # fmt: skip
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    assert run("plan", "apps.jsonl", "--rules", "rules.yaml", "--at", AT).status == 0
    for words in (("outbox", "list"), ("sync", "--adapter", "folder")):
        ran = run(*words)
        assert (ran.status, "FR912" in ran.err, "followup-rules[deliver]" in ran.err) == (2, True, True), words
