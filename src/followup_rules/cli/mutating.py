"""`test --mutate`: the changes of the rules that no test notices, printed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from followup_rules.errors import Problem
    from followup_rules.rules.cases import Case
    from followup_rules.testing.gathering import Gathered
    from followup_rules.testing.mutation import Mutation, Outcome, Score


def mutations(
    gathered: Gathered, chooses: Callable[[Case], bool] | None, least: float | None, asked: str, failed: int
) -> Iterator[Problem]:
    """Print what is not noticed; a problem where that is more than what was asked for."""
    from followup_rules.errors import Place, Problem
    from followup_rules.testing.mutation import Mutation, problems_of

    if failed:
        click.echo("mutation: not tried, because there are failures; mend them first", err=True)
        return
    score: list[Score] = []
    for problem in problems_of(_with_bar(Mutation(gathered.suites, chooses)), score):
        click.echo(str(problem))
    found = score[0]
    same = f"; {found.same} more make no difference" if found.same else ""
    click.echo(f"mutation: {found.percent} %: {found.noticed} of {found.made} changes are noticed{same}")
    if least is not None and not found.reaches(least):
        text = f"{found.percent} % of the changes are noticed, and {least:g} % are asked for"
        yield Problem("FR421", text, Place(asked))


def _with_bar(mutation: Mutation) -> Iterator[Outcome]:
    if not sys.stderr.isatty():
        yield from mutation.outcomes()
        return
    with click.progressbar(mutation.outcomes(), length=len(mutation), label="changing", file=sys.stderr) as shown:
        yield from shown
