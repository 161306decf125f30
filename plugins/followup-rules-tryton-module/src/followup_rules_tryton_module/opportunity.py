"""Opportunities: what is heard of them is decided once it is committed, and a timer takes the rest."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from typing import Any

from sql import Column
from trytond.model import fields
from trytond.pool import Pool, PoolMeta
from trytond.transaction import Transaction

from followup_rules.errors import InvalidInput
from followup_rules.hosting import Desk, Look, settle
from followup_rules_tryton_module.follow_up import columns, naive, take_turn
from followup_rules_tryton_module.form import desk as open_desk

_LOG = logging.getLogger(__name__)
_TRIED_AGAIN = timedelta(minutes=10)
_EVERYTHING = {"_check_access": False, "active_test": False}


class Opportunity(metaclass=PoolMeta):
    __name__ = "sale.opportunity"

    follow_ups = fields.One2Many("sale.opportunity.follow_up", "opportunity", "Follow-ups", readonly=True)
    follow_up_problems = fields.Function(fields.Text("What Cannot Be Decided"), "get_follow_up_problems")

    @classmethod
    def get_follow_up_problems(cls, records: list[Any], _name: str) -> dict[int, str]:
        looks = Pool().get("sale.opportunity.follow_up.look").search([("opportunity", "in", records)])
        found = {look.opportunity.id: look.problems for look in looks}
        return {record.id: found.get(record.id) for record in records}

    @property
    def follow_up_states(self) -> list[dict[str, Any]]:
        """Every state with its moment, in order, from the history that Tryton keeps."""
        history = self.__table_history__()
        cursor = Transaction().connection.cursor()
        query = history.select(
            history.create_date, history.write_date, history.state, where=history.id == self.id,
            order_by=[Column(history, "__id")],
        )  # fmt: skip
        cursor.execute(*query)
        found: list[dict[str, Any]] = []
        for created, written, state in cursor.fetchall():
            at = written or created
            if state and at and (not found or found[-1]["state"] != state):
                mark = f"{at:%Y%m%dT%H%M%S.%f}"
                found.append({"id": mark, "at": at, "state": state, "first": not found})
        return found

    @property
    def follow_up_notes(self) -> list[Any]:
        """Notes that hang on it."""
        return list(Pool().get("ir.note").search([("resource", "=", str(self))], order=[("id", "ASC")]))

    @property
    def follow_up_emails(self) -> list[dict[str, Any]]:
        """E-mails that were sent from it. Their ids are marked, because chats are messages too."""
        found = Pool().get("ir.email").search([("resource", "=", str(self))], order=[("id", "ASC")])
        return [{"mark": f"email-{one.id}", "create_date": one.create_date, "subject": one.subject} for one in found]

    @property
    def follow_up_chats(self) -> list[dict[str, Any]]:
        """What was said in public; who is no user has written an e-mail to the chat."""
        where = [("channel.resource", "=", str(self)), ("audience", "=", "public")]
        return [
            {"id": f"chat-{one.id}", "at": one.create_date, "content": one.content,
             "writer": "employer" if one.user else "candidate"}
            for one in Pool().get("ir.chat.message").search(where, order=[("id", "ASC")])
        ]  # fmt: skip

    @classmethod
    def on_modification(cls, mode: str, records: list[Any], field_names: Any = None) -> None:
        super().on_modification(mode, records, field_names)
        if mode in ("create", "write"):
            cls.__queue__.decide_follow_ups(records)

    @classmethod
    def decide_follow_ups(cls, records: list[Any]) -> None:
        """Decide opportunities and everything that they have a say in, as of now."""
        now = datetime.now(timezone.utc)
        with Transaction().set_user(0), Transaction().set_context(**_EVERYTHING):
            take_turn()
            there = cls.search([("id", "in", [record.id for record in records])])
            try:
                desk = open_desk()
            except InvalidInput as error:
                _LOG.error("nothing is decided until the rules are mended: %s", error)
                Pool().get("sale.opportunity.follow_up.look").mark(there, now, str(error))
                return
            parties = [record.party.id for record in there if record.party]
            siblings = cls.search([] if desk.needs_all else [("party", "in", parties)])
            for one in sorted({*there, *siblings}, key=int):
                cls._decide_one(desk, one, now)

    @classmethod
    def decide_due_follow_ups(cls) -> None:
        """What the timer calls: decide what must be looked at, because of the time or of changed rules."""
        looks = Pool().get("sale.opportunity.follow_up.look")
        now = datetime.now(timezone.utc)
        with Transaction().set_user(0), Transaction().set_context(**_EVERYTHING):
            try:
                desk = open_desk()
            except InvalidInput as error:
                _LOG.error("nothing is decided until the rules are mended: %s", error)
                return
            take_turn()
            asked = looks.search(["OR", ("again", "<=", naive(now)), ("fingerprint", "!=", desk.fingerprint)])
            known = {look.opportunity.id for look in looks.search([])}
            new = [one for one in cls.search([]) if one.id not in known]
            due = sorted({*(look.opportunity for look in asked), *new}, key=int)
            # Each in a transaction of its own, so that one that fails does not keep the others; it is tried again.
            for one in due:
                looks.note(one, now + _TRIED_AGAIN, desk.fingerprint, None)
            for some in [due] if desk.needs_all and due else [[one] for one in due]:
                cls.__queue__.decide_follow_ups(some)

    @classmethod
    def _decide_one(cls, desk: Desk, record: Any, now: datetime) -> None:
        # Who decides the same opportunity at the same time waits here, and then reads the newest.
        record.lock()
        others = cls.search([("id", "!=", record.id)] if desk.needs_all else _same_party(record))
        look = desk.decide(_read(desk, record), now, [_read(desk, one) for one in others])
        _write(record, look)


def _same_party(record: Any) -> list[Any]:
    return [("id", "!=", record.id), ("party", "=", record.party.id if record.party else -1)]


def _read(desk: Desk, record: Any) -> Any:
    rows = Pool().get("sale.opportunity.follow_up").search([("opportunity", "=", record.id), ("state", "=", "done")])
    return desk.read(record, [row.touch() for row in rows])


def _write(record: Any, look: Look) -> None:
    table = Pool().get("sale.opportunity.follow_up")
    rows = {row.key: row for row in table.search([("opportunity", "=", record.id)])}
    changes = settle({key: row.state for key, row in rows.items()}, look.rows)
    table.create([{**columns(row), "opportunity": record.id, "key": row.key} for row in changes.add])
    for row in changes.refresh:
        table.write([rows[row.key]], columns(row))
    reason = "refused" if look.problems else "gone"
    table.write([rows[key] for key in changes.end], {"state": "ended", "decision": "stop", "reason": reason})
    problems = "\n".join(map(str, look.problems)) or None
    Pool().get("sale.opportunity.follow_up.look").note(record, look.again, look.fingerprint, problems)
