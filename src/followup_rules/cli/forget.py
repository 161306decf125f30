"""`forget`: erase what is kept about somebody, or what is old."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from followup_rules.cli.main import CLEAN, FOUND
from followup_rules.cli.stores import clock_of, outbox_at, person, store_option

if TYPE_CHECKING:
    from datetime import datetime

    from followup_rules.outbox.forgetting import Erased, Whom

_LEFT = "other systems, drafts in folders, backups and logs of adapters are not touched; erase there first"


@click.command("forget")
@click.argument("candidate", required=False)
@store_option
@click.option(
    "--older-than",
    metavar="DAYS",
    type=click.IntRange(min=1),
    help="Instead of one candidate: all of whom nothing has happened for so many days.",
)
@click.option("--dry-run", is_flag=True, help="Say how many applications it concerns, and erase nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--at", metavar="TIME", help="Act as of this RFC 3339 time. Default: now.")
def command(
    candidate: str | None, store: str | None, config: str | None, older_than: int | None, dry_run: bool, form: str,
    at: str | None,
) -> int:  # fmt: skip
    """Erase all that the store, the outbox and the inbox keep about CANDIDATE (an id), and give a receipt.

    What stays is that actions were there and what became of them, without saying whose. Exit status 1 where nothing
    was kept.
    """
    from followup_rules.outbox.forgetting import Erased, erase, of_candidate
    from followup_rules.outbox.forgetting import older_than as old

    if (candidate is None) is (older_than is None):
        raise click.UsageError("name either a candidate, or --older-than")
    now = clock_of(at)()
    with outbox_at(store, config, now) as ledger:
        if candidate is not None:
            whom = of_candidate(ledger, candidate)
        else:
            whom = old(ledger, now - timedelta(days=older_than or 0))
        erased = Erased() if dry_run else erase(ledger, whom, now, person())
    _print(candidate, whom, erased, now, form, dry_run)
    return CLEAN if whom.applications or any(erased) else FOUND


def _print(candidate: str | None, whom: Whom, erased: Erased, now: datetime, form: str, dry_run: bool) -> None:
    # The receipt can be kept: whoever has the id can prove that it was meant, and nobody else learns it.
    mark = None if candidate is None else hashlib.sha256(candidate.encode()).hexdigest()
    if form == "json":
        told = {"at": now.isoformat(), "candidate_sha256": mark, "applications": len(whom.applications)}
        click.echo(json.dumps({**told, "erased": erased._asdict(), "dry_run": dry_run, "left": _LEFT}, indent=2))
        return
    count = len(whom.applications)
    what = f"{count} application{'' if count == 1 else 's'}"
    if dry_run:
        click.echo(f"{what} would be erased; nothing was changed")
        return
    click.echo(f"{what} erased at {now.isoformat()}: {erased}")
    if mark is not None:
        click.echo(f"sha256 of the candidate's id: {mark}")
    click.echo(_LEFT)
