"""CPU seconds of whole commands, and of a policy of a thousand rules.

    python benchmarks/startup.py

Each command is run nine times after one warm-up; minimum, median and maximum of user plus system time are printed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 9
_RULE = """\
  - id: limit-{n}
    kind: limit
    title: Limit number {n}
    at_most: {n}
    per: application
    within: {days} days
    when: {{stage: stage-{n}, touches: {{at_least: {n}}}}}
"""
_HEAD = """\
schema: followup-rules/1
pack: thousand
extends: [default]
rules:
"""


def cpu(command: list[str]) -> float:
    """CPU seconds of one run."""
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print one line for each command."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "thousand.yaml")
        rules.write_text(_HEAD + "".join(_RULE.format(n=n, days=n % 300 + 1) for n in range(1, 1001)), encoding="utf-8")
        run = [sys.executable, "-m", "followup_rules"]
        commands = {
            "followup-rules --help": [*run, "--help"],
            "followup-rules check (bundled packs)": [*run, "check"],
            "followup-rules check (1,000 rules)": [*run, "check", str(rules)],
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        for name, command in commands.items():
            cpu(command)
            times = [cpu(command) for _ in range(RUNS)]
            print(f"{name:38} {min(times):.3f}  {statistics.median(times):.3f}  {max(times):.3f} s")


if __name__ == "__main__":
    main()
