"""The kinds by name."""

from __future__ import annotations

from typing import Final

from followup_rules.rules.base import Rule
from followup_rules.rules.follow_up import FollowUp
from followup_rules.rules.restrictions import Cooldown, Limit, Message, SendWindow, Stop

KINDS: Final[dict[str, type[Rule]]] = {
    "follow_up": FollowUp,
    "send_window": SendWindow,
    "limit": Limit,
    "cooldown": Cooldown,
    "stop": Stop,
    "message": Message,
}
