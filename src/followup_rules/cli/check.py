"""`check`: rule files and packs, and drafts against the message rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup_rules.cli.common import STDIN, at_option, rules_option, tell
from followup_rules.cli.main import CLEAN, FOUND, INVALID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followup_rules.errors import Problem
    from followup_rules.load.rulefiles import Loaded
    from followup_rules.plugins import Plugins

_DRAFTS = (".eml", ".txt", ".md", ".markdown")


@click.command("check")
@click.argument("paths", nargs=-1)
@rules_option
@click.option("--application", "-a", metavar="ID", help="The application that a draft belongs to.")
@click.option("--from", "-f", "files", multiple=True, metavar="FILE", help="Where the applications are.")
@click.option("--follow-up", metavar="NAME", help="The follow-up that a draft is, such as thank_you.")
@click.option(
    "--direction", type=click.Choice(["candidate_to_employer", "employer_to_candidate"]),
    help="Who writes to whom. Default: found out from addresses and names.",
)  # fmt: skip
@click.option("--contact", metavar="ID", help="The contact who writes or is written to. Default: found out.")
@at_option
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "suggestion"]), default="warning", show_default=True,
    help="The least grave finding that makes the exit status 1.",
)  # fmt: skip
@click.option("--fix", is_flag=True, help="Put safe fixes into the drafts.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
def command(paths: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """Check rule files, folders and packs, and drafts (.eml, .md, .txt; - is stdin).

    Without any path, every installed pack is checked. Each pack is checked by itself, with all that it extends.

    Drafts are judged by the message rules of --rules. With --application and --from they are judged by what is known:
    names, notes of the interview, skills, earlier messages.
    """
    from followup_rules.plugins import load_plugins

    drafts = [path for path in paths if path == STDIN or path.lower().endswith(_DRAFTS)]
    others = tuple(path for path in paths if path not in drafts)
    _refuse_what_has_no_use(bool(drafts), options)
    plugins = load_plugins()
    tell(plugins.problems)
    status = CLEAN
    if others or not drafts:
        status = _check_rules(others, plugins, options["fail_on"])
    if drafts:
        from followup_rules.cli.drafts import check_drafts

        status = max(status, check_drafts(drafts, rules, plugins, options))
    return status


def _refuse_what_has_no_use(drafts: bool, options: dict[str, Any]) -> None:
    given = [name for name in ("application", "follow_up", "direction", "contact", "fix", "diff") if options[name]]
    if given and not drafts:
        raise click.UsageError(f"--{given[0].replace('_', '-')} is about drafts: name an .eml, .md or .txt file, or -")
    if options["application"] and not options["files"]:
        raise click.UsageError("--application needs --from, the file that the application is in")
    if options["contact"] and not options["application"]:
        raise click.UsageError("--contact needs --application, which lists the contacts")


def _check_rules(paths: tuple[str, ...], plugins: Plugins, fail_on: str) -> int:
    from followup_rules.load.rulefiles import load_each

    packs = plugins.packs
    loaded, problems = load_each(paths or tuple(packs), packs, plugins.checks)
    problems = _with_analysis(loaded, problems, fail_on)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    suggestions = len(problems) - errors - warnings
    if not problems:
        rules = sum(len(pack.rules) for one in loaded for pack in one.packs)
        names = ", ".join(dict.fromkeys(pack.name for one in loaded for pack in one.packs))
        click.echo(f"{_count(len(loaded), 'pack')} with {_count(rules, 'rule')} checked, no problem found: {names}")
        return CLEAN
    summary = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"
    if suggestions:
        summary = f"{summary}, {_count(suggestions, 'suggestion')}"
    click.echo(summary, err=True)
    return INVALID if errors else FOUND


def _with_analysis(loaded: Sequence[Loaded], problems: tuple[Problem, ...], fail_on: str) -> tuple[Problem, ...]:
    """With what the analysis finds in every pack that could be loaded; suggestions only where they are asked for."""
    from followup_rules.analysis.analyse import analyse, remember

    memory = remember()
    analyses = [analyse(one.policy, one.packs, memory) for one in loaded]
    for line in (line for one in analyses for line in one.undecided):
        click.echo(f"not decided: {line}", err=True)
    found = [problem for one in analyses for problem in one.problems]
    told = [problem for problem in found if problem.severity != "suggestion" or fail_on == "suggestion"]
    return tuple(sorted(dict.fromkeys([*problems, *told]), key=lambda problem: problem.place))


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
