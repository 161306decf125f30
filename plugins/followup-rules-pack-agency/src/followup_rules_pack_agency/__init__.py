"""A plugin of followup-rules: the rule pack `agency`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from followup_rules.hookspecs import hookimpl


@hookimpl
def followup_rules_packs() -> Mapping[str, Path]:
    """The one pack of this distribution."""
    return {"agency": Path(__file__).parent / "agency.yaml"}
