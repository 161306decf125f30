"""The part of `check` that mends rule files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from followup_rules.errors import Problem
    from followup_rules.plugins import Plugins


def fix_rules(paths: tuple[str, ...], plugins: Plugins, *, show: bool) -> None:
    """Put the safe mends into the rule files that were named, or show them."""
    from followup_rules.load.rulefiles import load_each
    from followup_rules.load.sources import is_scenario_file
    from followup_rules.revising.mending_files import mend_files, mended_rules, rule_files, texts_of

    paths = tuple(path for path in paths if not is_scenario_file(Path(path)))
    files = rule_files(paths, plugins.packs)
    if not files:
        raise click.UsageError("--fix and --diff change files: name rule files or a folder; installed packs stay")

    def problems() -> tuple[Problem, ...]:
        return load_each(paths, plugins.packs, plugins.checks)[1]

    if show:
        click.echo(mended_rules(problems(), texts_of(files)).diff(), nl=False)
        return
    for shown, count in mend_files(files, problems).items():
        click.echo(f"{shown}: {count} mended", err=True)
