"""Follow-ups as Tryton keeps them: one for each step, and when each opportunity is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from trytond.model import ModelSQL, ModelView, Unique, fields
from trytond.pool import Pool
from trytond.pyson import Eval
from trytond.transaction import Transaction

from followup_rules.hosting import FollowUp as Row
from followup_rules.hosting import takes_a_word, touch

_WORDED = Eval("state").in_(["done", "dismissed"])


class FollowUp(ModelSQL, ModelView):
    "Follow-up"

    __name__ = "sale.opportunity.follow_up"
    _rec_name = "sentence"

    opportunity = fields.Many2One("sale.opportunity", "Opportunity", required=True, ondelete="CASCADE", readonly=True)
    key = fields.Char("Key", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("ended", "Ended"), ("done", "Done"), ("dismissed", "Dismissed")],
        "State", required=True, readonly=True, sort=False,
    )  # fmt: skip
    decision = fields.Selection(
        [("send", "Due now"), ("revise", "Due now, but the draft has errors"), ("wait", "Waiting"), ("hold", "Held"),
         ("stop", "Stopped")],
        "Decision", required=True, readonly=True, sort=False,
    )  # fmt: skip
    reason = fields.Char("Reason", readonly=True)
    follow_up = fields.Char("Follow-up", readonly=True)
    direction = fields.Char("Direction", readonly=True)
    contact = fields.Char("Contact", readonly=True)
    step = fields.Integer("Step", readonly=True)
    at = fields.DateTime("At", readonly=True)
    due_at = fields.DateTime("Best By", readonly=True)
    expires_at = fields.DateTime("Never After", readonly=True)
    overdue = fields.Boolean("Overdue", readonly=True)
    sentence = fields.Char("What To Do", readonly=True)
    why = fields.Text("Why", readonly=True)
    rule = fields.Char("Decided By", readonly=True)
    to = fields.Char("To", readonly=True)
    subject = fields.Char("Subject", readonly=True)
    body = fields.Text("Draft", readonly=True)
    findings = fields.Text("Findings", readonly=True)
    said_by = fields.Many2One("res.user", "Said By", readonly=True)
    said_at = fields.Timestamp("Said At", readonly=True)

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints += [("key_unique", Unique(table, table.key), "followup_rules.msg_key_unique")]
        cls._order = [("due_at", "ASC NULLS LAST"), ("id", "ASC")]
        cls._buttons.update({"done": {"invisible": _WORDED, "depends": ["state"]},
                             "dismiss": {"invisible": _WORDED, "depends": ["state"]}})  # fmt: skip

    @classmethod
    @ModelView.button
    def done(cls, rows: list[Any]) -> None:
        """A person has sent it: from now on it counts as a message."""
        cls._say(rows, "done")

    @classmethod
    @ModelView.button
    def dismiss(cls, rows: list[Any]) -> None:
        """A person does not want it."""
        cls._say(rows, "dismissed")

    @classmethod
    def _say(cls, rows: list[Any], word: str) -> None:
        who, now = Transaction().user, datetime.now(timezone.utc).replace(tzinfo=None)
        opportunities = Pool().get("sale.opportunity")
        with Transaction().set_context(_check_access=False):
            # The same lock as for deciding, and a look past the cache: of two people who press at once, the second
            # finds the first one's word.
            opportunities.lock([row.opportunity for row in rows])
            take_turn()
            table = cls.__table__()
            cursor = Transaction().connection.cursor()
            cursor.execute(*table.select(table.id, table.state, where=table.id.in_([row.id for row in rows])))
            free = cls.browse([number for number, state in cursor.fetchall() if takes_a_word(state)])
            cls.write(free, {"state": word, "said_by": who or None, "said_at": now})
            opportunities.__queue__.decide_follow_ups(list({row.opportunity for row in free}))

    def touch(self) -> dict[str, Any]:
        """The message that a person has sent, as an event of the application."""
        at = self.said_at.replace(tzinfo=timezone.utc)
        made = touch(self.key, str(self.opportunity.id), self.follow_up, self.direction, self.contact or None, at)
        return dict(made.event)


class Look(ModelSQL):
    "Look at an Opportunity"

    __name__ = "sale.opportunity.follow_up.look"

    opportunity = fields.Many2One("sale.opportunity", "Opportunity", required=True, ondelete="CASCADE")
    again = fields.DateTime("Again")
    fingerprint = fields.Char("Fingerprint")
    problems = fields.Text("Problems")

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        table = cls.__table__()
        constraint = ("opportunity_unique", Unique(table, table.opportunity), "followup_rules.msg_key_unique")
        cls._sql_constraints += [constraint]

    @classmethod
    def note(cls, record: Any, again: datetime | None, fingerprint: str, problems: str | None) -> None:
        """Write down when an opportunity is looked at again."""
        values = {"again": naive(again), "fingerprint": fingerprint, "problems": problems}
        found = cls.search([("opportunity", "=", record.id)])
        if found:
            cls.write(found, values)
        else:
            cls.create([{**values, "opportunity": record.id}])

    @classmethod
    def mark(cls, records: list[Any], again: datetime, problems: str) -> None:
        """Write down that opportunities are still to be decided."""
        for record in records:
            cls.note(record, again, "", problems)


def take_turn() -> None:
    """Wait for whoever writes, before anything is read: SQLite has no other lock. Elsewhere it changes nothing."""
    table = Pool().get("sale.opportunity.follow_up.look").__table__()
    update = table.update([table.problems], [table.problems], where=table.id == 0)
    Transaction().connection.cursor().execute(*update)


def columns(row: Row) -> dict[str, Any]:
    """A row as the table has it."""
    kept = ("decision", "reason", "follow_up", "direction", "contact", "step", "overdue", "sentence", "why", "to",
            "subject", "body", "findings")  # fmt: skip
    told = {name: getattr(row, name) for name in kept}
    told |= {name: naive(getattr(row, name)) for name in ("at", "due_at", "expires_at")}
    return {**told, "state": row.state, "rule": f"{row.decided_by} ({row.file}:{row.line})"}


def naive(moment: datetime | None) -> datetime | None:
    """As Tryton keeps moments: in UTC, without a zone, in whole seconds; later rather than sooner."""
    if moment is None:
        return None
    whole = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return whole.replace(microsecond=0) + timedelta(seconds=bool(whole.microsecond))
