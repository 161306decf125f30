"""For programs that embed the engine: the policy of rule files and packs in one call."""

from __future__ import annotations

from followup_rules.load.rulefiles import load_policy
from followup_rules.plugins import load_plugins
from followup_rules.policy import Policy


def load_rules(*rules: str) -> Policy:
    """The policy of some rule files, folders or packs by name; without any, of the pack `default`.

    Raises:
        InvalidInput: every fault that was found, each with its place and its mend.
    """
    return load_policy(rules or ("default",), load_plugins().packs).policy
