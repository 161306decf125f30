"""What the commands share that use `followup.yaml`: `--config`, reading it, and the adapters that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from followup_rules.errors import InvalidInput, Place, Problem

if TYPE_CHECKING:
    from followup_rules.adapter import Adapter
    from followup_rules.delivering.ports import Configured
    from followup_rules.load.configuration import Read

_Command = TypeVar("_Command", bound=Callable[..., Any])


def config_option(command: _Command) -> _Command:
    """`--config`: the configuration of adapters and routes."""
    return click.option(
        "--config", metavar="FILE", help="The configuration of adapters and routes. Default: followup.yaml, if any."
    )(command)


def configuration(config: str | None) -> Read | None:
    """The configuration that was named, or that of this folder; None where there is none.

    Raises:
        InvalidInput: it has a fault.
    """
    from followup_rules.load.configuration import DEFAULT, read_configuration

    if config is None and not Path(DEFAULT).exists():
        return None
    return read_configuration(Path(config or DEFAULT), config or DEFAULT)


def needed_configuration(config: str | None, part: str) -> Read:
    """The same, where nothing can be done without it: `part` is what it must hold, `adapters` or `routes`.

    Raises:
        InvalidInput: FR945, there is none, or it holds no such thing.
    """
    from followup_rules.load.configuration import DEFAULT

    read = configuration(config)
    if read is None:
        raise _nowhere("there is no configuration, so that nothing is delivered anywhere", Place(DEFAULT))
    if not getattr(read.configuration, part):
        raise _nowhere(f"there are no {part}, so that nothing is delivered anywhere", read.place())
    return read


def _nowhere(text: str, place: Place) -> InvalidInput:
    return InvalidInput([Problem("FR945", text, place, "write adapters and routes, or name a file with --config")])


def kinds(read: Read) -> tuple[dict[str, type[Adapter]], bool]:
    """The adapters' classes by the configuration's names; what cannot be used is told, and then the second is True."""
    from followup_rules.cli.common import tell
    from followup_rules.delivering.routing import kinds_of
    from followup_rules.plugins import load_plugins

    plugins = load_plugins()
    tell(plugins.problems)
    found, problems = kinds_of(read, plugins)
    tell(problems)
    return found, bool(problems)


def fleet(config: str | None) -> tuple[dict[str, Configured], bool]:
    """The adapters of the configuration, made with their settings."""
    from followup_rules.cli.common import tell
    from followup_rules.delivering.routing import fleet_of

    read = needed_configuration(config, "adapters")
    classes, unusable = kinds(read)
    made, problems = fleet_of(read, classes)
    tell(problems)
    return made, unusable or bool(problems)


def stored(store: str | None, config: str | None) -> str | None:
    """Which outbox: the one that was given, the environment's, the configuration's."""
    import os

    from followup_rules.load.configuration import store_of

    # The name of the variable is that of `outbox.address`, which needs a database.
    if store or os.environ.get("FOLLOWUP_RULES_STORE"):
        return store
    read = configuration(config)
    return None if read is None else store_of(read.configuration.store)
