"""The settings, and the rules that they name."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from odoo import fields, models

from followup_rules.hosting import Desk, version_of

RULES, DIRECTION = "followup_rules.rules", "followup_rules.direction"
SUGGEST, ZONE = "followup_rules.suggest_only", "followup_rules.candidate_timezone"
_DIRECTIONS = [
    ("employer_to_candidate", "What we write to candidates"),
    ("candidate_to_employer", "What candidates write to us"),
    ("both", "Both"),
]


class Settings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_rules_rules = fields.Char(
        "Rules", config_parameter=RULES, default="default",
        help="Packs by name, rule files or folders on the server, with blanks between them",
    )  # fmt: skip
    followup_rules_direction = fields.Selection(
        _DIRECTIONS, "Direction", config_parameter=DIRECTION, default="employer_to_candidate"
    )
    followup_rules_suggest_only = fields.Boolean("Drafts are only suggested", config_parameter=SUGGEST)
    followup_rules_candidate_timezone = fields.Char("Time zone of candidates", config_parameter=ZONE)

    def set_values(self) -> Any:
        """Save, and have everything decided anew where something has changed."""
        done = super().set_values()
        self.env.ref("followup_rules_odoo_addon.cron")._trigger()
        return done


class Chosen:
    """The settings as they are now. `stamp` changes with everything that changes what is decided or shown.

    Raises:
        InvalidInput: every fault of the rules.
    """

    def __init__(self, env: Any) -> None:
        get = env["ir.config_parameter"].sudo().get_param
        direction = get(DIRECTION) or "employer_to_candidate"
        self.suggest_only = get(SUGGEST) == "True"
        self.timezone: str | None = get(ZONE) or None
        rules = tuple((get(RULES) or "default").split())
        self.desk = _desk(rules, direction, version_of(rules))
        self.stamp = f"{self.desk.fingerprint}:{direction}:{self.suggest_only}:{self.timezone or ''}"


@lru_cache(maxsize=8)
def _desk(rules: tuple[str, ...], direction: Any, _version: object) -> Desk:
    return Desk.open(rules, direction=None if direction == "both" else direction)
