"""FR719: numbers that nobody can check."""

from __future__ import annotations

from collections.abc import Iterator

from followup_rules.analysis.asked import Asked, Cooldown, FollowUp, Limit, Message, SendWindow, place
from followup_rules.errors import Problem


def find(asked: Asked) -> Iterator[Problem]:
    """Every rule with a number and without a source."""
    for rule in asked.own:
        if rule.source is not None:
            continue
        if isinstance(rule, FollowUp):
            where = place(rule, "steps", 0, "expires") if rule.steps else place(rule, "expires")
        elif isinstance(rule, Limit | Cooldown):
            where = place(rule, "at_most" if isinstance(rule, Limit) else "at_least")
        elif isinstance(rule, SendWindow):
            where = place(rule, "open")
        elif isinstance(rule, Message) and any(type(value) is int for value in rule.with_.values()):
            where = place(rule, "with")
        else:
            continue
        text = f"nobody can check the numbers of '{rule.id}': it names no source"
        hint = "add source: where they come from, or 'judgement: ...' and why"
        yield Problem("FR719", text, where, hint, "suggestion")
