"""`test`: the examples inside rules and the scenarios beside them, each on its own clock."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from followup_rules.cli.common import engine_option, tell, tell_others
from followup_rules.cli.main import CLEAN, FOUND, INVALID
from followup_rules.cli.sifting import choosing_options, format_options, sieve

if TYPE_CHECKING:
    from collections.abc import Callable

    from followup_rules.cli.sifting import Sieve
    from followup_rules.errors import Problem
    from followup_rules.plugins import Plugins
    from followup_rules.report.cases import Case as Told
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
@format_options
@choosing_options("error")
def command(paths: tuple[str, ...], engine: str, update: bool, **options: Any) -> int:
    """Run the examples and scenarios of rule files, scenario files, folders and packs; without any, of every pack.

    No clock is asked: each case says at what moments it is decided.
    """
    from followup_rules.cli.telling import Run
    from followup_rules.codes import CODES
    from followup_rules.plugins import load_plugins

    keyword = options["keyword"]
    wanted = sieve(options, CODES)
    chooses = _chooser(keyword, wanted)
    plugins = load_plugins()
    tell(plugins.problems)
    run = Run(options, wanted)
    gathered = _gather(paths, plugins)
    wrote = 0
    if update and not _faulty(gathered.problems):
        wrote = _update(gathered, engine, chooses, aside=not run.for_people)
        gathered = _gather(paths, plugins)
    run.problems(gathered.problems)
    tell_others(gathered.others)
    asked_for = options["covered"] or options["min_coverage"] is not None
    coverage = _coverage(gathered) if asked_for and not _faulty(gathered.problems) else None
    results = _with_bar(_results(gathered, engine, chooses, coverage), gathered)
    count = run.cases(_told(results))
    if not _faulty(gathered.problems):
        run.missed(_missed(gathered, count, keyword, paths))
        if coverage is not None and count:
            run.coverage(coverage, _too_little(coverage, options["min_coverage"], paths))
        if (options["mutate"] or options["min_mutation"] is not None) and count:
            run.mutation(gathered, chooses if keyword is not None else None, options["min_mutation"], _asked(paths))
    run.finish()
    return INVALID if _faulty(gathered.problems) else FOUND if wrote or run.found else CLEAN


def _gather(paths: tuple[str, ...], plugins: Plugins) -> Gathered:
    """What was asked for; of warnings those about tests, because the others are what `check` tells."""
    from followup_rules.testing.gathering import gather

    gathered = gather(paths or tuple(plugins.packs), plugins.packs, plugins.checks)
    problems = [one for one in gathered.problems if one.severity == "error" or one.code.startswith("FR4")]
    return gathered._replace(problems=tuple(problems))


def _faulty(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _chooser(keyword: str | None, wanted: Sieve) -> Callable[[Case], bool]:
    from followup_rules.testing.choosing import chooser

    if keyword is None:
        return lambda case: wanted.wants(case.code)
    try:
        fits = chooser(keyword)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="-k") from None
    return lambda case: wanted.wants(case.code) and fits(case)


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


def _told(results: Iterable[Result]) -> Iterator[Told]:
    from followup_rules.report.cases import Case as Told

    for one in results:
        yield Told(one.id, one.title, one.place, one.differences, not one.differences, one.seconds, one.code)


def _coverage(gathered: Gathered) -> Coverage:
    from followup_rules.testing.coverage import Coverage

    coverage = Coverage()
    for suite in gathered.suites:
        coverage.measure(suite.loaded.packs, suite.loaded.policy)
    return coverage


def _too_little(coverage: Coverage, least: float | None, paths: Sequence[str]) -> Iterator[Problem]:
    """A problem where less is reached than what was asked for."""
    from followup_rules.errors import Place, Problem
    from followup_rules.testing.coverage import percent, reaches

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


def _missed(gathered: Gathered, count: int, keyword: str | None, paths: Sequence[str]) -> Iterator[Problem]:
    """A run that tested nothing must not look like one that passed."""
    from followup_rules.errors import Place, Problem

    if count:
        return
    if any(suite.cases for suite in gathered.suites):
        chosen = f"-k '{keyword}'" if keyword is not None else "--select and --ignore"
        yield Problem("FR409", f"nothing was tested: no case fits {chosen}", Place(_asked(paths)))
    else:
        hint = "add `examples:` to a rule, or a file that ends in _test.yaml"
        text = "nothing was tested: there is no example and no scenario"
        yield Problem("FR409", text, Place(_asked(paths)), hint)


def _asked(paths: Sequence[str]) -> str:
    return ", ".join(paths) or "installed packs"


def _update(gathered: Gathered, engine: str, chooses: Callable[[Case], bool], aside: bool) -> int:
    """Write what comes out into the files, and show it, `aside` on stderr; how many expectations were written."""
    from followup_rules.cli.common import matcher_for
    from followup_rules.testing.writing import update

    diff, written, left = update(gathered, chooses, lambda policy: matcher_for(engine, policy, 1))
    for line in left:
        click.echo(line, err=True)
    click.echo(diff, nl=False, err=aside)
    if written:
        what = (
            "1 expectation was written; read it" if written == 1 else f"{written} expectations were written; read them"
        )
        click.echo(f"{what} before you keep what is new", err=aside)
    return written
