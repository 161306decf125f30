"""A plugin of followup-rules: actions as signed webhooks."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.adapter import Adapter
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The adapter of this distribution."""
    from followup_rules_webhook.adapter import WebhookAdapter

    return [WebhookAdapter]
