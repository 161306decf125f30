"""CPU seconds of `check` and of its peers over the same 200 rule files with 2,000 rules.

    python benchmarks/check_speed.py [FOLDER]

Needs `yamllint` and `check-jsonschema` beside the interpreter. All are run as whole processes, one after the other in
each round, so that what the machine does meanwhile hits all alike; minimum and median of user plus system time are
printed. The files are written into FOLDER, and kept, where one is named.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

FILES, RULES, ROUNDS = 200, 10, 5

_HEAD = """\
# What team {n} does differently, and why.

schema: followup-rules/1
pack: team-{n}
{extends}
rules:
"""
_STOP = """
  - id: nothing-after-the-end-{n}
    kind: stop
    title: Nothing more once it is over, or once somebody answered
    why: A message after the end is worse than none.
    source: "judgement: what every recruiter of team {n} said"
    on: [reply, rejected, withdrawn, hired, opted_out, meeting_booked]
"""
_FOLLOW_UP = """
  - id: thank-you-{n}-{i}
    kind: follow_up
    title: Thank the interviewer of round {i} within a day
    why: >-
      A thank-you is expected soon and looks odd late. Two hours leave time to think; a day leaves the conversation
      fresh; weekends and holidays are waited out.
    source: "judgement: team {n}, autumn review"
    follow_up: thank_you
    direction: candidate_to_employer
    after: interview_completed
    opens: {i} hours
    due: 24 hours
    expires: 3 business days
    when:
      stage: [onsite, final, round-{i}]
      touches: {{at_most: {i}}}
      any:
        - attributes.referral: true
        - not: {{job.sector: government}}
    do: [draft_message]
    examples:
      - title: the morning after
        at: 2026-09-15T10:00:00-04:00
        application:
          candidate: {{name: Ada Park, timezone: Europe/Berlin, country: DE}}
          job: {{title: Data Engineer, company: Northwind, timezone: America/New_York, country: US}}
          contacts: [{{id: u-3, name: Sam Reyes, timezone: America/New_York, country: US}}]
          events: [{{id: e1, type: interview_completed, at: 2026-09-14T15:00:00-04:00, contact: u-3}}]
        expect: {{decision: send, reason: in_window, step: 1}}
"""
_LIMIT = """
  - id: not-too-many-{n}-{i}
    kind: limit
    title: Not more than {i} messages in two weeks
    source: "judgement: team {n}"
    at_most: {i}
    per: application
    within: {days} days
    when: {{job.company: company-{i}, touches: {{at_least: 1}}}}
"""
_COOLDOWN = """
  - id: breathing-space-{n}-{i}
    kind: cooldown
    title: Some business days between two messages
    source: "judgement: team {n}"
    at_least: {i} business days
    per: application
    backoff: 1.5
    follow_up: [thank_you]
"""
_WINDOW = """
  - id: office-hours-{n}-{i}
    kind: send_window
    title: Only while people are at work
    open: [Mon-Thu 08:30-17:30, "Fri 09:00-15:00"]
    skip_holidays: true
    fallback_timezone: Europe/Berlin
    when: {{job.sector: [technology, retail-{i}]}}
"""
_MESSAGE = """
  - id: right-length-{n}-{i}
    kind: message
    title: Short enough to be read on a telephone
    check: length
    severity: warning
    direction: candidate_to_employer
    with: {{at_least: 40, at_most: {words}}}
"""
_FORBIDS = """
  - id: no-such-words-{n}-{i}
    kind: message
    title: None of the words that say nothing
    check: forbids
    severity: suggestion
    with: {{words: [synergy, touch base, circle back], instead: say what you mean}}
"""
_PATTERN = [_STOP, _FOLLOW_UP, _LIMIT, _COOLDOWN, _WINDOW, _FOLLOW_UP, _MESSAGE, _FORBIDS, _LIMIT, _FOLLOW_UP]


def write_files(folder: Path) -> None:
    """Packs of their own, ten rules each; every second one extends the bundled pack."""
    for n in range(1, FILES + 1):
        text = _HEAD.format(n=n, extends="extends: [default]\n" if n % 2 else "")
        for i, rule in enumerate(_PATTERN[:RULES], 1):
            text += rule.format(n=n, i=i, days=7 + i, words=200 + i)
        Path(folder, f"team-{n:03}.yaml").write_text(text, encoding="utf-8")


def cpu(command: list[str], cache: Path) -> float:
    """User and system seconds of one process; it must find nothing to say. All use one cache of compiled modules."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(cache)
    before = os.times()
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    after = os.times()
    if ran.returncode != 0:
        raise SystemExit(f"{command[:4]}: exit status {ran.returncode}\n{ran.stdout[:600]}{ran.stderr[:600]}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def composed(folder: Path) -> float:
    """What reading costs at least: PyYAML's C composer alone, in this process."""
    texts = [file.read_bytes() for file in sorted(folder.glob("*.yaml"))]
    before = os.times()
    for text in texts:
        yaml.compose(text, Loader=yaml.CSafeLoader)
    after = os.times()
    return after.user + after.system - before.user - before.system


def main() -> None:
    """Write the files, run every command in turns, print one line for each."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary, "packs")
        folder.mkdir(parents=True, exist_ok=True)
        write_files(folder)
        cache = folder.parent / "compiled"
        tools = Path(sys.executable).parent
        run = [sys.executable, "-m", "followup_rules"]
        schema = folder.parent / "rules.schema.json"
        schema.write_bytes(subprocess.run([*run, "schema", "rules"], capture_output=True, check=True).stdout)
        config = folder.parent / "yamllint.yaml"
        config.write_text("extends: default\nrules: {document-start: disable, line-length: {max: 120}}\n", "utf-8")
        files = [str(file) for file in sorted(folder.glob("*.yaml"))]
        peers: dict[str, Callable[[], float]] = {
            "followup-rules check": lambda: cpu([*run, "check", str(folder)], cache),
            "yamllint": lambda: cpu([str(tools / "yamllint"), "-c", str(config), str(folder)], cache),
            "check-jsonschema": lambda: cpu(
                [str(tools / "check-jsonschema"), "--schemafile", str(schema), *files], cache
            ),
            "followup-rules check, one file": lambda: cpu([*run, "check", files[1]], cache),
            "PyYAML's C composer alone": lambda: composed(folder),
        }
        times: dict[str, list[float]] = {name: [] for name in peers}
        for number in range(ROUNDS + 1):
            for name, timed in peers.items():
                spent = timed()
                if number:
                    times[name].append(spent)
        for name, spent in times.items():
            print(f"{name:30} min {min(spent):6.3f} s  median {statistics.median(spent):6.3f} s")
        ours, theirs = (min(times[name]) for name in ("followup-rules check", "yamllint"))
        print(f"check / yamllint = {ours / theirs:.2f} (at most 0.33)")


if __name__ == "__main__":
    main()
