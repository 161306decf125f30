"""The files of `examples/service` can be read by those for whom they are, as far as they are on this machine."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from followup_rules.cli.serve import command
from followup_rules.load.configuration import read_configuration

FOLDER = Path(__file__).parents[1] / "examples" / "service"


def test_the_configuration_is_one() -> None:
    """It has keys and a route, and every secret is a file of the compose file."""
    given = read_configuration(FOLDER / "followup.yaml", "followup.yaml").configuration
    secrets = set(yaml.safe_load((FOLDER / "compose.yaml").read_text())["secrets"])
    named = {one.key.rpartition("/")[2] for one in given.serve.keys} | {(given.serve.secret or "").rpartition("/")[2]}
    assert named <= secrets and given.routes


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml", "followup-rules.service"])
def test_the_command_line_is_one(name: str) -> None:
    """Each starts `serve` with options that it has."""
    text = re.sub(r'[",\[\]]', " ", (FOLDER / name).read_text())
    lines = re.findall(r"followup-rules +serve +(--.*)$", text, re.MULTILINE)
    assert lines
    for line in lines:
        made = command.make_context("serve", shlex.split(line), resilient_parsing=False)
        assert isinstance(made, click.Context)


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    """`systemd-analyze verify` finds nothing in it but the program that is not installed here."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine: the unit is not checked by it")
    shutil.copy(FOLDER / "followup-rules.service", tmp_path)
    unit = str(tmp_path / "followup-rules.service")
    environment = {**os.environ, "SYSTEMD_PAGER": ""}
    told = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, env=environment, check=False
    )
    mine = [line for line in told.stderr.splitlines() if "followup" in line and "not executable" not in line]
    assert mine == []
