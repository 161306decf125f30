"""A file of any size is decided line by line: memory does not grow with it, and the decisions are the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from followup_rules.judge.decide import decide
from followup_rules.load.applications import read_applications
from followup_rules.load.rulefiles import load_policy
from followup_rules.model.application import Application
from followup_rules.planning import Decided, Planning
from followup_rules.plugins import load_plugins
from followup_rules.report.machine import as_line

AT = "2026-11-20T10:00:00-05:00"
NOW = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)
Write = Callable[[str, str | bytes], str]

PEAK = """
import resource, sys
sys.argv = ["followup-rules", "plan", sys.argv[1], "--format", "jsonl", "--engine", "native", "--at", sys.argv[2]]
from followup_rules.cli.main import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def generated(count: int) -> str:
    """As many applications of as many candidates, no two alike; some are refused, some opted out."""
    zones = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")
    lines = []
    for number in range(count):
        at = datetime(2026, 11, 18, 12, tzinfo=timezone.utc) + timedelta(minutes=number % 2_000)
        events = [{"id": "e1", "type": "interview_completed", "at": at.isoformat(), "contact": "u"}]
        if number % 50 == 7:
            events.append({"id": "e2", "type": "opted_out", "at": at.isoformat()})
        one = {
            "id": f"a-{number}", "status": "active" if number % 40 else "actve",
            "candidate": {"id": f"c-{number // 2}", "name": f"Ada Park {number}"},
            "job": {"id": "j", "title": "Engineer", "company": "Northwind", "timezone": zones[number % 4]},
            "contacts": [{"id": "u", "name": "Sam Reyes"}], "events": events,
        }  # fmt: skip
        lines.append(json.dumps(one))
    return "\n".join(lines) + "\n"


def peaks(files: list[Path]) -> list[int]:
    """The most memory that a run over each file takes, in megabytes; all at once, because it takes a while."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PEAK, str(file), AT], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for file in files
    ]
    told = [one.communicate(timeout=120)[1].splitlines()[-1] for one in started]
    return [int(kilobytes) // (1024 if sys.platform == "linux" else 1_048_576) for kilobytes in told]


@pytest.mark.heavy
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no peak of memory this way")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times as many applications take less than 6 MB more."""
    sizes = (500, 5_000)
    files = [tmp_path / f"{size}.jsonl" for size in sizes]
    for size, file in zip(sizes, files, strict=True):
        file.write_text(generated(size))
    small, large = peaks(files)
    assert large - small < 6, (small, large)


@pytest.mark.parametrize("across", [False, True])
def test_a_stream_is_decided_as_a_whole_would_be(across: bool, write: Write) -> None:
    """Opt-outs, refused siblings and doubles are known although nothing is kept; with counting across as well."""
    lines = generated(400).splitlines()
    lines += [lines[3], lines[11]]
    write("a.jsonl", "\n".join(lines))
    rule = "{id: once, kind: limit, title: Once, at_most: 1, per: candidate, within: 5 days}"
    write(
        "r.yaml", f"schema: followup-rules/1\npack: mine\nextends: [default]\n{f'rules: [{rule}]' if across else ''}\n"
    )
    policy = load_policy(["r.yaml"], load_plugins().packs).policy
    assert policy.counts_across is across
    planning = Planning(lambda: read_applications(Path("a.jsonl"), "a.jsonl"), policy, NOW)
    results = list(planning.decide())
    plan = decide([json.loads(line) for line in lines], policy, NOW)
    streamed = [as_line(one) for result in results if isinstance(result, Decided) for one in result.decisions]
    assert streamed == [as_line(one) for one in plan.decisions]
    refused = [result for result in results if not isinstance(result, Decided)]
    assert [one.application for one in refused] == [one.application for one in plan.refused]
    assert planning.count == len(lines)
    reasons = {one.reason for one in plan.decisions}
    assert {"refused_sibling", "stopped"} <= reasons
    assert ("limit_reached" in reasons) is across


def test_a_plan_counts_what_it_planned_in_a_stream(run: Any, write: Write) -> None:
    """Of two applications of one candidate to one recipient, in one stream, the second waits for the first."""
    at = "2026-11-19T15:00:00-05:00"
    one: dict[str, Any] = {
        "status": "active", "candidate": {"id": "c", "name": "Ada"},
        "job": {"id": "j", "title": "E", "company": "N", "timezone": "America/New_York", "country": "US"},
        "events": [{"id": "e", "type": "interview_completed", "at": at}],
    }  # fmt: skip
    write("a.jsonl", "\n".join(json.dumps(one | {"id": name}) for name in ("first", "second")))
    rule = "{id: rest, kind: cooldown, title: Rest, at_least: 1 day, per: recipient}"
    write("r.yaml", f"schema: followup-rules/1\npack: mine\nextends: [default]\nrules: [{rule}]\n")
    ran = run("plan", "a.jsonl", "--rules", "r.yaml", "--format", "jsonl", "--at", AT)
    told = {
        (one["application"], one["decision"], one["decided_by"]["rule"])
        for one in map(json.loads, ran.lines)
        if one["rule"] == "thank-you"
    }
    assert told == {("first", "send", "thank-you"), ("second", "wait", "rest")}


def test_opt_outs_are_known_before_the_first_line_is_decided(write: Write) -> None:
    """The candidate's opt-out stands in the last line, and the first is stopped all the same."""
    lines = [json.loads(line) for line in generated(3).splitlines()[1:]]
    for line in lines:
        line["candidate"]["id"] = "c"
    lines[1]["events"] = [{"id": "o", "type": "opted_out", "at": "2026-10-01T00:00:00Z"}]
    write("a.jsonl", "\n".join(map(json.dumps, lines)))
    policy = load_policy(["default"], load_plugins().packs).policy
    planning = Planning(lambda: read_applications(Path("a.jsonl"), "a.jsonl"), policy, NOW)
    (first, _) = planning.decide()
    assert isinstance(first, Decided)
    assert {one.reason for one in first.decisions} == {"stopped"}
    assert isinstance(first.application, Application)
