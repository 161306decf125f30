"""A plugin of followup-rules: follow-ups as activities and notes in Odoo, and timelines out of it."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.adapter import Adapter
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The adapter of this distribution."""
    from followup_rules_odoo.adapter import OdooAdapter

    return [OdooAdapter]
