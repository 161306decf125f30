"""What `diff` found: for people, for a pull request, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from followup_rules.errors import Place
from followup_rules.proving.compare import Came, Change, Comparison
from followup_rules.proving.histories import Happening, application_id
from followup_rules.proving.scenario import zone_of
from followup_rules.report.words import moment
from followup_rules.rules.base import Rule

Shown = Callable[[Place], str]
"""How a place is written: files of a revision by its name."""

_MOST_ROWS = 50


def summary(made: Comparison) -> str:
    """One line."""
    total = len(made.in_cases) + len(made.in_situations)
    searched = f"{_count(made.cases, 'example')}, {made.covered.histories:,} histories of up to "
    searched += f"{_count(made.covered.longest, 'event')} in {_count(made.bounds.days, 'day')}"
    if not total:
        return f"no behaviour changes ({searched})"
    return f"{_count(total, 'decision')} came out otherwise ({searched})"


def difference_lines(made: Comparison, shown: Shown) -> Iterator[str]:
    """As text."""
    for change in (*made.in_cases, *made.in_situations):
        yield f"{_what(change)}: {_where(change)}"
        for index, event in enumerate(change.history, 1):
            yield f"    {index}. {_event(change, event)}"
        yield f"    at {_moment(change, change.now)}"
        yield f"    before: {_side(change, change.before)}{_by(change.before_by, shown)}"
        yield f"    after:  {_side(change, change.after)}{_by(change.after_by, shown)}"
        if change.because:
            yield f"    because of {', '.join(f'{rule.id} ({shown(rule.place)})' for rule in change.because)}"
    yield summary(made)


def difference_markdown(made: Comparison, shown: Shown) -> Iterator[str]:
    """As a comment on a pull request: a line, a table, and the histories folded away."""
    changes = [*made.in_cases, *made.in_situations]
    yield f"**followup-rules:** {summary(made)}"
    if not changes:
        return
    yield from ("", "| follow-up | where | before | after | rule |", "|---|---|---|---|---|")
    for number, change in enumerate(changes[:_MOST_ROWS], 1):
        rules = ", ".join(f"`{rule.id}` {shown(rule.place)}" for rule in change.because)
        where = change.where if not change.history else f"situation {number}"
        cells = (_what(change), where, _side(change, change.before), _side(change, change.after), rules)
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
    if len(changes) > _MOST_ROWS:
        yield f"\n{len(changes) - _MOST_ROWS} more are left out here."
    if made.in_situations:
        yield from ("", "<details><summary>The situations</summary>", "")
        for number, change in enumerate(changes[:_MOST_ROWS], 1):
            if change.history:
                events = "; ".join(_event(change, event) for event in change.history)
                yield f"{number}. {_escaped(change.where)}: {_escaped(events)}; decided {_moment(change, change.now)}"
        yield from ("", "</details>")


def difference_data(made: Comparison, shown: Shown) -> dict[str, Any]:
    """As JSON."""
    return {
        "changes": [_as_data(one, shown) for one in (*made.in_cases, *made.in_situations)],
        "searched": {
            "examples": made.cases, "histories": made.covered.histories, "plans": made.covered.looks,
            "longest_history": made.covered.longest, "days": made.bounds.days,
        },
    }  # fmt: skip


def _as_data(one: Change, shown: Shown) -> dict[str, Any]:
    return {
        "found_in": "situation" if one.history else "example",
        "where": one.where, "at": one.now.isoformat(), "application": one.application, "follow_up": one.follow_up,
        "direction": one.direction, "occasion": one.occasion,
        "before": _came(one.before, one.before_by, shown), "after": _came(one.after, one.after_by, shown),
        "because": [{"rule": rule.id, "place": shown(rule.place)} for rule in one.because],
        "events": [
            {"at": event.at.isoformat(), "event": str(event.symbol), "application": application_id(event.application)}
            for event in one.history
        ],
    }  # fmt: skip


def _came(came: Came | None, by: Rule | None, shown: Shown) -> dict[str, Any] | None:
    if came is None or by is None:
        return None
    return {
        "decision": came.decision, "reason": came.reason, "step": came.step, "at": _iso(came.at),
        "due_at": _iso(came.due), "expires_at": _iso(came.expires),
        "decided_by": {"rule": by.id, "place": shown(by.place)},
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _what(change: Change) -> str:
    way = "to the employer" if change.direction == "candidate_to_employer" else "to the candidate"
    return f"{change.follow_up} {way}"


def _where(change: Change) -> str:
    return f"situation, {change.where}" if change.history else change.where


def _side(change: Change, came: Came | None) -> str:
    """What came out, and of its dates those in which the two sides differ."""
    if came is None:
        return "no decision"
    other = change.after if came is change.before else change.before
    until = f" until {moment(came.at)}" if came.decision == "wait" and came.at is not None else ""
    told = f"{came.decision}{until} ({came.reason.replace('_', ' ')})"
    if other is None:
        return told
    for word, mine, its in (("due", came.due, other.due), ("expires", came.expires, other.expires)):
        if mine != its and mine is not None and came.decision == other.decision:
            told += f", {word} {moment(mine)}"
    if came.step != other.step:
        told += f", step {came.step}"
    if came.do != other.do and came.do:
        told += f", {' and '.join(came.do)}"
    if came.draft != other.draft and came.draft is not None and came._replace(draft=None) == other._replace(draft=None):
        told += ", another draft"
    return told


def _by(rule: Rule | None, shown: Shown) -> str:
    return "" if rule is None else f" [{rule.id}, {shown(rule.place)}]"


def _event(change: Change, event: Happening) -> str:
    two = change.profile is not None and change.profile.applications > 1
    which = f"{application_id(event.application)}: " if two else ""
    return f"{_moment(change, event.at)} {which}{event.symbol}"


def _moment(change: Change, at: datetime) -> str:
    return moment(at.astimezone(zone_of(change.profile))) if change.profile is not None else moment(at)


def _cell(text: str) -> str:
    return _escaped(text).replace("|", "\\|").replace("\n", " ")


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
