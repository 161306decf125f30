"""Applicants and leads: what is heard of them is decided before it is committed, and a timer takes the rest."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from odoo import SUPERUSER_ID, api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as TRIED_AGAIN_BY_ODOO

from followup_rules.errors import InvalidInput
from followup_rules.hosting import Look, settle

from ..facts import application_data
from .follow_up import columns, naive
from .settings import Chosen

_LOG = logging.getLogger(__name__)
_LATER = timedelta(minutes=10)
_HEARD = "followup_rules.heard"


class Followed(models.AbstractModel):
    _name = "followup_rules.followed"
    _description = "What is Followed up"
    _follow_up_column = ""

    follow_up_problems = fields.Text("What cannot be decided", compute="_compute_follow_up_problems", compute_sudo=True)

    def _compute_follow_up_problems(self) -> None:
        column = self._follow_up_column
        looks = self.env["followup_rules.look"].search([(column, "in", self.ids)])
        found = {look[column].id: look.problems for look in looks}
        for record in self:
            record.follow_up_problems = found.get(record.id) or False

    def _follow_up_heard(self) -> None:
        """Something has happened: decide once, before this transaction is committed, whatever else still happens."""
        if not self.ids:
            return
        later = self.env.cr.precommit
        if _HEARD not in later.data:
            later.add(partial(_decide_heard, self.env(user=SUPERUSER_ID, context={})))
        later.data.setdefault(_HEARD, {}).setdefault(self._name, set()).update(self.ids)

    def _follow_up_scope(self) -> list[Any]:
        """Which records are applications at all."""
        return []

    def _follow_up_siblings(self) -> Any:
        """The other records of the same candidate."""
        email = self.email_normalized
        same = [("email_normalized", "=", email)] if email else [("partner_id", "=", self.partner_id.id or -1)]
        return self.search([*self._follow_up_scope(), ("id", "!=", self.id), *same])

    def _follow_ups_decide(self) -> None:
        """Decide records and everything of the same candidates, as of now. What fails keeps neither Odoo nor others."""
        try:
            chosen = Chosen(self.env)
        except InvalidInput as error:
            _LOG.error("no follow-up is decided until the rules are mended: %s", error)
            for one in self:
                one._follow_up_failed(str(error))
            return
        everybody = self
        for one in self:
            everybody |= one._follow_up_siblings()
        for one in everybody.sorted("id"):
            try:
                with self.env.cr.savepoint():
                    one._follow_up_decide(chosen)
            except TRIED_AGAIN_BY_ODOO:
                raise
            except Exception as error:
                _LOG.exception("the follow-ups of %s are not decided", one)
                one._follow_up_failed(f"{type(error).__name__}: {error}")

    def _follow_up_decide(self, chosen: Chosen) -> None:
        # Whoever decides the same record at the same time waits here, and is then tried again with what is new.
        kept = self.env["followup_rules.look"].of(self)
        desk = chosen.desk
        others = self.search([*self._follow_up_scope(), ("id", "!=", self.id)]) if desk.needs_all else None
        beside = [one._follow_up_read(chosen) for one in (self._follow_up_siblings() if others is None else others)]
        look = desk.decide(self._follow_up_read(chosen), datetime.now(timezone.utc), beside)
        self._follow_up_write(look, chosen)
        problems = "\n".join(map(str, look.problems)) or False
        kept.write({"again": naive(look.again), "stamp": chosen.stamp, "problems": problems})

    def _follow_up_read(self, chosen: Chosen) -> Any:
        rows = self._follow_up_rows().filtered(lambda row: row.state == "done")
        return chosen.desk.read(application_data(self, chosen.timezone), [row._touch() for row in rows])

    def _follow_up_rows(self) -> Any:
        return self.env["followup_rules.follow_up"].search([(self._follow_up_column, "=", self.id)])

    def _follow_up_write(self, look: Look, chosen: Chosen) -> None:
        table = self.env["followup_rules.follow_up"]
        rows = {row.key: row for row in self._follow_up_rows()}
        changes = settle({key: row.state for key, row in rows.items()}, look.rows)
        made = table.create([{**columns(row), self._follow_up_column: self.id, "key": row.key} for row in changes.add])
        for row in changes.refresh:
            rows[row.key].write(columns(row))
        reason = "refused" if look.problems else "gone"
        ended = table.union(*(rows[key] for key in changes.end))
        ended.write({"state": "ended", "decision": "stop", "reason": reason})
        (made | table.union(*rows.values()))._show(chosen.suggest_only)

    def _follow_up_failed(self, problems: str) -> None:
        """Nobody knows whether what is open may still be sent: it is held, its activity goes, and the timer tries
        again."""
        kept = self.env["followup_rules.look"].of(self)
        kept.write({"again": fields.Datetime.now() + _LATER, "stamp": False, "problems": problems})
        rows = self._follow_up_rows().filtered(lambda row: row.state == "open")
        rows.write({"decision": "hold", "reason": "not_decided"})
        rows._put_away()

    @api.model
    def _follow_ups_due(self, limit: int = 200) -> int:
        """Decide what must be looked at because of the time, of changed settings, or for the first time."""
        everybody = self.with_context(active_test=False)
        looks, column = self.env["followup_rules.look"], self._follow_up_column
        try:
            stale = [("stamp", "not in", [Chosen(self.env).stamp])]
        except InvalidInput as error:
            _LOG.error("no follow-up is decided until the rules are mended: %s", error)
            stale = [(0, "=", 1)]
        due = ["|", ("again", "<=", fields.Datetime.now()), *stale]
        asked = looks.search([(column, "!=", False), *due], limit=limit, order="again, id")[column].exists()
        known = looks._search([(column, "!=", False)]).subselect(column)
        asked |= everybody.search([*self._follow_up_scope(), ("id", "not in", known)], limit=limit)
        asked.with_context(active_test=False)._follow_ups_decide()
        return len(asked)


def _decide_heard(env: Any) -> None:
    heard = env.cr.precommit.data.pop(_HEARD, {})
    for name, numbers in sorted(heard.items()):
        everybody = env[name].with_context(active_test=False)
        found = everybody.search([*everybody._follow_up_scope(), ("id", "in", sorted(numbers))], order="id")
        found._follow_ups_decide()


class Applicant(models.Model):
    _name = "hr.applicant"
    _inherit = ["hr.applicant", "followup_rules.followed"]
    _follow_up_column = "applicant_id"

    follow_up_ids = fields.One2many(
        "followup_rules.follow_up", "applicant_id", "Follow-ups", groups="hr_recruitment.group_hr_recruitment_user"
    )

    def _follow_up_scope(self) -> list[Any]:
        return [("talent_pool_ids", "=", False)]

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Any:
        made = super().create(vals_list)
        made._follow_up_heard()
        return made

    def write(self, vals: dict[str, Any]) -> Any:
        done = super().write(vals)
        self._follow_up_heard()
        return done


class Lead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "followup_rules.followed"]
    _follow_up_column = "lead_id"

    follow_up_ids = fields.One2many(
        "followup_rules.follow_up", "lead_id", "Follow-ups", groups="sales_team.group_sale_salesman"
    )

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Any:
        made = super().create(vals_list)
        made._follow_up_heard()
        return made

    def write(self, vals: dict[str, Any]) -> Any:
        done = super().write(vals)
        self._follow_up_heard()
        return done


class Cron(models.AbstractModel):
    _name = "followup_rules.timer"
    _description = "Timer of Follow-ups"

    @api.model
    def decide_due(self) -> None:
        """What the scheduled action calls."""
        env = self.env(user=SUPERUSER_ID, context={})
        found = [env[name]._follow_ups_due() for name in ("hr.applicant", "crm.lead")]
        if max(found) >= 200:
            self.env.ref("followup_rules_odoo_addon.cron")._trigger()
