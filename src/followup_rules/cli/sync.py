"""`sync`: from other systems and tables into the store."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup_rules.cli.common import tell
from followup_rules.cli.configured import fleet
from followup_rules.cli.main import CLEAN, FOUND
from followup_rules.cli.stores import clock_of, installed, outbox_at, store_option

if TYPE_CHECKING:
    from followup_rules.outbox.timelines import Counts
    from followup_rules.syncing.reading import Source, Unread


@click.command("sync")
@store_option
@click.option("--adapter", metavar="NAME", help="Read what this adapter of the configuration knows.")
@click.option("--csv", "table", metavar="FILE", help="Read this table; goes with --mapping.")
@click.option("--mapping", metavar="FILE", help="What the columns of the table mean.")
@click.option(
    "--patience", type=click.FloatRange(0, 86400), default=60, show_default=True, metavar="SECONDS",
    help="How long to wait, altogether, for a system that is busy or out of reach.",
)  # fmt: skip
@click.option("--anew", is_flag=True, help="Read everything from the beginning, wherever the last reading came to.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--at", metavar="TIME", help="Act as of this RFC 3339 time. Default: now.")
def command(
    store: str | None, config: str | None, adapter: str | None, table: str | None, mapping: str | None,
    patience: float, anew: bool, form: str, at: str | None,
) -> int:  # fmt: skip
    """Read applications into the store beside the outbox, where plan --store and deliver find them.

    Only what has changed is read, page by page; whatever interrupts it, it goes on there. Exit status 1 where
    something was refused or the end was not reached.
    """
    with installed():
        from followup_rules.syncing.patience import patient
        from followup_rules.syncing.reading import sync

    source = _source(adapter, config, table, mapping)
    clock = clock_of(at)
    with outbox_at(store, config, clock(), create=True) as ledger, _progress(source.name) as watch:
        tries = patient(patience, partial(_waiting, source.name))
        counts, ended = sync(ledger, source, clock, anew=anew, tell=tell, watch=watch, tries=tries)
    if form == "json":
        click.echo(json.dumps({"source": source.name, **counts._asdict(), "complete": ended}))
    else:
        click.echo(f"{source.name}: {counts}{'' if ended else '; not read to the end'}")
    return CLEAN if ended and not counts.refused else FOUND


def _waiting(name: str, error: Unread, seconds: float) -> None:
    click.echo(f"{name}: {error}; waiting {seconds:.0f} seconds", err=True)


def _source(adapter: str | None, config: str | None, table: str | None, mapping: str | None) -> Source:
    if adapter is not None and table is None and mapping is None:
        return _adapter(adapter, config)
    if table is not None and mapping is not None and adapter is None:
        from followup_rules.syncing.mapping import read_mapping
        from followup_rules.syncing.table import FromTable

        return FromTable(read_mapping(Path(mapping), mapping), Path(table), table)
    raise click.UsageError("name either --adapter, or --csv with --mapping")


def _adapter(name: str, config: str | None) -> Source:
    from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
    from followup_rules.load.configuration import DEFAULT
    from followup_rules.syncing.reading import source_of

    adapters, unusable = fleet(config)
    if name in adapters:
        return source_of(name, adapters[name].adapter)
    text = f"the configuration has no adapter '{name}' that can be used"
    hint = did_you_mean(name, adapters) or ("what is wrong with it is said above" if unusable else "")
    raise InvalidInput([Problem("FR908", text, Place(config or DEFAULT), hint)])


@contextmanager
def _progress(name: str) -> Iterator[Callable[[Counts], None]]:
    """What was read so far, on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda counts: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"reading {name}") as status:
        yield lambda counts: status.update(f"reading {name}: {counts}")
