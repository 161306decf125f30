"""`test --mutate`: the changes of the rules that no test notices."""

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


def mutations(gathered: Gathered, chooses: Callable[[Case], bool] | None, score: list[Score]) -> Iterator[Problem]:
    """Every change that is not noticed, as soon as that is known; the score is put into the list at the end."""
    from followup_rules.testing.mutation import Mutation, problems_of

    return problems_of(_with_bar(Mutation(gathered.suites, chooses)), score)


def told(score: Score) -> str:
    """The score in one line."""
    same = f"; {score.same} more make no difference" if score.same else ""
    return f"mutation: {score.percent} %: {score.noticed} of {score.made} changes are noticed{same}"


def too_few(score: Score, least: float | None, asked: str) -> Iterator[Problem]:
    """A problem where fewer changes are noticed than what was asked for."""
    from followup_rules.errors import Place, Problem

    if least is not None and not score.reaches(least):
        text = f"{score.percent} % of the changes are noticed, and {least:g} % are asked for"
        yield Problem("FR421", text, Place(asked))


def _with_bar(mutation: Mutation) -> Iterator[Outcome]:
    if not sys.stderr.isatty():
        yield from mutation.outcomes()
        return
    with click.progressbar(mutation.outcomes(), length=len(mutation), label="changing", file=sys.stderr) as shown:
        yield from shown
