"""The distributions in `plugins/` as a user gets them: built, installed into a new environment, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from followup_rules.plugins import SWITCH
from real.processes import REQUIRED

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
DISTRIBUTIONS = sorted(path.parent for path in (ROOT / "plugins").glob("*/pyproject.toml"))
PLUGINS = [path for path in DISTRIBUTIONS if "entry-points.followup_rules]" in (path / "pyproject.toml").read_text()]
"""What the engine loads; the others are loaded by a host, an ATS that carries the engine inside."""
SLOW_TO_START = ("odoo", "tryton")
OF_TESTS = ("hypothesis", "standardwebhooks")
"""What the plugins' own tests are written with, beside what the extra `test` brings."""


def run(*command: str | Path) -> str:
    """Run to success, away from the repository, or show everything that was said."""
    environ = {key: value for key, value in os.environ.items() if key not in (SWITCH, "PYTHONPATH", REQUIRED)}
    done = subprocess.run(
        [str(part) for part in command], env=environ, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the host and every plugin, from wheels."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / "python"
    run(python, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder / "wheels", ROOT, *DISTRIBUTIONS)
    wheels = sorted((folder / "wheels").glob("*.whl"))
    assert len(wheels) == 1 + len(DISTRIBUTIONS)
    (host,) = (folder / "wheels").glob("followup_rules-*.whl")
    run(python, "-m", "pip", "install", "-q", *wheels, f"followup-rules[test] @ {host.as_uri()}", *OF_TESTS)
    return python


def test_every_plugin_is_found(python: Path) -> None:
    """Installing is enough: each distribution is listed with what it brings."""
    reports = json.loads(run(python, "-m", "followup_rules.cli.main", "plugins", "--format", "json"))
    assert [one["error"] for one in reports] == [None] * (1 + len(PLUGINS))
    assert {one["distribution"] for one in reports} == {"followup-rules", *(path.name for path in PLUGINS)}
    by_name = {one["name"]: one for one in reports}
    assert by_name["pack-agency"]["packs"] == ["agency"]
    assert by_name["jsonl"]["capabilities"] == {"jsonl": ["draft", "note", "read_applications", "task"]}
    assert "default" in by_name["bundled"]["packs"]


def test_the_bundled_rules_are_in_the_wheel(python: Path) -> None:
    """Without the repository beside it, the packs and their templates are still there, and in order."""
    assert "default" in run(python, "-m", "followup_rules.cli.main", "check", "default", "agency")


@pytest.mark.parametrize("plugin", DISTRIBUTIONS, ids=[path.name for path in DISTRIBUTIONS])
def test_its_own_tests_pass_where_it_is_installed(python: Path, plugin: Path) -> None:
    """Its contract test too, against the installed host; those of an ATS that takes minutes are loaded, and run beside
    the repository."""
    options = ["-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib"]
    if any(name in plugin.name for name in SLOW_TO_START):
        options.append("--collect-only")
    run(python, "-m", "pytest", "-q", *options, plugin / "tests")
