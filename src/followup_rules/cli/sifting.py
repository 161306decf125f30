"""Which of what was found is shown, what it comes to, and where it goes: the options that commands share for that."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from followup_rules.cli.main import CLEAN, FOUND, INVALID

if TYPE_CHECKING:
    from followup_rules.report.baseline import Baseline
    from followup_rules.report.records import Record

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FORMS = ("text", "json", "jsonl", "sarif", "junit", "github")


def format_options(command: _Command) -> _Command:
    """`--format` and `--output`."""
    form = click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True)
    output = click.option(
        "--output", metavar="FILE", help="Write the format into this file, and text to standard output."
    )
    return form(output(command))


def choosing_options(fail_on: str) -> Callable[[_Command], _Command]:
    """`--fail-on` with what it is where nothing is said, `--select` and `--ignore`."""
    options = [
        click.option(
            "--fail-on", type=click.Choice(["error", "warning", "suggestion"]), default=fail_on, show_default=True,
            help="The least grave finding that makes the exit status 1.",
        ),
        click.option(
            "--select", multiple=True, metavar="CODES", help="Only these codes, or those that begin so, as FR7.",
        ),
        click.option("--ignore", multiple=True, metavar="CODES", help="All but these codes, or those that begin so."),
    ]  # fmt: skip
    return lambda command: _with(command, options)


def baseline_options(command: _Command) -> _Command:
    """`--baseline` and `--write-baseline`."""
    options = [
        click.option("--baseline", metavar="FILE", help="Keep back the findings that this file lists."),
        click.option("--write-baseline", metavar="FILE", help="Write what is found now into this file."),
    ]
    return _with(command, options)


def _with(command: _Command, options: Sequence[Callable[[_Command], _Command]]) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command


class Sieve(NamedTuple):
    """What the user wants to see. Errors that keep the input from being used always come through."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str
    baseline: Baseline | None

    def sifted(self, records: Sequence[Record]) -> tuple[list[Record | None], list[Record]]:
        """Each record as it is to be shown, None where it is left out; and what is to be said about the baseline."""
        known, gone = self.baseline.applied(records) if self.baseline is not None else (list(records), [])
        return [one if self._wanted(one) else None for one in known], [one for one in gone if self._wanted(one)]

    def _wanted(self, record: Record) -> bool:
        if record.unusable:
            return True
        return self.wants(record.code)

    def wants(self, code: str) -> bool:
        """True where a code was neither left out nor forgotten."""
        return (not self.select or code.startswith(self.select)) and not code.startswith(self.ignore)

    def status(self, records: Iterable[Record]) -> int:
        """The exit status that some records come to."""
        from followup_rules.report.records import as_grave, loud

        heard = loud(list(records))
        if any(record.unusable for record in heard):
            return INVALID
        return FOUND if any(as_grave(record.severity, self.fail_on) for record in heard) else CLEAN


def sieve(options: dict[str, Any], codes: Iterable[str]) -> Sieve:
    """What the options ask for; `codes` are all that there are."""
    from followup_rules.report.baseline import read_baseline

    old = options.get("baseline")
    if old and options["write_baseline"]:
        raise click.UsageError("--baseline reads and --write-baseline writes anew: give one of them")
    known = set(codes)
    select, ignore = (_codes(name, options[name], known) for name in ("select", "ignore"))
    return Sieve(select, ignore, options["fail_on"], read_baseline(old) if old else None)


def _codes(name: str, given: Sequence[str], known: set[str]) -> tuple[str, ...]:
    from followup_rules.errors import did_you_mean

    words = tuple(word.strip().upper() for one in given for word in one.split(",") if word.strip())
    for word in words:
        if not any(code.startswith(word) for code in known):
            mend = did_you_mean(word, known) or "`followup-rules explain` lists them all"
            raise click.BadParameter(f"no code is or begins with '{word}'; {mend}", param_hint=f"--{name}")
    return words


def present(records: Iterable[Record | None]) -> list[Record]:
    """Those that were not left out."""
    return [record for record in records if record is not None]


def write_output(text: str, file: str | None) -> None:
    """Put a text into a file, or on standard output."""
    from followup_rules.report.baseline import write_text

    if file is None:
        click.echo(text, nl=False, file=sys.stdout)
    else:
        write_text(file, text)


def printed(printer: Callable[[io.StringIO], None]) -> str:
    """What a printer writes."""
    out = io.StringIO()
    printer(out)
    return out.getvalue()
