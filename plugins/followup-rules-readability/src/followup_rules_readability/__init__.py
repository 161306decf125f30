"""A plugin of followup-rules: the message check `readability`."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.check import Check
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_checks() -> Sequence[type[Check]]:
    """The one check of this distribution."""
    from followup_rules_readability.check import Readability

    return [Readability]
