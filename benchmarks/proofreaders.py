"""How fast messages are judged, beside bare harper-py and proselint, on the same messages in one run.

    pip install '.[bench,proofread]'
    python benchmarks/proofreaders.py messages.jsonl [more.jsonl ...] [--way NAME ...]

The files have the form of `benchmarks/quality.py`. Each way has a process of its own, and the ways take turns in three
rounds. Printed are, for each way, of the median round in CPU time of one core: messages a second in the first pass
over messages that the process has never met (behind the first twenty, for which lists are read), and in the second
pass; what it takes to be ready for the first message and to judge it, beside starting Python; and in how many clean
messages it finds anything at all. The table is printed anew after each round.

What is installed has its bytecode beside it, for pip compiles it. So a process before the rounds writes the bytecode of
this checkout into a folder of the run, wherever Python was told to write none; else each process would compile all
modules anew, and that would count as start.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from quality import Labelled, is_clean, own_text, read

ROUNDS = 3
FIRST = 20
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


def child(way: str, messages: list[Labelled]) -> None:
    """One round of one way, in this process."""
    begun = time.process_time()
    judge = WAYS[way]()
    judge(messages[0])
    ready = time.process_time() - begun
    found = [judge(one) for one in messages[:FIRST]]
    passes = []
    for _ in range(2):
        begun = time.process_time()
        found[FIRST:] = [judge(one) for one in messages[FIRST:]]
        passes.append((len(messages) - FIRST) / (time.process_time() - begun))
    flagged = sum(bool(count) for one, count in zip(messages, found, strict=True) if is_clean(one))
    print(json.dumps({"first": passes[0], "second": passes[1], "ready": ready, "flagged": flagged}))


def table(rounds: dict[str, list[dict[str, float]]], clean: int) -> None:
    """Print the median of the rounds so far, a line for each way."""
    print(f"\n{'':30}{'a second, new':>14}{'second pass':>13}{'ready':>9}  clean flagged")
    for way, seen in rounds.items():
        if seen:
            first, second, ready = (
                statistics.median(one[name] for one in seen) for name in ("first", "second", "ready")
            )
            print(
                f"{way:30}{first:>14,.0f}{second:>13,.0f}{ready:>8.3f}s  {seen[0]['flagged']:.0f}/{clean}", flush=True
            )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--way", action="append", choices=[*WAYS], help="only this one; may be given several times")
    parser.add_argument("--here", choices=[*WAYS], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    messages = list(read(arguments.files))
    if arguments.here:
        child(arguments.here, messages)
        return
    clean = sum(map(is_clean, messages))
    rounds: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as bytecode:
        for way in arguments.way or WAYS:
            try:
                in_a_process(way, arguments.files, bytecode)
            except subprocess.CalledProcessError as error:
                print(f"{way} is left out: {error.stderr.strip().rpartition(chr(10))[2]}", file=sys.stderr)
            else:
                rounds[way] = []
        if not rounds:
            sys.exit("nothing is left to measure; see `pip install '.[bench,proofread]'`")
        for _ in range(ROUNDS):
            for way, seen in rounds.items():
                seen.append(in_a_process(way, arguments.files, bytecode))
                print(f"{way}: {seen[-1]['first']:,.0f} a second", flush=True)
            table(rounds, clean)


def in_a_process(way: str, files: list[Path], bytecode: str) -> dict[str, float]:
    """One round of one way, in a process of its own."""
    command = [sys.executable, __file__, *map(str, files), "--here", way]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    measured: dict[str, float] = json.loads(told)
    return measured


if __name__ == "__main__":
    main()
