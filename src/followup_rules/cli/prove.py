"""`prove`: is there a history in which these rules do what they must not?"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from followup_rules.cli.common import loaded_policy
from followup_rules.cli.main import CLEAN, FOUND


@click.command("prove")
@click.argument("rules", nargs=-1)
@click.option("--events", type=click.IntRange(1, 30), default=12, show_default=True, help="The longest history.")
@click.option("--days", type=click.IntRange(1, 365), default=60, show_default=True, help="The longest time.")
@click.option(
    "--histories", type=click.IntRange(1), default=90_000, show_default=True,
    help="How many histories to look at; more is longer and covers more.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the counterexamples as a scenario file for `test`. Default: print them.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(rules: tuple[str, ...], events: int, days: int, histories: int, out: Path | None, form: str) -> int:
    """Search for a history in which rule files, folders or packs do what they must not; without any, the pack default.

    Kept must be: limits, cooldowns, stops, send windows, the time of each step, each step once, no wait for nothing,
    and the properties that stand in the rule files. The shortest counterexample comes out as a scenario.

    Exit status: 0 nothing was found, 1 a counterexample, 2 rules that cannot be used.
    """
    from followup_rules.proving.bounds import Bounds
    from followup_rules.proving.prove import prove
    from followup_rules.proving.scenario import scenario_file
    from followup_rules.report.proofs import proof_data, proof_lines

    loaded = loaded_policy(rules)
    watched = sys.stderr.isatty()
    gc.disable()  # Nothing that is made below goes in circles, and looking for it takes a tenth of the time.
    try:
        proof = prove(
            loaded.policy,
            Bounds(events, days, histories),
            lambda text: click.echo(f"... {text}", err=True) if watched else None,
        )
    finally:
        gc.enable()
    scenarios = ""
    if proof.counterexamples:
        scenarios = scenario_file(_named_from(rules or ("default",), out), proof.counterexamples)
    if out is not None and scenarios:
        _write(out, scenarios)
    if form == "json":
        click.echo(json.dumps(proof_data(proof) | {"scenarios": scenarios or None}, indent=2))
    else:
        names = ", ".join(dict.fromkeys(pack.name for pack in loaded.packs))
        for line in proof_lines(proof, names, len(loaded.policy.properties)):
            click.echo(line)
        if out is not None and scenarios:
            click.echo(f"{out}: written; followup-rules test {out} shows it failing")
        elif scenarios:
            click.echo(f"\n{scenarios}", nl=False)
    return FOUND if proof.counterexamples or proof.unconfirmed else CLEAN


def _named_from(rules: Sequence[str], out: Path | None) -> list[str]:
    """Rule files as the scenario file should name them: relative to it; packs by their name."""
    if out is None:
        return list(rules)
    return [Path(os.path.relpath(name, out.parent)).as_posix() if Path(name).exists() else name for name in rules]


def _write(out: Path, text: str) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
