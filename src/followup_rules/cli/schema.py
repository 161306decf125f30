"""`schema`: JSON Schema for editors and other programs."""

from __future__ import annotations

import json

import click

from followup_rules.cli.main import CLEAN


@click.command("schema")
@click.argument(
    "what",
    type=click.Choice(["rules", "scenarios", "vendors", "configuration", "mappings", "application", "decision"]),
    default="rules",
)
def command(what: str) -> int:
    """Print the JSON Schema of rule, scenario, vendor, configuration or mapping files, applications or decisions."""
    from followup_rules.report.schema import schema

    click.echo(json.dumps(schema(what), indent=2))
    return CLEAN
