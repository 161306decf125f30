"""Personal data is erased: timelines, texts and addresses of actions, reasons in the history, what came in.

What stays is that an action was there and what became of it, under its id, which is a hash: so that nothing is done a
second time. Whose it was cannot be found out from it any more.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timezone
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, delete, select, update

from followup_rules.outbox.faults import OutboxFault
from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.message_tables import LINKS, MESSAGES
from followup_rules.outbox.messages import drop_messages, fingerprint
from followup_rules.outbox.tables import ACTIONS, ANSWERS, DECISIONS, HISTORY, INBOX, PAGES, TIMELINES, TIMERS

ERASED: Final = "erased"
_AT_ONCE: Final = 400
_OPEN: Final = ("planned", "unknown", "refused")
_IN_HAND: Final = ("leased", "emitted")


class Whom(NamedTuple):
    """Whose data is to be erased: applications, every word by which somebody may be found in raw bodies, addresses."""

    applications: tuple[str, ...]
    words: tuple[str, ...]
    addresses: tuple[str, ...] = ()


class Erased(NamedTuple):
    """How many rows were erased, or emptied of everything personal."""

    timelines: int = 0
    actions: int = 0
    history: int = 0
    notices: int = 0
    timers: int = 0
    answers: int = 0
    messages: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in self._asdict().items())


def of_candidate(ledger: Ledger, candidate: str) -> Whom:
    """All that is known of a candidate, by the id that other systems give."""
    with ledger.reading() as connection:
        query = select(TIMELINES.c.application, TIMELINES.c.data).where(TIMELINES.c.candidate == candidate)
        found = connection.execute(query).all()
        named = {row[0] for row in found if row[0] is not None}
        # Actions know their candidate too: the timeline may be gone already.
        orders = select(ACTIONS.c.application, ACTIONS.c.data).where(
            ACTIONS.c.data.contains(_json(candidate), autoescape=True)
        )
        named |= {row[0] for row in connection.execute(orders) if _candidate_in(row[1]) == candidate}
    words = {candidate, *named, *(word for row in found for word in _words(row[1]))}
    addresses = tuple(sorted({one for row in found for one in _addresses(row[1])}))
    return Whom(tuple(sorted(named)), tuple(sorted(word for word in words if len(word) > 2)), addresses)


def older_than(ledger: Ledger, before: datetime) -> Whom:
    """Applications of which nothing has happened since; where a candidate has a newer one, all of his stay."""
    newest: dict[str, str] = {}
    whose: dict[str, set[str]] = {}
    reached: dict[str, set[str]] = {}
    with ledger.reading() as connection:
        columns = (TIMELINES.c.application, TIMELINES.c.candidate, TIMELINES.c.data, TIMELINES.c.changed_at)
        for application, candidate, data, changed_at in connection.execute(select(*columns)):
            if application is None:
                continue
            owner = f"c:{candidate}" if candidate is not None else f"a:{application}"
            last = max([*_moments(data)], default=changed_at.isoformat())
            newest[owner] = max(newest.get(owner, ""), last)
            whose.setdefault(owner, set()).add(application)
            reached.setdefault(application, set()).update(_addresses(data))
        gone = {one for owner, those in whose.items() if newest[owner] < before.isoformat() for one in those}
        kept = {one for those in whose.values() for one in those} - gone
        old = select(ACTIONS.c.application).where(ACTIONS.c.changed_at < before, ACTIONS.c.data != "{}")
        gone |= {one for (one,) in connection.execute(old) if one not in kept}
    return Whom(tuple(sorted(gone)), (), tuple(sorted({one for name in gone for one in reached.get(name, ())})))


def erase(ledger: Ledger, whom: Whom, now: datetime, who: str) -> Erased:
    """Erase in one transaction: all of it or nothing.

    Raises:
        OutboxFault: FR975, an action is just being done; nothing was erased.
    """
    erased = Erased()
    with ledger.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma secure_delete=on")
        messages = drop_messages(connection, _links(connection, whom))
        for start in range(0, len(whom.applications), _AT_ONCE):
            some = whom.applications[start : start + _AT_ONCE]
            _check_none_in_hand(connection, ledger, some)
            actions, history = _empty_actions(connection, some, now, who)
            for table in (PAGES, DECISIONS):
                _gone(connection, table, some)
            erased = Erased(
                erased.timelines + _gone(connection, TIMELINES, some), erased.actions + actions,
                erased.history + history, erased.notices + _empty_notices(connection, some),
                erased.timers + _gone(connection, TIMERS, some), erased.answers, messages,
            )  # fmt: skip
        bodies = _empty_bodies(connection, whom.words)
        answers = sum(_drop_answers(connection, word) for word in (*whom.words, *whom.applications))
    _wipe(ledger)
    return erased._replace(notices=erased.notices + bodies, answers=answers, messages=messages)


def _links(connection: Connection, whom: Whom) -> set[str]:
    """By what the messages are found. An address that somebody else has too stays: his answers must go on counting."""
    links: set[str] = set()
    for address in whom.addresses:
        owners = select(TIMELINES.c.application).where(TIMELINES.c.data.contains(_json(address), autoescape=True))
        if all(one in whom.applications for (one,) in connection.execute(owners)):
            links.add(f"a:{fingerprint(address)}")
    for start in range(0, len(whom.applications), _AT_ONCE):
        some = whom.applications[start : start + _AT_ONCE]
        query = select(ACTIONS.c.id).where(ACTIONS.c.application.in_(some))
        links.update(f"x:{one}" for (one,) in connection.execute(query))
    return links


def _check_none_in_hand(connection: Connection, ledger: Ledger, some: Collection[str]) -> None:
    query = select(ACTIONS.c.id).where(ACTIONS.c.application.in_(some), ACTIONS.c.state.in_(_IN_HAND)).limit(1)
    found = connection.scalar(query)
    if found is not None:
        text = f"the action {found[:12]} is just being done; nothing was erased"
        raise OutboxFault("FR975", text, ledger.shown, "run it again when deliver has ended it")


def _empty_actions(connection: Connection, some: Collection[str], now: datetime, who: str) -> tuple[int, int]:
    rows = connection.execute(select(ACTIONS.c.id, ACTIONS.c.state).where(ACTIONS.c.application.in_(some))).all()
    history = 0
    for identity, state in rows:
        changes: dict[str, Any] = {
            "application": f"{ERASED}-{secrets.token_hex(6)}", "data": "{}", "reference": "", "error": "",
        }  # fmt: skip
        if state in _OPEN:
            changes |= {"state": "canceled", "by_hand": True, "changed_at": now}
            line = {"action": identity, "at": now, "was": state, "became": "canceled", "by": who, "why": ERASED}
            connection.execute(HISTORY.insert().values(line))
        connection.execute(update(ACTIONS).where(ACTIONS.c.id == identity).values(changes))
        mine = (HISTORY.c.action == identity) & HISTORY.c.why.not_in(("", ERASED))
        history += connection.execute(update(HISTORY).where(mine).values(why=ERASED)).rowcount
    return len(rows), history


def _gone(connection: Connection, table: Table, some: Collection[str]) -> int:
    return connection.execute(delete(table).where(table.c.application.in_(some))).rowcount


def _empty_notices(connection: Connection, some: Collection[str]) -> int:
    changes = {"state": "done", "data": "[]", "body": "", "error": "", "application": None}
    return connection.execute(update(INBOX).where(INBOX.c.application.in_(some)).values(changes)).rowcount


def _empty_bodies(connection: Connection, words: Collection[str]) -> int:
    """One delivery may tell of several people; what names this one goes, whoever else is in it."""
    count = 0
    for seq, body in connection.execute(select(INBOX.c.seq, INBOX.c.body).where(INBOX.c.body != "")).all():
        text = base64.b64decode(body).decode("utf-8", "replace")
        if any(word in text for word in words):
            count += connection.execute(update(INBOX).where(INBOX.c.seq == seq).values(body="")).rowcount
    return count


def _drop_answers(connection: Connection, word: str) -> int:
    if len(word) <= 2:
        return 0
    return connection.execute(
        delete(ANSWERS).where(ANSWERS.c.body.contains(_json(word)[1:-1], autoescape=True))
    ).rowcount


def _wipe(ledger: Ledger) -> None:
    """Nothing of it stays in files that the database has finished with."""
    with ledger.raw() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)").fetchall()
        else:
            for table in (ACTIONS, HISTORY, INBOX, TIMELINES, ANSWERS, MESSAGES, LINKS):
                connection.exec_driver_sql(f"vacuum {table.name}")


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def _candidate_in(data: str) -> str | None:
    try:
        found = json.loads(data)["candidate"]["id"]
    except (ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, str) else None


def _words(data: str | None) -> Iterator[str]:
    """What a candidate can be found by in a body that nobody has read."""
    candidate = _loaded(data).get("candidate")
    if isinstance(candidate, dict):
        yield from (one for key in ("id", "name", "email") if isinstance(one := candidate.get(key), str))


def _addresses(data: str | None) -> Iterator[str]:
    candidate = _loaded(data).get("candidate")
    if isinstance(candidate, dict) and isinstance(candidate.get("email"), str):
        yield candidate["email"]


def _moments(data: str | None) -> Iterator[str]:
    """When something happened, as texts in UTC that can be compared."""
    for event in _loaded(data).get("events") or ():
        at = event.get("at") if isinstance(event, dict) else None
        if isinstance(at, str):
            try:
                yield datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(timezone.utc).isoformat()
            except ValueError:
                continue


def _loaded(data: str | None) -> dict[str, Any]:
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
