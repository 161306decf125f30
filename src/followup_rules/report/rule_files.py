"""What was found in rule files, as records: each with its rule, and with what silences it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from followup_rules.errors import Problem
from followup_rules.load.rulefiles import Listing, Loaded
from followup_rules.report.records import Checked, Record, Silence, of_problem
from followup_rules.rules.suppressions import sort_out


def without_rules(loaded: Sequence[Loaded]) -> Iterator[Problem]:
    """One for each pack that has no rule, neither of its own nor of what it extends: nothing of it was checked."""
    for one in loaded:
        if not one.policy.rules:
            hint = "write a rule under `rules`, or name what the pack extends"
            yield Problem("FR008", f"the pack '{one.packs[0].name}' has no rule", one.packs[0].place, hint)


def records_of(problems: Sequence[Problem], listing: Listing, today: date) -> list[Record]:
    """The records of all that was found, in the order of the places, and of what is wrong with the `ignore`s."""
    outlines = listing.outlines
    stand = [(problem, _number(problem, listing)) for problem in problems]
    ignores = [one for outline in outlines.values() for one in outline.ignores]
    sound = {pack.place.file for one in listing.loaded for pack in one.packs}
    found, said = sort_out(stand, ignores, today)
    records = [
        of_problem(one.problem, _rule(one.problem, listing))._replace(
            silence=Silence("ignore", one.by.reason) if one.by is not None else None
        )
        for one in found
    ]
    # Where a pack did not load, most was not looked for, so that nobody knows what an entry would silence.
    records += [
        of_problem(problem, _rule(problem, listing))
        for problem in said
        if problem.code != "FR125" or problem.place.file in sound
    ]
    return sorted(records, key=lambda record: record.place)


def _number(problem: Problem, listing: Listing) -> int | None:
    outline = listing.outlines.get(problem.place.file)
    return outline.rule_at(problem.place) if outline is not None else None


def _rule(problem: Problem, listing: Listing) -> str:
    number = _number(problem, listing)
    return "" if number is None else listing.outlines[problem.place.file].ids[number]


def checked_files(loaded: Sequence[Loaded], tests: Iterable[str] = ()) -> list[Checked]:
    """Every file that was asked for and could be read; `tests` are scenario files."""
    packs = [Checked(pack.place.file, pack.name, len(pack.rules)) for one in loaded for pack in one.packs]
    return [*packs, *map(Checked, tests)]
