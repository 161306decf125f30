"""`followup-rules plugins`: what is installed, what it brings, and what could not be loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from followup_rules.cli.configured import config_option, needed_configuration
from followup_rules.cli.main import CLEAN, FOUND
from followup_rules.errors import did_you_mean
from followup_rules.plugins import PluginReport, load_plugins

_LONGEST_NAME = 60


@click.group("plugins", invoke_without_command=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, form: str) -> int:
    """List plugins with their packs and adapters; the exit status is 1 if one of them cannot be used."""
    if ctx.invoked_subcommand is not None:
        return CLEAN
    reports = load_plugins().reports
    if form == "json":
        click.echo(json.dumps([_data(report) for report in reports], indent=2, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_lines(report)) for report in reports))
    return FOUND if any(report.error is not None for report in reports) else CLEAN


@command.command("test")
@click.argument("name")
@config_option
def test(name: str, config: str | None) -> int:
    """Ask the other system of an adapter of the configuration whether its settings work there."""
    from followup_rules.cli.common import tell
    from followup_rules.delivering.connecting import connected

    read = needed_configuration(config, "adapters")
    if name not in read.configuration.adapters:
        known = read.configuration.adapters
        hint = did_you_mean(name, known) or f"known are {', '.join(known)}"
        raise click.UsageError(f"the configuration has no adapter '{name}'; {hint}")
    plugins = load_plugins()
    tell(plugins.problems)
    said = connected(read, name, plugins)
    if not isinstance(said, str):
        tell([said])
        return FOUND
    click.echo(said)
    return CLEAN


@command.command("new")
@click.argument("name")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def new(name: str, folder: Path | None) -> int:
    """Write a plugin with an adapter that passes the bronze contract, into FOLDER or followup-rules-NAME.

    NAME is small letters, digits and hyphens. Nothing that is already there is overwritten.
    """
    from followup_rules.adapter import is_name
    from followup_rules.scaffold import plugin_files

    if not is_name(name) or len(name) > _LONGEST_NAME or not name[0].isalpha():
        raise click.UsageError("NAME is small letters, digits and hyphens, and begins with a letter, as in my-crm")
    adapters = load_plugins().adapters
    if name in adapters:
        raise click.UsageError(f"there is already an adapter '{name}'; take another name")
    target = folder or Path(f"followup-rules-{name}")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise click.UsageError(f"{target.as_posix()} is already there, and stays as it is; name another folder")
    for path, text in plugin_files(name).items():
        file = target / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise click.UsageError(f"{file.as_posix()} cannot be written: {error.strerror or error}") from None
        click.echo(f"wrote {file.as_posix()}")
    click.echo(f"next: cd {target.as_posix()} && python -m pytest")
    return CLEAN


def _data(report: PluginReport) -> dict[str, Any]:
    capabilities = {name: [*able] for name, able in report.capabilities.items()}
    return {**report._asdict(), "capabilities": capabilities, "tiers": dict(report.tiers)}


def _lines(report: PluginReport) -> Iterator[str]:
    """One plugin for people: a heading, and a line for each sort of thing that it brings."""
    if report.error is not None:
        yield f"{report.name}  ({report.origin})  not used"
        yield f"  FR502     {report.error}"
        return
    yield f"{report.name}  ({report.origin})"
    yield f"  hooks     {', '.join(report.hooks)}"
    if report.packs:
        yield f"  packs     {', '.join(report.packs)}"
    if report.checks:
        yield fill(f"  checks    {', '.join(report.checks)}", 110, subsequent_indent=" " * 12, break_on_hyphens=False)
    if report.capabilities:
        heads = ("adapters", *[""] * len(report.capabilities))
        for head, (name, able) in zip(heads, report.capabilities.items(), strict=False):
            tier = f" {report.tiers[name]}" if name in report.tiers else ""
            yield f"  {head:8}  {name}{tier} ({', '.join(able)})"
