"""Follow-ups as Odoo keeps them: one row for each step, and the activity that shows it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import PurePath
from typing import Any

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from followup_rules.hosting import FollowUp as Row
from followup_rules.hosting import takes_a_word, touch


class FollowUp(models.Model):
    _name = "followup_rules.follow_up"
    _description = "Follow-up"
    _rec_name = "sentence"
    _order = "due_at, id"

    applicant_id = fields.Many2one("hr.applicant", "Applicant", ondelete="cascade", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", "Lead", ondelete="cascade", index="btree_not_null")
    key = fields.Char(required=True)
    state = fields.Selection(
        [("open", "Open"), ("ended", "Ended"), ("done", "Done"), ("dismissed", "Dismissed")], required=True
    )
    decision = fields.Selection(
        [("send", "Due now"), ("revise", "Due now, draft has errors"), ("wait", "Waiting"), ("hold", "Held"),
         ("stop", "Stopped")],
        required=True,
    )  # fmt: skip
    reason = fields.Char("Code of the reason")
    follow_up = fields.Char("Follow-up")
    direction = fields.Char()
    contact = fields.Char()
    step = fields.Integer()
    at = fields.Datetime("Not before")
    due_at = fields.Datetime("Best by")
    expires_at = fields.Datetime("Never after")
    overdue = fields.Boolean()
    # Texts are shown whole in lists; what is a Char is cut off where there is no room.
    sentence = fields.Text("What to do")
    why = fields.Text()
    rule = fields.Char("Rule")
    file = fields.Char("Rule file")
    line = fields.Integer("Line")
    place = fields.Text("Where", compute="_compute_place")
    spot = fields.Text("File and line", compute="_compute_place")
    because = fields.Text("Reason", compute="_compute_because")
    to = fields.Char()
    subject = fields.Char()
    body = fields.Text("Draft")
    findings = fields.Text()
    activity_id = fields.Many2one("mail.activity", "Activity", ondelete="set null", index="btree_not_null")
    said_by = fields.Many2one("res.users", "Said by", ondelete="set null")
    said_at = fields.Datetime("Said at")
    # Odoo keeps whole seconds, and what is done in the second in which something happened comes after it.
    said_exactly = fields.Char()

    _one_key = models.Constraint("UNIQUE(key)", "A step of a follow-up is kept once.")

    @api.depends("file", "line")
    def _compute_place(self) -> None:
        """The rule's file and line; in `spot`, for a narrow column, without the folders."""
        for row in self:
            row.place = f"{row.file}:{row.line}" if row.file else False
            row.spot = f"{PurePath(row.file).name}:{row.line}" if row.file else False

    @api.depends("state", "reason", "why", "rule", "file", "line", "said_by")
    def _compute_because(self) -> None:
        """What decides, in a sentence: a person's word, why nothing could be decided, or the rule's own sentence."""
        for row in self:
            words = {
                "done": _("Marked as done by %s.", row.said_by.name or _("somebody")),
                "dismissed": _("Dismissed by %s.", row.said_by.name or _("somebody")),
                "gone": _("Nothing asks for it any more."),
                "refused": _("The record cannot be decided; the tab says what is wrong with it."),
                "not_decided": _("Nobody could decide whether it may still be sent; it is tried again."),
            }
            said = words.get(row.state) or words.get(row.reason)
            row.because = said or deciding(row.why, row.rule, row.place) or (row.reason or "").replace("_", " ")

    def action_done(self) -> bool:
        """A person has sent it: from now on it counts as a message."""
        self._ask_for_word()
        for row in self.sudo():
            if row.activity_id.active:
                row.activity_id.with_user(self.env.user).sudo().action_feedback()
            else:
                row._say("done")
        return True

    def action_dismiss(self) -> bool:
        """A person does not want it."""
        self._ask_for_word()
        rows = self.sudo()
        rows._say("dismissed")
        rows._put_away()
        return True

    def _ask_for_word(self) -> None:
        """Who may change the record has the word, and the first one stands."""
        self.check_access("read")
        for row in self:
            (row.applicant_id or row.lead_id).check_access("write")
            row.sudo()._lock()
            if not takes_a_word(row.state):
                raise UserError(_("This follow-up is already %s.", row.state))

    def _lock(self) -> None:
        self.env["followup_rules.look"].sudo().of(self.applicant_id or self.lead_id)
        self.invalidate_recordset(["state"])

    def _say(self, word: str) -> None:
        """Write a person's word on rows that take one, and have their records decided anew."""
        for row in self:
            row._lock()
            if takes_a_word(row.state):
                now = datetime.now(timezone.utc)
                row.write({"state": word, "said_by": self.env.uid, "said_at": fields.Datetime.now(),
                           "said_exactly": now.isoformat()})  # fmt: skip
                (row.applicant_id or row.lead_id)._follow_up_heard()

    def _touch(self) -> dict[str, Any]:
        """The message that a person has sent, as an event of the application."""
        at = datetime.fromisoformat(self.said_exactly)
        record = self.applicant_id or self.lead_id
        made = touch(self.key, f"{record._name}:{record.id}", self.follow_up, self.direction, self.contact or None, at)
        return dict(made.event)

    def _show(self, suggest_only: bool) -> None:
        """See that what is due has one activity, and that nothing else has."""
        for row in self:
            wanted = not suggest_only and row.state == "open" and row.decision in ("send", "revise")
            if not wanted:
                row._put_away()
            elif row.activity_id.active:
                row.activity_id.with_context(mail_activity_quick_update=True).write(row._activity())
            else:
                record = row.applicant_id or row.lead_id
                values = {**row._activity(), "res_model_id": self.env["ir.model"]._get_id(record._name),
                          "res_id": record.id, "user_id": record.user_id.id or False, "automated": True,
                          "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id}  # fmt: skip
                quiet = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
                row.activity_id = quiet.create(values)

    def _put_away(self) -> None:
        gone = self.activity_id.filtered("active")
        gone.with_context(followup_rules_own=True).unlink()

    def _activity(self) -> dict[str, Any]:
        note = self.env["ir.qweb"]._render("followup_rules_odoo_addon.note", {"row": self})
        deadline = (self.due_at or self.expires_at or fields.Datetime.now()).date()
        return {"summary": f"{self.follow_up}, step {self.step}", "note": note, "date_deadline": deadline}


def columns(row: Row) -> dict[str, Any]:
    """A row as the table has it."""
    kept = ("decision", "reason", "follow_up", "direction", "contact", "step", "overdue", "sentence", "why", "to",
            "subject", "body", "findings", "file", "line")  # fmt: skip
    told = {name: getattr(row, name) for name in kept}
    told |= {name: naive(getattr(row, name)) for name in ("at", "due_at", "expires_at")}
    return {**told, "state": row.state, "rule": row.decided_by}


def deciding(why: str | None, rule: str | None, place: str | None) -> str:
    """The sentence of the rule that decided, out of all reasons, where the engine has marked it; else nothing."""
    start, end = f"-> {rule}: ", f" ({place})"
    lines = (line for line in (why or "").splitlines() if line.startswith(start) and line.endswith(end))
    return next((line[len(start) : -len(end)] for line in lines), "")


def naive(moment: datetime | None) -> datetime | bool:
    """As Odoo keeps moments: in UTC, without a zone, in whole seconds; later rather than sooner."""
    if moment is None:
        return False
    whole = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return whole.replace(microsecond=0) + timedelta(seconds=bool(whole.microsecond))
