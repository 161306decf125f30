"""`test`: the examples inside rules and the scenarios beside them, each on its own clock."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING

import click

from followup_rules.cli.common import engine_option, tell
from followup_rules.cli.main import CLEAN, FOUND, INVALID

if TYPE_CHECKING:
    from collections.abc import Callable

    from followup_rules.rules.cases import Case
    from followup_rules.testing.gathering import Gathered
    from followup_rules.testing.playing import Played
    from followup_rules.testing.scenarios import Result

_LONG = 200


@click.command("test")
@click.argument("paths", nargs=-1)
@engine_option
@click.option("--verbose", "-v", is_flag=True, help="Name every case, not only those that fail.")
@click.option("-k", "--keyword", "keyword", metavar="EXPRESSION", help="Only cases whose file, rule or title fits.")
def command(paths: tuple[str, ...], engine: str, verbose: bool, keyword: str | None) -> int:
    """Run the examples and scenarios of rule files, scenario files, folders and packs; without any, of every pack.

    No clock is asked: each case says at what moments it is decided.
    """
    from followup_rules.plugins import load_plugins
    from followup_rules.testing.gathering import gather

    chooses = _chooser(keyword)
    plugins = load_plugins()
    tell(plugins.problems)
    gathered = gather(paths or tuple(plugins.packs), plugins.packs, plugins.checks)
    tell(gathered.problems)
    results = _with_bar(_results(gathered, engine, chooses), gathered)
    passed, failed = _print_text(results, verbose)
    if any(problem.severity == "error" for problem in gathered.problems):
        return INVALID
    if not passed and not failed:
        click.echo(f"FR410 nothing was tested: {_why_nothing(gathered, keyword)}", err=True)
        return FOUND
    return FOUND if failed else CLEAN


def _chooser(keyword: str | None) -> Callable[[Case], bool]:
    from followup_rules.testing.choosing import chooser

    if keyword is None:
        return lambda case: True
    try:
        return chooser(keyword)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="-k") from None


def _results(
    gathered: Gathered,
    engine: str,
    chooses: Callable[[Case], bool],
    watch: Callable[[Played], None] | None = None,
) -> Iterator[Result]:
    """How every case that is meant comes out, in the order of the suites."""
    from followup_rules.cli.common import matcher_for
    from followup_rules.testing.scenarios import run

    for suite in gathered.suites:
        matcher = matcher_for(engine, suite.loaded.policy, 1)
        cases = filter(chooses, suite.cases)
        yield from run(suite.loaded.policy, cases, matcher, clock=perf_counter, watch=watch)


def _with_bar(results: Iterable[Result], gathered: Gathered) -> Iterator[Result]:
    count = sum(len(suite.cases) for suite in gathered.suites)
    if count < _LONG or not sys.stderr.isatty():
        yield from results
        return
    with click.progressbar(results, length=count, label="testing", file=sys.stderr) as shown:
        yield from shown


def _print_text(results: Iterable[Result], verbose: bool) -> tuple[int, int]:
    """Print what fails; how many passed and failed."""
    passed = failed = 0
    for result in results:
        passed, failed = passed + (not result.differences), failed + bool(result.differences)
        if result.differences:
            click.echo(f"{result.place}: {result.code} {result.title}")
            for line in result.differences:
                click.echo(f"    {line}")
        elif verbose:
            click.echo(f"{result.place}: passed: {result.title}")
    if passed or failed:
        click.echo(f"{passed} passed, {failed} failed")
    return passed, failed


def _why_nothing(gathered: Gathered, keyword: str | None) -> str:
    if keyword is not None and any(suite.cases for suite in gathered.suites):
        return f"no case fits -k '{keyword}'"
    return "there is no example and no scenario; add `examples:` to a rule, or a file that ends in _test.yaml"
