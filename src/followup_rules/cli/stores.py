"""What the commands around the outbox share: `--store`, opening it, and the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from followup_rules.cli.configured import config_option, kinds, needed_configuration, stored
from followup_rules.errors import InvalidInput, Place, Problem

if TYPE_CHECKING:
    from followup_rules.delivering.planned import Saver
    from followup_rules.load.applications import Read
    from followup_rules.outbox.ledger import Ledger

_EXTRA = {"sqlalchemy": "SQLAlchemy", "tenacity": "tenacity"}
"""What the extra `deliver` brings, by the names that are imported."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def store_option(command: _Command) -> _Command:
    """`--store` and `--config`: which outbox."""
    return click.option(
        "--store", metavar="PATH|URL",
        help="The outbox: a file or postgresql://USER@HOST/DB. Default: FOLLOWUP_RULES_STORE, the configuration's, "
        "or followup.sqlite.",
    )(config_option(command))  # fmt: skip


def read_option(command: _Command) -> _Command:
    """`--store` of commands that can also read files."""
    return click.option(
        "--store", metavar="PATH|URL", help="Instead of files: the store that sync has read applications into."
    )(command)


@contextmanager
def read_from(files: Sequence[str], store: str | None) -> Iterator[Callable[[], Iterable[Read]]]:
    """A function that reads all applications of some files or of a store; it can be called more than once."""
    from followup_rules.cli.common import applications_in

    if bool(files) is (store is not None):
        raise click.UsageError("name the files that the applications are in, or a store with --store")
    if store is None:
        yield applications_in(files)
        return
    with outbox_at(store, None, None) as ledger:
        from followup_rules.outbox.timelines import snapshot
        from followup_rules.syncing.stored import stored_applications

        with snapshot(ledger) as connection:
            yield stored_applications(ledger, connection)


@contextmanager
def installed() -> Iterator[None]:
    """For imports of what comes with the extra `deliver`.

    Raises:
        InvalidInput: it is not there (FR912).
    """
    try:
        yield
    except ImportError as error:
        needed = _EXTRA.get((error.name or "").split(".")[0])
        if needed is None:
            raise
        hint = "install it with: pip install 'followup-rules[deliver]'"
        raise InvalidInput([Problem("FR912", f"an outbox needs {needed}", Place("outbox"), hint)]) from None


@contextmanager
def outbox_at(store: str | None, config: str | None, now: datetime | None, *, create: bool = False) -> Iterator[Ledger]:
    """An open outbox, closed in the end. Who only reads has no `now`: a wrong clock does no harm then."""
    with installed():
        from followup_rules.outbox.address import address
        from followup_rules.outbox.opening import open_outbox
    ledger = open_outbox(address(stored(store, config)), now, create=create)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def saving(store: str, config: str | None, decided_at: datetime, at: str | None) -> Iterator[Saver]:
    """What takes decisions into an outbox, which is made where there is none; says in the end what has changed."""
    from followup_rules.cli.common import tell
    from followup_rules.delivering.routing import Routes

    read = needed_configuration(config, "routes")
    routes = Routes(read.configuration, kinds(read)[0])
    clock = clock_of(at)
    with outbox_at(store or None, config, clock(), create=True) as ledger:
        from followup_rules.delivering.planned import Saver

        saver = Saver(ledger, routes, decided_at, clock, lambda problem: tell([problem]))
        yield saver
        saver.finish()
        click.echo(f"outbox {ledger.shown}: {saver.saved}", err=True)


def clock_of(at: str | None) -> Callable[[], datetime]:
    """The machine's clock, or one that stands still at the time that was given."""
    from followup_rules.cli.common import moment

    if at is None:
        return lambda: moment(None)
    fixed = moment(at)
    return lambda: fixed


def worker_name() -> str:
    """A name that no other worker has: a lease is one worker's alone."""
    import socket

    return f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"


def person() -> str:
    """Who sits at the keyboard, as far as the machine knows."""
    import getpass

    try:
        return f"person:{getpass.getuser()}"
    except (OSError, KeyError, ImportError):
        return "person"
