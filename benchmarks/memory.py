"""Peak memory of a streamed `plan`, for 1,000 and for 100,000 applications of ten events each.

python benchmarks/memory.py [SMALL LARGE]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from portfolio import applications


def peak(path: Path) -> tuple[int, float]:
    """Peak resident memory in KiB and seconds of one run; what it prints goes nowhere."""
    command = [sys.executable, "-m", "followup_rules", "plan", str(path), "--at", "2026-11-20T15:00:00Z"]
    start = time.perf_counter()
    with subprocess.Popen([*command, "--format", "jsonl", "--engine", "native"], stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss, time.perf_counter() - start


def main() -> None:
    """Print one line for each size."""
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 100_000]
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder, f"{size}.jsonl")
            with path.open("w", encoding="utf-8") as file:
                file.writelines(f"{json.dumps(one)}\n" for one in applications(size))
            memory, seconds = peak(path)
            megabytes = path.stat().st_size / 1e6
            print(f"{size:9,} applications, {megabytes:7.1f} MB: peak {memory / 1024:6.1f} MiB, {seconds:6.1f} s")


if __name__ == "__main__":
    main()
