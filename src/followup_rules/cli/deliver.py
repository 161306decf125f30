"""`deliver`: from the outbox to the systems where people look."""

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup_rules.cli.common import at_option, loaded_policy, rules_option, tell
from followup_rules.cli.configured import fleet
from followup_rules.cli.main import CLEAN, FOUND
from followup_rules.cli.stores import clock_of, outbox_at, store_option, worker_name

if TYPE_CHECKING:
    from types import FrameType

    from followup_rules.delivering.ports import Fleet, Timelines
    from followup_rules.delivering.running import Mode
    from followup_rules.delivering.summary import Summary
    from followup_rules.delivering.worker import Event, Worker
    from followup_rules.outbox.ledger import Ledger

_SLICE = 0.2


@click.command("deliver")
@store_option
@click.option(
    "--from",
    "-f",
    "sources",
    multiple=True,
    metavar="FILE",
    help="The newest applications, instead of those in the store; each decision is taken once more on them.",
)
@rules_option
@click.option("--dry-run", is_flag=True, help="Show what would be asked of the other systems, and change nothing.")
@click.option("--once", is_flag=True, help="Go over what is due once, and wait for nothing.")
@click.option("--watch", is_flag=True, help="Go on until stopped; SIGTERM finishes the action in hand.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@at_option
def command(
    store: str | None, config: str | None, sources: tuple[str, ...], rules: tuple[str, ...], dry_run: bool, once: bool,
    watch: bool, form: str, at: str | None,
) -> int:  # fmt: skip
    """Deliver what is in the outbox, each action once.

    Just before an action leaves, its decision is taken once more on the newest applications. Exit status 1 where
    something was refused, is unknown, or an adapter could not be used.
    """
    if watch and (once or at is not None):
        raise click.UsageError("--watch goes on with the clock, so it does not go with --once or --at")
    clock = clock_of(at)
    adapters, unusable = fleet(config)
    with outbox_at(store, config, clock()) as ledger:
        newest = _newest(rules, sources, ledger)
        if dry_run:
            return _dry_run(ledger, adapters, newest, clock, form)
        mode: Mode = "watch" if watch else "once" if once or at is not None else "until_done"
        summary = _work(ledger, adapters, newest, clock, mode)
        summary.leave(ledger.counts())
    _print(summary, form)
    tell(summary.problems())
    return FOUND if unusable or summary.problems() else CLEAN


def _newest(rules: tuple[str, ...], sources: tuple[str, ...], ledger: Ledger) -> Timelines:
    from followup_rules.cli.common import applications_in
    from followup_rules.delivering.rechecking import Newest, version_of_files

    policy = loaded_policy(rules).policy
    if not sources:
        from followup_rules.syncing.rechecking import newest_in

        return newest_in(ledger, policy)
    read = applications_in(sources)
    return Newest(policy, read, version_of_files([Path(one) for one in sources]))


def _work(ledger: Ledger, adapters: Fleet, newest: Timelines, clock: Callable[[], datetime], mode: Mode) -> Summary:
    from followup_rules.delivering.running import run
    from followup_rules.delivering.summary import Summary
    from followup_rules.delivering.worker import Worker

    summary = Summary()
    waiting = ledger.counts()
    with _bar(sum(waiting.get(state, 0) for state in ("planned", "leased", "emitted"))) as advance:

        def watch(event: Event) -> None:
            summary.note(event)
            advance()

        chance = random.Random()  # noqa: S311  (for waits, not for secrets)
        worker = Worker(ledger, adapters, newest, clock, worker_name(), chance, watch)
        with _stopped_by_signals(worker):
            run(worker, mode, clock, _sleep(worker), lambda fault: tell(fault.problems))
        summary.set_aside = worker.set_aside()
    return summary


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("delivering", total=total)
        yield lambda: progress.advance(task)


@contextmanager
def _stopped_by_signals(worker: Worker) -> Iterator[None]:
    """SIGTERM and Ctrl-C let the worker finish the action in hand."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _sleep(worker: Worker) -> Callable[[float], None]:
    """Waits in short pieces: a signal that only sets a mark does not end a sleep."""

    def sleep(seconds: float) -> None:
        end = time.monotonic() + seconds
        while not worker.stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))

    return sleep


def _dry_run(ledger: Ledger, adapters: Fleet, newest: Timelines, clock: Callable[[], datetime], form: str) -> int:
    from followup_rules.delivering.rehearsal import rehearse

    shown = list(rehearse(ledger, adapters, newest, clock()))
    if form == "json":
        click.echo(json.dumps([one._asdict() for one in shown], indent=2, ensure_ascii=False))
        return CLEAN
    for one in shown:
        click.echo(f"{one.action[:12]}  {one.application}  {one.do} by {one.adapter}: {one.would}")
        click.echo("".join(f"    {line}\n" for line in one.preview.splitlines()), nl=False)
    click.echo(f"{len(shown)} action{'' if len(shown) == 1 else 's'} looked at; nothing was changed")
    return CLEAN


def _print(summary: Summary, form: str) -> None:
    if form == "json":
        click.echo(json.dumps(summary.as_data(), indent=2, ensure_ascii=False))
        return
    for line in summary.lines():
        click.echo(line)
