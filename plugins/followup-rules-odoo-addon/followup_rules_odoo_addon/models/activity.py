"""Activities: what a person does with one of ours is their word on the follow-up."""

from __future__ import annotations

from typing import Any

from odoo import models


class Activity(models.Model):
    _inherit = "mail.activity"

    def _follow_ups(self) -> Any:
        return self.env["followup_rules.follow_up"].sudo().search([("activity_id", "in", self.ids)])

    def write(self, vals: dict[str, Any]) -> Any:
        # Marking as done puts an activity away; the web client, the API and the chatter all come by here.
        rows = self._follow_ups() if vals.get("active") is False else None
        done = super().write(vals)
        if rows:
            rows._say("done")
        return done

    def unlink(self) -> Any:
        # Who cancels it does not want it, unless it is ours to take away.
        own = self.env.context.get("followup_rules_own")
        rows = None if own else self.filtered("active")._follow_ups()
        done = super().unlink()
        if rows:
            rows._say("dismissed")
        return done
