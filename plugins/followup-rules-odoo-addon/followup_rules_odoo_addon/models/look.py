"""When each applicant or lead is looked at again, and why it cannot be decided."""

from __future__ import annotations

from typing import Any

from odoo import fields, models


class Look(models.Model):
    _name = "followup_rules.look"
    _description = "Look at a Record"

    applicant_id = fields.Many2one("hr.applicant", ondelete="cascade", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index="btree_not_null")
    again = fields.Datetime(index=True)
    stamp = fields.Char()
    problems = fields.Text()

    _one_applicant = models.Constraint("UNIQUE(applicant_id)", "An applicant has one look.")
    _one_lead = models.Constraint("UNIQUE(lead_id)", "A lead has one look.")

    def of(self, record: Any) -> Any:
        """The look at a record, which nobody else has before this transaction ends.

        Who comes second finds that it has changed; Odoo then tries their whole request again.
        """
        column = record._follow_up_column
        self.env.cr.execute(
            f"INSERT INTO followup_rules_look ({column}) VALUES (%s) "  # noqa: S608  (a name of ours)
            f"ON CONFLICT ({column}) DO UPDATE SET {column} = EXCLUDED.{column} RETURNING id",
            [record.id],
        )
        look = self.browse(self.env.cr.fetchone()[0])
        look.invalidate_recordset()
        return look
