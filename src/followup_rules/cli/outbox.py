"""`outbox`: what is planned, done, refused or unknown, and what a person decides about it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from followup_rules.cli.main import CLEAN
from followup_rules.cli.stores import clock_of, outbox_at, person, store_option

if TYPE_CHECKING:
    from followup_rules.outbox.rows import Row

_Command = TypeVar("_Command", bound=Callable[..., Any])

_STATES = ("planned", "leased", "emitted", "confirmed", "refused", "canceled", "unknown")


def _at(command: _Command) -> _Command:
    return click.option("--at", metavar="TIME", help="Act as of this RFC 3339 time. Default: now.")(command)


def _format(command: _Command) -> _Command:
    form = click.Choice(["text", "json"])
    return click.option("--format", "form", type=form, default="text", show_default=True)(command)


def _reason(command: _Command) -> _Command:
    return click.option("--reason", required=True, help="Why; it stays in the history of the action.")(command)


@click.group("outbox")
def command() -> None:
    """List and show what is in the outbox, and decide about what needs a person."""


@command.command("list")
@store_option
@click.option(
    "--state", "states", multiple=True, type=click.Choice(_STATES), help="These states alone; may be repeated."
)
@click.option("--application", "-a", metavar="ID", help="The actions of this application alone.")
@_format
def list_(store: str | None, config: str | None, states: tuple[str, ...], application: str | None, form: str) -> int:
    """List actions in the order in which they were saved."""
    from followup_rules.outbox.rows import row_data
    from followup_rules.report.outbox import print_rows

    with outbox_at(store, config, None) as ledger:
        rows = ledger.rows([one for one in _known() if one in states], application)
    if form == "json":
        _print_json([row_data(row) for row in rows])
    else:
        print_rows(rows, sys.stdout)
    return CLEAN


@command.command("show")
@click.argument("action")
@store_option
@_format
def show(action: str, store: str | None, config: str | None, form: str) -> int:
    """Tell all about one action: what it is, its text, and everything that happened to it."""
    from followup_rules.outbox.by_hand import the_action
    from followup_rules.outbox.rows import row_data, turn_data
    from followup_rules.report.outbox import print_action

    with outbox_at(store, config, None) as ledger:
        row = the_action(ledger, action)
        history = ledger.history(row.id)
    if form == "json":
        order = json.loads(row.data)
        _print_json({**row_data(row), "order": order, "history": [turn_data(turn) for turn in history]})
    else:
        print_action(row, history, sys.stdout)
    return CLEAN


@command.command("cancel")
@click.argument("action")
@_reason
@store_option
@_format
@_at
def cancel(action: str, reason: str, store: str | None, config: str | None, form: str, at: str | None) -> int:
    """Cancel an action for good: no later plan takes it up again."""
    return _by_hand("cancel", action, reason, store, config, form, at)


@command.command("retry")
@click.argument("action")
@_reason
@store_option
@_format
@_at
def retry(action: str, reason: str, store: str | None, config: str | None, form: str, at: str | None) -> int:
    """Have an action tried again that is unknown, refused or canceled: you know that it was not done."""
    return _by_hand("retry", action, reason, store, config, form, at)


@command.command("confirm")
@click.argument("action")
@_reason
@click.option("--reference", default="", help="What the other system calls the record.")
@store_option
@_format
@_at
def confirm(
    action: str, reason: str, reference: str, store: str | None, config: str | None, form: str, at: str | None
) -> int:
    """Say that an unknown action was done: you have seen it in the other system."""
    return _by_hand("confirm", action, reason, store, config, form, at, reference)


def _by_hand(
    deed: str,
    action: str,
    reason: str,
    store: str | None,
    config: str | None,
    form: str,
    at: str | None,
    reference: str = "",
) -> int:
    from followup_rules.outbox.by_hand import decide_by_hand
    from followup_rules.outbox.rows import row_data

    now = clock_of(at)()
    with outbox_at(store, config, now) as ledger:
        row: Row = decide_by_hand(ledger, deed, action, reason, person(), now, reference)
    if form == "json":
        _print_json(row_data(row))
    else:
        click.echo(f"{row.id} is {row.state} now")
    return CLEAN


def _known() -> tuple[Any, ...]:
    from followup_rules.outbox.states import STATES

    return STATES


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
