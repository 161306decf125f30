"""What is stored, as applications: whoever decides reads it as he reads files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.judge.admit import candidate_of, read_application
from followup_rules.load.applications import Read
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.faults import Loc
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.rows import Row
from followup_rules.outbox.timelines import Told, actions_of, all_told, version
from followup_rules.syncing.own import with_own
from followup_rules.syncing.texts import problems_in


class _InStore(NamedTuple):
    """Where something stands that has no line."""

    shown: str
    source: str
    key: str

    def place(self, loc: Loc = (), key: bool = False) -> Place:
        told = f"{self.shown}:{self.source}/{self.key if self.key.isprintable() else 'unknown'}"
        return Place(" ".join([told, ".".join(map(str, loc))]).rstrip())


def stored_applications(ledger: Ledger, connection: Connection) -> Callable[[], Iterator[Read]]:
    """A function that reads all that is stored, in the order of source and id, through one view of the store.

    Raises:
        InvalidInput: FR957, nothing was ever read into it.
    """
    if not version(ledger):
        text = "nothing was ever read into this store"
        raise InvalidInput([Problem("FR957", text, Place(ledger.shown), "read something with: followup-rules sync")])

    def read() -> Iterator[Read]:
        for told in all_told(connection):
            yield from reads_of(told, connection, ledger.shown)

    return read


def reads_of(told: Sequence[Told], connection: Connection, shown: str) -> Iterator[Read]:
    """Stored rows as applications, in which our own writing is recognised by what the ledger knows now."""
    ids = [one.kept.application for one in told if one.kept.application is not None]
    actions = actions_of(connection, ids) if ids else {}
    for one in told:
        where = _InStore(shown, one.source, one.kept.key)
        yield Read(_item(one, actions.get(one.kept.application or "", ()), where), where)


def _item(told: Told, actions: Sequence[Row], where: _InStore) -> Application | Refusal:
    kept = told.kept
    if kept.problems:
        return Refusal(kept.application, problems_in(kept.problems), kept.candidate)
    try:
        data = json.loads(kept.data or "")
    except ValueError:
        problem = Problem(
            "FR201", "what the store holds of it cannot be read", where.place(), "read it anew: sync --anew"
        )
        return Refusal(kept.application, (problem,), kept.candidate)
    item = read_application(with_own(data, told.source, actions), where.place)
    return item if isinstance(item, Application) else item._replace(candidate=candidate_of(data) or kept.candidate)
