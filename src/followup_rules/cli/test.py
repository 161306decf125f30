"""`test`: the examples inside rules, each at its own moment."""

from __future__ import annotations

import click

from followup_rules.cli.common import engine_option, tell
from followup_rules.cli.main import CLEAN, FOUND, INVALID


@click.command("test")
@click.argument("paths", nargs=-1)
@engine_option
@click.option("--verbose", "-v", is_flag=True, help="Name every example, not only those that fail.")
def command(paths: tuple[str, ...], engine: str, verbose: bool) -> int:
    """Run the examples of rule files, folders and packs; without any, of every installed pack.

    No clock is asked: each example says at what moment it is decided.
    """
    from followup_rules.cli.common import matcher_for
    from followup_rules.load.rulefiles import load_each
    from followup_rules.plugins import load_plugins
    from followup_rules.testing.examples import run_examples

    plugins = load_plugins()
    tell(plugins.problems)
    packs = plugins.packs
    loaded, problems = load_each(paths or tuple(packs), packs, plugins.checks)
    for problem in problems:
        click.echo(str(problem), err=True)
    passed = failed = 0
    for one in loaded:
        matcher = matcher_for(engine, one.policy, 1)
        for result in run_examples(one, matcher):
            passed, failed = passed + (not result.differences), failed + bool(result.differences)
            if result.differences:
                click.echo(f"{result.place}: FR401 {result.title}")
                for line in result.differences:
                    click.echo(f"    {line}")
            elif verbose:
                click.echo(f"{result.place}: passed: {result.title}")
    if any(problem.severity == "error" for problem in problems):
        return INVALID
    if not passed and not failed:
        click.echo("no example was found, so nothing was tested; add `examples:` to a rule", err=True)
        return FOUND
    click.echo(f"{passed} passed, {failed} failed")
    return FOUND if failed else CLEAN
