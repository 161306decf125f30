"""A plugin of followup-rules: the adapter `smtp`, which really sends."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.adapter import Adapter
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The one adapter of this distribution."""
    from followup_rules_smtp.adapter import SmtpAdapter

    return [SmtpAdapter]
