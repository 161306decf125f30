"""`check`: rule files and packs."""

from __future__ import annotations

import click

from followup_rules.cli.common import tell
from followup_rules.cli.main import CLEAN, FOUND, INVALID


@click.command("check")
@click.argument("paths", nargs=-1)
def command(paths: tuple[str, ...]) -> int:
    """Check rule files, folders of rule files and packs; without any, every installed pack.

    Each pack is checked by itself, with all that it extends.
    """
    from followup_rules.load.rulefiles import load_each
    from followup_rules.plugins import load_plugins

    plugins = load_plugins()
    tell(plugins.problems)
    packs = plugins.packs
    loaded, problems = load_each(paths or tuple(packs), packs)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        rules = sum(len(pack.rules) for one in loaded for pack in one.packs)
        names = ", ".join(dict.fromkeys(pack.name for one in loaded for pack in one.packs))
        click.echo(f"{_count(len(loaded), 'pack')} with {_count(rules, 'rule')} checked, no problem found: {names}")
        return CLEAN
    click.echo(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}", err=True)
    return INVALID if errors else FOUND


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
