"""A plugin of followup-rules: tasks as to-dos, in a calendar (`caldav`) or as files (`ics`)."""

from __future__ import annotations

from collections.abc import Sequence

from followup_rules.adapter import Adapter
from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_adapters() -> Sequence[type[Adapter]]:
    """The two adapters of this distribution."""
    from followup_rules_caldav.adapter import CalDavAdapter
    from followup_rules_caldav.files import IcsAdapter

    return [CalDavAdapter, IcsAdapter]
