"""`test`: the examples inside rules and the scenarios beside them, each on its own clock."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

import click

from followup_rules.cli.common import engine_option, tell
from followup_rules.cli.main import CLEAN, FOUND, INVALID
from followup_rules.cli.mutating import mutations

if TYPE_CHECKING:
    from collections.abc import Callable

    from followup_rules.errors import Problem
    from followup_rules.rules.cases import Case
    from followup_rules.testing.coverage import Coverage
    from followup_rules.testing.gathering import Gathered
    from followup_rules.testing.scenarios import Result

_LONG = 200


@click.command("test")
@click.argument("paths", nargs=-1)
@engine_option
@click.option("--verbose", "-v", is_flag=True, help="Name every case, not only those that fail.")
@click.option("-k", "--keyword", "keyword", metavar="EXPRESSION", help="Only cases whose file, rule or title fits.")
@click.option(
    "--update", is_flag=True, help="Write what comes out into expectations that fail, and show the difference."
)
@click.option("--coverage", "covered", is_flag=True, help="Name the rules and sides of rules that no case reached.")
@click.option("--min-coverage", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail where less is reached.")
@click.option("--mutate", is_flag=True, help="Name the changes of numbers, windows, stops and limits nobody notices.")
@click.option("--min-mutation", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail where fewer are noticed.")
def command(
    paths: tuple[str, ...],
    engine: str,
    verbose: bool,
    keyword: str | None,
    update: bool,
    covered: bool,
    min_coverage: float | None,
    mutate: bool,
    min_mutation: float | None,
) -> int:
    """Run the examples and scenarios of rule files, scenario files, folders and packs; without any, of every pack.

    No clock is asked: each case says at what moments it is decided.
    """
    from followup_rules.plugins import load_plugins
    from followup_rules.testing.gathering import gather

    chooses = _chooser(keyword)
    plugins = load_plugins()
    tell(plugins.problems)
    asked = paths or tuple(plugins.packs)
    gathered = gather(asked, plugins.packs, plugins.checks)
    tell(gathered.problems)
    wrote = 0
    if update and not any(problem.severity == "error" for problem in gathered.problems):
        wrote = _update(gathered, engine, chooses)
        gathered = gather(asked, plugins.packs, plugins.checks)
    coverage = _coverage(gathered) if covered or min_coverage is not None else None
    results = _with_bar(_results(gathered, engine, chooses, coverage), gathered)
    passed, failed = _print_text(results, verbose)
    if any(problem.severity == "error" for problem in gathered.problems):
        return INVALID
    missed = list(_missed(gathered, passed + failed, keyword, paths))
    if coverage is not None and passed + failed:
        missed += _print_coverage(coverage, min_coverage, paths)
    if (mutate or min_mutation is not None) and passed + failed:
        missed += mutations(gathered, chooses if keyword is not None else None, min_mutation, _asked(paths), failed)
    tell(missed)
    return FOUND if failed or wrote or missed else CLEAN


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
    coverage: Coverage | None,
) -> Iterator[Result]:
    """How every case that is meant comes out, in the order of the suites."""
    from followup_rules.cli.common import matcher_for
    from followup_rules.testing.scenarios import run

    for suite in gathered.suites:
        matcher = matcher_for(engine, suite.loaded.policy, 1)
        cases = filter(chooses, suite.cases)
        watch = coverage.watcher(suite.loaded.policy, matcher) if coverage is not None else None
        yield from run(suite.loaded.policy, cases, matcher, clock=perf_counter, watch=watch)


def _coverage(gathered: Gathered) -> Coverage:
    from followup_rules.testing.coverage import Coverage

    coverage = Coverage()
    for suite in gathered.suites:
        coverage.measure(suite.loaded.packs, suite.loaded.policy)
    return coverage


def _print_coverage(coverage: Coverage, least: float | None, paths: Sequence[str]) -> Iterator[Problem]:
    """Print what was not reached; a problem where it is less than what was asked for."""
    from followup_rules.errors import Place, Problem
    from followup_rules.testing.coverage import lines_of, percent, reaches

    for line in lines_of(coverage):
        click.echo(line)
    if least is not None and not reaches(coverage, least):
        text = f"{percent(coverage)} % of the sides of the rules are reached, and {least:g} % are asked for"
        yield Problem("FR410", text, Place(_asked(paths)))


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


def _missed(gathered: Gathered, count: int, keyword: str | None, paths: Sequence[str]) -> Iterator[Problem]:
    """A run that tested nothing must not look like one that passed."""
    from followup_rules.errors import Place, Problem

    if count:
        return
    if keyword is not None and any(suite.cases for suite in gathered.suites):
        yield Problem("FR409", f"nothing was tested: no case fits -k '{keyword}'", Place(_asked(paths)))
    else:
        hint = "add `examples:` to a rule, or a file that ends in _test.yaml"
        text = "nothing was tested: there is no example and no scenario"
        yield Problem("FR409", text, Place(_asked(paths)), hint)


def _asked(paths: Sequence[str]) -> str:
    return ", ".join(paths) or "installed packs"


def _update(gathered: Gathered, engine: str, chooses: Callable[[Case], bool]) -> int:
    """Write what comes out into the files, and show it; how many expectations were written."""
    from followup_rules.cli.common import matcher_for
    from followup_rules.testing.writing import update

    diff, written, left = update(gathered, chooses, lambda policy: matcher_for(engine, policy, 1))
    for line in left:
        click.echo(line, err=True)
    click.echo(diff, nl=False)
    if written:
        what = (
            "1 expectation was written; read it" if written == 1 else f"{written} expectations were written; read them"
        )
        click.echo(f"{what} before you keep what is new")
    return written
