"""What a run has done, refused, and left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from followup_rules.delivering.worker import Event, Fate
from followup_rules.errors import Place, Problem
from followup_rules.outbox.states import State

_TOLD: Final[Mapping[Fate, str]] = {
    "confirmed": "done",
    "refused": "refused",
    "canceled": "canceled",
    "unknown": "unknown",
    "put_off": "put off",
    "set_aside": "set aside",
    "lost": "taken over",
}
_PROBLEMS: Final[Mapping[Fate, tuple[str, str, str]]] = {
    "refused": ("FR910", "was refused", "mend it there or here, then: outbox retry {id} --reason ..."),
    "unknown": (
        "FR911",
        "may have been done, and nobody can tell",
        "look there, then: outbox confirm {id} or outbox retry {id}",
    ),
}
_LEFT: Final[tuple[State, ...]] = ("planned", "leased", "emitted")


@dataclass
class Summary:
    """The last that became of each action in this run, and what is in the outbox after it."""

    events: dict[str, Event] = field(default_factory=dict)
    set_aside: dict[str, str] = field(default_factory=dict)
    counts: dict[State, int] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """Take note of what became of an action."""
        self.events[event.row.id] = event

    def leave(self, counts: Mapping[State, int]) -> None:
        """Take note of what is in the outbox now."""
        self.counts = dict(counts)

    @property
    def left(self) -> int:
        """How many actions a worker still has to do something about."""
        return sum(self.counts.get(state, 0) for state in _LEFT)

    def of(self, fate: Fate) -> list[Event]:
        """The actions of which that became."""
        return [event for event in self.events.values() if event.fate == fate]

    def problems(self) -> list[Problem]:
        """What a person should look at."""
        found = [_problem(event) for event in self.events.values() if event.fate in _PROBLEMS]
        for name, why in self.set_aside.items():
            text = f"the adapter '{name}' was set aside: {why}"
            found.append(Problem("FR908", text, Place(name), "its actions stay in the outbox"))
        return found

    def lines(self) -> list[str]:
        """The summary for people."""
        told = [f"{len(these)} {word}" for fate, word in _TOLD.items() if (these := self.of(fate))]
        found = [
            f"{_row(event)}: {_TOLD[event.fate]}{f', {event.said}' if event.said else ''}" for event in self._shown()
        ]
        return [
            *found,
            f"{', '.join(told) or 'nothing was due'}; {self.left} left, {self.counts.get('unknown', 0)} unknown",
        ]

    def as_data(self) -> dict[str, Any]:
        """The summary as JSON knows it."""
        actions = [
            {"action": key, "application": event.row.application, "do": event.row.do, "adapter": event.row.adapter,
             "fate": event.fate, "said": event.said}
            for key, event in self.events.items()
        ]  # fmt: skip
        return {
            "actions": actions,
            "done": len(self.of("confirmed")),
            "refused": len(self.of("refused")),
            "canceled": len(self.of("canceled")),
            "left": self.left,
            "unknown": self.counts.get("unknown", 0),
            "set_aside": self.set_aside,
        }

    def _shown(self) -> list[Event]:
        return [event for event in self.events.values() if event.fate not in _PROBLEMS]


def _problem(event: Event) -> Problem:
    code, told, hint = _PROBLEMS[event.fate]
    row = event.row
    text = f"{row.do} for '{row.application}' by adapter '{row.adapter}' {told}: {event.said}"
    return Problem(code, text, Place(row.id[:12]), hint.format(id=row.id[:12]))


def _row(event: Event) -> str:
    row = event.row
    return f"{row.id[:12]}  {row.application}  {row.do} by {row.adapter}"
