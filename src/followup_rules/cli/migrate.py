"""`migrate`: rule files of older versions of the rule language."""

from __future__ import annotations

import click

from followup_rules.cli.main import CLEAN
from followup_rules.cli.revise import revise_files


@click.command("migrate")
@click.argument("paths", nargs=-1)
@click.option("--to", type=int, metavar="VERSION", help="The version to move to. Default: the newest, which is 1.")
@click.option("--check", is_flag=True, help="Change nothing; name the files that are of an older version.")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing.")
def command(paths: tuple[str, ...], to: int | None, check: bool, diff: bool) -> int:
    """Move rule files to the version of the rule language that this program knows.

    Files without a schema line, and files with schema: followup-rules/0, get the words of today and its line.
    PATHS are files and folders, by default this folder; - is standard input, which is written to standard output.
    """
    from followup_rules.revising.versions import NEWEST, migrated

    if to is not None and to > NEWEST:
        raise click.BadParameter(f"this program knows versions up to {NEWEST}; upgrade it", param_hint="--to")
    if to is not None and to < NEWEST:
        raise click.BadParameter(f"files are moved forward only, to version {NEWEST}", param_hint="--to")
    return revise_files(paths, migrated, "FR139", "migrated", check=check, diff=diff) or CLEAN
