"""`plugins new` writes a plugin that works before anybody has written a line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Run

SOURCE = Path(__file__).parents[1] / "src"


@pytest.mark.parametrize("name", ["acme", "my-crm-2"])
def test_a_new_plugin_passes_its_tests(
    name: str, run: Run, write: Callable[[str, str | bytes], str], tmp_path: Path
) -> None:
    """In a process of its own, in its own folder: bronze at once, nothing skipped that bronze needs."""
    made = run("plugins", "new", name)
    assert (made.status, made.err, made.lines[-1]) == (0, "", f"next: cd followup-rules-{name} && python -m pytest")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    environ = {**os.environ, "PYTHONPATH": str(SOURCE)}
    ran = subprocess.run(
        words, cwd=tmp_path / f"followup-rules-{name}", env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "10 passed" in ran.stdout, ran.stdout


def test_the_host_lists_it_with_its_tier(
    run: Run, write: Callable[[str, str | bytes], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by its entry point, with what its tests show; its settings are tested by `plugins test`."""
    from followup_rules.testing.installing import write_distribution

    run("plugins", "new", "acme")
    write_distribution(tmp_path / "site", "followup-rules-acme", {"acme": "followup_rules_acme"})
    for path in (tmp_path / "site", tmp_path / "followup-rules-acme" / "src"):
        monkeypatch.syspath_prepend(path)
    monkeypatch.setenv("FOLLOWUP_RULES_PLUGINS", "acme")
    monkeypatch.setenv("ACME_TOKEN", "planted-7")
    assert "  adapters  acme bronze (note)" in run("plugins").lines
    entry = 'acme: {kind: acme, settings: {folder: notes, token: "env:ACME_TOKEN"}}'
    write("followup.yaml", f"schema: followup-configuration/1\nadapters:\n  {entry}\n")
    tested = run("plugins", "test", "acme")
    assert (tested.status, "planted" in tested.out + tested.err) == (0, False)


@pytest.mark.parametrize("name", ["Acme", "../acme", "a b", "2a", "folder", "x" * 61, "-"])
def test_a_name_that_cannot_be(name: str, run: Run, write: Callable[[str, str | bytes], str], tmp_path: Path) -> None:
    """Nothing is written for what no adapter may be called."""
    write("there", "")
    assert run("plugins", "new", name).status == 2
    assert [one.name for one in tmp_path.iterdir()] == ["there"]


def test_what_is_there_stays(run: Run, write: Callable[[str, str | bytes], str], tmp_path: Path) -> None:
    """A folder with anything in it is left alone."""
    write("mine/notes.txt", "keep")
    ran = run("plugins", "new", "acme", "mine")
    assert (ran.status, "already there" in ran.err) == (2, True)
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["notes.txt"]
