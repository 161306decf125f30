"""What was decided last, as a list that pages read: which group, when, and by which rule. It names nobody."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, get_args

from sqlalchemy import Connection, and_, delete, func, insert, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from followup_rules.outbox.ledger import Ledger
from followup_rules.outbox.rows import Row
from followup_rules.outbox.tables import ACTIONS, DECISIONS, PAGES
from followup_rules.outbox.timers import NEVER
from followup_rules.outbox.upsert import inserting

Group = Literal["overdue", "send", "revise", "hold", "refused", "wait", "stop"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
_AT_ONCE: Final = 400


class Listed(NamedTuple):
    """One decision in the list. `lacks` says what is missing, by the words of the rules alone."""

    application: str
    outcome: str
    reason: str
    follow_up: str
    rule: str
    occasion: str
    step: int
    decided_by: str
    at: datetime | None
    due_at: datetime | None
    lacks: str
    since: datetime


def list_anew(ledger: Ledger, decided: Mapping[str, Sequence[Listed]]) -> None:
    """Put what was decided about some applications in the place of what was listed about them."""
    names = sorted(decided)
    with ledger.writing(hasty=True) as connection:
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            known = {_occasion(one): one for one in _of(connection, some)}
            connection.execute(delete(DECISIONS).where(DECISIONS.c.application.in_(some)))
            rows = [_as_long(one, known.get(_occasion(one)))._asdict() for name in some for one in decided[name]]
            if rows:
                connection.execute(insert(DECISIONS), rows)
            made = inserting(connection, PAGES).on_conflict_do_nothing(index_elements=["application"])
            connection.execute(made, [{"application": name, "token": secrets.token_urlsafe(12)} for name in some])


def _of(connection: Connection, applications: Collection[str]) -> list[Listed]:
    columns = [DECISIONS.c[name] for name in Listed._fields]
    return [
        Listed(*one) for one in connection.execute(select(*columns).where(DECISIONS.c.application.in_(applications)))
    ]


def _occasion(one: Listed) -> tuple[str, str, str, str]:
    return one.application, one.follow_up, one.rule, one.occasion


def _as_long(one: Listed, before: Listed | None) -> Listed:
    """The same decision as before is as old as that one."""
    if before is None:
        return one
    same = (before.outcome, before.reason, before.decided_by, before.step)
    return one._replace(since=before.since) if same == (one.outcome, one.reason, one.decided_by, one.step) else one


def _in(group: Group, now: datetime) -> ColumnElement[bool]:
    due = DECISIONS.c.due_at
    if group == "overdue":
        return and_(DECISIONS.c.outcome == "send", due < now)
    if group == "send":
        return and_(DECISIONS.c.outcome == "send", or_(due.is_(None), due >= now))
    return DECISIONS.c.outcome == group


def some_listed(ledger: Ledger, group: Group, now: datetime, first: int, limit: int) -> list[tuple[Listed, str]]:
    """A part of a group, the soonest first, each with the word that addresses its page."""
    # The databases do not agree by themselves on where what has no moment stands.
    order = (DECISIONS.c.at if group == "wait" else DECISIONS.c.due_at).nulls_first()
    # First which, by the index alone; then what they say: so that a late part costs little more than the first.
    chosen = select(DECISIONS.c.seq).where(_in(group, now)).order_by(order, DECISIONS.c.seq)
    part = chosen.offset(first).limit(limit).subquery()
    columns = [DECISIONS.c[name] for name in Listed._fields]
    query = select(*columns, PAGES.c.token).join(PAGES, PAGES.c.application == DECISIONS.c.application)
    query = query.where(DECISIONS.c.seq.in_(select(part.c.seq))).order_by(order, DECISIONS.c.seq)
    with ledger.reading() as connection:
        return [(Listed(*one[:-1]), one[-1]) for one in connection.execute(query)]


def counts_listed(ledger: Ledger, now: datetime, most: int) -> dict[Group, int]:
    """How many decisions each group has; of more than `most` it says one more than that, and counts no further."""
    parts = [select(literal(1)).where(_in(group, now)).limit(most + 1).subquery() for group in GROUPS]
    counts = [select(func.count()).select_from(part).scalar_subquery() for part in parts]
    with ledger.reading() as connection:
        return dict(zip(GROUPS, connection.execute(select(*counts)).one(), strict=True))


def count_listed(ledger: Ledger, group: Group, now: datetime) -> int:
    """How many decisions a group has."""
    with ledger.reading() as connection:
        return connection.scalar(select(func.count()).select_from(DECISIONS).where(_in(group, now))) or 0


def application_of(ledger: Ledger, token: str) -> str | None:
    """The application whose page is addressed so."""
    with ledger.reading() as connection:
        return connection.scalar(select(PAGES.c.application).where(PAGES.c.token == token))


def tokens_of(ledger: Ledger, applications: Collection[str]) -> dict[str, str]:
    """By which words the pages of some applications are addressed."""
    query = select(PAGES.c.application, PAGES.c.token).where(PAGES.c.application.in_(applications))
    with ledger.reading() as connection:
        return {one[0]: one[1] for one in connection.execute(query)}


def to_approve(ledger: Ledger, limit: int, application: str | None = None) -> list[Row]:
    """Actions that wait for a person, the oldest first."""
    query = select(ACTIONS).where(ACTIONS.c.state == "planned", ACTIONS.c.next_try >= NEVER)
    if application is not None:
        query = query.where(ACTIONS.c.application == application)
    with ledger.reading() as connection:
        return [Row(*one) for one in connection.execute(query.order_by(ACTIONS.c.seq).limit(limit))]


def some_actions(ledger: Ledger, state: str, first: int, limit: int) -> list[Row]:
    """A part of the actions in a state, what changed last first."""
    query = select(ACTIONS).where(ACTIONS.c.state == state).order_by(ACTIONS.c.changed_at.desc(), ACTIONS.c.seq.desc())
    with ledger.reading() as connection:
        return [Row(*one) for one in connection.execute(query.offset(first).limit(limit))]


class Acted(NamedTuple):
    """Where a rule has acted: the latest decisions that it made, with the words for their pages, and how many."""

    latest: tuple[tuple[Listed, str], ...]
    decided: int
    actions: int


def acted(ledger: Ledger, rule: str, now: datetime, days: int = 30, limit: int = 20) -> Acted:
    """What a rule has decided in the last days and is still so, and how many actions came of it."""
    since = now - timedelta(days=days)
    mine = and_(DECISIONS.c.decided_by == rule, DECISIONS.c.since >= since)
    newest = (DECISIONS.c.since.desc(), DECISIONS.c.seq.desc())
    part = select(DECISIONS.c.seq).where(mine).order_by(*newest).limit(limit).subquery()
    columns = [DECISIONS.c[name] for name in Listed._fields]
    query = select(*columns, PAGES.c.token).join(PAGES, PAGES.c.application == DECISIONS.c.application)
    query = query.where(DECISIONS.c.seq.in_(select(part.c.seq))).order_by(*newest)
    made = select(func.count()).where(ACTIONS.c.rule == rule, ACTIONS.c.created_at >= since)
    with ledger.reading() as connection:
        latest = tuple((Listed(*one[:-1]), one[-1]) for one in connection.execute(query))
        decided = connection.scalar(select(func.count()).where(mine)) or 0
        return Acted(latest, decided, connection.scalar(made) or 0)
