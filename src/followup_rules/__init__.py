"""followup-rules: decides when, how often and how well to follow up, by rules that people can read.

The public face for programs that embed the engine. Everything is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from followup_rules.check import Check, CheckOptions, Context, Fault
    from followup_rules.embedding import check_message, load_rules
    from followup_rules.errors import FollowupRulesError, InvalidInput
    from followup_rules.hookspecs import hookimpl
    from followup_rules.judge.decide import decide
    from followup_rules.model.application import Application
    from followup_rules.model.decision import Decision, Finding, Plan
    from followup_rules.policy import Policy
    from followup_rules.report.machine import as_dict

_WHERE = {
    "Application": "followup_rules.model.application",
    "Decision": "followup_rules.model.decision",
    "FollowupRulesError": "followup_rules.errors",
    "InvalidInput": "followup_rules.errors",
    "Plan": "followup_rules.model.decision",
    "Policy": "followup_rules.policy",
    "Check": "followup_rules.check",
    "CheckOptions": "followup_rules.check",
    "Context": "followup_rules.check",
    "Fault": "followup_rules.check",
    "Finding": "followup_rules.model.decision",
    "as_dict": "followup_rules.report.machine",
    "check_message": "followup_rules.embedding",
    "decide": "followup_rules.judge.decide",
    "hookimpl": "followup_rules.hookspecs",
    "load_rules": "followup_rules.embedding",
}

__all__ = [
    "Application",
    "Check",
    "CheckOptions",
    "Context",
    "Decision",
    "Fault",
    "Finding",
    "FollowupRulesError",
    "InvalidInput",
    "Plan",
    "Policy",
    "as_dict",
    "check_message",
    "decide",
    "hookimpl",
    "load_rules",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'followup_rules' has no attribute '{name}'")
    return getattr(importlib.import_module(_WHERE[name]), name)
