"""`check`: rule files and packs, vendor files, and drafts against the message rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

from followup_rules.cli.common import STDIN, at_option, moment, rules_option, tell
from followup_rules.cli.sifting import format_options, present, printed, sieve, sifting_options, write_output

if TYPE_CHECKING:
    from datetime import datetime

    from followup_rules.cli.drafts import Drafts
    from followup_rules.cli.sifting import Sieve
    from followup_rules.errors import Problem
    from followup_rules.load.rulefiles import Loaded
    from followup_rules.plugins import Plugins
    from followup_rules.report.records import Record

_DRAFTS = (".eml", ".txt", ".md", ".markdown")


class _Rules(NamedTuple):
    """What was found in rule files, and the packs that were looked at."""

    records: Sequence[Record]
    loaded: Sequence[Loaded]


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
@format_options
@sifting_options
@click.option("--fix", is_flag=True, help="Put safe fixes into the drafts and rule files.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
def command(paths: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """Check rule files, folders and packs, and drafts (.eml, .md, .txt; - is stdin).

    Without any path, every installed pack is checked. Each pack is checked by itself, with all that it extends.

    Drafts are judged by the message rules of --rules. With --application and --from they are judged by what is known:
    names, notes of the interview, skills, earlier messages.
    """
    from followup_rules.codes import CODES
    from followup_rules.plugins import load_plugins

    drafts = [path for path in paths if path == STDIN or path.lower().endswith(_DRAFTS)]
    others = tuple(path for path in paths if path not in drafts)
    _refuse_what_has_no_use(bool(drafts), options)
    now = moment(options["at"])
    plugins = load_plugins()
    tell(plugins.problems)
    wanted = sieve(options, {*CODES, *(check.code for check in plugins.checks.values())})
    about_rules = bool(others or not drafts)
    if about_rules and (options["fix"] or options["diff"]):
        from followup_rules.cli.fixing import fix_rules

        fix_rules(others, plugins, show=options["diff"])
    asked = options["fail_on"] == "suggestion" or bool(options["select"])
    found = _check_rules(others, plugins, now, asked) if about_rules else _Rules((), ())
    judged = None
    if drafts:
        from followup_rules.cli.drafts import judge_drafts

        judged = judge_drafts(drafts, rules, plugins, options)
    return _tell(found, judged, wanted, options)


def _refuse_what_has_no_use(drafts: bool, options: dict[str, Any]) -> None:
    given = [name for name in ("application", "follow_up", "direction", "contact") if options[name]]
    if given and not drafts:
        raise click.UsageError(f"--{given[0].replace('_', '-')} is about drafts: name an .eml, .md or .txt file, or -")
    if options["application"] and not options["files"]:
        raise click.UsageError("--application needs --from, the file that the application is in")
    if options["contact"] and not options["application"]:
        raise click.UsageError("--contact needs --application, which lists the contacts")


def _check_rules(paths: tuple[str, ...], plugins: Plugins, now: datetime, suggestions: bool) -> _Rules:
    """What is wrong with rule files; `suggestions` only where they are asked for, because small files have many."""
    from followup_rules.load.rulefiles import load_listing
    from followup_rules.load.sources import unfit
    from followup_rules.report.rule_files import records_of, without_rules
    from followup_rules.vendors.telling import are_vendor_files, vendor_problems

    packs = plugins.packs
    others, vendors = unfit(paths), are_vendor_files(paths)
    names = [path for path in paths if path not in others and path not in vendors] if paths else tuple(packs)
    listing = load_listing(names, packs, plugins.checks)
    problems = [
        *others.values(),
        *vendor_problems(vendors),
        *listing.problems,
        *without_rules(listing.loaded),
        *_analysed(listing.loaded),
    ]
    records = records_of(tuple(dict.fromkeys(problems)), listing, now.date())
    return _Rules([one for one in records if suggestions or one.severity != "suggestion"], listing.loaded)


def _analysed(loaded: Sequence[Loaded]) -> Iterator[Problem]:
    """What the analysis finds in every pack that could be loaded; what it could not decide goes to stderr."""
    from followup_rules.analysis.analyse import analyse, remember

    memory = remember()
    for one in loaded:
        analysis = analyse(one.policy, one.packs, memory)
        yield from analysis.problems
        for line in analysis.undecided:
            click.echo(f"not decided: {line}", err=True)


def _tell(found: _Rules, judged: Drafts | None, wanted: Sieve, options: dict[str, Any]) -> int:
    """Print what was found, in the format that was asked for. Returns the exit status."""
    from followup_rules.report.baseline import read_baseline, write_baseline

    records = [*found.records, *(judged.records if judged else ())]
    if options["write_baseline"]:
        write_baseline(options["write_baseline"], present(wanted.sifted(records)[0]))
        wanted = wanted._replace(baseline=read_baseline(options["write_baseline"]))
    sifted, gone = wanted.sifted(records)
    number = len(found.records)
    found = found._replace(records=[*present(sifted[:number]), *gone])
    judged = judged.kept(sifted[number:]) if judged else None
    form, output = options["form"], options["output"]
    if form == "text" or output:
        _tell_people(found, judged)
    if form != "text" or output:
        write_output(printed(lambda out: _print(found, judged, options, out)), output)
    status = max(wanted.status(found.records), wanted.status(present(sifted[number:])))
    return max(status, judged.status) if judged else status


def _tell_people(found: _Rules, judged: Drafts | None) -> None:
    from followup_rules.report.output import print_records
    from followup_rules.report.records import count_of, counted, kept_back, loud

    if found.loaded or found.records:
        click.echo(printed(lambda out: print_records(found.records, "text", out)), nl=False)
        if loud(found.records):
            click.echo(counted(found.records), err=True)
        else:
            rules = sum(len(pack.rules) for one in found.loaded for pack in one.packs)
            names = ", ".join(dict.fromkeys(pack.name for one in found.loaded for pack in one.packs))
            silent = "".join(f", {told}" for told in kept_back(found.records))
            number = f"{count_of(len(found.loaded), 'pack')} with {count_of(rules, 'rule')}"
            click.echo(f"{number} checked, no problem found{silent}: {names}")
    if judged:
        judged.tell_people()


def _print(found: _Rules, judged: Drafts | None, options: dict[str, Any], out: IO[str]) -> None:
    """The form for machines. JSON knows more of drafts than records do."""
    from followup_rules.report.output import file_data, print_data, print_records
    from followup_rules.report.rule_files import checked_files

    checked = checked_files(found.loaded)
    form = options["form"]
    if judged is None:
        print_records(found.records, form, out, checked)
    elif form in ("json", "jsonl"):
        judged.tell_problems()
        print_data([*file_data(found.records, checked), *judged.data(options)], form, out)
    else:
        print_records([*found.records, *judged.all_records()], form, out, [*checked, *judged.checked()])
