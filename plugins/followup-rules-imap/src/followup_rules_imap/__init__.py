"""A plugin of followup-rules: the adapter `imap`, which puts drafts where people write their mail."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.adapter import Adapter
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The one adapter of this distribution."""
    from followup_rules_imap.adapter import ImapAdapter

    return [ImapAdapter]
