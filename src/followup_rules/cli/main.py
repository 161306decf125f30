"""`followup-rules`: one command a file, loaded when it is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Final

import click

COMMANDS: Final = {
    "plan": "Decide every application: what to send now, what must wait, what must not be sent.",
    "why": "Tell the whole reasoning about one application, and what would have to change.",
    "check": "Check rule files and packs.",
    "test": "Run examples and scenarios, and tell what no case reaches.",
    "explain": "Print the page of a code, a kind of rule or a message check.",
    "fmt": "Put rule files and scenario files into one form.",
    "migrate": "Move rule files to the version of the rule language that this program knows.",
    "prove": "Search for a history in which rules do what they must not.",
    "diff": "Tell what a change of rules decides otherwise.",
    "rules": "List the rules of a policy, or the facts that conditions can test.",
    "schema": "Print the JSON Schema of rule files, scenario files, applications or decisions.",
    "plugins": "List what is installed, and what failed to load.",
    "sync": "Read applications out of other systems and tables into the store.",
    "deliver": "Deliver what is in the outbox, each action once.",
    "serve": "Serve webhooks, the API and pages, take timers, and deliver.",
    "forget": "Erase what is kept about somebody, or what is old.",
    "outbox": "List what is in the outbox, and decide about what needs a person.",
    "lsp": "Speak to editors: the language server.",
    "init": "Write a starter folder that passes `check` and `test`.",
}

CLEAN, FOUND, INVALID = 0, 1, 2

_OBJECTS_BETWEEN_COLLECTIONS: Final = 50_000


class _Lazy(click.Group):
    """Imports a command when it is called, so that --help and each command start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        if ctx.resilient_parsing:
            return click.Command(name, help=COMMANDS[name])
        module = importlib.import_module(f"followup_rules.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="followup-rules")
def cli() -> None:
    """Decide when, how often and how well to follow up, by rules that people can read.

    Exit status: 0 clean, 1 findings or refused applications, 2 wrong usage or input that cannot be used.
    """


def main() -> None:
    """Run the command line and leave with its exit status. No traceback reaches a user."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    out = sys.stdout
    # What a command reads it keeps, so that looking for garbage all the time finds none and takes a fifth of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        status = cli.main(standalone_mode=False, color=False if os.environ.get("NO_COLOR") else None)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = INVALID
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        status = 130
    except (BrokenPipeError, SystemExit) as error:
        # click makes a SystemExit of a closed pipe, and puts a wrapper in the place of stdout.
        if isinstance(error, SystemExit) and sys.stdout is out:
            raise
        # Whoever reads has had enough; keep Python from complaining about the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        status = CLEAN
    except Exception as error:
        status = _told(error)
    sys.exit(status if isinstance(status, int) else CLEAN)


def _told(error: Exception) -> int:
    from followup_rules.errors import FollowupRulesError

    if isinstance(error, FollowupRulesError):
        click.echo(str(error), err=True)
    elif os.environ.get("FOLLOWUP_RULES_DEBUG"):
        raise error
    else:
        click.echo(f"internal error, please report it: {type(error).__name__}: {error}", err=True)
        click.echo("FOLLOWUP_RULES_DEBUG=1 shows the details", err=True)
    return INVALID


if __name__ == "__main__":
    main()
