"""What `fmt` and `migrate` share: going through files, showing and writing what changes."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from followup_rules.cli.common import STDIN, tell
from followup_rules.cli.main import CLEAN, FOUND, INVALID

_SAID = {
    "FR138": ("is not in its form", "run `followup-rules fmt`"),
    "FR139": ("is of an older version of the rule language", "run `followup-rules migrate`"),
}


def revise_files(
    paths: tuple[str, ...], revise: Callable[[str, str], str], code: str, done: str, *, check: bool, diff: bool
) -> int:
    """Revise files, or with `check` or `diff` say what would change. Returns the exit status."""
    from followup_rules.errors import Place, Problem
    from followup_rules.revising.files import revised

    if STDIN in paths:
        if len(paths) > 1:
            raise click.UsageError("- stands alone: standard input is one file")
        return _stdin(revise, code, check=check, diff=diff)
    status, counts = CLEAN, {done: 0, "unchanged": 0, "passed over": 0}
    wanted = check or diff
    for one in revised(paths or (".",), revise):
        tell(one.problems)
        if one.problems:
            status = INVALID
            continue
        counts["passed over" if one.other else done if one.changed else "unchanged"] += 1
        if not one.changed:
            continue
        if diff:
            click.echo(one.diff(), nl=False)
        if check:
            click.echo(str(Problem(code, _SAID[code][0], Place(one.shown), _SAID[code][1])))
            status = max(status, FOUND)
        if not wanted:
            one.write()
            click.echo(one.shown)
    click.echo(_summary(counts, done, wanted), err=True)
    if not counts[done] and not counts["unchanged"] and status == CLEAN:
        click.echo("no rule file or scenario file was found, so nothing was done", err=True)
        return FOUND
    return status


def _stdin(revise: Callable[[str, str], str], code: str, *, check: bool, diff: bool) -> int:
    from followup_rules.errors import InvalidInput, Place, Problem
    from followup_rules.mending import Mended
    from followup_rules.mending import diff as diff_of

    shown = "<stdin>"
    try:
        before = sys.stdin.buffer.read().decode("utf-8")
        after = revise(before, shown)
    except UnicodeDecodeError:
        tell([Problem("FR002", "is not UTF-8 text", Place(shown), "save it as UTF-8")])
        return INVALID
    except InvalidInput as error:
        tell(error.problems)
        return INVALID
    if diff:
        click.echo(diff_of(Mended(before, after, 1, 0), shown), nl=False)
    if check and after != before:
        click.echo(str(Problem(code, _SAID[code][0], Place(shown), _SAID[code][1])))
        return FOUND
    if not check and not diff:
        click.echo(after.encode("utf-8"), nl=False)
    return CLEAN


def _summary(counts: dict[str, int], done: str, wanted: bool) -> str:
    from followup_rules.load.sources import passed_over

    first = f"would be {done}" if wanted else done
    parts = [f"{counts[done]} {first}", f"{counts['unchanged']} unchanged"]
    if counts["passed over"]:
        parts.append(passed_over(counts["passed over"]))
    return ", ".join(parts)
