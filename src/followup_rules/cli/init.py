"""`init`: a starter folder."""

from __future__ import annotations

from pathlib import Path

import click

from followup_rules.cli.main import CLEAN, INVALID


@click.command("init")
@click.argument("folder", default="follow-ups", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> int:
    """Write a starter FOLDER: a rule file with examples, two applications, a schema for editors, CI, a README.

    Nothing that is already there is overwritten.
    """
    from followup_rules.starter import files

    written = []
    for name, text in files().items():
        path = folder / name
        if path.exists():
            click.echo(f"{path.as_posix()} is already there and stays as it is", err=True)
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            click.echo(f"{path.as_posix()}: cannot be written: {error.strerror or error}", err=True)
            return INVALID
        written.append(path.as_posix())
    for name in written:
        click.echo(f"wrote {name}")
    shown = folder.as_posix()
    click.echo(f"next: followup-rules check {shown}/rules && followup-rules test {shown}/rules")
    return CLEAN
