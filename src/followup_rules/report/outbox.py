"""Actions of the outbox for people to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from followup_rules.outbox.rows import Row, Turn

_SHORT: Final = 12


def print_rows(rows: Sequence[Row], out: TextIO) -> None:
    """One line for each action, in columns, and how many there are."""
    table = [_columns(row) for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(5)] if table else []
    for line in table:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        out.write("  ".join([*cells, *line[5:]]).rstrip() + "\n")
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    told = ", ".join(f"{count} {state}" for state, count in counts.items())
    out.write(f"{_number(len(rows), 'action')}{': ' if told else ''}{told}\n")


def print_action(row: Row, history: Sequence[Turn], out: TextIO) -> None:
    """Everything about one action."""
    words = {
        "action": row.id,
        "what": f"{row.do} for {row.application}, {row.follow_up} by {row.rule}",
        "adapter": row.adapter,
        "state": row.state,
        "attempts": str(row.attempts),
        "expires": _time(row.expires_at),
        "record": row.reference,
        "told": row.error,
    }
    for name, value in words.items():
        if value:
            out.write(f"{name:<10}{value}\n")
    if row.state == "planned":
        out.write(f"{'next try':<10}{_time(row.next_try)}\n")
    out.write("history\n")
    for turn in history:
        why = f": {turn.why}" if turn.why else ""
        out.write(f"  {_time(turn.at)}  {turn.became}, by {turn.by}{why}\n")
    draft = _draft(row)
    if draft:
        out.write(f"draft\n{draft}")


def _draft(row: Row) -> str:
    try:
        draft = row.order.draft
    except (ValueError, TypeError, KeyError):
        return "  what the outbox holds of this action cannot be read\n"
    if draft is None:
        return ""
    lines = [f"To: {draft.to or ''}", f"Subject: {draft.subject}", "", *draft.body.splitlines()]
    return "".join(f"  {line}".rstrip() + "\n" for line in lines)


def _columns(row: Row) -> list[str]:
    told = row.error or (f"record {row.reference}" if row.reference else "")
    return [row.id[:_SHORT], row.state, row.application, f"{row.do} by {row.rule}", row.adapter, told]


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
