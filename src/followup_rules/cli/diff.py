"""`diff`: what a change of rules decides otherwise."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup_rules.cli.common import applications_in, moment, tell, tell_others
from followup_rules.cli.main import CLEAN, FOUND

if TYPE_CHECKING:
    from datetime import datetime

    from followup_rules.errors import Place
    from followup_rules.load.rulefiles import Loaded
    from followup_rules.policy import Policy
    from followup_rules.proving.compare import Case
    from followup_rules.testing.moments import Moment


@click.command("diff")
@click.argument("rules", nargs=-1, required=True, metavar="OLD NEW | REV..REV [-- PATH]")
@click.option(
    "--applications",
    "-a",
    "files",
    multiple=True,
    metavar="FILE",
    help="Applications to decide by both; may be repeated.",
)
@click.option(
    "--at", "times", multiple=True, metavar="TIME", help="Decide them as of this time; may be repeated. Default: now."
)
@click.option(
    "--events", type=click.IntRange(1, 30), default=6, show_default=True, help="The longest history to search."
)
@click.option("--days", type=click.IntRange(1, 365), default=60, show_default=True, help="The longest time to search.")
@click.option(
    "--histories", type=click.IntRange(1), default=8_000, show_default=True, help="How many histories to look at."
)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def command(
    rules: tuple[str, ...],
    files: tuple[str, ...],
    times: tuple[str, ...],
    events: int,
    days: int,
    histories: int,
    form: str,
) -> int:
    """Tell what the rules NEW decide otherwise than OLD: two rule files, folders or packs, or two revisions of git.

    A revision is git:REV or git:REV:PATH, or both at once main..HEAD -- PATH; paths are relative to the current folder.
    Decided by both are the examples in the rules, the moments of their scenario files, the --applications, and
    situations found by search.

    Exit status: 0 no behaviour changes, 1 something is decided otherwise, 2 rules that cannot be used.
    """
    from followup_rules.load.revisions import split
    from followup_rules.proving.bounds import Bounds
    from followup_rules.proving.compare import compare
    from followup_rules.report import differences

    both = split(rules)
    if both is None:
        raise click.UsageError("name OLD and NEW, or a range of revisions such as main..HEAD -- rules/")
    with tempfile.TemporaryDirectory(prefix="followup-rules-") as temporary:
        shown = _Shown(temporary)
        old, new = (shown.load(name, side) for name, side in zip(both, ("old", "new"), strict=True))
        stories = [*shown.stories["new"], *shown.stories["old"]]
        cases = [*_examples(old.policy, new.policy, stories), *_given(files, [moment(one) for one in times or (None,)])]
        made = compare(old.policy, new.policy, cases, Bounds(events, days, histories))
    if form == "json":
        click.echo(json.dumps(differences.difference_data(made, shown.place), indent=2))
    else:
        lines = differences.difference_markdown if form == "markdown" else differences.difference_lines
        for line in lines(made, shown.place):
            click.echo(line)
    return FOUND if made.in_cases or made.in_situations else CLEAN


class _Shown:
    """Rules of revisions are read in a temporary folder, and shown by the name of the revision."""

    def __init__(self, temporary: str) -> None:
        self._temporary, self._names = temporary, dict[str, str]()
        self.stories: dict[str, list[Moment]] = {}

    def load(self, name: str, side: str) -> Loaded:
        from followup_rules.errors import InvalidInput
        from followup_rules.load.revisions import is_revision, read_revision
        from followup_rules.load.rulefiles import load_policy
        from followup_rules.plugins import load_plugins
        from followup_rules.testing.moments import moments_of

        plugins = load_plugins()
        path = name
        if is_revision(name):
            folder = Path(self._temporary, side)
            folder.mkdir()
            self._names[folder.as_posix()] = name.split(":")[1]
            path = read_revision(name, folder)
        try:
            loaded = load_policy([path], plugins.packs, plugins.checks)
        except InvalidInput as error:
            raise InvalidInput(
                [one._replace(place=one.place._replace(file=self._file(one.place.file))) for one in error.problems]
            ) from None
        self.stories[side] = list(moments_of(path, plugins.packs, plugins.checks))
        if side == "new":
            tell(loaded.warnings)
            tell_others(loaded.others)
        return loaded

    def place(self, place: Place) -> str:
        """File and line."""
        return f"{self._file(place.file)}:{place.line}" if place.line else self._file(place.file)

    def _file(self, file: str) -> str:
        for folder, revision in self._names.items():
            if file.startswith(f"{folder}/"):
                return f"{revision}:{file.removeprefix(f'{folder}/')}"
        return file


def _examples(old: Policy, new: Policy, stories: Sequence[Moment]) -> Iterator[Case]:
    """The examples of both, each once, those of extended packs too, and the moments of scenarios."""
    from followup_rules.proving.compare import Case

    seen: set[str] = set()
    for story in stories:
        key = repr((story.at, story.applications))
        if key not in seen:
            seen.add(key)
            yield Case(*story)
    for rule in (*new.rules, *old.rules):
        for number, example in enumerate(rule.examples, 1):
            key = repr((example.at, example.given))
            if key not in seen:
                seen.add(key)
                yield Case(f"{rule.id}: {example.title or f'example {number}'}", example.given, example.at)


def _given(files: Sequence[str], times: Sequence[datetime]) -> Iterator[Case]:
    from followup_rules.model.application import Application
    from followup_rules.proving.compare import Case

    if not files:
        return
    applications: list[Application] = []
    for one in applications_in(files)():
        if isinstance(one.item, Application):
            applications.append(one.item)
        else:
            tell(one.item.problems)
    for at in times:
        yield Case(", ".join(files), applications, at)
