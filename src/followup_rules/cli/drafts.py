"""The part of `check` that judges drafts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from followup_rules.checking import Applications, Wanted, check_file
from followup_rules.cli.common import STDIN, applications_in, moment, tell
from followup_rules.cli.main import CLEAN, FOUND, INVALID
from followup_rules.errors import InvalidInput, Problem
from followup_rules.load.messages import MessageFile, read_message, read_message_bytes
from followup_rules.load.rulefiles import load_policy
from followup_rules.mending import diff, mend, read_source, write_source
from followup_rules.report.findings import counted, lacking_lines, lines_of
from followup_rules.report.machine import finding_dict
from followup_rules.report.records import Checked as CheckedFile
from followup_rules.report.records import of_finding, of_problem

if TYPE_CHECKING:
    from followup_rules.judge.texts import Checked, Known
    from followup_rules.plugins import Plugins
    from followup_rules.policy import Policy
    from followup_rules.report.records import Record


class Judged(NamedTuple):
    """One draft with what was found."""

    draft: MessageFile
    checked: Checked
    known: Known


class Drafts(NamedTuple):
    """All drafts that could be read; `status` is what applications and files that could not be read come to."""

    judged: tuple[Judged, ...]
    unread: tuple[Problem, ...]
    status: int

    @property
    def records(self) -> list[Record]:
        """What was found, draft after draft."""
        return [of_finding(finding, one.draft) for one in self.judged for finding in one.checked.findings]

    def all_records(self) -> list[Record]:
        """The same, and what is to be said about the files themselves."""
        problems = [*self.unread, *(problem for one in self.judged for problem in one.draft.problems)]
        return [*map(of_problem, problems), *self.records]

    def checked(self) -> list[CheckedFile]:
        """The drafts that were looked at."""
        return [CheckedFile(one.draft.shown) for one in self.judged]

    def kept(self, records: Sequence[Record | None]) -> Drafts:
        """The same with those findings alone whose record is there and not silenced."""
        left = iter(records)
        judged = []
        for one in self.judged:
            told = zip(one.checked.findings, left, strict=False)
            findings = tuple(finding for finding, record in told if record is not None and record.silence is None)
            judged.append(one._replace(checked=one.checked._replace(findings=findings)))
        return self._replace(judged=tuple(judged))

    def tell_people(self) -> None:
        """Print everything for people."""
        tell(self.unread)
        _print_text(self.judged)

    def tell_problems(self) -> None:
        """Print what is to be said about the files themselves."""
        tell([*self.unread, *(problem for one in self.judged for problem in one.draft.problems)])

    def data(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        """Plain data, one object a draft."""
        return [_data(one, options) for one in self.judged]


def judge_drafts(names: Sequence[str], rules: Sequence[str], plugins: Plugins, options: dict[str, Any]) -> Drafts:
    """Judge drafts, and mend those that are to be mended."""
    loaded = load_policy(rules or ("default",), plugins.packs, plugins.checks)
    tell(loaded.warnings)
    files = options["files"]
    if STDIN in names and STDIN in files:
        raise click.UsageError("standard input can be a draft or applications, not both")
    applications = Applications(applications_in(files)(), options["application"]) if files else None
    tell(applications.problems if applications else ())
    status = CLEAN if applications is None or not applications.problems else FOUND
    judged: list[Judged] = []
    unread: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            one = _judged(name, loaded.policy, applications, options)
            if options["fix"] or options["diff"]:
                one = _mended(one, name, loaded.policy, applications, options)
            judged.append(one)
        except InvalidInput as error:
            unread += error.problems
    return Drafts(tuple(judged), tuple(unread), INVALID if unread else status)


def _judged(name: str, policy: Policy, applications: Applications | None, options: dict[str, Any]) -> Judged:
    stdin = name == STDIN
    draft = read_message_bytes(sys.stdin.buffer.read(), "<stdin>") if stdin else read_message(Path(name), name)
    return _judge(draft, policy, applications, options)


def _judge(draft: MessageFile, policy: Policy, applications: Applications | None, options: dict[str, Any]) -> Judged:
    wanted = Wanted(options["application"], options["direction"], options["follow_up"], options["contact"])
    checked, known = check_file(draft, policy, wanted, moment(options["at"]), applications)
    return Judged(draft, checked, known)


def _mended(
    one: Judged, name: str, policy: Policy, applications: Applications | None, options: dict[str, Any]
) -> Judged:
    """The draft after its safe fixes, or as it was where they are only shown."""
    fixes = [finding for finding in one.checked.findings if finding.fix is not None]
    if not fixes:
        return one
    if name == STDIN:
        raise click.UsageError("--fix and --diff need a file: standard input cannot be changed")
    source = read_source(Path(name), name)
    mended = mend(source, [(finding, one.draft.place(finding.part, finding.start)) for finding in fixes])
    if mended.left:
        click.echo(f"{name}: {mended.left} of the safe fixes cannot be made in this file; mend by hand", err=True)
    if options["diff"]:
        click.echo(diff(mended, name), nl=False)
    if options["diff"] or not mended.made:
        return one
    write_source(Path(name), mended.after)
    click.echo(f"{name}: {mended.made} mended", err=True)
    return _judged(name, policy, applications, options)


def _print_text(judged: Sequence[Judged]) -> None:
    for draft, checked, _ in judged:
        tell(draft.problems)
        for finding in checked.findings:
            source = draft.subject if finding.part == "subject" else draft.body
            for line in lines_of(finding, draft.place(finding.part, finding.start), source):
                click.echo(line)
        for line in [*draft.notes, *lacking_lines(checked.lacking)]:
            click.echo(f"{draft.shown}: {line}", err=True)
        if checked.left_out:
            rules = ", ".join(checked.left_out)
            click.echo(f"{draft.shown}: not asked without --follow-up or --direction: {rules}", err=True)
    findings = [finding for one in judged for finding in one.checked.findings]
    if judged:
        told = f"{len(judged)} draft{'' if len(judged) == 1 else 's'} checked"
        click.echo(f"{told}: {counted(findings)}" if findings else f"{told}, nothing found", err=bool(findings))


def _data(one: Judged, options: dict[str, Any]) -> dict[str, Any]:
    draft, checked, known = one
    return {
        "draft": draft.shown,
        "application": options["application"],
        "follow_up": known.follow_up,
        "direction": known.direction,
        "findings": [
            finding_dict(finding) | _place(draft, finding.part, finding.start, finding.line is not None)
            for finding in checked.findings
        ],
        "lacking": {lack: list(names) for lack, names in checked.lacking.items()},
        "rules_not_asked": list(checked.left_out),
        "notes": list(draft.notes),
    }


def _place(draft: MessageFile, part: Any, start: int, known: bool) -> dict[str, int]:
    """Line and column in the file, in the place of those in the text."""
    place = draft.place(part, start)
    return {"line": place.line, "column": place.column} if known else {}
