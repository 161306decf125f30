"""How fast messages are judged, beside bare harper-py and proselint, on the same messages in one run.

    pip install '.[bench,proofread]'
    python benchmarks/proofreaders.py messages.jsonl [more.jsonl ...]

The files have the form of `benchmarks/quality.py`. Each way has a process of its own, and the ways take turns in five
rounds. Printed are, for each way: messages a second of one core in its second pass over the messages (slowest, median,
fastest round, CPU time), what it takes to be ready for the first message beside starting Python (median), and in how
many clean messages it finds anything at all.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from quality import Labelled, is_clean, own_text, read

ROUNDS = 5
# These say nothing without options.
SILENT = ("contains", "forbids")
Judge = Callable[[Labelled], int]


def base_checks() -> Judge:
    """All checks of this project, without the extra."""
    sys.modules["harper"] = None  # type: ignore[assignment]  (an import then fails, as where it is not installed)
    from followup_rules.quality.catalogue import CHECKS

    return _ours([name for name in CHECKS if name not in SILENT])


def proofreading() -> Judge:
    """Spelling and grammar with the extra."""
    return _ours(["spelling", "grammar"])


def all_checks() -> Judge:
    """All checks with the extra."""
    from followup_rules.quality.catalogue import CHECKS

    return _ours([name for name in CHECKS if name not in SILENT])


def _ours(names: list[str]) -> Judge:
    from followup_rules.quality.catalogue import CHECKS

    checks = [CHECKS[name]() for name in names]

    def judge(one: Labelled) -> int:
        text = own_text(one)
        return sum(1 for check in checks for _ in check.faults(text, one.context))

    return judge


def bare_harper() -> Judge:
    """harper-py as it comes."""
    from harper import Linter

    linter = Linter()
    return lambda one: len(linter.lint(one.body, language="plaintext"))


def proselint() -> Judge:
    """proselint with its default checks."""
    from proselint.checks import __register__
    from proselint.config import DEFAULT
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    CheckRegistry().register_many(__register__)
    return lambda one: len(LintFile("message", one.body).lint(DEFAULT))


WAYS: dict[str, Callable[[], Judge]] = {
    "base checks": base_checks,
    "all checks, with the extra": all_checks,
    "spelling and grammar, extra": proofreading,
    "bare harper-py": bare_harper,
    "proselint": proselint,
}


def child(way: str, files: list[str]) -> None:
    """One round of one way, in this process."""
    messages = list(read([Path(name) for name in files]))
    begun = time.process_time()
    judge = WAYS[way]()
    judge(messages[0])
    ready = time.process_time() - begun
    for one in messages:  # words and names that were seen before are known from then on, as in a long run
        judge(one)
    begun = time.process_time()
    found = [judge(one) for one in messages]
    seconds = time.process_time() - begun
    flagged = sum(bool(count) for one, count in zip(messages, found, strict=True) if is_clean(one))
    print(json.dumps({"rate": len(messages) / seconds, "ready": ready, "flagged": flagged}))


def main() -> None:
    """Print one line for each way."""
    if sys.argv[1] == "--way":
        child(sys.argv[2], sys.argv[3:])
        return
    files = sys.argv[1:]
    clean = sum(is_clean(one) for one in read([Path(name) for name in files]))
    rounds: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way, seen in rounds.items():
            command = [sys.executable, __file__, "--way", way, *files]
            seen.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    print(f"{'':30}{'messages a second (slowest, median, fastest)':>46}{'ready':>9}  clean flagged")
    for way, seen in rounds.items():
        rates = sorted(one["rate"] for one in seen)
        ready = statistics.median(one["ready"] for one in seen)
        middle = statistics.median(rates)
        told = f"{way:30}{rates[0]:>16,.0f}{middle:>15,.0f}{rates[-1]:>15,.0f}{ready:>8.3f}s"
        print(f"{told}  {seen[0]['flagged']:.0f}/{clean}")


if __name__ == "__main__":
    main()
