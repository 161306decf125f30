"""The plan as a recruiter reads it: grouped by what to do, in the recipient's time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from followup_rules.model.application import Application
from followup_rules.model.decision import Decision
from followup_rules.report.words import TITLES, reason, short_moment

_STYLES = {"send": "bold green", "revise": "bold yellow", "wait": "cyan", "hold": "magenta", "stop": "dim"}
_WIDTH = 150


class Row(NamedTuple):
    """What the table shows of a decision."""

    group: str
    order: float
    cells: tuple[str, ...]


def row(application: Application, decision: Decision, now: datetime) -> Row:
    """One line of the table."""
    best = decision.at if decision.decision == "wait" else decision.due_at
    when = short_moment(best, now) if best is not None and decision.decision not in ("stop", "hold") else ""
    step = f" {decision.step}" if decision.step > 1 or decision.reason == "done" else ""
    why = f"{reason(decision)} [{decision.decided_by.id}]"
    cells = (decision.application, _who(application, decision), f"{decision.follow_up}{step}", when, why)
    return Row(decision.decision, best.timestamp() if best is not None else 0.0, cells)


def _who(application: Application, decision: Decision) -> str:
    """The recipient, and what it is about."""
    job = application.job
    about = " at ".join(part for part in (job.title, job.company) if part)
    if decision.direction == "employer_to_candidate":
        name = application.candidate.name or application.candidate.id or "the candidate"
    else:
        contact = application.contact(decision.contact)
        name = (contact.name or contact.id) if contact else "hiring team"
        writer = application.candidate.name or application.candidate.id
        name = f"{writer} → {name}" if writer else name
    return f"{name}, {about}" if about else name


def print_table(rows: Iterable[Row], out: IO[str], applications: int, refused: int) -> None:
    """Print every group that has a row, the soonest first, and a closing count."""
    groups: dict[str, list[Row]] = {}
    for one in rows:
        groups.setdefault(one.group, []).append(one)
    console = Console(file=out, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(file=out, highlight=False, width=_WIDTH)
    for name, title in TITLES.items():
        if name in groups:
            console.print(
                _table(f"{title} ({len(groups[name])})", name, sorted(groups[name], key=lambda one: one.order))
            )
    counts = ", ".join(f"{len(groups.get(name, []))} {name}" for name in TITLES if groups.get(name))
    told = f"{applications} application{'' if applications == 1 else 's'}: {counts or 'no follow-up has an occasion'}"
    console.print(Text(f"{told}; {refused} refused" if refused else told))


def _table(title: str, group: str, rows: Sequence[Row]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style=_STYLES[group],
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=False,
    )
    last = {"send": "Best by", "revise": "Best by", "wait": "Not before"}.get(group, "")
    table.add_column("Application", no_wrap=True)
    table.add_column("For", ratio=3, min_width=20)
    table.add_column("Follow-up", no_wrap=True)
    if last:
        table.add_column(last, no_wrap=True)
    table.add_column(Text("Why [rule]"), ratio=2, min_width=20)
    for one in rows:
        cells = one.cells if last else (*one.cells[:3], one.cells[4])
        table.add_row(*(Text(cell) for cell in cells))
    return table
