"""`rules`: the catalogue of a policy."""

from __future__ import annotations

import json

import click

from followup_rules.cli.common import loaded_policy, rules_option
from followup_rules.cli.main import CLEAN


@click.command("rules")
@rules_option
@click.option("--facts", is_flag=True, help="List the facts that conditions can test, instead of rules.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(rules: tuple[str, ...], facts: bool, form: str) -> int:
    """List every rule of a policy: what it is, why, where its numbers come from and where it stands."""
    if facts:
        return _facts(form)
    policy = loaded_policy(rules).policy
    if form == "json":
        listed = [
            {"id": rule.id, "kind": rule.kind, "title": rule.title, "why": rule.why, "source": rule.source,
             "direction": rule.direction, "follow_up": list(rule.follow_ups), "file": rule.place.file,
             "line": rule.place.line}
            for rule in policy.rules
        ]  # fmt: skip
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return CLEAN
    kind = ""
    for rule in sorted(policy.rules, key=lambda rule: list(_ORDER).index(rule.kind)):
        if rule.kind != kind:
            kind = rule.kind
            click.secho(f"{kind} - {_ORDER[kind]}", bold=True)
        click.echo(f"  {rule.id}: {rule.title}  ({rule.place.file}:{rule.place.line})")
        if rule.source:
            click.secho(f"      source: {rule.source}", dim=True)
    click.echo(f"{len(policy.rules)} rules")
    return CLEAN


def _facts(form: str) -> int:
    from followup_rules.rules.facts_known import FACTS

    facts = {**FACTS, "attributes.<name>": "anything"}
    if form == "json":
        click.echo(json.dumps(facts, indent=2))
    else:
        for fact, kind in facts.items():
            click.echo(f"{fact}: {kind}")
    return CLEAN


_ORDER = {
    "follow_up": "what to send, and when",
    "send_window": "when a message may go out",
    "limit": "how many",
    "cooldown": "how far apart",
    "stop": "what ends it",
    "message": "what a text must have or must not have",
}
