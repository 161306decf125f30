"""`plan`: decisions for every application."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from followup_rules.cli.common import (
    at_option,
    engine_option,
    loaded_policy,
    matcher_for,
    moment,
    put_down,
    rules_option,
    tell,
)
from followup_rules.cli.configured import config_option
from followup_rules.cli.main import CLEAN, FOUND
from followup_rules.cli.stores import read_from, read_option, saving

if TYPE_CHECKING:
    from followup_rules.delivering.planned import Saver
    from followup_rules.matching.truth import Matcher
    from followup_rules.model.decision import Refusal
    from followup_rules.planning import Decided, Planning
    from followup_rules.report.paper import Paper

# A bar is shown on a terminal from so many applications on.
_LONG = 2000


@click.command("plan")
@click.argument("applications", nargs=-1)
@read_option
@rules_option
@at_option
@engine_option
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
@click.option("--drafts", metavar="DIR", help="Write the draft of every message that is due into this folder.")
@click.option("--disagreements", metavar="FILE", help="With --engine verify: append what the engines disagree on.")
@click.option(
    "--save",
    metavar="[OUTBOX]",
    is_flag=False,
    flag_value="",
    help="Save what is due, as the configuration routes it, into its outbox or into this one.",
)
@click.option("--html", metavar="FILE", help="Write the plan as one page: tables, pictures, verdicts, drafts.")
@config_option
def command(
    applications: tuple[str, ...], store: str | None, rules: tuple[str, ...], at: str | None, engine: str, form: str,
    drafts: str | None, disagreements: str | None, save: str | None, html: str | None, config: str | None,
) -> int:  # fmt: skip
    """Decide every application in some files (JSON, JSON lines or YAML; - is stdin), or in a store.

    Prints a table, or with --format json|jsonl the machine form. Refused applications are named on stderr, and the
    exit status is then 1; the others are decided all the same.
    """
    from followup_rules.planning import Decided, Planning

    now = moment(at)
    policy = loaded_policy(rules).policy
    refused = 0
    writers = [_folder(drafts)] if drafts is not None else []
    saver: Saver | None = None

    def decided() -> Iterator[Decided]:
        nonlocal refused
        for one in _with_bar(planning, matcher):
            if not isinstance(one, Decided):
                refused += 1
                tell(one.problems)
                continue
            for write in writers:
                write(one)
            yield one

    with ExitStack() as stack:
        planning = Planning(stack.enter_context(read_from(applications, store)), policy, now)
        matcher = matcher_for(engine, policy, planning.count)
        if save is not None:
            saver = stack.enter_context(saving(save, config, now, at))
            writers.append(lambda one: saver.add(one.application, one.decisions))
        paper = _paper(now, writers) if html is not None else None
        _PRINTERS[form](decided(), now, planning, lambda: refused)
        if paper is not None and html is not None:
            paper.refused = refused
            put_down(html, paper.write)
    disputed = _write_down(matcher, disagreements)
    return FOUND if refused or disputed or (saver is not None and saver.unrouted) else CLEAN


def _with_bar(planning: Planning, matcher: Matcher) -> Iterator[Decided | Refusal]:
    results = planning.decide(matcher)
    err = sys.stderr
    bar: AbstractContextManager[Iterable[Decided | Refusal]] = nullcontext(results)
    if planning.count >= _LONG and err.isatty():
        bar = click.progressbar(results, length=planning.count, label="deciding", file=err)
    with bar as shown:
        yield from shown


def _print_table(decided: Iterator[Decided], now: datetime, planning: Planning, refused: Callable[[], int]) -> None:
    from followup_rules.report.table import print_table, row

    rows = [row(one.application, decision, now) for one in decided for decision in one.decisions]
    print_table(rows, sys.stdout, planning.count, refused())


def _print_lines(decided: Iterator[Decided], _now: datetime, _planning: Planning, _refused: Callable[[], int]) -> None:
    from followup_rules.report.machine import as_line

    out = sys.stdout
    for one in decided:
        out.writelines(f"{as_line(decision)}\n" for decision in one.decisions)


def _print_json(decided: Iterator[Decided], _now: datetime, _planning: Planning, _refused: Callable[[], int]) -> None:
    from followup_rules.report.machine import as_line

    out = sys.stdout
    separator = "[\n"
    for one in decided:
        for decision in one.decisions:
            out.write(f"{separator}{as_line(decision)}")
            separator = ",\n"
    out.write("[]\n" if separator == "[\n" else "\n]\n")


_PRINTERS: dict[str, Callable[..., None]] = {"text": _print_table, "json": _print_json, "jsonl": _print_lines}


def _folder(drafts: str) -> Callable[[Decided], None]:
    """Writes the drafts of an application through the bundled adapter, as any host would."""
    from followup_rules.adapter import orders
    from followup_rules.plugins import load_plugins

    kind = load_plugins().adapters["folder"]
    adapter = kind.configured({"path": drafts})

    def write(one: Decided) -> None:
        for decision in one.decisions:
            for order in orders(decision, one.application):
                if order.do == "draft_message" and order.draft is not None:
                    adapter.deliver(order)

    return write


def _paper(now: datetime, writers: list[Callable[[Decided], None]]) -> Paper:
    """Collects what the page shows."""
    from followup_rules.report.paper import Paper

    paper = Paper(now)
    writers.append(lambda one: paper.add(one.application, one.decisions))
    return paper


def _write_down(matcher: Matcher, file: str | None) -> bool:
    """Tell what two engines disagreed on; True where they did."""
    disagreements: Sequence[Any] = getattr(matcher, "disagreements", ())
    lines = [json.dumps(one, ensure_ascii=False, default=str) for one in disagreements]
    for line in lines:
        click.echo(f"FR501 two engines disagree: {line}", err=True)
    if lines and file is not None:
        with click.open_file(file, "a", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)
    return bool(lines)
