"""The command line: each command does what its help says, leaves with the right status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from followup_rules.cli.main import COMMANDS
from followup_rules.embedding import load_rules
from followup_rules.matching.choose import why_not_durable
from followup_rules.model.times import parse_time
from followup_rules.plugins import SWITCH

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "applications.jsonl"
AT = ("--at", "2026-11-20T10:00:00-05:00")
KEYS = [
    "application", "follow_up", "rule", "direction", "step", "occasion", "decision", "reason", "at", "due_at",
    "expires_at", "overdue", "decided_by", "verdicts", "findings", "actions",
]  # fmt: skip

Write = Callable[[str, str | bytes], str]


@pytest.fixture(autouse=True)
def only_the_bundled_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "off")


def process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "followup_rules", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)


def test_every_command_is_listed_and_has_its_help(run: Any) -> None:
    """`--help` names every command; each command's own help begins with what it does."""
    told = run("--help")
    assert told.status == 0
    assert all(name in told.out for name in COMMANDS)
    for name in COMMANDS:
        help_of = run(name, "--help")
        assert (help_of.status, help_of.err) == (0, "")
        assert help_of.out.startswith(f"Usage: followup-rules {name}")
    assert run("--version").out.startswith("followup-rules, version")


def test_plan_prints_a_table_for_people(run: Any) -> None:
    """What to send first, then what waits, with the recipient's time and the rule; a count at the end."""
    ran = run("plan", EXAMPLES, *AT)
    assert (ran.status, ran.err) == (0, "")
    assert ran.lines[-1].startswith(f"{len(EXAMPLES.read_text().splitlines())} applications: ")
    assert "gh-104" in ran.out
    assert "\x1b" not in ran.out


def test_plan_prints_one_object_a_line_for_machines(run: Any) -> None:
    """JSON lines have the keys of the language page in their order; JSON is the same objects in an array."""
    lines = run("plan", EXAMPLES, "--format", "jsonl", *AT)
    assert (lines.status, lines.err) == (0, "")
    decisions = [json.loads(line) for line in lines.lines]
    assert all(list(one) == KEYS for one in decisions)
    whole = run("plan", EXAMPLES, "--format", "json", *AT)
    assert json.loads(whole.out) == decisions
    names = [json.loads(line)["id"] for line in EXAMPLES.read_text().splitlines()]
    order = [names.index(one["application"]) for one in decisions]
    assert order == sorted(order)


def test_plan_of_nothing_to_decide_is_an_empty_array(run: Any, write: Write) -> None:
    """No occasion is no error."""
    write("a.json", '{"id": "a", "status": "active"}')
    assert run("plan", "a.json", "--format", "json", *AT).out == "[]\n"
    assert run("plan", "a.json", "--format", "jsonl", *AT).out == ""
    assert "no follow-up has an occasion" in run("plan", "a.json", *AT).out


def test_a_dash_is_standard_input(run: Any) -> None:
    """The same decisions as from the file, and faults name <stdin>."""
    text = EXAMPLES.read_bytes()
    wanted = run("plan", EXAMPLES, "--format", "jsonl", *AT)
    assert run("plan", "-", "--format", "jsonl", *AT, given=text).out == wanted.out
    refused = run("plan", "-", *AT, given=b'{"id": 1}\n{"id": 2}\n')
    assert refused.status == 1
    assert "<stdin>:1:" in refused.err
    assert run("why", "gh-104", "--from", "-", *AT, given=text).status == 0
    assert run("plan", "-", *AT, given=b"").status == 2


@pytest.mark.parametrize("engine", ["auto", "durable", "native", "verify"])
def test_every_engine_decides_alike(engine: str, run: Any) -> None:
    """All four ways to evaluate conditions give the same bytes on the example applications."""
    if engine in ("durable", "verify") and why_not_durable():
        pytest.skip(f"THE DURABLE ENGINE IS NOT TESTED: {why_not_durable()}")
    ran = run("plan", EXAMPLES, "--format", "jsonl", "--engine", engine, *AT)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == run("plan", EXAMPLES, "--format", "jsonl", "--engine", "native", *AT).out


def test_why_tells_every_rule_with_file_and_line(run: Any) -> None:
    """The text names each verdict's rule with its place, and what would change the decision."""
    ran = run("why", "gh-104", "--from", EXAMPLES, *AT)
    assert (ran.status, ran.err) == (0, "")
    assert "<- decides" in ran.out
    assert "What would change it:" in ran.out
    assert "rules/default.yaml:" in ran.out
    told = json.loads(run("why", "gh-104", "--from", EXAMPLES, "--format", "json", *AT).out)
    lines = run("plan", EXAMPLES, "--format", "jsonl", *AT).lines
    assert told == [one for one in map(json.loads, lines) if one["application"] == "gh-104"]


def test_why_speaks_about_every_example(run: Any, example_lines: Any) -> None:
    """No decision is without an explanation, at any of three moments."""
    for number, line in enumerate(example_lines):
        at = ("2026-11-20T10:00:00-05:00", "2026-11-12T03:00:00Z", "2026-12-24T16:00:00Z")[number % 3]
        ran = run("why", json.loads(line)["id"], "--from", "-", "--at", at, given=line.encode())
        assert (ran.status, ran.err) == (0, "")


def test_why_of_an_unknown_id_names_a_near_one(run: Any) -> None:
    """A misspelt id is status 2; one that is refused is status 1 with the reason."""
    ran = run("why", "gh-104x", "--from", EXAMPLES, *AT)
    assert (ran.status, ran.out) == (2, "")
    assert "there is no application 'gh-104x'" in ran.err
    assert "did you mean" in ran.err
    refused = run("why", "x", "--from", "-", *AT, given=b'{"id": "x"}')
    assert refused.status == 1
    assert "x is refused" in refused.err


def test_check_and_test_pass_for_everything_that_is_bundled(run: Any) -> None:
    """Every bundled pack is free of faults and decides its own examples as they say."""
    checked = run("check")
    assert (checked.status, checked.err) == (0, "")
    assert "no problem found" in checked.out
    tested = run("test")
    assert tested.status == 0
    assert tested.lines[-1].endswith(" passed, 0 failed")


def test_a_changed_number_makes_an_example_fail_readably(run: Any, write: Write) -> None:
    """The newcomer's first change: status 1, the example's place, what was expected and what came out."""
    run("init", "mine")
    file = Path("mine/rules/follow-ups.yaml")
    file.write_text(file.read_text().replace("due: 20 hours", "due: 30 hours"))
    ran = run("test", "mine/rules")
    assert ran.status == 1
    assert "mine/rules/follow-ups.yaml:" in ran.out
    assert "FR401 thank-you: the next morning" in ran.out
    assert "due_at: expected Tue 10 Nov 2026 11:00 EST, came out Tue 10 Nov 2026 21:00 EST" in ran.out
    assert ran.lines[-1] == "2 passed, 1 failed"


def test_test_without_examples_is_no_success(run: Any, write: Write) -> None:
    """A pack without examples has not been tested."""
    write("r.yaml", "schema: followup-rules/1\npack: mine\nextends: [default]\n")
    ran = run("test", "r.yaml")
    assert ran.status == 1
    assert "nothing was tested" in ran.err


def test_check_tells_warnings_apart_from_errors(run: Any, write: Write) -> None:
    """A warning alone is status 1, an error status 2."""
    rule = "{id: a, kind: limit, title: A, at_most: 1, per: application, follow_up: x}"
    write("r.yaml", f"schema: followup-rules/1\npack: mine\nextends: [default]\nrules: [{rule}]\n")
    ran = run("check", "r.yaml")
    assert (ran.status, ran.err) == (1, "0 errors, 1 warning\n")
    assert "FR122" in ran.out


def test_rules_lists_every_rule_and_every_fact(run: Any) -> None:
    """The catalogue in text and JSON; `--facts` the words of conditions."""
    told, listed = run("rules"), json.loads(run("rules", "--format", "json").out)
    assert told.lines[-1] == f"{len(listed)} rules"
    assert all(f"{rule['id']}: {rule['title']}" in told.out for rule in listed)
    facts = json.loads(run("rules", "--facts", "--format", "json").out)
    assert facts["touches"] == "number"
    assert "promised_by_passed: truth" in run("rules", "--facts").lines


@pytest.mark.parametrize("what", ["rules", "application", "decision"])
def test_schema_prints_a_json_schema(what: str, run: Any) -> None:
    """Each is one JSON object that names its draft."""
    assert json.loads(run("schema", what).out)["$schema"].endswith("2020-12/schema")


def test_plugins_lists_what_is_installed(run: Any) -> None:
    """The bundled plugin comes first, with its packs and its adapter."""
    ran = run("plugins")
    assert ran.status == 0
    assert ran.lines[0].startswith("bundled")
    assert json.loads(run("plugins", "--format", "json").out)[0]["packs"]


def test_init_writes_a_folder_that_passes(run: Any, write: Write) -> None:
    """Check, test, plan and why work in the new folder at once, as its README says; a second init changes nothing."""
    assert run("init", "new").status == 0
    for folder in ("new/rules", "new"):
        checked = run("check", folder)
        assert (checked.status, "1 scenario file with 1 scenario" in checked.out) == (0, True)
        assert run("test", folder).lines[-1] == "3 passed, 0 failed"
        assert run("fmt", "--check", folder).status == 0
    at = ("--rules", "new/rules", "--at", "2026-11-10T10:00:00-05:00")
    assert "Due now" in run("plan", "new/applications.yaml", *at).out
    assert run("why", "app-1", "--from", "new/applications.yaml", *at).status == 0
    Path("new/README.md").write_text("mine")
    again = run("init", "new")
    assert again.status == 0
    assert "already there" in again.err
    assert Path("new/README.md").read_text() == "mine"


def test_init_where_nothing_can_be_written_is_status_2(run: Any, write: Write) -> None:
    """A file in the way is told in one line."""
    write("new/rules", "in the way")
    ran = run("init", "new")
    assert ran.status == 2
    assert "cannot be written" in ran.err


def test_drafts_are_written_once_and_never_over_a_person(run: Any, tmp_path: Path) -> None:
    """One text file for each message that is due; what a person changed stays."""
    folder = tmp_path / "drafts"
    ran = run("plan", EXAMPLES, "--format", "jsonl", "--drafts", folder, *AT)
    due = [one for one in map(json.loads, ran.lines) if one["decision"] == "send"]
    files = sorted(folder.iterdir())
    assert len(files) == len([one for one in due if any(a["do"] == "draft_message" for a in one["actions"])]) > 10
    assert all(file.read_text(encoding="utf-8").startswith("To: ") for file in files)
    files[0].write_text("mine")
    run("plan", EXAMPLES, "--format", "jsonl", "--drafts", folder, *AT)
    assert sorted(folder.iterdir()) == files
    assert files[0].read_text() == "mine"


def test_without_at_it_is_now(run: Any, write: Write) -> None:
    """The clock is asked where no moment is given: an interview of long ago is over."""
    there = {"timezone": "Europe/Berlin"}
    interview = {"id": "e", "type": "interview_completed", "at": "2020-01-06T10:00:00Z"}
    given = {"id": "a", "status": "active", "candidate": there, "job": there, "events": [interview]}
    write("a.json", json.dumps(given))
    decisions = json.loads(run("plan", "a.json", "--format", "json").out)
    assert {one["reason"] for one in decisions} == {"expired"}


def test_no_color_and_pipes_have_no_escapes() -> None:
    """Neither into a pipe nor with NO_COLOR does an escape sequence appear."""
    for extra in ({}, {"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": ""}):
        done = process("plan", str(EXAMPLES), *AT, env=os.environ | extra)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="pipes close otherwise")
def test_a_reader_that_has_had_enough_is_no_error() -> None:
    """`| head -1` ends quietly."""
    command = f"{sys.executable} -m followup_rules plan {EXAMPLES} --format jsonl {' '.join(AT)} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["application"]


def test_ascii_terminals_get_escapes_and_no_crash() -> None:
    """A terminal that cannot show a letter gets its escape."""
    env = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = process("plan", str(EXAMPLES), "--format", "jsonl", *AT, env=env)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_bar_is_shown_on_a_terminal_for_long_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It goes to stderr, so that what other programs read stays clean."""
    import io

    from followup_rules.cli import plan
    from followup_rules.load.applications import read_applications
    from followup_rules.matching.native import NativeMatcher
    from followup_rules.planning import Planning

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(plan, "_LONG", 3)
    monkeypatch.setattr("sys.stderr", terminal)
    policy = load_rules()
    source = Path(__file__).parents[1] / "examples" / "applications.jsonl"
    planning = Planning(lambda: read_applications(source, "a"), policy, parse_time("2026-11-20T15:00:00Z"))
    assert len(list(plan._with_bar(planning, NativeMatcher(policy.conditions)))) == 112
    assert "deciding" in terminal.getvalue()
    assert "100%" in terminal.getvalue()
