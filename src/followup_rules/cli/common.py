"""What several commands share: options, the policy, the moment, the input."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from followup_rules.errors import Problem
    from followup_rules.load.applications import Read
    from followup_rules.load.rulefiles import Loaded
    from followup_rules.matching.truth import Matcher
    from followup_rules.policy import Policy

_Command = TypeVar("_Command", bound=Callable[..., Any])

STDIN = "-"


def rules_option(command: _Command) -> _Command:
    """`--rules`: a file, a folder or a pack."""
    return click.option(
        "--rules", "-r", "rules", multiple=True, metavar="FILE|FOLDER|PACK",
        help="Rule file, folder of rule files or pack; may be repeated. Default: the pack 'default'.",
    )(command)  # fmt: skip


def at_option(command: _Command) -> _Command:
    """`--at`: the moment of deciding."""
    return click.option("--at", metavar="TIME", help="Decide as of this RFC 3339 time. Default: now.")(command)


def engine_option(command: _Command) -> _Command:
    """`--engine`: who evaluates conditions."""
    return click.option(
        "--engine", type=click.Choice(["auto", "durable", "native", "verify"]), default="auto", show_default=True,
        help="Who evaluates conditions; verify asks two engines and holds what they disagree on.",
    )(command)  # fmt: skip


def moment(at: str | None) -> datetime:
    """The moment of deciding in UTC: the one given, or the clock's."""
    from pydantic_core import PydanticCustomError

    from followup_rules.model.times import UTC, parse_time

    if at is None:
        return datetime.now(UTC)
    try:
        return parse_time(at)
    except PydanticCustomError as error:
        raise click.BadParameter(error.message(), param_hint="--at") from None


def loaded_policy(rules: Sequence[str]) -> Loaded:
    """The policy that was asked for; its warnings go to stderr."""
    from followup_rules.load.rulefiles import load_policy
    from followup_rules.plugins import load_plugins

    plugins = load_plugins()
    tell(plugins.problems)
    loaded = load_policy(rules or ("default",), plugins.packs, plugins.checks)
    tell(loaded.warnings)
    tell_others(loaded.others)
    return loaded


def tell_others(others: Sequence[str]) -> None:
    """Say on stderr how many files of a folder are not ours."""
    from followup_rules.load.sources import passed_over

    if others:
        click.echo(passed_over(len(others)), err=True)


def tell(problems: Sequence[Problem]) -> None:
    """Print problems on stderr, one a line."""
    for problem in problems:
        click.echo(str(problem), err=True)


def matcher_for(engine: str, policy: Policy, count: int | None) -> Matcher:
    """The engine that was asked for."""
    from followup_rules.matching.choose import engine as choose

    return choose(engine, policy.conditions, count)


def applications_in(names: Sequence[str]) -> Callable[[], Iterator[Read]]:
    """A function that reads all applications of some files; it can be called more than once. `-` is stdin."""
    from followup_rules.load.applications import read_applications

    files = [(_spooled(), "<stdin>") if name == STDIN else (Path(name), name) for name in names]

    def read() -> Iterator[Read]:
        for path, shown in files:
            yield from read_applications(path, shown)

    return read


def put_down(file: str, write: Callable[[IO[str]], object]) -> None:
    """Write a text into a file, or to standard output for `-`.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        with click.open_file(file, "w", encoding="utf-8") as out:
            write(out)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror or error}") from None


def put_down_bytes(file: str, content: bytes) -> None:
    """The same for what is no text."""
    try:
        with click.open_file(file, "wb") as out:
            out.write(content)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror or error}") from None


def _spooled() -> Path:
    """Standard input as a file, because it is read twice."""
    folder = tempfile.mkdtemp(prefix="followup-rules-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder, "stdin")
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
