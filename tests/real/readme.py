"""The README of an adapter, run as a reader would: its configuration, its program, and what that prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from followup_rules.testing.installing import write_distribution

UPDATE = bool(os.environ.get("UPDATE_DOCS"))


def printed_by_the_readme(plugin: Path, folder: Path, name: str, settings: str) -> tuple[list[str], list[str]]:
    """What the README says that its program prints, and what it prints.

    Args:
        settings: in the place of the example's, which name a server that is not there.
    """
    page = plugin / "README.md"
    text = page.read_text("utf-8")
    example = (plugin / "examples" / f"{name}.yml").read_text("utf-8")
    assert f"```yaml\n{example}```" in text
    (program,) = re.findall(r"```python\n(.*?)```", text, re.S)
    shutil.copytree(plugin / "examples", folder / "work")
    (folder / "work" / f"{name}.yml").write_text(settings, "utf-8")
    module = plugin.name.replace("-", "_")
    write_distribution(folder / "site", plugin.name, {name: module})
    setup = f"import sys; sys.path[:0] = {[str(folder / 'site'), str(plugin / 'src')]!r}\n"
    said = re.findall(r"```text\n(.*?)```", text, re.S)
    printed = []
    for _ in said:
        command = [sys.executable, "-c", setup + program]
        done = subprocess.run(command, cwd=folder / "work", capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        printed.append(done.stdout)
    if UPDATE:
        outputs = iter(printed)
        page.write_text(
            re.sub(r"(```text\n).*?(```)", lambda m: m[1] + next(outputs) + m[2], text, flags=re.S), "utf-8"
        )
    return said, printed
