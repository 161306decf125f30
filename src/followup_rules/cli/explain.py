"""`explain`: the page of a code, a kind of rule or a message check, in the terminal."""

from __future__ import annotations

import sys

import click

from followup_rules.cli.main import CLEAN


@click.command("explain")
@click.argument("word", required=False, metavar="[CODE|KIND|CHECK]")
def command(word: str | None) -> int:
    """Print the page of a code (FR122), a kind of rule (limit) or a message check (appreciation).

    Without a word, everything that has a page is listed.
    """
    from followup_rules.errors import did_you_mean
    from followup_rules.report.pages import page, words

    known = words()
    if word is None:
        width = max(map(len, known))
        click.echo("\n".join(f"{one.ljust(width)}  {meaning}" for one, meaning in known.items()))
        return CLEAN
    wanted = next((one for one in known if one.casefold() == word.casefold().replace("-", "_")), None)
    if wanted is None:
        mend = did_you_mean(word.upper() if word[:2].casefold() == "fr" else word.casefold(), known)
        raise click.BadParameter(
            f"there is no page for '{word}'; {mend or '`followup-rules explain` lists what there is'}",
            param_hint="WORD",
        )
    text = page(wanted)
    if text is None:
        raise click.ClickException(f"the page for '{wanted}' is missing: this installation is damaged")
    _show(text)
    return CLEAN


def _show(text: str) -> None:
    from followup_rules.report.pages import plain

    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(plain(text)))
    else:
        click.echo(plain(text), nl=False)
