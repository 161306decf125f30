"""A plugin of followup-rules: Frappe HR (ERPNext), whose job applicants are applications here."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.adapter import Adapter
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The adapter of this distribution."""
    from followup_rules_frappe.adapter import FrappeAdapter

    return [FrappeAdapter]
