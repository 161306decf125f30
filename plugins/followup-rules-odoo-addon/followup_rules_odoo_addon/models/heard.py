"""What hangs on applicants and leads and is heard: interviews, messages, opt-outs."""

from __future__ import annotations

from typing import Any

from odoo import api, models

_RECORDS = ("hr.applicant", "crm.lead")


class Event(models.Model):
    _inherit = "calendar.event"

    def _follow_up_records(self) -> None:
        for event in self.sudo():
            event.applicant_id._follow_up_heard()
            event.opportunity_id._follow_up_heard()

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Any:
        made = super().create(vals_list)
        made._follow_up_records()
        return made

    def write(self, vals: dict[str, Any]) -> Any:
        self._follow_up_records()
        done = super().write(vals)
        self._follow_up_records()
        return done

    def unlink(self) -> Any:
        self._follow_up_records()
        return super().unlink()


class Message(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Any:
        made = super().create(vals_list)
        for one in made.sudo():
            if one.model in _RECORDS and one.res_id:
                self.env[one.model].browse(one.res_id)._follow_up_heard()
        return made


class Blacklist(models.Model):
    _inherit = "mail.blacklist"

    def _follow_up_records(self) -> None:
        emails = self.mapped("email")
        for name in _RECORDS:
            everybody = self.env[name].sudo().with_context(active_test=False)
            everybody.search([("email_normalized", "in", emails)])._follow_up_heard()

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Any:
        made = super().create(vals_list)
        made._follow_up_records()
        return made

    def write(self, vals: dict[str, Any]) -> Any:
        done = super().write(vals)
        self._follow_up_records()
        return done

    def unlink(self) -> Any:
        self._follow_up_records()
        return super().unlink()
