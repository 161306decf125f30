"""`why`: the whole reasoning about one application."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from followup_rules.cli.common import (
    at_option,
    engine_option,
    loaded_policy,
    matcher_for,
    moment,
    put_down,
    put_down_bytes,
    rules_option,
    tell,
)
from followup_rules.cli.main import CLEAN, FOUND, INVALID
from followup_rules.cli.stores import read_from, read_option

if TYPE_CHECKING:
    from followup_rules.model.decision import Decision
    from followup_rules.planning import Decided
    from followup_rules.policy import Policy
    from followup_rules.report.pictures.colours import Theme

_WIDTH = 110


@click.command("why")
@click.argument("application")
@click.option("--from", "-f", "files", multiple=True, metavar="FILE", help="Where the applications are.")
@read_option
@rules_option
@at_option
@engine_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--svg", metavar="FILE", help="Draw the application as an SVG picture.")
@click.option("--png", metavar="FILE", help="Draw it as a PNG picture; needs the extra 'pictures'.")
@click.option(
    "--width", type=click.IntRange(320, 4000), default=960, show_default=True, help="Of the picture, in pixels."
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="Colours of the picture; auto is as the reader likes, in a PNG light.",
)
def command(
    application: str, files: tuple[str, ...], store: str | None, rules: tuple[str, ...], at: str | None, engine: str,
    form: str, svg: str | None, png: str | None, width: int, theme: Theme,
) -> int:  # fmt: skip
    """Tell why APPLICATION (an id) is decided as it is: every rule, with file and line."""
    from followup_rules.errors import did_you_mean
    from followup_rules.planning import Decided, Planning

    now = moment(at)
    policy = loaded_policy(rules).policy
    with read_from(files, store) as read:
        planning = Planning(read, policy, now)
        known: list[str] = []
        for one in planning.decide(matcher_for(engine, policy, planning.count)):
            if isinstance(one, Decided):
                if one.application.id == application:
                    _PRINTERS[form](one, policy, now)
                    _draw(one, now, svg, png, width, theme)
                    return CLEAN
                known.append(one.application.id)
            elif one.application == application:
                tell(one.problems)
                click.echo(f"{application} is refused, so nothing is decided for it", err=True)
                return FOUND
    hint = did_you_mean(application, known)
    where = ", ".join(files) or "the store"
    click.echo(f"there is no application '{application}' in {where}{'; ' + hint if hint else ''}", err=True)
    return INVALID


def _print_text(one: Decided, policy: Policy, now: datetime) -> None:
    from followup_rules.facts import Timeline
    from followup_rules.report.unused import unused

    application = one.application
    about = " at ".join(part for part in (application.job.title, application.job.company) if part)
    name = application.candidate.name or application.candidate.id or "a candidate"
    click.secho(f"{application.id}: {name}{f', {about}' if about else ''}; {application.status}", bold=True)
    for decision in one.decisions:
        _print_decision(decision, one)
    rest = list(unused(policy, Timeline(application, now), one.decisions))
    if rest:
        click.echo()
        click.secho("Rules without a decision", bold=True)
    for lane, why in rest:
        _wrapped(f"{lane.rule.id}: {why} ({lane.rule.place.file}:{lane.rule.place.line})", "  ", "    ")


def _print_decision(decision: Decision, one: Decided) -> None:
    from followup_rules.report.explain import headline, verdict_lines, what_would_change

    click.echo()
    colour = {"send": "green", "wait": "cyan", "revise": "yellow", "hold": "magenta"}.get(decision.decision)
    click.secho(headline(decision, one.application), fg=colour, bold=True)
    for verdict, sentence in verdict_lines(decision):
        decided = verdict.rule is decision.decided_by
        mark = {"send": "+", "wait": "~", "hold": "!", "stop": "x", "revise": "!"}[verdict.verdict]
        place = f"{verdict.rule.place.file}:{verdict.rule.place.line}"
        told = f"{mark} {verdict.rule.id}: {sentence} ({place})"
        _wrapped(f"{told} <- decides" if decided else told, "  ", "      ")
    for finding in decision.findings:
        _wrapped(f"! {finding.code} {finding.message}", "  ", "      ")
    _wrapped(f"What would change it: {what_would_change(decision)}", "  ", "    ")


def _wrapped(text: str, first: str, rest: str) -> None:
    from textwrap import fill

    click.echo(
        fill(
            text,
            _WIDTH,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _print_json(one: Decided, _policy: Policy, _now: datetime) -> None:
    from followup_rules.report.machine import as_dict

    decisions: Sequence[Decision] = one.decisions
    click.echo(json.dumps([as_dict(decision) for decision in decisions], ensure_ascii=False, indent=2))


def _draw(one: Decided, now: datetime, svg: str | None, png: str | None, width: int, theme: Theme) -> None:
    """Write the pictures that were asked for."""
    if svg is None and png is None:
        return
    from followup_rules.report.pictures.drawing import standalone
    from followup_rules.report.pictures.raster import png as drawn
    from followup_rules.report.pictures.scene import scene_of

    scene = scene_of(one.application, one.decisions, now)
    if svg is not None:
        put_down(svg, lambda out: out.write(standalone(scene, width, theme)))
    if png is not None:
        picture = drawn(scene, width, "dark" if theme == "dark" else "light")
        put_down_bytes(png, picture)


_PRINTERS = {"text": _print_text, "json": _print_json}
