"""`serve`: webhooks in, timers, an API and pages, as one service."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from followup_rules.cli.common import loaded_policy, rules_option, tell
from followup_rules.cli.configured import config_option, configuration, kinds
from followup_rules.cli.main import CLEAN, FOUND
from followup_rules.cli.stores import clock_of, outbox_at, store_option
from followup_rules.errors import InvalidInput, Place, Problem

if TYPE_CHECKING:
    from followup_rules.web.service import Service

_NEEDED = ("starlette", "uvicorn", "itsdangerous", "prometheus_client", "sqlalchemy")


@click.group("serve", invoke_without_command=True)
@store_option
@rules_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 takes any.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(0, 64),
    help="So many processes decide and deliver beside the one that answers.",
)
@click.option("--no-web", is_flag=True, help="Decide and deliver, and answer nobody; ends with standard input.")
@click.pass_context
def command(
    context: click.Context, store: str | None, config: str | None, rules: tuple[str, ...], host: str, port: int,
    workers: int, no_web: bool,
) -> int:  # fmt: skip
    """Serve webhooks, the API and pages, take timers, and deliver, until stopped.

    Any number of services can share one PostgreSQL.
    """
    if context.invoked_subcommand is not None:
        return CLEAN
    _check_installed()
    from followup_rules.web.helpers import help_out
    from followup_rules.web.running import log_to, run

    with _service(store, config, rules) as service:
        if no_web:
            log_to(sys.stderr)
            return help_out(service)
        return run(service, host, port, [_helper(store, config, rules)] * workers)


def _helper(store: str | None, config: str | None, rules: tuple[str, ...]) -> list[str]:
    """The command line of a process that helps this one. A password in it could be seen by others: it goes by name."""
    words = [sys.executable, "-m", "followup_rules", "serve", "--no-web"]
    if store is not None:
        os.environ["FOLLOWUP_RULES_STORE"] = store
    words += ["--config", config] if config is not None else []
    return [*words, *(word for one in rules for word in ("--rules", one))]


@contextmanager
def _service(store: str | None, config: str | None, rules: tuple[str, ...]) -> Iterator[Service]:
    from followup_rules.delivering.routing import Routes, fleet_of
    from followup_rules.load.configuration import DEFAULT
    from followup_rules.web.access import Gatekeeper
    from followup_rules.web.service import Rules, Service, Settings

    read = configuration(config)
    if read is None:
        text = "a service needs a configuration of adapters and routes"
        raise InvalidInput([Problem("FR945", text, Place(DEFAULT), "write one, or name a file with --config")])
    classes, _ = kinds(read)
    tell(fleet_of(read, classes)[1])
    clock = clock_of(None)
    in_force = Rules.read(lambda: loaded_policy(rules))
    with outbox_at(store, config, clock(), create=True) as ledger:
        keeper = Gatekeeper.of(ledger, read)
        settings = Settings(secure_cookie=read.configuration.serve.secure_cookie, works=False)
        yield Service(
            ledger, in_force, clock, read, Routes(read.configuration, classes), lambda: fleet_of(read, classes)[0],
            keeper, settings,
        )  # fmt: skip


def _check_installed() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        hint = "install it with: pip install 'followup-rules[serve]'"
        raise InvalidInput([Problem("FR972", f"a service needs {', '.join(missing)}", Place("serve"), hint)])


@command.group("keys")
def keys() -> None:
    """Make, list and revoke the keys with which people and programs come in."""


@keys.command("new")
@click.argument("name")
@click.option("--role", type=click.Choice(["viewer", "editor", "admin"]), default="viewer", show_default=True)
@click.option("--store", metavar="PATH|URL", help="The outbox that the service uses.")
@config_option
def new(name: str, role: str, store: str | None, config: str | None) -> int:
    """Make a key and print it: it is kept as a hash, and cannot be shown again."""
    from followup_rules.outbox.keys import new_key

    clock = clock_of(None)
    with outbox_at(store, config, clock(), create=True) as ledger:
        click.echo(new_key(ledger, name, role, clock()))
    return CLEAN


@keys.command("list")
@store_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(store: str | None, config: str | None, form: str) -> int:
    """List names and roles."""
    from followup_rules.outbox.keys import keys_in

    with outbox_at(store, config, None) as ledger:
        found = [{"name": one.name, "role": one.role} for one in keys_in(ledger)]
    if form == "json":
        click.echo(json.dumps(found, indent=2))
        return CLEAN
    for one in found:
        click.echo(f"{one['role']:8}{one['name']}")
    click.echo(f"{len(found)} key{'' if len(found) == 1 else 's'}")
    return CLEAN


@keys.command("revoke")
@click.argument("name")
@store_option
def take_back(name: str, store: str | None, config: str | None) -> int:
    """Take a key back; within two seconds no service takes it any more."""
    from followup_rules.outbox.keys import revoke

    with outbox_at(store, config, clock_of(None)()) as ledger:
        gone = revoke(ledger, name)
    click.echo(f"{name} is revoked" if gone else f"there is no key '{name}'")
    return CLEAN if gone else FOUND
