"""How `test` tells what came out: to people line by line, to machines as one document at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from followup_rules.cli.common import tell
from followup_rules.cli.sifting import printed, write_output

if TYPE_CHECKING:
    from followup_rules.cli.sifting import Sieve
    from followup_rules.errors import Problem
    from followup_rules.report.cases import Case
    from followup_rules.report.records import Record
    from followup_rules.rules.cases import Case as TestCase
    from followup_rules.testing.coverage import Coverage
    from followup_rules.testing.gathering import Gathered
    from followup_rules.testing.mutation import Score


class Run:
    """One run of `test`. `found` says whether something makes the exit status 1."""

    def __init__(self, options: dict[str, Any], wanted: Sieve) -> None:
        self._form, self._output, self._verbose = options["form"], options["output"], options["verbose"]
        self._wanted = wanted
        self._cases: list[Case] = []
        self._records: list[Record] = []
        self._figures: dict[str, Any] = {}
        self.for_people = self._form == "text" or self._output is not None
        self.found = False

    def problems(self, problems: Iterable[Problem]) -> None:
        """What is wrong with files. An error keeps them from being run, so that it cannot be left out."""
        from followup_rules.report.records import as_grave

        heard = [one for one in problems if one.severity == "error" or self._wanted.wants(one.code)]
        self._tell(heard)
        self.found |= any(as_grave(one.severity, self._wanted.fail_on) for one in heard)

    def cases(self, cases: Iterable[Case]) -> int:
        """Tell how cases come out, one after the other. Returns how many there were."""
        from followup_rules.report.cases import text_of_cases

        for line in text_of_cases(self._noted(cases), self._verbose):
            if self.for_people:
                click.echo(line)
        self.found |= any(not case.passed for case in self._cases)
        return len(self._cases)

    def coverage(self, coverage: Coverage, missed: Iterable[Problem]) -> None:
        """What was reached, and that it is too little."""
        from followup_rules.testing.coverage import data_of, lines_of

        self._figures["coverage"] = data_of(coverage)
        if self.for_people:
            for line in lines_of(coverage):
                click.echo(line)
        self.missed(missed)

    def mutation(
        self, gathered: Gathered, chooses: Callable[[TestCase], bool] | None, least: float | None, asked: str
    ) -> None:
        """Which changes of the rules nobody notices, each as soon as that is known, and whether they are too many."""
        from followup_rules.cli.mutating import mutations, told, too_few
        from followup_rules.report.records import as_grave, of_problem

        if any(not case.passed for case in self._cases):
            click.echo("mutation: not tried, because there are failures; mend them first", err=True)
            return
        found: list[Score] = []
        for problem in mutations(gathered, chooses, found):
            if self._wanted.wants(problem.code):
                self._records.append(of_problem(problem))
                self.found |= as_grave(problem.severity, self._wanted.fail_on)
                if self.for_people:
                    click.echo(str(problem))
        (score,) = found
        self._figures["mutation"] = score._asdict()
        if self.for_people:
            click.echo(told(score))
        self.missed(too_few(score, least, asked))

    def missed(self, problems: Iterable[Problem]) -> None:
        """What makes a run fail in which every case passed."""
        told = list(problems)
        self._tell(told)
        self.found |= bool(told)

    def finish(self) -> None:
        """Print the document, if one was asked for."""
        from followup_rules.report.cases import print_cases

        def document(out: Any) -> None:
            print_cases(self._cases, self._form, out, self._verbose, self._records, self._figures)

        if self._form != "text" or self._output is not None:
            write_output(printed(document), self._output)

    def _tell(self, problems: list[Problem]) -> None:
        from followup_rules.report.records import of_problem

        self._records += map(of_problem, problems)
        if self.for_people:
            tell(problems)

    def _noted(self, cases: Iterable[Case]) -> Iterator[Case]:
        for case in cases:
            self._cases.append(case)
            yield case
