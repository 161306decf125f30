"""`lsp`: the language server for editors."""

from __future__ import annotations

import importlib.util
import os
import sys

import click

from followup_rules.cli.main import CLEAN, FOUND, INVALID


@click.command("lsp")
@click.option("--verbose", "-v", is_flag=True, help="Log what is done, not only what fails; to standard error.")
def command(verbose: bool) -> int:
    """Speak the Language Server Protocol on standard input and output; editors start it.

    It needs the extra 'lsp': pip install 'followup-rules[lsp]'.
    """
    if importlib.util.find_spec("pygls") is None:
        click.echo("the language server needs pygls: pip install 'followup-rules[lsp]'", err=True)
        return INVALID
    import logging
    from importlib import metadata

    from followup_rules.cli.common import tell
    from followup_rules.lsp.server import serve
    from followup_rules.plugins import load_plugins

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(message)s"
    )
    plugins = load_plugins()
    tell(plugins.problems)
    try:
        version = metadata.version("followup-rules")
    except metadata.PackageNotFoundError:
        version = ""
    # Standard output belongs to the protocol; what a plugin prints goes to the log.
    sys.stdout.flush()
    with os.fdopen(os.dup(0), "rb") as stdin, os.fdopen(os.dup(1), "wb") as stdout:
        os.dup2(2, 1)
        server = serve(plugins, version)
        server.start_io(stdin, stdout)
    return CLEAN if server.was_shut_down else FOUND
