"""What is stored, as applications: whoever decides reads it as he reads files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from followup_rules.errors import InvalidInput, Place, Problem
from followup_rules.judge.admit import candidate_of, read_application
from followup_rules.load.applications import Read
from followup_rules.model.application import Application
from followup_rules.model.decision import Refusal
from followup_rules.model.faults import Loc
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.messages import any_messages, known_actions, messages_by
from followup_rules.outbox.rows import Row
from followup_rules.outbox.timelines import Told, actions_of, all_told, version
from followup_rules.syncing.letters import letters_in, links_of, with_letters
from followup_rules.syncing.own import orders_of, with_own
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
    read = [(one, _data(one)) for one in told]
    mail = _Mail(connection, [(data, actions.get(str(data.get("id")), ())) for _, data in read if data])
    for one, data in read:
        where = _InStore(shown, one.source, one.kept.key)
        yield Read(_item(one, data, actions.get(one.kept.application or "", ()), mail, where), where)


class _Mail:
    """The messages of mailboxes that some applications may have to do with."""

    def __init__(self, connection: Connection, applications: Sequence[tuple[dict[str, Any], Sequence[Row]]]) -> None:
        self._by_link: dict[str, list[str]] = {}
        self._homes: dict[str, str] = {}
        if applications and any_messages(connection):
            links = {link for data, actions in applications for link in links_of(data, actions)}
            self._by_link = messages_by(connection, links)
            letters = letters_in(text for texts in self._by_link.values() for text in texts)
            named = {action for one in letters for action in (one.action, *one.answered) if action}
            self._homes = known_actions(connection, named)

    def put_into(self, data: dict[str, Any], actions: Sequence[Row]) -> tuple[dict[str, Any], dict[str, str]]:
        if not self._by_link:
            return data, {}
        texts = [text for link in sorted(links_of(data, actions)) for text in self._by_link.get(link, ())]
        return with_letters(data, letters_in(texts), dict(orders_of(actions)), self._homes)


def _data(told: Told) -> dict[str, Any] | None:
    """The data of a row; None where there is none that can be read."""
    if told.kept.problems:
        return None
    try:
        data = json.loads(told.kept.data or "")
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _item(
    told: Told, data: dict[str, Any] | None, actions: Sequence[Row], mail: _Mail, where: _InStore
) -> Application | Refusal:
    kept = told.kept
    if kept.problems:
        return Refusal(kept.application, problems_in(kept.problems), kept.candidate)
    if data is None:
        problem = Problem(
            "FR201", "what the store holds of it cannot be read", where.place(), "read it anew: sync --anew"
        )
        return Refusal(kept.application, (problem,), kept.candidate)
    data, written = mail.put_into(data, actions)
    item = read_application(with_own(data, told.source, actions, written), where.place)
    return item if isinstance(item, Application) else item._replace(candidate=candidate_of(data) or kept.candidate)
