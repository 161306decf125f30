"""`fmt`: rule files and scenario files in one form."""

from __future__ import annotations

import click

from followup_rules.cli.main import CLEAN
from followup_rules.cli.revise import revise_files


@click.command("fmt")
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; name the files that are not in their form.")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing.")
def command(paths: tuple[str, ...], check: bool, diff: bool) -> int:
    """Put rule files and scenario files into one form: order of keys, indentation, quotes, empty lines.

    Comments stay, and what a file means does not change. PATHS are files and folders, by default this folder;
    - is standard input, which is written to standard output.
    """
    from followup_rules.revising.formatting import formatted

    return revise_files(paths, formatted, "FR138", "formatted", check=check, diff=diff) or CLEAN
