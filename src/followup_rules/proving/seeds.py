"""Histories that a blind search rarely meets: everything sent as soon as it is due, and limits that are filled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from followup_rules.model.words import WRITER
from followup_rules.proving.bounds import Bounds
from followup_rules.proving.field import Field
from followup_rules.proving.histories import Happening, History, Symbol
from followup_rules.proving.profiles import START
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Limit

_MORNING: Final = timedelta(hours=14)
_APART: Final = (timedelta(minutes=1), timedelta(days=2))


def seeds(where: Field, bounds: Bounds) -> Iterator[History]:
    """Every beginning of such histories, the shorter before the longer."""
    anchors = {rule.after for policy in where.policies for rule in policy.rules if isinstance(rule, FollowUp)}
    openings = [one for one in where.symbols if one.type in anchors or ("reply" in anchors and one.type == "message")]
    for opening in openings:
        yield from _obedient(where, (Happening(START + _MORNING, opening),), bounds)
    for filled in _filled(where, bounds):
        yield filled
        for opening in openings:
            if len(filled) < bounds.events:
                yield (*filled, Happening(filled[-1].at + timedelta(hours=1), opening))


def _obedient(where: Field, history: History, bounds: Bounds) -> Iterator[History]:
    """Each message is sent at the first moment at which it may."""
    while len(history) < bounds.events:
        sent = [one for look in where.looks_at(history, bounds.until) for one in where.carried_out(look)]
        if not sent:
            return
        history = (*history, sent[0])
        yield history


def _filled(where: Field, bounds: Bounds) -> Iterator[History]:
    """As many messages as a limit allows."""
    for policy in where.policies:
        for rule in policy.rules:
            if isinstance(rule, Limit) and rule.at_most < bounds.events:
                name, way = next(one for one in sorted(where.sent) if rule.covers(*one))
                symbol = Symbol("message", WRITER[way], name)
                for apart in _APART:
                    start = START + _MORNING
                    last = where.profile.applications - 1
                    yield tuple(
                        Happening(start + apart * number, symbol, min(number, last)) for number in range(rule.at_most)
                    )
